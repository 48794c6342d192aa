"""A team's board and a worker's sheet as looks (R4): one entry, and who stood on it is answered when it is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from coordination.clock import local_date
from coordination.errors import BrokenRule
from coordination.governance.looked_service import Asked
from coordination.values import new_id
from tests.care_kit import add_person
from tests.database import CentreDb
from ui.governance import looked_words as words

IDA, CORA, TESS = "ida.governance", "cora.coordinator", "tess.lead"
TODAY = local_date(datetime.now(UTC))


def visit(db: CentreDb, person: UUID, service: str, worker: bool = False) -> tuple[int, int | None]:
    """Of the first team of a service, today; its id, and whoever goes."""
    visit_id, sent = new_id(), None
    ids = {"v": visit_id, "p": person, "s": service, "d": TODAY}
    with db.owner.begin() as owner:
        owner.execute(text("set local session_replication_role = replica"))
        team = owner.execute(text("select min(id) from team where service = :s"), ids).scalar_one()
        owner.execute(
            text(
                "insert into visit (id, person_id, team_id, day, arrive, minutes, need) values (:v, :p, :t, :d,"
                " tstzrange(now(), now() + interval '1 hour'), 30, 'x')"
            ),
            {**ids, "t": team},
        )
        if worker:
            sent = owner.execute(
                text("insert into worker (team_id, name) values (:t, 'Example') returning id"), {"t": team}
            ).scalar_one()
            owner.execute(
                text(
                    "insert into allocation (id, visit_id, worker_id, period) values (uuidv7(), :v, :w,"
                    " tstzrange(now(), now() + interval '30 minutes'))"
                ),
                {**ids, "w": sent},
            )
    return team, sent


def asked(db: CentreDb, person: UUID, **narrowed: Any) -> list[Any]:
    ask = Asked(person, TODAY - timedelta(days=2), TODAY, **narrowed)
    return [
        looking for looking in db.sign_in(IDA).services.looks.looked_at(ask).lookings if looking.actor in (CORA, TESS)
    ]


def test_whose_visits_stood_on_a_board_or_a_sheet_is_found(centre_db: CentreDb) -> None:
    person, other, elsewhere = (add_person(centre_db, name) for name in ("Example", "Other", "Elsewhere"))
    team, worker = visit(centre_db, person, "reablement", worker=True)
    visit(centre_db, other, "reablement")
    visit(centre_db, elsewhere, "district_nursing")
    tess, cora = (centre_db.sign_in(user).services.looks for user in (TESS, CORA))
    tess.note_list("board", team, TODAY)
    cora.note_list("board", team, TODAY)
    cora.note_list("board", team, TODAY - timedelta(days=1))  # with nobody on it
    tess.note_list("paper_lines", team, TODAY, worker)
    with centre_db.owner.connect() as owner:
        entries = owner.execute(
            text("select person_id, record from audit.entry where area in ('board', 'paper_lines')")
        )
        assert {(row.person_id, row.record) for row in entries} == {
            (None, f"{team} {TODAY}"), (None, f"{team} {TODAY - timedelta(days=1)}"),
            (None, f"{team} {TODAY} w{worker}"),
        }  # fmt: skip

    mine, another = asked(centre_db, person), asked(centre_db, other)
    assert {(x.actor, x.reason, tuple(d.area for d in x.did)) for x in mine} == {
        (TESS, "known", ("board", "paper_lines")), (CORA, "on_list", ("board",)),
    }  # fmt: skip
    assert {(x.actor, tuple(d.area for d in x.did)) for x in another} == {(TESS, ("board",)), (CORA, ("board",))}
    assert asked(centre_db, elsewhere) == []
    assert [x.actor for x in asked(centre_db, person, actor=CORA)] == [CORA]
    (by_cora,) = asked(centre_db, person, actor=CORA)
    assert not by_cora.unexplained and words.why(by_cora) == "Only on a list"
    assert words.could(by_cora) == "A visit to the person stood on it"
    assert words.told_did(by_cora) == "looked at a team’s plan of visits with yours on it"


def test_a_list_is_noted_by_its_team_and_day_alone(centre_db: CentreDb) -> None:
    looks = centre_db.sign_in(CORA).services.looks
    with centre_db.owner.connect() as owner:
        team = owner.execute(text("select min(id) from team")).scalar_one()
    for area, of_team, worker in (("person", team, None), ("board", -1, None), ("board", team, 3),
                                  ("paper_lines", team, None)):  # fmt: skip
        with pytest.raises(BrokenRule):
            looks.note_list(area, of_team, TODAY, worker)
    with centre_db.psql(CORA) as c:  # who reads no trail reads no lists either
        assert c.execute(
            "select has_function_privilege('audit.lists_with(uuid[], date, date)', 'execute')"
        ).fetchone() == (False,)
