"""Banner, notices, sign-in."""

from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from coordination.errors import AlreadyClaimed, DatabaseAway, SignInFailed
from coordination.values import NhsNumber
from tests.ui.fakes import wait_idle
from ui.shell.banner import BannerAlert, BannerFacts, PersonBanner, fact_lines, identity_lines, spoken
from ui.shell.notices import NoticeBar
from ui.shell.signin import Keyring, Trainee
from ui.shell.signin_window import SignInWindow
from ui.widgets import Badge, button

TODAY = date(2026, 11, 22)
EMMELINE = BannerFacts(
    "Pankhurst", "Emmeline", "Mrs", birth_date=date(1945, 7, 14), gender="Female", nhs_number=NhsNumber("9434765919"),
    alerts=(BannerAlert("safeguarding", "Safeguarding"), BannerAlert("unheard_of", "Oxygen in use")),
    sharing="summary", lead_worker="Owen Clarke", locality="North", neighbourhood="Moston",
)  # fmt: skip


def words_of(widget):
    return [part.text() for part in widget.findChildren(QLabel)] + [part.words for part in widget.findChildren(Badge)]


def test_the_banner_as_the_guidance_has_it():
    assert EMMELINE.name == "PANKHURST, Emmeline (Mrs)"
    assert identity_lines(EMMELINE, TODAY) == [
        ("Born", "14-Jul-1945 (81y)"), ("Gender", "Female"), ("NHS No.", "943 476 5919")]  # fmt: skip


def test_unknown_reads_not_known():
    lines = identity_lines(BannerFacts(), TODAY) + fact_lines(BannerFacts())
    assert {value for _name, value in lines} == {"Not known"}
    assert not any(name.endswith(":") for name, _value in lines)


def test_health_and_social_care_are_shown_when_they_differ():  # P2
    both = BannerFacts(health="Ancoats, North", social_care="Hulme, Central", neighbourhood="Hulme", locality="Central")
    assert ("Health", "Ancoats, North") in fact_lines(both)
    assert ("Social care", "Hulme, Central") in fact_lines(both)
    same = BannerFacts(health="Hulme, Central", social_care="Hulme, Central", neighbourhood="Hulme", locality="Central")
    assert ("Neighbourhood", "Hulme, Central") in fact_lines(same)


def test_the_banner_shows_and_speaks(qtbot, dressed):
    banner = PersonBanner()
    qtbot.addWidget(banner)
    assert banner.isHidden()
    banner.add_action(button("New contact"))
    banner.show_facts(EMMELINE, TODAY)
    banner.show()
    shown = words_of(banner)
    name, alerts = "PANKHURST, Emmeline (Mrs)", ("Safeguarding", "Oxygen in use")
    assert {name, "943 476 5919", *alerts, "Shares a summary only"} <= set(shown)
    assert "NHS No. 943 476 5919" in banner.accessibleName()
    assert banner.property("plane") == "surface"


def test_someone_who_has_died_looks_different(qtbot, dressed):
    banner = PersonBanner()
    qtbot.addWidget(banner)
    emily = BannerFacts("Davison", "Emily", birth_date=date(1940, 10, 11), deceased_on=date(2026, 6, 8))
    banner.show_facts(emily, TODAY)
    assert "Deceased" in words_of(banner)
    assert "08-Jun-2026 (85y)" in words_of(banner)
    assert banner.property("plane") == "sunken"
    assert "Died 08-Jun-2026" in spoken(banner.facts, TODAY)


def test_a_narrow_banner_hides_nothing(qtbot, dressed):
    banner = PersonBanner()
    qtbot.addWidget(banner)
    banner.show_facts(EMMELINE, TODAY)
    banner.show()
    banner.resize(420, banner.height())
    qtbot.waitUntil(lambda: banner.sizeHint().height() > 150, timeout=30_000)
    banner.adjustSize()
    for part in banner.findChildren(QLabel):
        place = part.mapTo(banner, part.rect().bottomRight())
        assert banner.rect().contains(place), part.text()


def test_another_person_replaces_the_first(qtbot, dressed):
    banner = PersonBanner()
    qtbot.addWidget(banner)
    banner.show_facts(EMMELINE, TODAY)
    banner.show_facts(BannerFacts("Davison"), TODAY)
    assert banner.facts.surname == "Davison"
    assert "PANKHURST" not in banner.accessibleName()
    banner.show_facts(None, TODAY)
    assert banner.isHidden()


@pytest.fixture
def bar(qtbot, dressed):
    made = NoticeBar()
    qtbot.addWidget(made)
    made.move(400, 400)  # not under the pointer: a notice stays while it is pointed at
    return made


CLAIMED = AlreadyClaimed("x", "owen.assessor", "Owen Clarke", datetime(2026, 11, 22, 8, 48, tzinfo=UTC))


def test_what_was_done_goes_by_itself(bar, qtbot):
    bar.say("Claimed.")
    notice = bar.notices[0]
    notice._timer.start(1)
    qtbot.waitUntil(lambda: not bar.notices, timeout=30_000)
    assert bar.isHidden()


def test_a_failure_stays(bar):
    bar.error(CLAIMED)
    assert not bar.notices[0]._timer.isActive()
    bar.notices[0].end()
    assert bar.notices == []


def test_the_same_failure_is_shown_once(bar):
    bar.error(DatabaseAway())
    bar.error(DatabaseAway())
    assert len(bar.notices) == 1


def test_results_never_push_out_a_failure(bar):
    bar.error(CLAIMED)
    for number in range(5):
        bar.say(f"Done {number}.")
    assert [notice.kind for notice in bar.notices] == ["error", "say", "say"]
    assert bar.notices[-1].words == "Done 4."


def test_undo_takes_back_the_newest_once(bar, qtbot):
    undone = []
    bar.say("One.", undo=lambda: undone.append(1))
    bar.say("Two.", undo=lambda: undone.append(2))
    bar.say("Three.")
    assert bar.can_undo
    bar.undo_last()
    bar.undo_last()
    bar.undo_last()
    assert undone == [2, 1]
    assert not bar.can_undo


def test_undo_by_its_button(bar, qtbot):
    undone = []
    bar.say("Claimed.", undo=lambda: undone.append(1))
    bar.notices[0].button.click()
    assert undone == [1]
    assert bar.notices == []


TRAINEES = [
    Trainee("nadia.coordinator", "Nadia Hussain", "care_coordinator", "North", "north-1"),
    Trainee("grace.lead", "Grace Okafor", "team_lead", "Central", "central-1"),
]


class Door:
    """Lets in who knows the password."""

    def __init__(self):
        self.tried = []

    def __call__(self, user, password):
        self.tried.append((user, password))
        if password == "away":
            raise DatabaseAway
        if not password.endswith("-1"):
            raise SignInFailed
        return f"desk of {user}"


@pytest.fixture
def door():
    return Door()


@pytest.fixture
def signin(qtbot, dressed, desk, door):
    made = SignInWindow(desk.tasks, door, trainees=TRAINEES)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def test_signing_in(signin, desk, qtbot):
    qtbot.waitUntil(signin.panel.user.hasFocus, timeout=30_000)
    qtbot.keyClicks(signin.panel.user, "nadia.coordinator")
    qtbot.keyClick(signin.panel.user, Qt.Key.Key_Tab)
    qtbot.keyClicks(signin.panel.password, "north-1")
    with qtbot.waitSignal(signin.signed_in) as entered:
        qtbot.keyClick(signin.panel.password, Qt.Key.Key_Return)
    assert entered.args == ["desk of nadia.coordinator"]
    assert signin.panel.password.text() == ""


def test_a_wrong_password_is_said_in_place(signin, desk, door, qtbot):
    signin.panel.user.setText("nadia.coordinator")
    signin.panel.password.setText("no")
    signin.panel.submit()
    assert not signin.panel._go.isEnabled()
    wait_idle(qtbot, desk)
    assert signin.panel._go.isEnabled()
    assert signin.panel._problem.isVisible()
    assert "do not fit" in signin.panel._problem.text()
    assert desk.notices.said == []


def test_a_database_that_is_away_is_said_in_place(signin, desk, qtbot):
    signin.panel.user.setText("nadia.coordinator")
    signin.panel.password.setText("away")
    signin.panel.submit()
    wait_idle(qtbot, desk)
    assert "cannot be reached" in signin.panel._problem.text()


def test_what_is_missing_is_marked(signin, door):
    signin.panel.submit()
    assert signin.panel.form.field("user_name").problem
    assert signin.panel.form.field("password").problem
    assert door.tried == []


def test_one_click_signs_in_a_training_user(signin, desk, qtbot):
    with qtbot.waitSignal(signin.signed_in) as entered:
        qtbot.mouseClick(signin.panel.tiles[1], Qt.MouseButton.LeftButton)
    assert entered.args == ["desk of grace.lead"]
    assert "Team lead" in signin.panel.tiles[1].accessibleName()


def test_nothing_is_remembered_unless_asked(qtbot, dressed, desk, door):
    kept = []
    keyring = Keyring(lambda: None, lambda *pair: kept.append(pair), lambda: None)
    window = SignInWindow(desk.tasks, door, keyring=keyring)
    qtbot.addWidget(window)
    assert not window.panel.remember.isChecked()
    window.panel.user.setText("nadia.coordinator")
    for wanted, expected in ((False, []), (True, [("nadia.coordinator", "north-1")])):
        window.panel.remember.setChecked(wanted)
        window.panel.password.setText("north-1")
        window.panel.submit()
        wait_idle(qtbot, desk)
        assert kept == expected


def test_what_was_remembered_is_filled_in(qtbot, dressed, desk, door):
    keyring = Keyring(lambda: ("nadia.coordinator", "north-1"), lambda *_pair: None, lambda: None)
    window = SignInWindow(desk.tasks, door, keyring=keyring)
    qtbot.addWidget(window)
    window.show()
    wait_idle(qtbot, desk)
    assert window.panel.user.text() == "nadia.coordinator"
    assert window.panel.remember.isChecked()


def test_a_keyring_that_fails_is_no_reason_not_to_sign_in(qtbot, dressed, desk, door):
    def fail():
        raise OSError

    window = SignInWindow(desk.tasks, door, keyring=Keyring(fail, lambda *_pair: None, lambda: None))
    qtbot.addWidget(window)
    window.show()
    wait_idle(qtbot, desk)
    assert desk.notices.said == []


def test_without_a_keyring_nothing_is_offered_and_none_is_read(qtbot, dressed, desk, door):
    asked = []
    keyring = Keyring(lambda: asked.append(1), lambda *_pair: None, lambda: None, is_there=lambda: False)
    window = SignInWindow(desk.tasks, door, keyring=keyring)
    qtbot.addWidget(window)
    window.show()
    wait_idle(qtbot, desk)
    assert not window.panel.remember.isVisible()
    assert asked == []


def test_the_password_is_hidden(signin):
    assert signin.panel.password.echoMode() == QLineEdit.EchoMode.Password
    assert isinstance(signin, QWidget)


def test_unticking_forgets(qtbot, dressed, desk, door):
    forgotten = []
    keyring = Keyring(lambda: ("nadia.coordinator", "north-1"), lambda *_pair: None, lambda: forgotten.append(1))
    window = SignInWindow(desk.tasks, door, keyring=keyring)
    qtbot.addWidget(window)
    window.show()
    wait_idle(qtbot, desk)
    window.panel.remember.setChecked(False)
    window.panel.submit()
    wait_idle(qtbot, desk)
    assert forgotten == [1]
