"""Reablement begun from where work comes in: the worklist, and the queue with the referral that asked for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt

from coordination.clock import FixedClock
from coordination.deployment.model import Team
from coordination.intake.model import ContactDraft, Refer, ReferralDraft
from coordination.values import ContactId, ReferralId, TeamId, new_id
from tests.database import CentreDb
from tests.db.reablement_kit import Ward
from tests.ui.fakes import make_desk, wait_idle
from ui.intake.page import QueuePage
from ui.page import Page
from ui.reablement.episode_page import EpisodePage, team_for
from ui.reablement.opening import OfPerson
from ui.reablement.page import EpisodesPage


def test_begun_from_the_worklist_and_from_the_queue(
    centre_db: CentreDb, qtbot: Any, tmp_path: Any, dressed: object
) -> None:
    ward = Ward(centre_db)
    ash, birch = ward.kit.person("Ash", "Ann"), ward.kit.person("Birch", "Ben")
    desk = make_desk(tmp_path, ward.tess.services)
    desk.actor, desk.clock = ward.tess.actor, FixedClock(datetime.now(UTC))
    draft = ReferralDraft(ReferralId(new_id()), "reablement", "24_hours", "Weak since the fall")
    ward.tess.services.intake.take_contact(ContactDraft(person_id=birch, need="Stairs"), ContactId(new_id()),
                                           Refer((draft,)))  # fmt: skip

    def shown(kind: type[Page], key: object = None) -> Any:
        made = kind(desk)
        qtbot.addWidget(made)
        made.resize(1170, 680)
        desk.commands.add(made.commands(), made, made.id)
        made.show()
        made.come_forward(key)
        wait_idle(qtbot, desk)
        return made

    page = shown(EpisodesPage)
    desk.commands.get("episodes.begin")()
    finder = page.beside.finder
    qtbot.waitUntil(finder.field.hasFocus)
    qtbot.keyClicks(finder.field, "ash ann")
    qtbot.waitUntil(lambda: finder.list.model().rowCount() == 1 and not desk.tasks.busy, timeout=30_000)
    qtbot.keyClick(finder.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(desk.go.went), timeout=30_000)
    assert desk.go.went[-1] == ("episode", OfPerson(ash, "ASH, Ann")) and not page.beside.isVisible()

    queue = shown(QueuePage)
    queue.table.select_key(draft.id)
    assert not desk.commands.get("queue.reablement").enabled_when(), "whoever begins it has taken it"
    desk.commands.get("queue.claim")()
    wait_idle(qtbot, desk)
    desk.commands.get("queue.reablement")()
    page_id, about = desk.go.went[-1]
    assert page_id == "episode"
    assert (about.person_id, about.referral_id, about.service) == (birch, draft.id, "reablement")

    episode = shown(EpisodePage, about)
    form = episode.deeds.form
    assert form is not None and form.form.value("team_id") == ward.team
    episode.deeds.finish()
    qtbot.waitUntil(lambda: episode.detail is not None, timeout=30_000)
    begun = episode.detail.episode
    assert (begun.person_id, begun.team_id) == (birch, ward.team)
    assert ward.sql("select referral_id from reablement_episode") == [(draft.id,)]
    desk.tasks.close()


def test_the_team_that_a_referral_asks_for_comes_first() -> None:
    north, south, city = (Team(TeamId(n), name, service, place, "") for n, name, service, place in (
        (1, "North", "reablement", "north"), (2, "South", "reablement", "south"),
        (3, "City", "complex_reablement", None)))  # fmt: skip
    teams, who = [north, south, city], new_id()
    asked = OfPerson(who, service="reablement", locality="south")  # type: ignore[arg-type]
    assert team_for(teams, asked, None) == south.id
    assert team_for(teams, OfPerson(who, service="complex_reablement", locality="south"), north.id) == city.id  # type: ignore[arg-type]
    assert team_for(teams, OfPerson(who, service="reablement"), None) == north.id  # type: ignore[arg-type]
    assert team_for(teams, OfPerson(who), south.id) == south.id  # type: ignore[arg-type]
