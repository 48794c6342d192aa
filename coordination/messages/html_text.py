"""The words of an HTML page, without running, fetching or showing anything of it.

A scanner of our own and not ``html.parser``: that one takes quadratic time over unclosed comments, and a page of one
megabyte could hold up an import for hours. Here every character is looked at a fixed number of times.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

MAX_HTML = 2_000_000  # characters; what comes after is not read
_TOKEN = re.compile(r"<!--|<[!?][^<>]*>?|<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})[^<>]*>?")
_SILENT = frozenset(("script", "style", "head", "title", "template", "noscript", "object", "svg"))
_BREAKS = frozenset(
    (
        *("address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
        *("li", "ol", "p", "pre", "section", "table", "tr", "ul"),
    )
)


def html_to_text(page: str) -> str:
    """Never raises. Links keep their words and lose their address; scripts, styles and comments are left out.

    What opens a silent part and never closes it hides nothing: its words are shown.
    """
    page = page[:MAX_HTML]
    text = html.unescape("".join(_words(page)))
    lines = (" ".join(row.split()) for row in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _words(page: str) -> Iterator[str]:
    low = page.lower()
    never_closed: set[str] = set()
    at = 0
    while True:
        token = _TOKEN.search(page, at)
        if token is None:
            yield _flat(page[at:])
            return
        yield _flat(page[at : token.start()])
        at = token.end()
        name = (token[2] or "").lower()
        if token[0] == "<!--":
            at = _after("-->", low, at, never_closed)
        elif name in _SILENT and not token[1]:
            at = _after(f"</{name}", low, at, never_closed)
        elif name in _BREAKS:
            yield "\n"
        elif name in ("td", "th"):
            yield " "


def _after(ending: str, low: str, at: int, never_closed: set[str]) -> int:
    """Past the next ``ending``; where there is none any more, on from here. Looked for in vain only once."""
    if ending in never_closed:
        return at
    found = low.find(ending, at)
    if found < 0:
        never_closed.add(ending)
        return at
    return found + len(ending) if ending == "-->" else found


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)
