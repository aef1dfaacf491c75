"""Open pages in headless Chromium, and know whether anything ran or anything was fetched.

Every payload, if it runs, marks the document (``data-terjalan``) or fetches from a server of the
test's own; both are seen from outside, whatever the page's policy says.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
MARK = "data-terjalan"
"""Attribute that a payload gives the document when it runs."""


class Tripwire:
    """A server that nobody has a reason to ask; what it is asked for is kept."""

    def __init__(self) -> None:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.asked = asked
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextlib.contextmanager
def tripwire() -> Iterator[Tripwire]:
    """Listen for requests that no page may make."""
    wire = Tripwire()
    try:
        yield wire
    finally:
        wire.close()


def opened(page: Path, options: Sequence[str] = ()) -> str:
    """Give the document as it stands after its scripts have had a second of the page's time."""
    assert CHROMIUM is not None
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [
                CHROMIUM,
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                f"--user-data-dir={profile}",
                "--virtual-time-budget=1000",
                *options,
                "--dump-dom",
                page.as_uri(),
            ],
            capture_output=True,
            timeout=180,
            check=True,
        )
    return done.stdout.decode("utf-8", errors="replace")
