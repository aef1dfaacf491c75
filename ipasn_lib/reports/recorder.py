"""papermill's cell loop and nbclient's bookkeeping, with a shell in place of a kernel.

nbclient's treatment of messages is kept whole (display ids, clear_output, the order of streams),
and so is papermill's of cells (times, status, where a run stops); see `ipasn_lib.reports.shell`
for what sends the messages.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager

from ipasn_lib.errors import BatchError
from ipasn_lib.reports.shell import OutputLimitError, Wire, fresh_shell

__all__ = ["CellTimeoutError", "InProcessEngine", "Recorder"]


class CellTimeoutError(BaseException):
    """A cell ran past its limit. Not an ``Exception``, so that a cell's own handler lets it by."""


@contextmanager
def _time_limit(seconds: float | None) -> Iterator[None]:
    """Raise `CellTimeoutError` in the running code after so many seconds, and again each second."""
    main = threading.current_thread() is threading.main_thread()
    if not seconds or not main or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(*_: object) -> None:
        raise CellTimeoutError(f"the cell ran longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Recorder(PapermillNotebookClient):
    """papermill's client, with the shell called directly instead of a kernel."""

    on_cell: Callable[[int], None] | None = None
    on_error: Callable[[BaseException], None] | None = None

    def execute(self, **_: Any) -> NotebookNode:
        """Run all cells in a fresh shell."""
        self.reset_execution_trackers()
        wire = Wire()
        wire.deliver = self._deliver
        self._cell, self._index = NotebookNode(outputs=[], metadata={}), -1
        with fresh_shell(wire) as self._shell:
            self.papermill_execute_cells()
        self.nb.metadata["language_info"] = NotebookNode(IPythonKernel.language_info)
        return self.nb

    def _deliver(self, message: dict[str, Any]) -> None:
        self.process_message(message, self._cell, self._index)

    def execute_cell(self, cell: NotebookNode, cell_index: int, **_: Any) -> NotebookNode:
        """Run one cell, as nbclient's method of this name."""
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        tags = cell.metadata.get("tags", [])
        if self.skip_cells_with_tag in tags:
            return cell
        if self.on_cell is not None:
            self.on_cell(cell_index)
        self.code_cells_executed += 1
        self._cell, self._index = cell, cell_index
        self.clear_before_next_output = False
        cell.outputs = []
        cell.execution_count = self._shell.execution_count
        error = self._run(cell.source)
        if error is None:
            return cell
        if self.on_error is not None:
            self.on_error(error)
        endless = isinstance(error, CellTimeoutError | OutputLimitError)
        if "raises-exception" in tags and not endless:
            return cell
        raise CellExecutionError.from_cell_and_msg(
            cell,
            {
                "ename": type(error).__name__,
                "evalue": str(error),
                "traceback": self._shell._last_traceback or [],
            },
        )

    def _run(self, source: str) -> BaseException | None:
        """Run one cell; return what ended it, if anything did."""
        shell = self._shell
        out: Any = sys.stdout
        err: Any = sys.stderr
        with out.caught(), err.caught():
            try:
                with _time_limit(self.timeout):
                    result = shell.run_cell(source, store_history=True)
                out.flush()
                err.flush()
            except (CellTimeoutError, OutputLimitError) as error:  # outside the cell's own code
                shell.showtraceback((type(error), error, error.__traceback__), exception_only=True)
                with suppress(OutputLimitError):
                    out.flush()
                    err.flush()
                return error
        if shell.payload_manager is not None:
            shell.payload_manager.clear_payload()
        ended: BaseException | None = result.error_before_exec or result.error_in_exec
        if ended is None and shell._last_traceback_during_displayhook:
            ended = getattr(sys, "last_value", None) or RuntimeError("display")
        return ended


class InProcessEngine(Engine):
    """papermill's engine contract around `Recorder`."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        log_output: bool = False,
        execution_timeout: float | None = None,
        on_cell: Callable[[int], None] | None = None,
        on_error: Callable[[BaseException], None] | None = None,
        **options: Any,
    ) -> NotebookNode:
        """Run the notebook that papermill's manager holds."""
        language = nb_man.nb.metadata.get("kernelspec", {}).get("language", "python")
        if language != "python":
            raise BatchError(f"kernel '{kernel_name}' runs {language}; expected a Python notebook")
        client = Recorder(
            nb_man,
            log_output=log_output,
            stdout_file=options.get("stdout_file"),
            stderr_file=options.get("stderr_file"),
            record_timing=False,
        )
        client.timeout = execution_timeout or options.get("timeout")
        client.on_cell, client.on_error = on_cell, on_error
        return client.execute()
