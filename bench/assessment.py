"""A form of 200 questions: opened, typed into, branched, walked through; beside as many bare line edits of Qt.

    python -m bench.assessment [--data DIR] [--json FILE] [--rounds N]

Both stand in one process and take turns, so that what else the machine does meets both. Without a display
(QT_QPA_PLATFORM=offscreen) the painting is that of Qt's raster engine.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFormLayout, QLineEdit, QScrollArea, QWidget
from sqlalchemy import Engine, event

from bench.table import Row, Table, machine, publish, said
from coordination.assessment.model import AssessmentSheet
from coordination.training.users import TRAINING_USERS
from coordination.values import AssessmentId, new_id
from db.setup import owner_engine
from db.stores.forms import publish_forms
from ui.assessment.editor import AssessmentPage
from ui.cli.opened import Opened
from ui.desktop import Desktop
from ui.root import OWNER, open_embedded

QUESTIONS, SECTIONS, PEOPLE, SEED = 200, 4, 200, 7
SIZE = (1366, 768)
PATIENCE = 30.0
USER = next(u.user_name for u in TRAINING_USERS if u.role == "trusted_assessor")
FORM = "bench-200"
WATCHERS = ("hospital_notice", "presence", "inbox_item", "desk_shift")
"""what a desk asks by itself, whatever page is in front"""


def form_text() -> str:
    """The form: sections of fifty questions, half of them lines of text; each tenth is asked when the choice before
    it says so."""
    text = f'id = "{FORM}"\nversion = 1\ntitle = "Two hundred questions"\n'
    each = QUESTIONS // SECTIONS
    for section in range(SECTIONS):
        text += f'[[section]]\nid = "s{section}"\ntitle = "Section {section + 1}"\nkind = "conversation"\n'
        for number in range(each):
            name = f"q{section}_{number}"
            text += f'[[section.question]]\nid = "{name}"\ntext = "Question {number + 1} of section {section + 1}"\n'
            text += "required = true\n" if number == 0 else ""
            if number % 10 == 1:
                text += 'type = "yes_no"\n'
            elif number % 10 == 2:
                text += f'type = "text"\nwhen = {{ question = "q{section}_{number - 1}", equals = true }}\n'
            elif number % 2:
                text += 'type = "choice"\noptions = [{ value = "a", label = "A" }, { value = "b", label = "B" }]\n'
            else:
                text += 'type = "text"\n'
    return text


class BareForm(QScrollArea):
    """What Qt does by itself: as many labels and line edits in one layout."""

    def __init__(self) -> None:
        super().__init__()
        inside = QWidget()
        layout = QFormLayout(inside)
        self.fields = [QLineEdit() for _ in range(QUESTIONS)]
        for number, field in enumerate(self.fields):
            layout.addRow(f"Question {number + 1}", field)
        self.fields[2].hide()
        self.setWidget(inside)
        self.setWidgetResizable(True)


class Bench:
    """One desktop on one small city."""

    def __init__(self, data: Path) -> None:
        self.statements: list[str] = []
        centre = open_embedded(data)
        engine = owner_engine(centre.where(OWNER), centre.owner_password())
        with engine.begin() as connection:
            empty = connection.exec_driver_sql("select count(*) from person").scalar_one() == 0
            publish_forms(connection, {f"{FORM}.toml": form_text()})
        engine.dispose()
        if empty:
            said("Making a small city")
            centre.load_training(PEOPLE, SEED)
        centre.close()
        self.window: Any = None
        self.desktop = Desktop(Opened(data, None, USER), self._usable, USER)
        self.app: QApplication = self.desktop.app
        self.until(lambda: self.window is not None)
        event.listen(Engine, "before_cursor_execute", self._note)
        shown: Any = self.window
        self.desk = shown.desk
        person = self.desk.services.people.find("pankhurst", 1)[0].id
        self.sheet: AssessmentSheet = self.desk.services.assessment.start(person, FORM, key=AssessmentId(new_id()))
        self.page = AssessmentPage(self.desk)
        self.page.resize(*SIZE)

    def _usable(self, window: object) -> None:
        self.window = window

    def _note(self, _c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not any(watched in statement for watched in WATCHERS):
            self.statements.append(statement)

    def until(self, true: Callable[[], bool]) -> None:
        """Let the interface work until it is so."""
        end = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > end:
                raise SystemExit("The interface did not come to it in time.")
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)

    def rest(self) -> None:
        """Nothing under way any more."""
        page = self.page
        self.until(lambda: not self.desk.tasks.busy and (page.answering is None or not page.answering.busy))
        self.app.processEvents()

    def open(self) -> int:
        """Open the form, until its first questions are painted. How many statements that took."""
        self.page.open(None)
        self.rest()
        self.page.show()
        self.statements.clear()
        self.page.open(self.sheet.assessment.id)
        self.until(lambda: self.page.draft is not None)
        self.page.repaint()
        return len(self.statements)

    def close(self) -> None:
        self.page.close()
        self.window.close()
        self.desktop.close()


def timed(call: Callable[..., object], *given: Any) -> float:
    """Seconds that a call took."""
    began = time.perf_counter()
    call(*given)
    return time.perf_counter() - began


def open_bare() -> BareForm:
    bare = BareForm()
    bare.resize(*SIZE)
    bare.show()
    bare.repaint()
    return bare


def measure(bench: Bench, rounds: int) -> tuple[list[Row], int, int]:
    """The rows, the statements of an opening, and those of a saved answer."""
    opened: list[float] = []
    opened_bare: list[float] = []
    keys: list[float] = []
    keys_bare: list[float] = []
    branch: list[float] = []
    branch_bare: list[float] = []
    tab: list[float] = []
    tab_bare: list[float] = []
    saves: list[float] = []
    openings: list[int] = []
    for _ in range(rounds):
        opened_bare.append(timed(lambda: open_bare().deleteLater()))
        began = time.perf_counter()
        openings.append(bench.open())
        opened.append(time.perf_counter() - began)
        bench.rest()
    bare = open_bare()
    bare.activateWindow()
    page = bench.page
    page.show()
    page.activateWindow()
    page.conversation.go_to_question("q0_0")
    bench.rest()
    for number in range(rounds):
        row = page.conversation.row("q0_0")
        assert row is not None and row.editor is not None
        field = row.editor.focusProxy()
        for letter in "letters":
            keys_bare.append(timed(_typed, bare.fields[0], letter, bare))
            keys.append(timed(_typed, field, letter, page))
        bench.rest()
        branch_bare.append(timed(_shown, bare, number % 2 == 0))
        choice = page.conversation.row("q0_1")
        assert choice is not None and choice.editor is not None
        button = choice.editor.fields()[number % 2]
        branch.append(timed(_pressed, button))
        bench.rest()
        bare.fields[4].setFocus()
        tab_bare.append(timed(_tab, bare.fields[4], bare))
        page.conversation.go_to_question("q0_4")
        bench.rest()
        here = page.conversation.row("q0_4")
        assert here is not None and here.editor is not None
        tab.append(timed(_tab, here.editor.focusProxy(), page))
    service, key = bench.desk.services.assessment, bench.sheet.assessment.id
    saved = 0
    for number in range(rounds * 5):
        present = service.reread(key).answers.get("q1_0")
        bench.statements.clear()
        seen = present.revision if present is not None else 0
        saves.append(timed(service.answer, key, "q1_0", f"words {number}", seen))
        saved = len(bench.statements)
    bare.close()
    rows = [
        Row("bare, opened and painted", tuple(opened_bare)),
        Row("form, opened and painted", tuple(opened), "bare, opened and painted"),
        Row("bare, key to painted letter", tuple(keys_bare)),
        Row("form, key to painted letter", tuple(keys), "bare, key to painted letter"),
        Row("bare, a field shown or hidden", tuple(branch_bare)),
        Row("form, a branch opens or closes", tuple(branch), "bare, a field shown or hidden"),
        Row("bare, tab to the next", tuple(tab_bare)),
        Row("form, tab to the next", tuple(tab), "bare, tab to the next"),
        Row("an answer saved", tuple(saves)),
    ]
    return rows, min(openings), saved  # the least: a desk asks for other things too, whenever it likes


def _typed(field: Any, letter: str, whole: QWidget) -> None:
    QTest.keyClicks(field, letter)
    field.repaint()  # the letter itself; then whatever else has to be painted anew for it
    whole.window().update(0, 0, 1, 1)
    QApplication.processEvents()


def _shown(bare: BareForm, visible: bool) -> None:
    bare.fields[2].setVisible(visible)
    QApplication.processEvents()


def _pressed(button: QWidget) -> None:
    QTest.keyClick(button, Qt.Key.Key_Space)
    QApplication.processEvents()


def _tab(field: Any, whole: QWidget) -> None:
    QTest.keyClick(field, Qt.Key.Key_Tab)
    whole.window().update(0, 0, 1, 1)
    QApplication.processEvents()


def run(data: Path, rounds: int) -> Table:
    """Measure on the city of a data folder, made there if it is not yet."""
    where = machine()
    bench = Bench(data)
    try:
        rows, asked, saved = measure(bench, rounds)
    finally:
        bench.close()
    notes = (
        f"{QUESTIONS} questions in {SECTIONS} sections; {SIZE[0]} x {SIZE[1]}.",
        f"Statements of an opening: {asked}. Of a saved answer: {saved}, in one transaction.",
        "Opened: from the key to the first painted questions, the database in it; the bare form reads nothing.",
    )
    return Table("assessment", tuple(rows), where, notes)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, help="a data folder that may be kept for the next run")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--rounds", type=int, default=10)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        publish(run(wanted.data or Path(folder) / "data", wanted.rounds), wanted.json)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
