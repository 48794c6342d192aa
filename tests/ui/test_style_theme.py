"""Theme, fonts and icons."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel

from ui.style import fonts, icons, theme, tokens
from ui.widgets.basics import column, plane, row
from ui.widgets.panels import PageHead


@pytest.fixture(autouse=True)
def light_again(qapp):
    yield
    theme.apply(qapp, "light")


def test_switching_changes_colours_and_tells(qapp, qtbot):
    theme.apply(qapp, "light")
    light = theme.colour("ground")
    with qtbot.waitSignal(theme.hub().changed):
        theme.apply(qapp, "dark")
    assert theme.mode() == "dark"
    assert theme.colour("ground") != light
    assert theme.colour("soft:red").name().upper() == tokens.palette("dark").tone("red").soft


def test_follows_the_system(qapp):
    theme.apply(qapp, "system")
    dark = qapp.styleHints().colorScheme() == Qt.ColorScheme.Dark
    assert theme.mode() == ("dark" if dark else "light")


@pytest.mark.parametrize("mode", tokens.MODES)
def test_the_style_sheet_is_filled_in(qapp, mode):
    theme.apply(qapp, mode)
    assert "@" not in theme.style_sheet()
    assert "font" not in theme.style_sheet(), "fonts are set by ui.style.fonts only"


def test_text_size_reaches_widgets_that_are_there_already(qapp, qtbot):
    theme.apply(qapp, "light")
    widget = QLabel("Pankhurst")
    qtbot.addWidget(widget)
    fonts.dress(widget, "title", strong=True)
    before = widget.font().pixelSize()
    theme.apply(qapp, "light", scale=2.0)
    assert widget.font().pixelSize() == 2 * before
    assert theme.px(30) == 60


def test_strong_is_really_heavier_and_digits_are_of_one_width(dressed):
    plain, strong = QFontMetricsF(fonts.font()), QFontMetricsF(fonts.font(strong=True))
    assert strong.horizontalAdvance("Emmeline Pankhurst") > plain.horizontalAdvance("Emmeline Pankhurst")
    assert len({plain.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_every_mark_of_a_state_is_an_icon(dressed):
    assert all(icons.exists(look.mark) for look in tokens.states().values())


def test_an_icon_is_drawn_in_its_colour(dressed):
    picture = icons.pixmap("circle-fill", "tone:red", 32).toImage()
    assert picture.pixelColor(16, 16).name() == theme.colour("tone:red").name()
    with pytest.raises(KeyError):
        icons.icon("no-such-icon")


def test_an_icon_follows_the_theme(dressed):
    light = icons.pixmap("circle-fill", "text", 32).toImage().pixelColor(16, 16)
    theme.apply(QApplication.instance(), "dark")
    assert icons.pixmap("circle-fill", "text", 32).toImage().pixelColor(16, 16) != light


def test_what_was_built_at_another_text_size_is_as_if_it_had_been_built_at_this_one(qapp, qtbot):
    theme.apply(qapp, "light", 1.0)
    before = PageHead("Queue", "24 waiting")
    qtbot.addWidget(before)
    theme.apply(qapp, "light", 2.0)
    after = PageHead("Queue", "24 waiting")
    qtbot.addWidget(after)
    assert before.minimumHeight() == after.minimumHeight() == 112
    theme.apply(qapp, "light", 1.0)
    assert before.minimumHeight() == 56


def test_room_that_was_built_at_twice_the_text_size_shrinks_with_it_and_never_grows(qapp, qtbot):
    def made():
        inner = column(QLabel("Pankhurst"), gap=1, margins=(2, 0, 2, 0))
        widget = plane(row(inner, QLabel("Emmeline"), gap=2, margins=4))
        widget.setMinimumWidth(theme.px(300))
        qtbot.addWidget(widget)
        return widget

    def room(widget):
        outer = widget.layout()
        inner = outer.itemAt(0).layout()
        return widget.minimumWidth(), [(part.contentsMargins(), part.spacing()) for part in (outer, inner)]

    theme.apply(qapp, "light", 2.0)
    large = made()
    at_twice = room(large)
    theme.apply(qapp, "light", 1.0)
    small = made()
    as_it_is = room(small)
    assert room(large) == as_it_is != at_twice
    theme.apply(qapp, "light", 2.0)
    assert (room(small), room(large)) == (as_it_is, at_twice)
    theme.apply(qapp, "light", 1.5)
    theme.apply(qapp, "light", 1.0)
    assert room(large) == room(small) == as_it_is
