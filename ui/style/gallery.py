"""Every widget and the window, in light and dark, as pictures: ``python -m ui.style.gallery --out DIR``.

For those who build pages, and to judge the look. The people are invented.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QRadioButton, QTabWidget, QWidget

from coordination.clock import FixedClock
from coordination.errors import AlreadyClaimed, BadValue
from coordination.services import Services
from coordination.values import UserName
from coordination.work import Actor
from ui import wording
from ui.at_desk import Changes
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page, PageSpec
from ui.shell.banner import BannerFacts, PersonBanner
from ui.shell.palette import Hit, Provider
from ui.shell.signin import Keyring
from ui.shell.signin_window import SignInWindow
from ui.shell.window import MainWindow
from ui.style import theme, tokens
from ui.style.samples import FACTS, NOW, PLACES, QUEUE_COLUMNS, TODAY, TRAINEES, sample_rows
from ui.tasks import Tasks
from ui.widgets import (
    Badge,
    Busy,
    Choice,
    DateEdit,
    EmptyState,
    Facts,
    FilterChips,
    Form,
    PageHead,
    Section,
    SegmentedChoice,
    SidePanel,
    StableTableModel,
    Table,
    TextArea,
    TimeEdit,
    button,
    column,
    command_button,
    label,
    plane,
    row,
    splitter,
)


class SampleQueue(Page):
    """A page as others build them."""

    id, title, icon = "queue", "Queue", "tray"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.model = StableTableModel(QUEUE_COLUMNS, key=lambda r: r.id)
        self.table = Table(self.model, settings=desk.settings, name="queue", title="Queue")
        self.model.set_rows(sample_rows())
        self.chips = FilterChips(
            [("overdue", "Overdue", "warning-octagon", "red"), ("yours", "Mine", "user", "yours"),
             ("urgent", "Urgent"), ("hospital", "From hospital"), ("unclaimed", "Nobody has it")]
        )  # fmt: skip
        self.chips.set_value({"unclaimed"})
        self.chips.set_counts({"overdue": 2, "yours": 2, "urgent": 6, "hospital": 3, "unclaimed": 24})
        self.panel = SidePanel("Referral")
        facts = Facts(
            [("Person", "PANKHURST, Emmeline (Mrs)"), ("Need", "Help with washing and dressing"),
             ("From", "GP, Dr Ahmed"), ("Received", "22-Nov-2026 06:25"), ("Lead worker", None)]
        )  # fmt: skip
        self.panel.set_content(facts)
        claim = self.commands()[0]
        self.panel.set_actions(button("Hand over"), None, command_button(claim, kind="main"))
        filters = plane(row(self.chips, margins=(6, 2.5, 6, 2.5)), "surface", "below")
        left = QWidget()
        left.setLayout(column(filters, self.table, gap=0))
        left.layout().setStretch(1, 1)  # type: ignore[union-attr]
        head = PageHead(
            "Queue", "24 waiting, 2 overdue", button("Shift handover"), button("Take the next", kind="main")
        )
        body = splitter(left, self.panel, sizes=(1000, 300))
        self.setLayout(column(head, body, gap=0))
        self.layout().setStretch(1, 1)  # type: ignore[union-attr]

    def commands(self) -> list[Command]:
        return [
            Command("queue.claim", "Claim", lambda: None, "C", group="Queue", icon="user-plus"),
            Command("queue.release", "Release", lambda: None, "R", group="Queue"),
            Command("queue.triage", "Triage", lambda: None, "T", group="Queue"),
            Command("queue.hand_over", "Hand over", lambda: None, "H", group="Queue"),
            Command("queue.open", "Open the person's record", lambda: None, "Return", group="Queue"),
        ]

    def activated(self) -> None:
        self.table.setFocus()


class SamplePerson(Page):
    """A page about one person: banner, tabs, facts."""

    id, title, icon = "person", "Person", "user"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        banner = PersonBanner()
        banner.show_facts(FACTS, TODAY)
        banner.add_action(button("New contact", icon="plus"))
        tabs = QTabWidget()
        for name in ("Record", "Contacts", "Assessments", "Plan", "Visits", "Timeline"):
            tabs.addTab(QWidget(), name)
        form = Form(columns=3)
        form.add("surname", "Surname", QLineEdit("Pankhurst"), required=True)
        form.add("given", "First names", QLineEdit("Emmeline"))
        form.add("title", "Title", Choice([("mrs", "Mrs"), ("mr", "Mr")]))
        form.add("birth_date", "Date of birth", DateEdit(date(1945, 7, 14), birth=True))
        form.add("nhs_number", "NHS number", QLineEdit("943 476 5918"))
        form.add("phone", "Telephone", QLineEdit(), help="With the area code")
        form.add("need", "What is asked for", TextArea(), span=3, help="In the caller's words")
        form.set_problems(BadValue("nhs_number", "check_digit_fails"))
        deceased = PersonBanner()
        deceased.show_facts(
            BannerFacts("Davison", "Emily", "Miss", birth_date=date(1940, 10, 11), deceased_on=date(2026, 6, 8)), TODAY
        )
        body = column(Section("Who this is", button("Change", kind="quiet"), content=form), None, gap=4, margins=6)
        self.setLayout(column(banner, tabs, body, deceased, gap=0))
        self.layout().setStretch(2, 1)  # type: ignore[union-attr]
        tabs.setFixedHeight(tabs.tabBar().sizeHint().height() + 1)


class SampleEmpty(Page):
    """Any other place: what would be there."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        state = EmptyState(
            "No contact open", "When the phone rings, press Ctrl+N: one form, and nothing typed is lost.",
            icon="phone", action=("New contact", lambda: None),
        )  # fmt: skip
        self.setLayout(column(PageHead("New contact"), state, gap=0))


def widgets_sheet() -> QWidget:
    """All small widgets on one sheet."""
    tones = sorted(tokens.palette("light").tones)
    states = list(tokens.states().items())
    badges = [
        row(*(Badge.of_state(code, wording.words(code)) for code, _look in states[n : n + 8]), None)
        for n in range(0, len(states), 8)
    ]
    solid = row(*(Badge(tone.capitalize(), tone, "circle", solid=True) for tone in tones), None)
    soft = row(*(Badge(tone.capitalize(), tone, "circle") for tone in tones), None)
    off = button("Off")
    off.setEnabled(False)
    buttons = row(
        button("Save", kind="main", icon="check"), button("Print", icon="printer"), button("Remove", kind="danger"),
        button("Show all 24", kind="quiet"), off, None,
    )  # fmt: skip
    chips = FilterChips(
        [("a", "Overdue", "warning-octagon", "red"), ("b", "Mine", "user", "yours"), ("c", "North"), ("d", "Hospital")]
    )
    chips.set_value({"a", "b", "c"})
    chips.set_counts({"a": 3, "c": 1204})
    ticked, open_, round_ = QCheckBox("Interpreter needed"), QCheckBox("Lives alone"), QRadioButton("Standard")
    ticked.setChecked(True)
    round_.setChecked(True)
    spans = SegmentedChoice([(0, "Day"), (1, "Week"), (2, "Month")])
    fields = Form(columns=4)
    fields.add("day", "Day", DateEdit(TODAY))
    fields.add("time", "From", TimeEdit(NOW.time()))
    fields.add("who", "Worker", Choice([(1, "Owen Clarke")], prompt="Choose"))
    fields.add("note", "Note", QLineEdit(), help="Seen by all teams")
    beside = Form(label_left=140)
    beside.add("a", "Address", QLineEdit("62 Nelson Street"))
    beside.add("b", "Postcode", QLineEdit("M13 9W"), required=True)
    beside.set_problems(BadValue("b", "not_a_postcode"))
    busy_over = plane(column(label("Being read again, and still readable", quiet=True), margins=4), "surface", "all")
    busy = Busy(busy_over)
    busy._appear()
    busy._step = 20
    sizes = row(label("Title 20", size="title", strong=True), label("Body 14"), label("Body strong", strong=True),
                label("Quiet", quiet=True), label("Small 12", size="small"), None, gap=6)  # fmt: skip
    numbers = row(
        label("0123456789"), label("1,204 people"), label("22-Nov-2026 14:05"), label("Łódź مرحبا Nguyễn"), None, gap=6
    )
    sheet = plane(
        column(
            Section("Type", content=_holder(column(sizes, numbers))), Section("Buttons", content=_holder(buttons)),
            Section("Choosing", content=_holder(column(chips, row(spans, ticked, open_, round_, None, gap=5)))),
            Section("Fields", content=_holder(column(fields, beside, gap=4))),
            Section("Badges", content=_holder(column(solid, soft, *badges))), busy_over, None, gap=5, margins=6,
        ),
        "ground",
    )  # fmt: skip
    sheet.resize(theme.px(1100), theme.px(960))
    return sheet


def _holder(layout: Any) -> QWidget:
    made = QWidget()
    made.setLayout(layout)
    return made


def sample_desk(folder: Path) -> Desk:
    desk = Desk(
        services=cast(Services, None), tasks=Tasks(), clock=FixedClock(NOW), changes=Changes(),
        actor=Actor(UserName("nadia.coordinator"), "Nadia Hussain", "care_coordinator", "North", None, training=True),
        settings=QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat), training=True,
    )  # fmt: skip
    desk.tasks.on_error = lambda error: desk.notices.error(error)
    desk.foot.set_connection(True, NOW - timedelta(minutes=62))
    desk.foot.set_drafts(2)
    return desk


def sample_window(desk: Desk) -> MainWindow:
    builds: dict[str, Callable[[Desk], Page]] = {"queue": SampleQueue}
    specs = [
        PageSpec(name, title, icon, builds.get(name, SampleEmpty), group=group) for name, title, icon, group in PLACES
    ]
    specs.append(PageSpec("person", "Person", "user", SamplePerson, in_rail=False))
    window = MainWindow(desk, specs, unlock=lambda _user, _password: None, trainee=TRAINEES[0])
    found = [
        Hit("PANKHURST, Emmeline (Mrs)", lambda: None, "14-Jul-1945 (81y)  943 476 5919  M13 9WP", "user"),
        Hit("PANKHURST, Sylvia (Ms)", lambda: None, "05-May-1972 (54y)  M13 9WP", "user"),
    ]
    window.finder.add_provider(Provider("People", lambda _words: found))
    desk.foot.set_due("queue", 3)
    desk.foot.set_due("nursing", 1)
    return window


def _shoot(widget: QWidget, out: Path, name: str) -> None:
    app = QApplication.instance()
    assert app is not None
    for _ in range(3):
        app.processEvents()
    widget.grab().save(str(out / f"{name}.png"))


def _until_idle(tasks: Tasks) -> None:
    app = QApplication.instance()
    assert app is not None
    while tasks.busy:
        app.processEvents()


def shoot_all(out: Path, mode: theme.Wish, folder: Path) -> None:
    """All pictures of one mode."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, mode)
    sheet = widgets_sheet()
    _shoot(sheet, out, f"widgets-{mode}")
    desk = sample_desk(folder)
    keyring = Keyring(lambda: None, lambda _user, _password: None, lambda: None)
    signin = SignInWindow(desk.tasks, lambda _user, _password: None, trainees=TRAINEES, keyring=keyring)
    signin.show()
    _shoot(signin, out, f"signin-{mode}")
    signin.close()
    window = sample_window(desk)
    window.resize(1440, 900)
    window.show()
    window.to("queue")
    window.notices.say("Claimed. It is yours until you release it.", undo=lambda: None)
    window.notices.error(AlreadyClaimed("x", "owen.assessor", "Owen Clarke", NOW - timedelta(minutes=12)))
    _shoot(window, out, f"window-{mode}")
    window.notices.clear()
    window.top.find_box.setText("pank")
    window.finder.open()
    window.finder._ask_providers()
    _until_idle(desk.tasks)
    _shoot(window, out, f"palette-{mode}")
    window.finder.close_palette()
    window.show_keys()
    _shoot(window, out, f"keys-{mode}")
    window.key_sheet.close_overlay()
    window.to("person")
    _shoot(window, out, f"person-{mode}")
    window.to("contact")
    _shoot(window, out, f"empty-{mode}")
    window.lock()
    _shoot(window, out, f"lock-{mode}")
    window.close()
    desk.tasks.close()
    for each in (window, signin, sheet):
        each.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        each.deleteLater()


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    out = parser.parse_args(argv).out
    out.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _app = QApplication.instance() or QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        for mode in tokens.MODES:
            shoot_all(out, mode, Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
