"""A co-ordinator with psql sees what the screen shows, no more: lists against what the login counts itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from coordination.values import ReferralId, new_id
from tests.care_kit import add_person, add_referral
from tests.database import CentreDb
from tests.db.deployment_kit import DAY, Kit, at


def ids(connection: Any, query: str) -> set[Any]:
    return {row[0] for row in connection.execute(query).fetchall()}


def test_lists_and_tables_hold_the_same(centre_db: CentreDb) -> None:
    kit = Kit(centre_db)
    lead = centre_db.sign_in("tess.lead").services.deployment
    named = {}
    for n, (level, team) in enumerate(
        [("everything", None), ("summary", None), ("named_teams", None), ("named_teams", kit.team())]
    ):
        who = add_person(centre_db, f"Example{n}", sharing_level=level)
        add_referral(centre_db, who, f"Help {n}")
        named[n] = who
        if team is not None:
            with centre_db.owner.begin() as owner:
                owner.execute(
                    text("insert into person_sharing (person_id, team_id) values (:p, :t)"), {"p": who, "t": team}
                )
        with centre_db.owner.begin() as owner:
            owner.execute(
                text(
                    "insert into visit (id, person_id, team_id, day, arrive, minutes, need)"
                    " values (:i, :p, :t, :d, tstzrange(:a, :b), 30, 'x')"
                ),
                {"i": new_id(), "p": who, "t": kit.team(), "d": DAY, "a": at(9), "b": at(9) + timedelta(hours=1)},
            )
            owner.execute(text("insert into care_plan (id, person_id) values (uuidv7(), :p)"), {"p": who})
    seen = {"cora.coordinator": {0, 1}, "pia.placement": {0, 1}, "tess.lead": {0, 1, 3}, "ida.governance": set()}
    for user, whose in seen.items():
        desk = centre_db.sign_in(user).services
        with centre_db.psql(user) as own:
            people = {named[n] for n in (whose or {0, 1})}
            assert ids(own, "select id from person") == people
            assert {row.id for row in desk.people.find("example", 50)} == people
            queue = {row.id for row in desk.intake.queue().rows}
            assert queue == {ReferralId(i) for i in ids(own, "select id from referral")}
            assert len(queue) == len(whose), user
            board = desk.deployment.board(kit.team(), DAY)
            assert {v.id for v in board.visits} == ids(own, "select id from visit") and len(board.visits) == len(whose)
            plans = {0, 3} & whose
            assert ids(own, "select person_id from care_plan") == {named[n] for n in plans}
            for n in sorted(people and (whose or {0})):
                record = desk.people.open_record(named[n])
                assert (record.plan is not None) == (n in plans), (user, n)
    assert lead.board(kit.team(), DAY).visits
