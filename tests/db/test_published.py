"""A published day on a real database: complete, immutable, one version for two leads, seen by those who may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import psycopg
import pytest
from sqlalchemy import text

import db.migrations
from coordination.deployment.published import Published
from coordination.deployment.published_service import PublishedPlans
from coordination.deployment.service import Deployment
from coordination.errors import NotAllowed, NotFound, Refused
from coordination.values import TeamId, VisitId, WorkerId, new_id
from tests.database import CentreDb
from tests.db.deployment_kit import NURSING, Kit, at


@dataclass
class Morning:
    """Tomorrow's day of a team: two workers, two visits that Amina has, one that nobody has."""

    kit: Kit
    lead: Deployment
    plans: PublishedPlans
    team: TeamId
    day: date
    amina: WorkerId
    bola: WorkerId
    visits: tuple[VisitId, ...]

    def at(self, hour: int, minute: int = 0):  # type: ignore[no-untyped-def]
        return at(hour, minute, self.day)

    def publish(self, seen: int = 0) -> Published:
        return self.plans.publish(self.team, self.day, seen=seen, new_id=new_id())

    def take(self, visit: VisitId, worker: WorkerId, hour: int) -> None:
        found = self.lead.visit(visit)
        self.lead.allocate(visit, worker, self.at(hour), seen=found.revision)


@pytest.fixture
def morning(centre_db: CentreDb) -> Morning:
    kit = Kit(centre_db)
    services = centre_db.sign_in("tess.lead").services
    day = kit.today() + timedelta(days=1)
    amina, bola = kit.worker("Amina", hours=[]), kit.worker("Bola", hours=[])
    for worker in (amina, bola):
        kit.shift(worker, "work", at(7, day=day), at(15, day=day))
    drafts = [kit.draft(kit.person(name), at(hour, day=day)) for name, hour in (("A", 8), ("B", 9), ("C", 10))]
    visits = services.deployment.plan_visits(drafts)
    made = Morning(kit, services.deployment, services.published, kit.team(), day, amina, bola, visits)
    made.take(visits[0], amina, 8)
    made.take(visits[1], amina, 9)
    return made


def codes(act) -> list[str]:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as caught:
        act()
    return [o.code for o in caught.value.obstacles]


def test_a_version_keeps_what_was_told_and_says_what_changed_since(morning: Morning, centre_db: CentreDb) -> None:
    m = morning
    assert m.plans.published(m.team, m.day) is None and m.plans.since(m.team, m.day).published is None
    same = new_id()
    first = m.plans.publish(m.team, m.day, seen=0, new_id=same)
    assert (first.version, first.edition.by_name, first.edition.unplaced) == (1, "Tess Example", 1)
    assert {r.visit_id for r in first.rows} == set(m.visits[:2])
    # sent again after a lost answer; and once more without anything new
    assert m.plans.publish(m.team, m.day, seen=0, new_id=same) == first
    assert codes(lambda: m.publish(1)) == ["published_nothing_changed"]

    b = m.lead.visit(m.visits[1])
    m.lead.move(b.id, 1, m.bola, m.at(9, 30), seen=b.revision)
    m.take(m.visits[2], m.amina, 10)
    a = m.lead.visit(m.visits[0])
    m.lead.end(a.id, "cancelled", "In hospital", seen=a.revision)
    standing = m.plans.since(m.team, m.day)
    assert standing.published is not None and standing.published.edition == first.edition
    told = [(c.kind, c.visit_id, c.worker_id) for c in standing.changes.all]
    assert told == [
        ("cancelled", m.visits[0], m.amina),
        ("taken_off", m.visits[1], m.amina),
        ("new", m.visits[2], m.amina),
        ("new", m.visits[1], m.bola),
    ]
    assert standing.changes.kind_of(m.visits[1]) == "other_worker" and len(standing.changes) == 3
    second = m.publish(1)
    assert second.version == 2 and [e.version for e in m.plans.versions(m.team, m.day)] == [2, 1]
    assert len(m.plans.compare(m.team, m.day, 1, 2)) == 3 and not m.plans.since(m.team, m.day).changes.all
    assert [c.kind for c in m.plans.since(m.team, m.day, 1).changes.all] == [k for k, *_ in told]
    with pytest.raises(NotFound):
        m.plans.compare(m.team, m.day, 1, 7)
    # other words: the person's door, which stands on the sheet
    with centre_db.owner.begin() as c:
        c.execute(text("update person set access_notes = 'Side door' where surname = 'C'"))
    assert [c.kind for c in m.plans.since(m.team, m.day).changes.all] == ["other_words"]


def test_nobody_changes_what_was_published(morning: Morning, centre_db: CentreDb) -> None:
    morning.publish()
    for statement in (
        "update published_day set version = 7",
        "delete from published_day",
        "update published_visit set worker_id = worker_id",
        "delete from published_visit",
        "truncate published_visit, published_day",
    ):
        with centre_db.owner.connect() as connection, pytest.raises(Exception, match="published"):
            connection.execute(text(statement))
        with centre_db.psql("tess.lead") as own, pytest.raises(psycopg.errors.InsufficientPrivilege):
            own.execute(statement)
    with centre_db.psql("tess.lead") as own, pytest.raises(psycopg.errors.InsufficientPrivilege):
        own.execute("insert into published_day (id, team_id, day, version) values (uuidv7(), 1, current_date, 9)")


def test_the_migration_goes_back_and_forth_with_data_in_place(morning: Morning, centre_db: CentreDb) -> None:
    morning.publish()
    with centre_db.owner.begin() as c:
        for way in ("down", "up"):
            script = Path(db.migrations.__file__).parent / "versions" / f"0028_published.{way}.sql"
            c.exec_driver_sql(script.read_text(encoding="utf-8").replace("%", "%%"))
    assert morning.plans.published(morning.team, morning.day) is None
    assert morning.publish().version == 1


def test_of_two_leads_at_once_the_second_is_told_who_and_when(morning: Morning, centre_db: CentreDb) -> None:
    m = morning
    leads = [m.plans, centre_db.sign_in("theo.lead").services.published]
    gate = Barrier(2, timeout=60)

    def publish(plans: PublishedPlans) -> object:
        gate.wait()
        try:
            return plans.publish(m.team, m.day, seen=0, new_id=new_id())
        except Refused as error:
            return error.obstacles[0]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(publish, leads))
    made = [a for a in answers if isinstance(a, Published)]
    (told,) = [a for a in answers if not isinstance(a, Published)]
    assert len(made) == 1 and told.code == "published_nothing_changed"
    assert told.fact("by") == made[0].edition.by_name and told.fact("at") == made[0].edition.at

    # and when the board is another by then, the second hears that hers would be the next
    m.take(m.visits[2], m.bola, 10)
    with pytest.raises(Refused) as caught:
        m.publish(seen=0)
    (found,) = caught.value.obstacles
    assert found.code == "published_meanwhile" and (found.fact("version"), found.fact("next")) == (1, 2)
    assert m.publish(seen=1).version == 2


def test_who_may_not_publish_and_what_cannot_be(morning: Morning, centre_db: CentreDb) -> None:
    m = morning
    cora = centre_db.sign_in("cora.coordinator").services.published
    with pytest.raises(NotAllowed):
        cora.publish(m.team, m.day, seen=0, new_id=new_id())
    yesterday = m.day - timedelta(days=2)
    assert codes(lambda: m.plans.publish(m.team, yesterday, seen=0, new_id=new_id())) == ["nothing_placed"]
    with centre_db.psql("tess.lead") as own, pytest.raises(psycopg.errors.CheckViolation) as caught:
        own.execute("select publish_day(uuidv7(), %s, %s, 0, '{}')", (m.team, yesterday))
    assert caught.value.diag.constraint_name == "published_day_is_not_over"
    said = f'{{"{m.visits[0]}": "Pankhurst was here"}}'
    with centre_db.psql("tess.lead") as own, pytest.raises(psycopg.errors.CheckViolation) as caught:
        own.execute("select publish_day(uuidv7(), %s, %s, 0, %s)", (m.team, m.day, said))
    assert caught.value.diag.constraint_name == "published_visit_words_check"
    with pytest.raises(NotFound):
        m.plans.publish(TeamId(999), m.day, seen=0, new_id=new_id())


def test_a_person_who_is_hidden_is_hidden_in_what_was_published(morning: Morning, centre_db: CentreDb) -> None:
    m = morning
    with centre_db.owner.begin() as c:
        c.execute(text("update person set sharing_level = 'named_teams' where surname = 'A'"))
        c.execute(
            text("insert into person_sharing (person_id, team_id) select id, :t from person where surname = 'A'"),
            {"t": m.kit.team(NURSING)},
        )
    assert len(m.publish().rows) == 1
    # published by a lead who does not see everybody, the day is whole all the same
    elsewhere = centre_db.sign_in("dina.lead").services.published
    assert len(elsewhere.published(m.team, m.day).rows) == 2
    # and nobody publishes another team's
    m.take(m.visits[2], m.bola, 10)
    with pytest.raises(NotAllowed):
        elsewhere.publish(m.team, m.day, seen=1, new_id=new_id())
    with centre_db.psql("ada.admin") as own:
        assert own.execute("select count(*) from published_visit").fetchone()[0] == 0
