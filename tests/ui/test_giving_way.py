"""Words beside a page's name: cut with dots where there is no room, whole under the pointer, never markup."""

from typing import Any

from ui.widgets.giving_way import GivingWay


def test_what_has_no_room_is_cut_with_dots_and_whole_under_the_pointer(qtbot: Any, dressed: Any) -> None:
    words = GivingWay("24 waiting, 3 overdue, 12 unclaimed")
    qtbot.addWidget(words)
    words.resize(90, 24)
    words.show()
    assert words.shown.endswith("…")
    assert words.toolTip() == words.text() == "24 waiting, 3 overdue, 12 unclaimed"
    assert not words.grab().isNull()
    words.setText("<b>24</b> waiting, 3 overdue")
    assert "&lt;b&gt;" in words.toolTip()
    words.resize(600, 24)
    qtbot.waitUntil(lambda: words.toolTip() == "", timeout=30_000)
    assert words.shown == "<b>24</b> waiting, 3 overdue"
