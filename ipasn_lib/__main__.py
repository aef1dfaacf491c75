"""``python -m ipasn_lib`` is the command line ``ipasn``."""

from ipasn_lib.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
