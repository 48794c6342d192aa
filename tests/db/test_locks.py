"""Two desks with one worker and one visit: whoever comes second waits, and nobody is told that it is too busy."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from coordination.clock import at_local
from coordination.deployment.model import Allocation, Step
from coordination.values import AllocationId, VisitId, Window, WorkerId, new_id
from coordination.workforce.model import AbsenceDraft, Changed
from tests.database import CentreDb
from tests.db.deployment_kit import Kit, at

WAITS = "select count(*) from pg_locks where not granted"


class Ward:
    """A worker with two visits tomorrow, one of them together with a second worker."""

    def __init__(self, db: CentreDb) -> None:
        self.db, self.kit = db, Kit(db)
        self.day = self.kit.today() + timedelta(days=1)
        self.amina, self.bola = (self.kit.worker(name, hours=[]) for name in ("Amina", "Bola"))
        for worker in (self.amina, self.bola):
            self.kit.shift(worker, "work", at_local(self.day, 7), at_local(self.day, 15))
        self.tess, self.theo = db.sign_in("tess.lead"), db.sign_in("theo.lead")
        drafts = [
            self.kit.draft(self.kit.person(n), at(h, day=self.day), workers_needed=w)
            for n, h, w in (("Ash", 8, 1), ("Birch", 10, 2))
        ]
        self.one, self.two = self.tess.services.deployment.plan_visits(drafts)
        self.give(self.one, self.amina, 8)
        self.give(self.two, self.bola, 10)
        self.give(self.two, self.amina, 10)

    def give(self, visit: VisitId, worker: WorkerId, hour: int, minute: int = 0) -> Step:
        service = self.theo.services.deployment
        seen = service.visit(visit).revision
        return service.allocate(visit, worker, at(hour, minute, day=self.day), seen=seen)

    def ill(self, *, free: bool) -> Changed:
        draft = AbsenceDraft(new_id(), self.amina, "sickness", self.day, self.day)
        return self.tess.services.absences.enter(draft, free=free)

    def until_somebody_waits(self, for_: Future[Any]) -> None:
        """The server says so; what is waited for would be over otherwise."""
        with self.db.psql("tess.lead") as connection:
            while not connection.execute(WAITS).fetchone()[0]:
                assert not for_.done()


@pytest.fixture
def ward(centre_db: CentreDb) -> Ward:
    return Ward(centre_db)


def test_an_absence_and_a_giving_of_the_same_visit_meet_without_a_deadlock(ward: Ward) -> None:
    with ThreadPoolExecutor(1) as pool:
        with ward.theo.begin() as giving:  # as Deployment.move does it: the visit, then its workers
            assert giving.deployment.hold_visit(ward.two, seen=3)
            entering = pool.submit(ward.ill, free=True)
            ward.until_somebody_waits(entering)
            giving.deployment.hold_workers([ward.amina, ward.bola])
        done = entering.result(30)
    assert {step.before.id for step in done.freed} == {ward.one, ward.two}
    # undone, while somebody else gives one of the two who went together another visit
    with ThreadPoolExecutor(1) as pool:
        with ward.theo.begin() as giving:
            giving.absences.hold_visits([ward.two])
            undoing = pool.submit(ward.tess.services.absences.undo, done)
            ward.until_somebody_waits(undoing)
            giving.deployment.hold_workers([ward.bola, ward.amina])
        assert undoing.result(30).after is None
    now = ward.tess.services.deployment.visit(ward.two)
    assert {a.worker_id for a in now.allocations} == {ward.amina, ward.bola}


def test_what_is_given_meanwhile_is_taken_back_too(ward: Ward) -> None:
    """A visit that comes in between reading and holding: tried again, and freed with the others."""
    extra = ward.kit.draft(ward.kit.person("Cedar"), at(13, day=ward.day))
    ward.tess.services.deployment.plan_visits([extra])
    with ThreadPoolExecutor(1) as pool:
        with ward.theo.begin() as giving:
            giving.deployment.hold_workers([ward.amina])
            entering = pool.submit(ward.ill, free=True)
            ward.until_somebody_waits(entering)
            assert giving.deployment.hold_visit(extra.id, seen=1)
            visit = giving.deployment.visit(extra.id)
            assert visit is not None
            period = Window.of(at(13, day=ward.day), visit.minutes)
            giving.deployment.put_allocation(extra.id, Allocation(AllocationId(new_id()), ward.amina, 1, period))
        done = entering.result(30)
    assert {step.before.id for step in done.freed} == {ward.one, ward.two, extra.id}
