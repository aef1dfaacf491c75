"""Lay out a table of great_tables as a figure of the page: title, table that scrolls, notes.

great_tables keeps title and notes in rows of the table. On a narrow screen they would scroll
away with it, so they are moved out; what is not built that way is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup

__all__ = ["slim", "table_figure"]

# Written by the sanitiser, so attributes are always quoted and in this form.
_HEADING_ROW = re.compile(
    r'<tr class="gt_heading">\s*<td[^>]*class="[^"]*\bgt_(title|subtitle)\b[^"]*"[^>]*>(.*?)</td>'
    r"\s*</tr>",
    re.DOTALL,
)
_FOOT = re.compile(r"<tfoot[^>]*>(.*?)</tfoot>", re.DOTALL)
_NOTE = re.compile(r'<td[^>]*class="gt_(?:sourcenote|footnote)"[^>]*>(.*?)</td>', re.DOTALL)
_TABLE = re.compile(r"<table\b.*</table>", re.DOTALL)
_OPENS = re.compile(r"<details[^>]*>\s*<summary[^>]*>(.*?)</summary>", re.DOTALL)
_LONG = 22  # rows; a longer table may break across printed pages
_FOLDED = 42  # rows; a longer one is folded on screens (38 places still stand open)

# What great_tables writes and the allow-list drops anyway; two thirds of a table's markup.
_UNUSED = re.compile(r'(<t[dh](?: style="[^"]*")?) headers="[^"]*"|>\n\s*(?=<)')


def slim(html: str) -> str:
    """Take out of a great_tables table what no page shows, so that sanitising it is quicker."""
    if 'class="gt_table"' not in html:
        return html
    return _UNUSED.sub(lambda m: m[1] or ">", html)


def table_figure(html: str, name: str, words: Mapping[str, str]) -> str:
    """Give sanitised HTML that holds a table as a ``figure``.

    Parameters
    ----------
    html : str
        HTML that has passed ``safe_html``.
    name : str
        What a screen reader calls the region that scrolls.
    words : mapping of str to str
        Fixed words of the page.
    """
    head = {kind: text.strip() for kind, text in _HEADING_ROW.findall(html)}
    foot = _FOOT.search(html)
    notes = _NOTE.findall(foot[1]) if foot else []
    body = _HEADING_ROW.sub("", html)
    if notes:
        body = _FOOT.sub("", body)
    folded = _OPENS.search(html)  # by its author, as an answer stands on the back of a page
    if (head or folded) and (table := _TABLE.search(body)):
        body = table[0]  # without great_tables' own box and its paddings
    caption = "".join(
        f'<p class="hal-{kind}">{head[key]}</p>'
        for kind, key in (("judul-tabel", "title"), ("anak-judul", "subtitle"))
        if head.get(key)
    )
    rows = html.count("<tr")
    length = " hal-panjang" if rows > _LONG else ""
    label = Markup.escape(name or words["tabel"])
    region = f'class="hal-gulir" role="region" tabindex="0" aria-label="{label}"'
    table_box = f"<div {region}>{body}</div>"
    if folded or rows > _FOLDED:
        opens = folded[1] if folded else f"{words['lipat']} ({body.count('<tr') - 1})"
        fold = f"<summary>{opens}</summary>"
        table_box = f'<details class="hal-lipat">{fold}{table_box}</details>'
    return "".join(
        (
            f'<figure class="hal-tabel{length}">',
            f"<figcaption>{caption}</figcaption>" if caption else "",
            table_box,
            *(f'<p class="hal-catatan">{note}</p>' for note in notes),
            "</figure>",
        )
    )
