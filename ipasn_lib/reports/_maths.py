"""Draw a formula of a Markdown cell, so that the page needs no typesetting script."""

from __future__ import annotations

import base64
import io
import re
from functools import lru_cache
from html import escape

__all__ = ["formula"]

_SIZE = 11.5  # points; sits well beside 17 px text


@lru_cache(maxsize=256)
def formula(tex: str, *, display: bool = False) -> str:
    """Give TeX as an ``img`` with the TeX as its description.

    What matplotlib's mathtext cannot set (environments, macros) stays as code: readable, and
    never wrong.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    body = " ".join(tex.split())
    prop = FontProperties(size=_SIZE * (1.15 if display else 1.0))
    try:
        with rc_context(
            {"svg.fonttype": "path", "svg.hashsalt": "ipasn", "mathtext.fontset": "stix"}
        ):
            width, height, depth, _, _ = MathTextParser("path").parse(f"${body}$", 72, prop)
            figure = Figure(figsize=(max(width, 1) / 72, max(height, 1) / 72))
            figure.patch.set_alpha(0)
            figure.text(0, depth / height, f"${body}$", fontproperties=prop, color="#1d2b36")
            out = io.StringIO()
            FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None})
    except (ValueError, RuntimeError, ZeroDivisionError):
        return f"<code>{escape(body)}</code>"
    drawing = re.sub(r"<metadata\b.*?</metadata>", "", out.getvalue(), flags=re.DOTALL)
    drawing = drawing[drawing.index("<svg") :]
    uri = "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode("ascii")
    return (
        f'<img alt="{escape(body)}" src="{uri}" style="height:{height / 12.75:.3f}em;'
        f'vertical-align:{-depth / 12.75:.3f}em">'
    )
