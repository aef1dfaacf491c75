"""Open pages in Debian's Chromium as a reader does: with a keyboard, a small screen, on paper.

Playwright drives the browser that is installed; it downloads none. The network is refused, and
what a page asks for, says to the console or throws is kept.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import CHROMIUM
from playwright.sync_api import Browser, Page, sync_playwright

PAPER = 658
"""Width in CSS pixels of what an A4 page prints: 210 mm less two margins of 18 mm."""

needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")

# What leaves the window, or is cut off by its own box; what scrolls in a frame of its own is not.
CUT = """(paper) => {
  const wide = paper || document.documentElement.clientWidth, found = [];
  const named = (e) => e.tagName + "." + (e.className.baseVal ?? e.className) + " " +
    e.textContent.trim().slice(0, 30);
  const unseen = (e) => e.closest(
    ".hal-lewati,.tersirat,[hidden],defs,details:not([open])>:not(summary)");
  const scrolls = (e) => /auto|scroll/.test(getComputedStyle(e).overflowX);
  const framed = (e) => {
    while ((e = e.parentElement)) if (e !== document.body && scrolls(e)) return true;
  };
  for (const e of document.body.querySelectorAll("*")) {
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height || unseen(e) || (!paper && framed(e))) continue;
    if (box.right > wide + 1 || box.left < -1) found.push("beyond: " + named(e));
    const clips = /hidden|clip/.test(getComputedStyle(e).overflowX) || (paper && scrolls(e));
    if (clips && e.scrollWidth > e.clientWidth + 1) found.push("cut: " + named(e));
  }
  return found;
}"""


@dataclass
class Visit:
    """A page that is open, and what it has done that it should not."""

    page: Page
    faults: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """Give what axe-core calls serious or critical."""
        told = Axe().run(self.page).response["violations"]
        return [
            f"{v['id']}: {v['nodes'][0]['html'][:120]}"
            for v in told
            if v["impact"] in ("serious", "critical")
        ]

    def cut(self, paper: int = 0) -> list[str]:
        """Give what cannot be seen: beyond the window, or cut off by its own box."""
        return list(self.page.evaluate(CUT, paper))


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser that is installed."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def visit(browser: Browser, path: Path, wide: int = 1280, high: int = 800) -> Iterator[Visit]:
    """Open a file without a network; at the end, nothing may have gone wrong."""
    with opened(browser, path, wide, high) as here:
        yield here
        assert here.faults == [], path.name


@contextlib.contextmanager
def opened(browser: Browser, path: Path, wide: int = 1280, high: int = 800) -> Iterator[Visit]:
    """Open a file without a network, and keep what goes wrong."""
    context = browser.new_context(viewport={"width": wide, "height": high}, offline=True)
    page = context.new_page()
    here = Visit(page)

    def asked(request: Any) -> None:
        if not request.url.startswith(("file:", "data:")):
            here.faults.append(f"asked for {request.url}")

    def said(message: Any) -> None:
        if message.type in ("error", "warning"):
            here.faults.append(f"{message.type}: {message.text}")

    page.on("request", asked)
    page.on("requestfailed", lambda request: here.faults.append(f"failed: {request.url[:80]}"))
    page.on("console", said)
    page.on("pageerror", lambda error: here.faults.append(f"thrown: {error}"))
    try:
        page.goto(path.resolve().as_uri())
        yield here
    finally:
        context.close()
