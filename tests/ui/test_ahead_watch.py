"""A team lead's open desk makes shifts ahead by itself, once a day; other desks never do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from coordination.values import new_id
from coordination.workforce.model import Assignment, Rota, Spell
from tests.database import CentreDb
from tests.db.deployment_kit import Kit
from tests.ui.fakes import make_desk
from ui.workforce.ahead_watch import AheadWatch


def test_an_open_desk_makes_ahead_in_the_background(centre_db: CentreDb, qtbot: Any, tmp_path: Any) -> None:
    kit = Kit(centre_db)
    lead = centre_db.sign_in("tess.lead")
    spells = tuple(Spell(0, day, 420, 900) for day in range(7))
    made, _ = lead.services.rotas.save(Rota(uuid4(), kit.team(), "Early", 1, date(2026, 1, 5), spells))
    worker = kit.worker("Amina", hours=[])
    lead.services.rotas.assign(Assignment(new_id(), worker, made.id, kit.today() + timedelta(days=1)))
    with centre_db.owner.begin() as connection:
        connection.exec_driver_sql("delete from shift")

    def shifts() -> int:
        with centre_db.owner.connect() as connection:
            return int(connection.exec_driver_sql("select count(*) from shift").scalar_one())

    desks = []
    for user in ("max.manager", "tess.lead"):
        signed_in = centre_db.sign_in(user)
        desk = make_desk(tmp_path, signed_in.services)
        desk.actor = signed_in.actor
        desks.append((desk, AheadWatch(desk, first_ms=0)))
    qtbot.waitUntil(lambda: desks[1][0].services.ahead.last() is not None, timeout=30_000)
    last = desks[1][0].services.ahead.last()
    assert (last.shifts, last.by_name, shifts()) == (27, "Tess Example", 27)
    with centre_db.owner.begin() as connection:
        connection.exec_driver_sql("delete from shift")
    for desk, watch in desks:
        qtbot.waitUntil(lambda desk=desk: not desk.tasks.busy)
        watch.look()
        qtbot.waitUntil(lambda desk=desk: not desk.tasks.busy)
    assert shifts() == 0, "once a day"
    assert all(not desk.notices.said for desk, _ in desks)
    for desk, _ in desks:
        desk.tasks.close()
