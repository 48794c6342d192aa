"""The words of an HTML page, without running, fetching or showing anything of it."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

MAX_HTML = 1_000_000  # characters; a longer page is cut, because some markup takes quadratic time to read
_SILENT = frozenset(("script", "style", "head", "title", "template", "noscript", "object", "svg"))
_BREAKS = frozenset(
    (
        *("address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
        *("li", "ol", "p", "pre", "section", "table", "tr", "ul"),
    )
)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag in _BREAKS:
            self.words.append("\n")
        elif tag in ("td", "th"):
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass
        elif tag in _BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(re.sub(r"\s+", " ", data))


def html_to_text(page: str) -> str:
    """Never raises. Links keep their words and lose their address; scripts, styles and comments are left out."""
    page = page[:MAX_HTML]
    reader = _Words()
    try:
        reader.feed(page)
        reader.close()
    except (AssertionError, ValueError):  # html.parser gives up on some broken declarations
        return html.unescape(re.sub(r"<[^<>]{0,2000}>", " ", page))
    lines = (" ".join(row.split()) for row in "".join(reader.words).split("\n"))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not text and reader.words == [] and page.strip():  # an unclosed <style> swallowed everything
        return html.unescape(re.sub(r"<[^<>]{0,2000}>", " ", page)).strip()
    return text
