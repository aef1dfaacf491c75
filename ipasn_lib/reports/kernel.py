"""A papermill engine that needs no kernel process.

A stock run starts a Jupyter kernel for each notebook and talks to it over sockets. Here the cells
run in an IPython shell inside the process itself, which the batch has forked from a warm parent,
so that nothing is imported twice. The shell is ipykernel's own and the outputs pass through
nbclient's own bookkeeping (see `ipasn_lib.reports.recorder`), so the executed notebook holds what
an ordinary kernel would have recorded.

papermill finds the engine by the entry point ``ipasn`` (group ``papermill.engine``), so
``papermill --engine ipasn in.ipynb out.ipynb`` works too. papermill loads entry points while it
is itself half imported, hence this module imports neither papermill nor IPython at the top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["ENGINE", "WarmEngine", "register"]

ENGINE = "ipasn"


class WarmEngine:
    """Runs a notebook's cells in this process; see papermill's ``Engine`` for the contract.

    One notebook at a time, from the main thread of a process without an IPython shell of its own:
    inside JupyterLab use papermill's stock engine, or run the batch, which forks.
    """

    @classmethod
    def execute_notebook(cls, nb: NotebookNode, kernel_name: str, **options: Any) -> NotebookNode:
        """Run all cells and return the notebook with outputs and papermill's metadata.

        Parameters
        ----------
        nb : nbformat.NotebookNode
            A parameterized notebook, as papermill hands it to an engine; changed in place.
        kernel_name : str
            The kernel's name; only recorded, since no kernel is started.
        **options
            papermill's own (``output_path``, ``progress_bar``, ``log_output``,
            ``autosave_cell_every``, ``execution_timeout`` in seconds a cell) and
            ``on_cell(index)``, called before each cell; ``on_error(exception)``, called with the
            exception object that ended the run.

        Raises
        ------
        BatchError
            If this process already has an IPython shell, or the notebook is not Python's.
        """
        from ipasn_lib.reports.recorder import InProcessEngine

        return InProcessEngine.execute_notebook(nb, kernel_name, **options)

    @classmethod
    def nb_kernel_name(cls, nb: NotebookNode, name: str | None = None) -> str:
        """Return the kernel name: the one given, the notebook's own, else ``python3``."""
        return name or str(nb.metadata.get("kernelspec", {}).get("name") or "python3")

    @classmethod
    def nb_language(cls, nb: NotebookNode, language: str | None = None) -> str:
        """Return the language: the one given, the notebook's own, else ``python``."""
        info = nb.metadata.get("language_info", {}).get("name")
        return language or str(
            info or nb.metadata.get("kernelspec", {}).get("language") or "python"
        )


def register() -> None:
    """Make papermill know the engine by name, also where the package is not installed."""
    from papermill.engines import papermill_engines

    papermill_engines.register(ENGINE, WarmEngine)
