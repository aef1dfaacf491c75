"""The in-process engine records what papermill with an ordinary kernel records."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode, v4

from ipasn_lib.errors import BatchError
from ipasn_lib.reports.kernel import WarmEngine

# One cell a kind of output. The stock engine's result, run beside, is the expected value.
CELLS = [
    "import warnings\nwarnings.warn('awas')",
    "import sys, warnings, os\nprint('satu'); print('dua', end='')\nprint()",
    "print('keluar'); print('galat', file=sys.stderr)",
    "1 + 1",
    "'tak tampil';",
    "_ + 1, _3, Out[3]",
    "from IPython.display import HTML, Markdown, SVG, JSON, Image, display, clear_output\n"
    "display(HTML('<b>tebal</b>'), metadata={'text/html': {'asal': 'uji'}})\nHTML('<i>m</i>')",
    "class Peta:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
    "        return ({'image/svg+xml': '<svg/>', 'text/plain': 'peta',\n"
    "                 'application/vnd.ipasn.table+json': {'baris': [[1, None, (2, 3)]]}},\n"
    "                {'image/svg+xml': {'alt': 'sebuah peta', 'nama': 'peta'}})\n"
    "display(Peta())\nPeta()",
    "h = display('awal', display_id='x')\nprint('antara')\nh.update('akhir')",
    "h.update('dari sel lain')",
    "print('lama'); clear_output(); print('baru')",
    "print('lama'); clear_output(wait=True); print('ganti')",
    "print('tinggal'); clear_output(wait=True)",
    "display(JSON({'a': [1, 2]}), Image(b'\\x89PNG\\r\\n\\x1a\\n', format='png', embed=True))",
    "Markdown('# judul')",
    "await __import__('asyncio').sleep(0.01)\n'tunggu'",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nfig, ax = plt.subplots(figsize=(1, 1))\n"
    "ax.plot([1, 2]);",
    "plt.figure(figsize=(1, 1)); plt.show()\nprint('sesudah')",
    "fig",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "!echo perintah",
    "import subprocess\nsubprocess.run(['echo', 'anak']).returncode",
    "x: int = 5\nx?",
    "for i in range(3):\n    print(i)\n    display(i)\n    print('e', i, file=sys.stderr)",
    "%time 1",
    "get_ipython().__class__.__name__, __name__, sys.stdin is None",
    "class Buruk:\n    def __repr__(self):\n        raise ValueError('tak bisa')\nNone",
    "print('sebelum')\n{}['kunci']",
    "if True\n    pass",
    "def luar():\n    return dalam()\ndef dalam():\n"
    "    raise ValueError('pesan\\nbaris dua')\nluar()",
    "input('nama? ')",
    "import getpass; getpass.getpass()",
    "raise SystemExit(3)",
    "tak_ada",
    "_",
    "%tak_ada_magic",
    "assert 1 == 2, 'berbeda'",
]
ANSI = re.compile(r"\x1b\[[0-9;]*m")
VOLATILE = (
    (re.compile(r"(/tmp/ipykernel_\d+|ipykernel)/\d+\.py"), "<sel>"),
    (re.compile(r"0x[0-9a-f]{6,}"), "0x"),
    (re.compile(r"(CPU times|Wall time).*"), r"\1"),
    # frames of the kernel itself lie between the cell and the refusal of input()
    (re.compile(r"(?s)(File [^\n]*(kernelbase|recorder)\.py).*?(?=\nStdin|\Z)"), "<mesin>"),
)


def notebook(*sources: str, tags: dict[int, list[str]] | None = None) -> NotebookNode:
    node = v4.new_notebook(
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        }
    )
    node.cells = [v4.new_code_cell(source) for source in sources]
    for index, cell in enumerate(node.cells):
        cell.metadata["tags"] = (tags or {}).get(index, [])
    return node


def run(source: Path, out: Path, *options: str) -> NotebookNode:
    """Run the papermill command in its own process, as users do."""
    done = subprocess.run(
        [sys.executable, "-m", "papermill", str(source), str(out), "--no-progress-bar", *options],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert out.is_file(), done.stderr
    return nbformat.read(out, as_version=4)


def seen(cell: NotebookNode) -> list[dict]:
    """A cell's outputs, neighbouring pieces of one stream joined, what differs by nature masked."""
    outputs: list[dict] = []
    for output in cell.get("outputs", []):
        plain = nbformat.from_dict(output)
        if plain.output_type == "stream" and outputs and outputs[-1].get("name") == plain.name:
            outputs[-1]["text"] += plain.text
        else:
            outputs.append(plain)
    for output in outputs:
        for key in ("text", "evalue"):
            if key in output:
                output[key] = mask(output[key])
        if "traceback" in output:
            output["traceback"] = mask("\n".join(output["traceback"]))
    return outputs


def mask(text: str) -> str:
    text = ANSI.sub("", text)
    for pattern, replacement in VOLATILE:
        text = pattern.sub(replacement, text)
    return text


def test_outputs_equal_those_of_an_ordinary_kernel(tmp_path: Path) -> None:
    first_error = CELLS.index("print('sebelum')\n{}['kunci']")
    tags = {index: ["raises-exception"] for index in range(first_error, len(CELLS))}
    nbformat.write(notebook(*CELLS, tags=tags), tmp_path / "in.ipynb")
    stock = run(tmp_path / "in.ipynb", tmp_path / "stock.ipynb")
    ours = run(tmp_path / "in.ipynb", tmp_path / "ours.ipynb", "--engine", "ipasn")
    # papermill itself adds two cells (a banner and an anchor) where an error stands
    assert len(stock.cells) == len(CELLS) + 2
    assert [cell.source for cell in ours.cells] == [cell.source for cell in stock.cells]
    for mine, theirs in zip(ours.cells, stock.cells, strict=True):
        assert seen(mine) == seen(theirs), mine.source
        assert mine.get("execution_count") == theirs.get("execution_count"), mine.source
        if "papermill" in theirs.metadata:
            assert mine.metadata.papermill.status == theirs.metadata.papermill.status
    assert ours.metadata.language_info == stock.metadata.language_info


def test_process_with_a_shell_of_its_own_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(InteractiveShell, "initialized", classmethod(lambda cls: True))
    node = notebook("1")
    node.metadata["papermill"] = {}
    with pytest.raises(BatchError, match="already has an IPython shell"):
        WarmEngine.execute_notebook(node, "python3", progress_bar=False)


def test_language_other_than_python_is_refused() -> None:
    node = notebook("1")
    node.metadata["papermill"] = {}
    node.metadata.kernelspec["language"] = "R"
    with pytest.raises(BatchError, match="runs R; expected a Python notebook"):
        WarmEngine.execute_notebook(node, "ir", progress_bar=False)


def test_process_is_left_as_it_was_found() -> None:
    node = notebook("import os, sys\nos.environ['UJI_IPASN'] = '1'\nsys.path.append('x')\n7")
    node.metadata["papermill"] = {}
    before = (sys.stdout, sys.displayhook, sys.modules["__main__"], list(sys.path), input)
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        done = WarmEngine.execute_notebook(node, "python3", progress_bar=False)
    assert done.cells[0].outputs[0].data["text/plain"] == "7"
    after = (sys.stdout, sys.displayhook, sys.modules["__main__"], list(sys.path), input)
    assert after == before
    assert "UJI_IPASN" not in os.environ
    assert not InteractiveShell.initialized()


def test_writes_to_the_file_descriptor_are_caught() -> None:
    node = notebook("import os\nos.write(1, 'lewat é'.encode())\nos.system('echo anak >&2');")
    node.metadata["papermill"] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        done = WarmEngine.execute_notebook(node, "python3", progress_bar=False)
    assert [(o.name, o.text) for o in done.cells[0].outputs] == [
        ("stdout", "lewat é"),
        ("stderr", "anak\n"),
    ]
