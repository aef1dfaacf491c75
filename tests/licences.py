"""The licences of everything that the suite installs; makes the page docs/lisensi.md.

python tests/licences.py docs/lisensi.md
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Licences under which software may be used and passed on beside ours (MIT) without changing it:
# permissive ones, and those that ask for changes of their own files only (MPL).
COMPATIBLE = re.compile(
    r"0BSD|Apache[ -](Software License|License, Version 2\.0|2\.0)|BSD(-[23]-Clause| License)?"
    r"|CC0-1\.0|ISC( License \(ISCL\))?|MIT(-0|-CMU| License)?|MPL-2\.0"
    r"|Mozilla Public License 2\.0 \(MPL 2\.0\)|OFL-1\.1|PSF-2\.0"
    r"|Python Software Foundation License|Zlib"
)

# Said in words: its own parts and, in its folder BUILD_LICENSES, what PDFium is built from, all
# permissive (BSD, MIT, Apache, FreeType, IJG, ICU, zlib).
SAID_IN_WORDS = {"BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0"}


def installed_with_us() -> list[str]:
    """Give the names of all packages that a user of the suite installs, from the lock file."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    packages = {package["name"]: package for package in lock["package"]}
    waiting, seen = ["ipasn"], set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += [d["name"] for d in packages[name].get("dependencies", [])]
    return sorted(seen - {"ipasn"})


def licence(name: str) -> str | None:
    """Give a package's licence as it states it; None where it is not installed on this system."""
    try:
        said = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return None
    classified = [
        c.split("::")[-1].strip() for c in said.get_all("Classifier") or [] if "License" in c
    ]
    plain = (said.get("License") or "").strip().split("\n")[0]
    stated = said.get("License-Expression") or " AND ".join(classified) or plain
    return SAID_IN_WORDS.get(stated, stated)


def is_compatible(stated: str) -> bool:
    """Tell whether every licence of a statement may stand beside ours."""
    parts = re.split(r"\s+(?:AND|OR)\s+", stated)
    return all(COMPATIBLE.fullmatch(part) for part in parts)


def page() -> str:
    """Give the page: one line a package, without versions, which the lock file holds."""
    lines = ["# Lisensi", "", "Dibuat oleh `python tests/licences.py docs/lisensi.md`. Semua paket"]
    lines += ["yang dipasang bersama rangkaian ini (MIT), dengan lisensi yang dinyatakannya.", ""]
    lines += ["| paket | lisensi |", "| --- | --- |"]
    for name in installed_with_us():
        lines.append(f"| {name} | {licence(name) or 'hanya pada sistem lain'} |")
    lines += ["| reveal.js (berkas dalam paket ini, untuk salindia) | MIT |"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
