"""Tables keep still: selection and scroll survive every refresh; what leaves is harmless."""

import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from PySide6.QtCore import QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QStyleOptionViewItem, QToolTip

from tests.ui.fakes import NOW, wait_idle
from ui.style import tokens
from ui.widgets import Column, EmptyState, StableTableModel, Table, tableio
from ui.widgets.table_model import SORT_ROLE


@dataclass(frozen=True)
class Row:
    id: int
    name: str
    age: int | None = None


COLUMNS = [
    Column("name", "Person", lambda r: r.name, width=150, stretch=True, tip=lambda r: r.name),
    Column("age", "Age", lambda r: "" if r.age is None else str(r.age), sort=lambda r: r.age, numeric=True, width=60),
    Column("state", "State", lambda r: "Waiting", badge=lambda r: tokens.state("waiting"), help="Where it stands"),
    Column("note", "Note", lambda r: "x", hidden=True),
]


def rows_of(*numbers):
    return [Row(number, f"Person {number}", number % 90) for number in numbers]


@pytest.fixture
def model(qapp, qtmodeltester):
    made = StableTableModel(COLUMNS, key=lambda r: r.id)
    made.tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    return made


@pytest.fixture
def table(model, qtbot, dressed, settings):
    made = Table(model, settings=settings, name="queue", title="Queue", empty=EmptyState("Nothing waits"))
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    return made


def test_the_model_is_a_proper_model(model, qtmodeltester):
    model.set_rows(rows_of(*range(20)))
    qtmodeltester.check(model)


def test_only_what_changed_is_repainted(model, qtbot):
    model.set_rows(rows_of(1, 2, 3, 4))
    changed = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    rows = rows_of(1, 2, 3, 4)
    rows[1] = replace(rows[1], name="Somebody else")
    rows[2] = replace(rows[2], name="Another")
    model.set_rows(rows)
    assert changed == [(1, 2)]


def test_nothing_changed_says_nothing(model):
    model.set_rows(rows_of(1, 2, 3))
    said = []
    for signal in (model.dataChanged, model.modelReset, model.layoutChanged, model.rowsInserted, model.rowsRemoved):
        signal.connect(lambda *_args: said.append(1))
    model.set_rows(rows_of(1, 2, 3))
    assert said == []


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(0, 30), unique=True), min_size=2, max_size=4), st.integers(-1, 1))
def test_any_change_of_rows_keeps_every_index_on_its_row(qapp, steps, sort):
    model = StableTableModel(COLUMNS, key=lambda r: r.id)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.sort(sort, Qt.SortOrder.DescendingOrder)
    for step in steps:
        held = {row.id: QPersistentModelIndex(model.index(n, 0)) for n, row in enumerate(model.rows)}
        resets = []
        model.modelReset.connect(lambda resets=resets: resets.append(1))
        model.set_rows(rows_of(*step))
        assert {row.id for row in model.rows} == set(step)
        if sort < 0:
            assert [row.id for row in model.rows] == step
        for key, index in held.items() if not resets else ():
            assert index.isValid() == (key in step)
            if index.isValid():
                assert model.row_at(index.row()).id == key
    del tester


def test_sorting_puts_the_unknown_last_either_way(model):
    model.set_rows([Row(1, "a", 5), Row(2, "b", None), Row(3, "c", 9)])
    model.sort(1, Qt.SortOrder.AscendingOrder)
    assert [row.id for row in model.rows] == [1, 3, 2]
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert [row.id for row in model.rows] == [3, 1, 2]
    model.sort(-1)
    assert [row.id for row in model.rows] == [1, 2, 3]
    assert model.index(0, 1).data(SORT_ROLE) == 5


def test_filtering(model):
    model.set_rows(rows_of(1, 2, 3, 4))
    model.set_filter(lambda row: row.id % 2 == 0)
    assert [row.id for row in model.rows] == [2, 4]
    assert len(model.all_rows) == 4
    model.set_filter(None)
    assert [row.id for row in model.rows] == [1, 2, 3, 4]


def test_new_rows_wait_and_no_row_moves(model):
    model.sort(1, Qt.SortOrder.AscendingOrder)
    model.set_rows(rows_of(5, 1))
    held = []
    model.held_changed.connect(held.append)
    fresh = [replace(rows_of(1)[0], age=80), *rows_of(5, 3, 4)]
    model.set_rows(fresh, hold_new=True)
    assert [row.id for row in model.rows] == [1, 5]
    assert held == [2]
    assert model.touched(1)
    assert not model.touched(5)
    model.seen(1)
    assert not model.touched(1)
    model.release()
    assert [row.id for row in model.rows] == [3, 4, 5, 1]
    assert model.held == 0


def test_rows_that_are_gone_go_even_while_new_ones_wait(model):
    model.set_rows(rows_of(1, 2))
    model.set_rows(rows_of(2, 3), hold_new=True)
    assert [row.id for row in model.rows] == [2]


@pytest.mark.parametrize("fresh", [range(100), range(0, 4000, 3), [*range(50, 60), *range(10)]])
def test_selection_and_current_row_stay(table, model, fresh):
    model.set_rows(rows_of(*range(2000)))
    assert table.select_key(57)
    fresh = sorted({*fresh, 57})
    model.set_rows(rows_of(*fresh))
    assert table.current.id == 57
    assert [row.id for row in table.selected] == [57]


def test_scroll_stays_over_a_reset(table, model, qtbot):
    model.set_rows(rows_of(*range(3000)))
    table.select_key(1501)
    table.verticalScrollBar().setValue(1490)
    model.set_rows(rows_of(*[n for n in range(3000) if n % 2 or n < 4]))
    assert table.current.id == 1501
    assert table.verticalScrollBar().value() == 1490


def test_a_key_that_is_gone_selects_nothing(table, model):
    model.set_rows(rows_of(1, 2))
    assert not table.select_key(99)


def test_enter_and_double_click_open(table, model, qtbot):
    model.set_rows(rows_of(1, 2, 3))
    table.setFocus()
    table.select_key(2)
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args[0].id == 2
    with qtbot.waitSignal(table.opened):
        table.doubleClicked.emit(model.index(0, 0))


def test_current_changed_carries_the_record(table, model, qtbot):
    model.set_rows(rows_of(1, 2))
    with qtbot.waitSignal(table.current_changed) as moved:
        table.select_key(2)
    assert moved.args[0].id == 2


def test_arrow_keys_and_ends(table, model, qtbot):
    model.set_rows(rows_of(1, 2, 3))
    table.setFocus()
    table.select_key(1)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.current.id == 2
    qtbot.keyClick(table, Qt.Key.Key_End)
    assert table.current.id == 3
    qtbot.keyClick(table, Qt.Key.Key_Home)
    assert table.current.id == 1


def test_where_there_is_little_room_the_title_of_what_is_empty_stands_alone(model, qtbot, dressed, settings):
    empty = EmptyState("Nothing recurs", "P plans visits that recur.")
    made = Table(model, settings=settings, name="queue", title="Queue", empty=empty)
    qtbot.addWidget(made)
    made.show()
    head, title = made.horizontalHeader().height(), empty._title
    for height, shown in ((300, [True, True, True]), (80, [False, True, True]), (46, [False, True, False])):
        made.resize(700, head + height)
        qtbot.waitUntil(lambda height=height: empty.height() >= height - 12, timeout=30_000)
        assert [part.isVisible() for part in (empty._picture, title, empty._hint)] == shown
        qtbot.waitUntil(lambda: title.height() >= title.sizeHint().height(), timeout=30_000)  # nothing is squeezed


def test_empty_says_so(table, model):
    assert table._empty.isVisible()
    model.set_rows(rows_of(1))
    assert not table._empty.isVisible()


def test_the_stretching_column_takes_what_is_left(table, model):
    table.resize(900, 300)
    shown = [n for n in range(4) if not table.isColumnHidden(n)]
    assert sum(table.columnWidth(n) for n in shown) == table.viewport().width()
    table.resize(200, 300)
    assert table.columnWidth(0) >= 150


ROOMY = [
    Column("name", "Person", lambda r: r.name, width=100, strong=True),
    Column("age", "Age", lambda r: str(r.age), width=60),
    Column("need", "Need", lambda r: "Needs help", width=80, stretch=True),
]


@pytest.fixture
def roomy(qtbot, dressed, settings):
    made = Table(StableTableModel(ROOMY, key=lambda r: r.id), settings=settings, name="roomy")
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    made.table_model.set_rows([replace(row, name="PANKHURST, Emmeline Goulden (Mrs)") for row in rows_of(1, 2)])
    return made


def test_words_that_are_cut_get_the_room_that_is_left(roomy, qtbot):
    qtbot.waitUntil(lambda: roomy.columnWidth(0) > 200, timeout=30_000)
    assert roomy.columnWidth(1) == 60  # nothing of it is cut
    assert sum(roomy.columnWidth(n) for n in range(3)) == roomy.viewport().width()
    roomy.resize(240, 300)
    assert [roomy.columnWidth(n) for n in range(2)] == [roomy._room.declared(0), 60]  # no more than there is
    assert roomy.columnWidth(2) >= 80


def test_a_column_made_narrow_by_hand_stays_narrow(roomy, qtbot, settings):
    qtbot.waitUntil(lambda: roomy.columnWidth(0) > 200, timeout=30_000)
    header = roomy.horizontalHeader()
    edge = QPoint(header.sectionSize(0) - 1, header.height() // 2)
    qtbot.mousePress(header.viewport(), Qt.MouseButton.LeftButton, pos=edge)
    qtbot.mouseMove(header.viewport(), edge - QPoint(60, 0))
    QTest.mouseMove(header.viewport(), edge - QPoint(120, 0))
    qtbot.mouseRelease(header.viewport(), Qt.MouseButton.LeftButton, pos=edge - QPoint(120, 0))
    narrow = roomy.columnWidth(0)
    assert narrow < 200
    roomy.table_model.set_rows(rows_of(3, 4, 5))
    roomy.resize(800, 300)
    assert roomy.columnWidth(0) == narrow
    again = Table(StableTableModel(ROOMY, key=lambda r: r.id), settings=settings, name="roomy")
    qtbot.addWidget(again)
    again.resize(700, 300)
    again.show()
    assert again.columnWidth(0) == narrow
    assert again.columnWidth(1) == 60


def test_columns_are_remembered(table, model, settings, qtbot, dressed):
    table.setColumnHidden(2, True)
    table.setColumnWidth(1, 99)
    table.sort_by("age", Qt.SortOrder.DescendingOrder)
    model.set_rows(rows_of(1, 2, 3))
    again = Table(StableTableModel(COLUMNS, key=lambda r: r.id), settings=settings, name="queue")
    qtbot.addWidget(again)
    again.table_model.set_rows(rows_of(1, 2, 3))
    assert again.isColumnHidden(2)
    assert again.columnWidth(1) == 99
    assert [row.id for row in again.table_model.rows] == [3, 2, 1]


def test_columns_remembered_of_another_shape_are_ignored(table, settings, qtbot, dressed):
    table.save_state()
    fewer = Table(StableTableModel(COLUMNS[:2], key=lambda r: r.id), settings=settings, name="queue")
    qtbot.addWidget(fewer)
    assert fewer.model().columnCount() == 2
    assert not fewer.isColumnHidden(0)


def test_the_column_menu_never_hides_the_last(table, qtbot):
    menu = table._column_menu(table)
    for entry in menu.actions()[:4]:
        entry.setChecked(True)
        entry.setChecked(False)
    assert table.horizontalHeader().hiddenSectionCount() == 3


def test_copy_takes_the_selected_rows_with_heads(table, model):
    model.set_rows([Row(1, "=1+1\tx\ny", 5), Row(2, "b", 6)])
    table.select_key(1)
    table.copy()
    assert QGuiApplication.clipboard().text() == "Person\tAge\tState\n'=1+1 x y\t5\tWaiting"


@pytest.mark.parametrize(
    ("cell", "safe"),
    [("=HYPERLINK(1)", "'=HYPERLINK(1)"), ("+44 161", "'+44 161"), ("@x", "'@x"), ("-1", "-1"), ("-x", "'-x"),
     ("\tx", "'\tx"), ("Smith", "Smith"), ("", "")],
)  # fmt: skip
def test_formulas_are_made_harmless(cell, safe):
    assert tableio.harmless(cell) == safe


def test_export_to_a_workbook_holds_no_formula(tmp_path):
    path = tmp_path / "queue.xlsx"
    tableio.export(path, ["Person", "Phone"], [["=1+1", "+44 161 496 0000"], ["Łucja \x07", "x"]])
    sheet = load_workbook(path).active
    assert [[cell.value for cell in line] for line in sheet.iter_rows()] == [
        ["Person", "Phone"], ["=1+1", "+44 161 496 0000"], ["Łucja ", "x"]]  # fmt: skip
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} == {"s"}


def test_export_to_text(tmp_path):
    path = tmp_path / "queue.csv"
    tableio.export(path, ["Person"], [["=1+1"], ['O"Hara, Łucja']])
    assert path.read_text("utf-8-sig").splitlines() == ['"Person"', '"\'=1+1"', '"O""Hara, Łucja"']


def test_print_repeats_heads_and_numbers_its_pages(tmp_path, dressed):
    import pypdfium2

    rows = [[f"Row {n} <b>", "A long need that goes on " * 20, str(n)] for n in range(120)]
    printer = tableio.printer_for("Queue", wide=True)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "queue.pdf"))
    about = tableio.About("Queue", ("Unclaimed, North", "As at 22-Nov-2026 09:00"), "Queue by Nadia Hussain")
    pages = tableio.print_pages(printer, about, ["Person", "Need", "No."], rows, frozenset({2}))
    document = pypdfium2.PdfDocument(tmp_path / "queue.pdf")
    words = [page.get_textpage().get_text_range() for page in document]
    assert len(words) == pages > 3
    for number, page in enumerate(words, start=1):
        assert "Person" in page
        assert f"Page {number} of {pages}" in page
        assert "Queue by Nadia Hussain" in page
    assert "Unclaimed, North" in words[0]
    assert all(sum(f"Row {n} <b>" in page for page in words) == 1 for n in range(120))


def test_dates_are_dates_and_numbers_numbers_in_a_workbook(tmp_path):
    path = tmp_path / "queue.xlsx"
    about = tableio.About("Queue", ("=Unclaimed", "As at 22-Nov-2026 09:00"), "by Nadia Hussain")
    tableio.export(path, ["Born", "Due", "No."], [[NOW.date(), NOW, 12], [None, None, None]], about)
    book = load_workbook(path)
    line = list(book.active.iter_rows())[1]
    assert [(cell.value, cell.is_date) for cell in line[:2]] == [
        (NOW.replace(hour=0, tzinfo=None), True), (NOW.replace(tzinfo=None), True)]  # fmt: skip
    assert line[2].value == 12
    said = [cell.value for cell in next(book["About"].iter_cols())]
    assert said == ["Queue", "=Unclaimed", "As at 22-Nov-2026 09:00", "2 rows", "by Nadia Hussain"]
    assert {cell.data_type for cell in next(book["About"].iter_cols())} == {"s"}


def test_the_menu_has_all_ways_out(table):
    words = [entry.text() for entry in table.menu().actions()]
    assert [word for word in words if word] == ["Columns", "Copy\tCtrl+C", "Export…", "Print…"]


def test_ten_thousand_rows_cost_ten_times_as_much_as_a_thousand(qapp):
    """Not a hundred times, as where each row looks through all the others."""

    def cost(many):
        model = StableTableModel(COLUMNS, key=lambda r: r.id)
        rows = rows_of(*range(many))
        model.set_rows(rows)
        start = time.thread_time()
        model.set_filter(lambda row: row.id % 2 == 0)
        model.set_filter(None)
        model.set_rows(rows[:-1])
        return time.thread_time() - start

    assert cost(10_000) < 40 * max(cost(1_000) for _ in range(3))


def test_settings_hold_no_record(table, model, settings):
    model.set_rows([Row(1, "Emmeline Pankhurst", 81)])
    table.select_key(1)
    table.save_state()
    settings.sync()
    assert "Pankhurst" not in Path(settings.fileName()).read_text()


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ""])
def test_export_runs_off_the_interface_thread_and_says_so(table, model, desk, qtbot, tmp_path, monkeypatch, ending):
    model.set_rows(rows_of(1, 2))
    table.desk = desk
    monkeypatch.setattr(tableio.QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / f"out{ending}"), ""))
    tableio.export_table(table, "Queue")
    wait_idle(qtbot, desk)
    assert (tmp_path / f"out{ending or '.xlsx'}").stat().st_size > 50
    assert desk.notices.said == [("say", f"2 rows exported to out{ending or '.xlsx'}.")]


def test_an_export_that_fails_is_said(table, model, desk, qtbot, tmp_path, monkeypatch):
    table.desk = desk
    monkeypatch.setattr(
        tableio.QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / "no folder" / "x.csv"), "")
    )
    tableio.export_table(table, "Queue")
    wait_idle(qtbot, desk)
    assert [kind for kind, _error in desk.notices.said] == ["error"]


def test_commands_of_a_table(table):
    assert [command.shortcut for command in table.commands("queue")] == ["Ctrl+Shift+E", "Ctrl+P"]
    assert "print" in table.menu_button().accessibleName()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_words_without_room_are_said_in_full(table, model, qtbot):
    columns = [Column("name", "Person", lambda r: r.name, width=80)]
    narrow = Table(StableTableModel(columns, key=lambda r: r.id), name="narrow")
    qtbot.addWidget(narrow)
    narrow.table_model.set_rows([Row(1, "A name that is much too long for eighty pixels"), Row(2, "Li")])
    narrow.show()
    for number, words in ((0, "A name that is much too long for eighty pixels"), (1, "")):
        index = narrow.model().index(number, 0)
        place = narrow.visualRect(index).center()
        option = QStyleOptionViewItem()
        option.rect = narrow.visualRect(index)
        event = QHelpEvent(QHelpEvent.Type.ToolTip, place, narrow.viewport().mapToGlobal(place))
        assert narrow.itemDelegate().helpEvent(event, narrow, option, index)
        qtbot.waitUntil(lambda words=words: (QToolTip.text() if QToolTip.isVisible() else "") == words, timeout=30_000)
