"""Lines and rows drawn straight on the page: nothing is lost, nothing stands out of its column, no row is split."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ui.sheets.lines import Grid, Lines, Row, broken
from ui.sheets.parts import plain_of


def width(text: str) -> float:
    return 5.0 * len(text)


@given(st.text(alphabet="ab é—\n\t\u00a0", max_size=200), st.floats(5, 300))
def test_lines_hold_every_letter_and_fit(text: str, room: float) -> None:
    lines = broken(text, room, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= max(room, 5.0) and line.isprintable() for line in lines)
    # whole words stay whole where they fit
    for word in text.split():
        if width(word) <= room:
            assert any(word in line for line in lines)


def test_a_text_of_one_font_is_drawn_straight_and_any_other_is_not() -> None:
    assert plain_of("Łukasz, 12 Nelson Street") == "Łukasz, 12 Nelson Street"
    assert plain_of("Ольга") == "Ольга" and plain_of("王") == "[1 Chinese character]"
    assert plain_of("محمد") is None and plain_of("שרה") is None and plain_of("प्रिया") is None


@settings(max_examples=50)
@given(st.lists(st.floats(10, 100), min_size=1, max_size=30), st.floats(110, 500))
def test_rows_are_split_between_and_each_page_has_the_head(heights: list[float], page: float) -> None:
    head = Row(((),), 10.0, shaded=True)
    rest: Grid = Grid([100.0], [head], [Row(((),), h) for h in heights], 4, "grey")
    seen: list[float] = []
    while True:
        parts = rest.split(100, page) if rest.height > page else []
        first = parts[0] if parts else rest
        assert isinstance(first, Grid) and first.height <= page + 0.02 and first._heads == [head]
        seen += [row.height for row in first._rows]
        if not parts:
            break
        assert isinstance(parts[1], Grid)
        rest = parts[1]
    assert seen == heights


def test_a_paragraph_is_split_between_lines() -> None:
    lines = Lines("one two three four", "Helvetica", 11, 30)
    assert len(lines.lines) == 4
    first, second = lines.split(30, lines.height / 2 + 1)
    assert (first.lines, second.lines) == (["one", "two"], ["three", "four"])  # type: ignore[attr-defined]
    assert lines.split(30, 5) == [] and lines.split(30, 1000) == [lines]
