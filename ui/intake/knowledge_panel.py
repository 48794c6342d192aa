"""Knowledge beside the call: a script for the need, and information to give. A third column that can be closed."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QFrame, QSplitter, QStackedWidget

from coordination.intake import knowledge
from ui.commands import Command
from ui.desk import Desk
from ui.intake import given
from ui.intake.advice_view import AdviceView
from ui.intake.contact_fields import ContactFields
from ui.intake.script_view import ScriptView
from ui.style import theme
from ui.widgets.basics import button, column, icon_button, plane, row
from ui.widgets.chips import SegmentedChoice
from ui.widgets.fields import Form

WAIT_MS = 200
ROOM_FOR_THREE = 1300  # pixels of the page at 100 %: from here on it stands open unless somebody closed it
_WIDE, _LEAST, _LEFT = 320, 280, 300
SPLIT = "contact-3"
"""under which name it is remembered where somebody moved the lines between the three"""
_SETTING = "contact/knowledge"


class KnowledgePanel(QFrame):
    """Reads the need in ``fields`` and writes what was given into ``fields.advice`` and the form of the ending.

    ``opener`` is the button that says which script fits while the panel is closed.
    """

    def __init__(self, desk: Desk, fields: ContactFields, advice_form: Form) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("plane", "surface")
        self.setProperty("rule", "left")
        self.setMinimumWidth(theme.px(_LEAST))
        self._desk, self._fields, self._form = desk, fields, advice_form
        self._page = self._asks = 0  # pixels: how wide the page is, and how wide what is asked for has to be
        self._filled = ""  # what stands in the ending because it was given, until somebody changes it
        self.scripts, self.advice = ScriptView(fields.need), AdviceView()
        self._tabs = SegmentedChoice([("script", "Script"), ("advice", "Advice")], "script", "Beside the call")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.scripts)
        self._stack.addWidget(self.advice)
        head = plane(row(self._tabs, None, icon_button("x", "Close  (Esc)", self.close_panel),
                         margins=(4, 1.5, 2, 1.5)), "", "below")  # fmt: skip
        body = column(self._stack, margins=(4, 3, 3, 3))
        self.setLayout(column(head, body, gap=0))
        self.opener = button("Script", self.show_script, kind="quiet", icon="book-open",
                             tip="The script for this call  (F7)")  # fmt: skip
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self.look)
        self._tabs.changed.connect(lambda _tab: self._stack.setCurrentIndex(self._tabs.value == "advice"))
        fields.need.textChanged.connect(self._wait.start)
        fields.channel_changed.connect(self._wait.start)
        fields.filled.connect(self._taken_up)
        self.scripts.asked.connect(self._asked)
        self.advice.given_changed.connect(self._given)
        self.setVisible(False)
        self.look()

    def commands(self) -> list[Command]:
        return [
            Command("contact.script", "The script beside the call", self.show_script, "F7", group="Contact",
                    icon="book-open", also="questions ask knowledge"),
            Command("contact.next_script", "Next script", self.next_script, "Shift+F7", group="Contact",
                    icon="caret-right"),
            Command("contact.information", "Find information and advice to give", self.show_advice, "Ctrl+I",
                    group="Contact", icon="info", also="care act knowledge"),
        ]  # fmt: skip

    # ---------------------------------------------------------------- open and closed

    def show_script(self) -> None:
        """Open at the script, at the first question not asked yet; from inside it, back to the need."""
        if self.isVisible() and self._tabs.value == "script" and self.isAncestorOf(self.window().focusWidget() or self):
            self._fields.need.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._open("script")
        self.scripts.take_focus()

    def show_advice(self) -> None:
        """Open at the search for information and advice."""
        self._open("advice")
        self.advice.take_focus()

    def next_script(self) -> None:
        self._open("script")
        self.scripts.next()

    def _open(self, tab: str) -> None:
        self.look()
        self._tabs.set_value(tab)
        self._stack.setCurrentIndex(tab == "advice")
        if not self.isVisible():
            self._desk.settings.setValue(_SETTING, "open")
            self._show(True)

    def close_panel(self) -> None:
        inside = self.isAncestorOf(self.window().focusWidget() or self)
        self._desk.settings.setValue(_SETTING, "closed")
        self._show(False)
        if inside:
            self._fields.need.setFocus(Qt.FocusReason.OtherFocusReason)

    def fit(self, width: int, asks: int) -> None:
        """The page is so wide now, and what is asked for needs so much of it: open where there is room, unless somebody
        said otherwise."""
        self._page, self._asks = width, asks
        wish = self._desk.settings.value(_SETTING)
        roomy = width >= theme.px(ROOM_FOR_THREE)
        self._show(roomy if wish is None else wish == "open")
        split = self.parentWidget()
        moved = self._desk.settings.contains(f"splitter/{SPLIT}")
        if isinstance(split, QSplitter) and (not moved or split.sizes()[1] < asks):
            self._share()

    def _show(self, on: bool) -> None:
        if on != self.isVisibleTo(self.parentWidget()):
            self.setVisible(on)
            if on:
                self._share()
        self._say()

    def _share(self) -> None:
        """Whom it is about gives way first, what is asked for last."""
        split = self.parentWidget()
        if isinstance(split, QSplitter):
            wide = theme.px(_WIDE if self.window().width() >= theme.px(1500) else _LEAST)
            left = theme.px(430)
            if self.isVisibleTo(split):
                left = max(theme.px(_LEFT), min(left, int(self._page * 0.27)))
            else:
                wide = 0
            left = max(split.widget(0).minimumWidth(), min(left, self._page - wide - self._asks))
            split.setSizes([left, self._page - left - wide, wide])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    # ---------------------------------------------------------------- what fits

    def look(self) -> None:
        """Which script and which topics the words of the need bring up."""
        self._wait.stop()
        need = self._fields.need.toPlainText()
        self.scripts.suggest(knowledge.suggest(str(self._fields.channel.value), need))
        self.advice.suggest(knowledge.topics_for(need))
        self._say()

    def _say(self) -> None:
        shown = self.scripts.shown
        self.opener.setText(f"Script: {shown.script.title}" if shown is not None else "Script")
        if self.opener.parentWidget() is not None:  # before that it would open a window of its own
            self.opener.setVisible(self.isHidden())

    # ---------------------------------------------------------------- what was asked and given

    def _taken_up(self) -> None:
        """Another contact stands in the form."""
        self._filled = given.sentence(self._fields.advice)
        self.scripts.begin(self._fields.ticked)
        self.advice.begin(self._fields.advice)
        self.look()

    def _asked(self) -> None:
        self._fields.ticked = self.scripts.ticked
        self._fields.edited.emit()

    def _given(self) -> None:
        """Kept with the contact whatever its end; the words of the ending follow while nobody has changed them."""
        self._fields.advice = self.advice.given
        field = self._form.field("advice")
        said = given.sentence(self.advice.given)
        if str(field.value) in ("", self._filled.strip()):
            field.set_value(said)
        self._filled = said
        self._fields.edited.emit()
