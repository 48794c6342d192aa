"""The views of the queue keep to one line."""

from __future__ import annotations

from typing import Any

from ui.intake.view_strip import ViewStrip

VIEWS = [(code, code.title()) for code in ("open", "mine", "unclaimed", "overdue", "urgent", "accepted", "past")]


def test_what_has_no_room_stands_behind_a_button_and_what_is_on_is_always_seen(qtbot: Any, dressed: object) -> None:
    strip = ViewStrip(VIEWS, "Views")
    qtbot.addWidget(strip)
    strip.set_value({"open"})
    strip.resize(2000, 28)
    strip.show()
    qtbot.waitUntil(lambda: not strip.behind and not strip.more.isVisible(), timeout=30_000)
    high = strip.height()
    strip.resize(380, 28)
    qtbot.waitUntil(lambda: len(strip.behind) > 2 and strip.more.isVisible(), timeout=30_000)
    assert strip.height() <= high + 8, "still one line"
    assert all(each.geometry().right() <= 380 for each in (strip.more, *strip._chips.values()) if not each.isHidden())
    strip.set_counts({"past": 1234})
    assert "Past\t1,234" in [entry.text() for entry in strip.menu().actions()]
    strip.menu().actions()[-1].trigger()
    assert "past" in strip.value
    strip.set_value({"past"})
    qtbot.waitUntil(lambda: not strip._chips["past"].isHidden(), timeout=30_000)
    assert "Past" not in [chip.text() for chip in strip.behind]
    assert strip.more.isVisible()
    strip.resize(2000, 28)
    qtbot.waitUntil(lambda: not strip.behind, timeout=30_000)
