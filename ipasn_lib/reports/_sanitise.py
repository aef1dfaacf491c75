"""Make foreign HTML, Markdown and drawings harmless before they enter a page.

Names of units, titles and notes come from files that people fill in. What passes here is an
allow-list of elements, attributes and properties; the page's Content-Security-Policy, which
allows no script at all, is the second wall.
"""

from __future__ import annotations

import base64
import re
from functools import cache, lru_cache
from typing import Any
from urllib.parse import unquote

import nh3
import tinycss2
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from ipasn_lib.reports._maths import formula
from ipasn_lib.reports.collect import clean_text

__all__ = ["safe_html", "safe_markdown", "safe_svg", "svg_uri"]

_TAGS = """
    a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption
    figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s small span strong sub
    summary sup table tbody td tfoot th thead time tr u ul var
"""

_CSS = """
    align-items background-color border border-bottom border-collapse border-color border-left
    border-radius border-right border-spacing border-style border-top border-width color
    column-gap display flex flex-basis flex-direction flex-grow flex-wrap font-size font-style
    font-variant-numeric font-weight gap grid-template-columns height justify-content
    letter-spacing line-height margin margin-bottom margin-left margin-right margin-top
    max-width min-width opacity padding padding-bottom padding-left padding-right padding-top
    row-gap text-align text-decoration text-indent text-transform vertical-align white-space
    width
"""

# Spelled out instead of trusted to a scheme parser: what is not one of these is dropped.
_HREF = re.compile(r"https?://[^\s\"'<>]+|mailto:[^\s\"'<>]+|#[\w.-]+|(?!/)[\w./%-]+", re.ASCII)
_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|svg\+xml);base64,[A-Za-z0-9+/=\s]+", re.ASCII)
_SPAN = re.compile(r"\d{1,3}", re.ASCII)
_ROLES = frozenset({"group", "img", "list", "listitem", "note", "presentation", "table"})
_CLASS = re.compile(r"(?:ipasn-|gt_)[\w-]+|dataframe", re.ASCII)
_DECLARATIONS = frozenset(_CSS.split())

_ATTRIBUTES = {
    "*": {"aria-hidden", "aria-label", "class", "datetime", "lang", "role", "style", "title"},
    "a": {"href"},
    "img": {"alt", "src"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}

# Their text would be left behind if only the tags went.
_WITH_CONTENT = frozenset(
    "iframe math noscript object script style svg template title".split()  # noqa: SIM905
)

_SVG_NOISE = re.compile(
    r"<\?xml.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*>|<metadata\b.*?</metadata>|<title>.*?</title>",
    re.DOTALL,
)
_SVG_ACTIVE = re.compile(
    r"<!ENTITY|<!DOCTYPE|<\s*(?:\w+:)?(?:script|foreignObject|iframe|object|embed|handler|set"
    r"|animate\w*|audio|video)\b|[\s\"'/]on\w+\s*=|javascript:"
    r"|href\s*=\s*[\"'](?!#|data:image/(?:png|jpeg);)|url\(\s*[\"']?(?!#)|@import",
    re.IGNORECASE,
)


# A path holds most of a drawing's bytes, and with these characters nothing active.
_SVG_PATH = re.compile(r'\sd="[MmLlHhVvZzCcSsQqTtAa0-9eE.,+\-\s]*"')


# A table repeats a few styles hundreds of times.
@lru_cache(maxsize=1024)
def _style(style: str) -> str:
    """Keep declarations of the allow-list; nothing that can fetch or hide behind an escape."""
    if "\\" in style or re.search(r"url\s*\(|expression\s*\(|@", style, re.IGNORECASE):
        return ""
    kept = []
    for part in tinycss2.parse_declaration_list(style, skip_comments=True):
        if part.type == "whitespace":
            kept.append(" ")
        elif part.type == "declaration" and part.lower_name in _DECLARATIONS:
            kept.append(f"{part.serialize()};")
    return "".join(kept).strip()


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Give what is left of an attribute that may stand in principle; None to drop it."""
    if name == "style":
        return _style(value) or None
    if name == "class":
        # Data cannot take the look of the page's own parts.
        return " ".join(c for c in value.split() if _CLASS.fullmatch(c)) or None
    allowed = {
        "href": _HREF.fullmatch(value) is not None,
        "src": _IMAGE.fullmatch(value) is not None,
        "scope": value in {"col", "row", "colgroup", "rowgroup"},
        "colspan": _SPAN.fullmatch(value) is not None,
        "rowspan": _SPAN.fullmatch(value) is not None,
        "role": value in _ROLES,
    }
    return value if allowed.get(name, True) else None


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS.split()),
        clean_content_tags=set(_WITH_CONTENT),
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        # data: is needed by img; _attribute lets no link use it.
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def safe_html(source: str) -> str:
    """Give HTML reduced to harmless elements, attributes and properties.

    Ids are dropped, and classes other than ``ipasn-*``, ``gt_*`` and ``dataframe``: data cannot
    take the place or the look of the page's own parts.
    """
    return str(_cleaner().clean(clean_text(source)))


class _Renderer(IPythonRenderer):
    """nbconvert's Markdown with formulas drawn here instead of by a script from the net."""

    def block_math(self, body: str) -> str:
        return f'<p class="ipasn-rumus">{formula(body, display=True)}</p>'

    def inline_math(self, body: str) -> str:
        return formula(body)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        # nbconvert raises on a picture that is not attached, and knows no name with a blank: a
        # missing picture is no reason to lose the report.
        if url.startswith("attachment:"):
            name = unquote(url.removeprefix("attachment:"))
            url = f"attachment:{name}" if name in self.attachments else "#"
        return str(super().image(text, url, title))

    def block_code(self, code: str, info: str | None = None) -> str:
        return f"<pre><code>{self.escape_html(code)}</code></pre>"


def safe_markdown(source: str, attachments: dict[str, Any] | None = None) -> str:
    """Give a Markdown cell as harmless HTML, with formulas as drawings."""
    return _markdown(source, attachments) if attachments else _kept_markdown(source)


def _markdown(source: str, known: dict[str, Any]) -> str:
    renderer = _Renderer(escape=False, exclude_anchor_links=True, attachments=known)
    return safe_html(MarkdownWithMath(renderer=renderer).render(clean_text(source)))


# A report's page, its print and its slides are made of the same cells, one after the other.
@lru_cache(maxsize=256)
def _kept_markdown(source: str) -> str:
    return _markdown(source, {})


@lru_cache(maxsize=32)
def safe_svg(svg: str) -> str | None:
    """Give a drawing without what it does not draw; None if it has active content.

    Comments, metadata and titles go: they repeat labels and dates that the drawing may not show.
    """
    drawing = str(_SVG_NOISE.sub("", clean_text(svg))).strip()
    if not drawing.startswith("<svg") or _SVG_ACTIVE.search(_SVG_PATH.sub("", drawing)):
        return None
    return drawing


def svg_uri(svg: str) -> str | None:
    """Give a drawing as a ``data:`` address for ``img``; None if it has active content.

    A browser runs no script inside an ``img``, yet a reader may open the picture by itself.
    """
    drawing = safe_svg(svg)
    if drawing is None:
        return None
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode("ascii")
