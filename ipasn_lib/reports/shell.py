"""What stands where a kernel and its sockets would: a shell, two streams and a wire.

The shell, its display hook, publisher and tracebacks are ipykernel's own. Only the transport is
replaced: a message goes through the same JSON packing, then straight to a function.
"""

from __future__ import annotations

import atexit
import builtins
import codecs
import getpass
import io
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from ipykernel.compiler import XCachingCompiler, get_tmp_hash_seed, murmur2_x86
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError, UsageError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.profiledir import ProfileDir
from jupyter_client.session import Session
from traitlets.config import Config

from ipasn_lib.errors import BatchError

__all__ = ["OutputLimitError", "RecordingShell", "Stream", "Wire", "fresh_shell"]

MOST_TEXT = 16 << 20
"""Characters that a notebook may print to one stream; whoever prints more prints without end."""
INLINE = "module://matplotlib_inline.backend_inline"


class OutputLimitError(BaseException):
    """A notebook printed without end. Not an ``Exception``: a cell's own handler lets it by."""


class Wire(Session):
    """Hands messages to a function instead of a socket, after the usual trip through JSON."""

    deliver: Callable[[dict[str, Any]], None]

    def send(  # type: ignore[override]
        self,
        stream: object,
        msg_or_type: dict[str, Any] | str,
        content: dict[str, Any] | None = None,
        parent: dict[str, Any] | None = None,
        ident: object = None,
        **_: object,
    ) -> dict[str, Any]:
        """Deliver a message; see jupyter_client's ``Session.send``."""
        if isinstance(msg_or_type, str):
            message = self.msg(msg_or_type, content=content, parent=parent)
        else:
            message = dict(msg_or_type)
        message["content"] = self.unpack(self.pack(message["content"]))
        self.deliver(message)
        return message


class Stream(io.TextIOBase):
    """stdout or stderr of a cell; what reaches the file descriptor itself is caught as well.

    Text is handed on when flushed (before every display and at the end of a cell), so that the
    outputs do not depend on timing.
    """

    def __init__(self, name: str, descriptor: int, wire: Wire) -> None:
        self.name = name
        self._descriptor = descriptor
        self._wire = wire
        self._parts: list[str] = []
        self._file: Any = None
        self._read = self._size = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Text is UTF-8, as in a kernel."""
        return "UTF-8"

    def writable(self) -> bool:
        """Yes."""
        return True

    def isatty(self) -> bool:
        """No terminal."""
        return False

    def fileno(self) -> int:
        """Return the real descriptor, which is caught while a cell runs."""
        return self._descriptor

    def write(self, text: str) -> int:
        """Keep text until it is flushed."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._count(text)
        self._parts.append(text)
        return len(text)

    def _count(self, text: str) -> None:
        self._size += len(text)
        if self._size > MOST_TEXT:
            raise OutputLimitError(f"the notebook printed more than {MOST_TEXT} characters")

    def flush(self) -> None:
        """Hand on what has come since the last time."""
        parts, self._parts = self._parts, []
        text = "".join(parts) + self._from_descriptor()
        if text:
            self._wire.send(None, "stream", {"name": self.name, "text": text})

    def _from_descriptor(self) -> str:
        if self._file is None:
            return ""
        chunks = []
        while chunk := os.pread(self._file.fileno(), 1 << 16, self._read):
            self._read += len(chunk)
            chunks.append(self._decoder.decode(chunk))
            self._count(chunks[-1])
        return "".join(chunks)

    @contextmanager
    def caught(self) -> Iterator[None]:
        """Point the file descriptor at a nameless file: C code and subprocesses write there."""
        try:
            saved = os.dup(self._descriptor)
        except OSError:  # closed, as under some schedulers: nothing to catch
            yield
            return
        with tempfile.TemporaryFile(buffering=0) as file:
            os.dup2(file.fileno(), self._descriptor)
            self._file = file
            try:
                yield
            finally:
                self._file = None
                os.dup2(saved, self._descriptor)
                os.close(saved)


class StableCompiler(XCachingCompiler):
    """ipykernel's naming of cells for tracebacks, but without this process's number in it.

    The name is printed by warnings, so it would make two runs of a notebook differ.
    """

    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        return f"ipykernel/{murmur2_x86(raw_code, get_tmp_hash_seed())}.py"


class RecordingShell(ZMQInteractiveShell):
    """ipykernel's shell without a kernel behind it."""

    def init_history(self) -> None:
        """Keep In and Out, but no database and no thread that saves to it."""
        self.config.HistoryManager.enabled = False
        super().init_history()

    def enable_gui(self, gui: Any = None) -> None:
        """Accept the inline backend, which needs no event loop; refuse windows."""
        if gui not in (None, "inline"):
            raise UsageError(f"a batch has no windows: GUI {gui!r} cannot be enabled")

    def ask_exit(self) -> None:
        """Stop the notebook where ``exit()`` stands, visibly, like ``sys.exit``."""
        raise SystemExit("exit() was called")


# Libraries (rich, tqdm, plotly) look at this name to learn that outputs go to a notebook.
RecordingShell.__name__ = "ZMQInteractiveShell"


def _no_input(asked: str) -> Callable[..., str]:
    def refuse(prompt: object = "", *_: object, **__: object) -> str:
        raise StdinNotImplementedError(
            f"{asked} was called, but this frontend does not support input requests."
        )

    return refuse


@contextmanager
def _kept(holder: Any, name: str, value: Any) -> Iterator[None]:
    before = getattr(holder, name)
    setattr(holder, name, value)
    try:
        yield
    finally:
        setattr(holder, name, before)


@contextmanager
def fresh_shell(wire: Wire) -> Iterator[RecordingShell]:
    """Give a fresh interpreter with a fresh ``__main__``; leave the process as it was found."""
    if InteractiveShell.initialized():
        raise BatchError(
            "this process already has an IPython shell; use papermill's stock engine here, or "
            "run the batch, which starts its own processes"
        )
    environment, path, main = dict(os.environ), list(sys.path), sys.modules.get("__main__")
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ipasn-"))
        for holder, name, value in (
            (sys, "stdout", Stream("stdout", 1, wire)),
            (sys, "stderr", Stream("stderr", 2, wire)),
            (sys, "displayhook", sys.displayhook),
            (builtins, "input", _no_input("raw_input")),
            (getpass, "getpass", _no_input("getpass")),
        ):
            stack.enter_context(_kept(holder, name, value))
        sys.path.insert(0, "")  # a kernel finds modules beside the notebook
        os.environ.setdefault("MPLBACKEND", INLINE)
        shell = RecordingShell.instance(
            config=Config(),
            compiler_class=StableCompiler,
            ipython_dir=folder,
            profile_dir=ProfileDir.create_profile_dir(str(Path(folder) / "profile")),
        )
        shell.displayhook.session = shell.display_pub.session = wire
        try:
            _inline_figures()
            yield shell
        finally:
            atexit.unregister(shell.atexit_operations)
            with suppress(Exception):
                shell.atexit_operations()
            RecordingShell.clear_instance()
            builtins.__dict__.pop("_", None)
            os.environ.clear()
            os.environ.update(environment)
            sys.path[:] = path
            if main is not None:
                sys.modules["__main__"] = main


def _inline_figures() -> None:
    """Let pyplot, where the parent has already imported it, show its figures in the cells.

    A fresh kernel does this when pyplot is first imported; here that moment has passed.
    """
    if os.environ["MPLBACKEND"] != INLINE or "matplotlib" not in sys.modules:
        return
    import matplotlib as mpl

    mpl.use(INLINE)
    if "matplotlib.pyplot" in sys.modules:
        from matplotlib_inline import backend_inline

        backend_inline._enable_matplotlib_integration()
