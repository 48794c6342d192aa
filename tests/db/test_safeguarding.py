"""E3: the path of a safeguarding concern on a real database: what it refuses to whom, with psql in hand or without."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import psycopg
import pytest
from psycopg import errors as pg
from sqlalchemy import text

from coordination.errors import BadValues, BrokenRule, Conflict, IllegalMove, NotAllowed, NotFound, Refused
from coordination.intake.model import ContactDraft, Refer, Referral, ReferralDraft, Suggestion
from coordination.people.model import PersonDraft
from coordination.safeguarding.model import (
    Concern,
    ConcernDraft,
    ConcernFacts,
    ConcernFilter,
    ConcernId,
    LookedInto,
    ToldDraft,
)
from coordination.values import ContactId, PersonId, ReferralId, UserName, new_id
from tests.database import CentreDb, SignedIn
from tests.db.test_people import statements


@pytest.fixture
def cora(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("cora.coordinator")


@pytest.fixture
def cole(centre_db: CentreDb) -> SignedIn:
    return centre_db.sign_in("cole.coordinator")


def refer(desk: SignedIn, person_id: PersonId | None = None, **of: Any) -> Referral:
    service = of.pop("service", "social_work")
    draft = ReferralDraft(ReferralId(new_id()), service, "same_day", "Bruises", **{"safeguarding": True, **of})
    contact = ContactDraft(person_id=person_id, need="Bruises on both arms")
    return desk.services.intake.take_contact(contact, ContactId(new_id()), Refer((draft,))).referrals[0]


def person(desk: SignedIn, **of: Any) -> PersonId:
    return desk.services.people.register(PersonDraft(**{"surname": "Davies", **of}), PersonId(new_id())).id


def raise_one(desk: SignedIn, said: str = "Frightened of her son", **of: Any) -> Concern:
    return desk.services.safeguarding.raise_concern(ConcernDraft(ConcernId(new_id()), ConcernFacts(said), **of))


def tell(desk: SignedIn, concern: Concern) -> None:
    told = ToldDraft(new_id(), "Amina Shah", "Social work duty desk", "telephone")
    desk.services.safeguarding.tell(concern.id, told)


def refused(connection: Any, query: str, **facts: Any) -> str:
    """What the database says to somebody with psql: the name of the rule, or "" when it lets it pass."""
    try:
        connection.execute(query, facts)
    except psycopg.Error as error:
        return error.diag.constraint_name or type(error).__name__
    return ""


# ---------------------------------------------------------------- it begins with an owner


def test_a_referral_with_a_concern_opens_its_path_and_whoever_took_it_owns_it(cora: SignedIn) -> None:
    about = person(cora)
    facts = ConcernFacts("Says her son hits her", "yes", "Neighbour is with her", "Agrees that we look into it")
    concern_id = ConcernId(new_id())
    referral = refer(cora, about, hold=True, concern=facts, concern_id=concern_id)
    detail = cora.services.safeguarding.open_concern(concern_id)
    concern = detail.concern
    assert (concern.stage, concern.owner, concern.raised_by) == ("raised", "cora.coordinator", "cora.coordinator")
    assert (concern.referral_id, concern.person_id, detail.surname) == (referral.id, about, "Davies")
    assert (concern.seen_or_said, concern.danger, concern.made_safe, concern.consent) == (
        "Says her son hits her",
        "yes",
        "Neighbour is with her",
        "Agrees that we look into it",
    )
    assert [(e.to_stage, e.owner_name) for e in detail.events] == [("raised", "Cora Example")]
    (row,) = cora.services.safeguarding.concerns()
    assert (row.id, row.surname, row.told, row.owner_active) == (concern_id, "Davies", 0, True)


def test_it_has_a_path_by_whatever_way_it_came(cora: SignedIn, centre_db: CentreDb) -> None:
    """A client of somebody's own that only ticks the box gets one too, at commit."""
    plain = refer(cora, safeguarding=False)
    with centre_db.psql("cora.coordinator") as psql:
        psql.execute("update referral set safeguarding = true where id = %s", (plain.id,))
    (row,) = cora.services.safeguarding.concerns(ConcernFilter(referral_id=plain.id))
    assert (row.owner, row.seen_or_said) == ("cora.coordinator", "Bruises on both arms")
    assert cora.services.safeguarding.undecided() == 1


def test_sent_twice_it_is_raised_once(cora: SignedIn, cole: SignedIn) -> None:
    draft = ConcernDraft(ConcernId(new_id()), ConcernFacts("Frightened"))
    once = cora.services.safeguarding.raise_concern(draft)
    assert cora.services.safeguarding.raise_concern(draft) == once
    referral = refer(cora)
    mine = cora.services.safeguarding.concerns(ConcernFilter(referral_id=referral.id))[0]
    again = cole.services.safeguarding.raise_concern(
        ConcernDraft(ConcernId(new_id()), ConcernFacts("Seen again"), referral.id)
    )
    assert (again.id, again.owner) == (mine.id, "cora.coordinator"), "one a referral: the one there is"


def test_who_it_is_about_follows_the_referral(cora: SignedIn, centre_db: CentreDb) -> None:
    referral = refer(cora)
    about = person(cora)
    with centre_db.psql("cora.coordinator") as psql:
        psql.execute("update referral set person_id = %s where id = %s", (about, referral.id))
    (row,) = cora.services.safeguarding.concerns(ConcernFilter(person_id=about))
    assert row.surname == "Davies"


# ---------------------------------------------------------------- what it refuses


def test_what_the_database_refuses_to_somebody_with_psql(cora: SignedIn, centre_db: CentreDb) -> None:
    referral = refer(cora)
    row = cora.services.safeguarding.concerns()[0]
    with centre_db.psql("cora.coordinator") as psql:

        def no(query: str, **more: Any) -> str:
            return refused(psql, query, id=row.id, referral=referral.id, new=new_id(), **more)

        change = "update safeguarding_concern set {} where id = %(id)s"
        assert no(change.format("stage = 'decided'")) == "safeguarding_decision_is_whole"
        assert (
            no(change.format("stage = 'decided', decision = 'section_42', decision_words = 'x'"))
            == "safeguarding_somebody_was_told"
        )
        assert no(change.format("decision = 'section_42'")) == ""  # it stays undecided: the trigger clears it
        assert no(change.format("owner = 'cole.coordinator'")) == "safeguarding_hand_over_has_reason"
        assert no(change.format("owner = 'ida.governance', reason = 'x'")) == "safeguarding_owner_is_active"
        assert no(change.format("owner = null, reason = 'x'")) != ""
        for column in (
            "seen_or_said = 'other'",
            "raised_by = 'cole.coordinator'",
            "person_id = null",
            "decided_at = now()",
        ):
            assert no(change.format(column)) == "InsufficientPrivilege", column
        assert no("delete from safeguarding_concern where id = %(id)s") == "InsufficientPrivilege"
        assert no("truncate safeguarding_concern cascade") == "InsufficientPrivilege"
        assert no(
            "update referral set state = 'closed', state_reason = 'x', closed_at = now() where id = %(referral)s"
        ) == ("referral_safeguarding_undecided")
        assert no("update referral set safeguarding = false where id = %(referral)s") == "referral_safeguarding_stays"
        insert = "insert into safeguarding_concern (id, seen_or_said, owner) values (%(new)s, 'x', 'cole.coordinator')"
        assert no(insert) == "safeguarding_begins_raised"
        told = (
            "insert into safeguarding_told (id, concern_id, name, role, told_at, how)"
            " values (%(new)s, %(id)s, 'A', 'B', now() + interval '1 day', 'telephone')"
        )
        assert no(told) == "safeguarding_told_in_the_past"
        assert no(told.replace("now() + interval '1 day'", "now()").replace("'A'", "''")) != ""
        assert no(told.replace("now() + interval '1 day'", "now()")) == ""
        assert no("update safeguarding_told set name = 'Z' where concern_id = %(id)s") == "InsufficientPrivilege"
        assert (
            no(change.format("stage = 'decided', decision = 'no_further_action'")) == "safeguarding_decision_has_reason"
        )
        assert (
            no(change.format("stage = 'decided', decision = 'section_42', decision_words = 'x', decided_by = 'y'"))
            == "InsufficientPrivilege"
        )
        assert no(change.format("stage = 'decided', decision = 'section_42', decision_words = 'x'")) == ""
        assert no(change.format("found = 'something else'")) == "safeguarding_decided_is_kept"
        assert no(change.format("stage = 'raised'")) == "safeguarding_move_is_legal"
        assert no(change.format("stage = 'looking', reason = ''")) == "safeguarding_reopen_has_reason"
        assert (
            no("update referral set state = 'closed', state_reason = 'x', closed_at = now() where id = %(referral)s")
            == ""
        )
    with centre_db.owner.begin() as connection, pytest.raises(Exception, match="safeguarding is kept"):
        connection.execute(text("delete from safeguarding_concern"))  # not even the owner, by mistake


def test_only_its_owner_decides(cora: SignedIn, cole: SignedIn, centre_db: CentreDb) -> None:
    concern = raise_one(cora)
    tell(cole, concern)
    with pytest.raises(Refused) as no:
        cole.services.safeguarding.decide(concern.id, concern.revision, "section_42", "Referred on")
    assert no.value.obstacles[0].code == "concern_with_another"
    with centre_db.psql("cole.coordinator") as psql:
        query = "update safeguarding_concern set stage = 'looking' where id = %(id)s"
        assert refused(psql, query, id=concern.id) == "safeguarding_owner_decides"
    mine = cole.services.safeguarding.take_over(concern.id, concern.revision, "Cora has gone home")
    decided = cole.services.safeguarding.decide(mine.id, mine.revision, "section_42", "Referred on")
    assert (decided.decision_name, decided.decided_by_name) == ("Section 42 enquiry", "Cole Example")


def test_the_whole_path_with_its_history(cora: SignedIn, cole: SignedIn) -> None:
    safeguarding = cora.services.safeguarding
    concern = raise_one(cora, person_id=person(cora))
    with pytest.raises(Refused) as nobody:
        safeguarding.decide(concern.id, concern.revision, "section_42", "x")
    assert nobody.value.obstacles[0].code == "nobody_told"
    looking = safeguarding.look_into(concern.id, concern.revision)
    written = safeguarding.write_down(looking.id, looking.revision, LookedInto("GP has seen it", "no", "", "Agrees"))
    tell(cora, concern)
    given = safeguarding.hand_over(written.id, written.revision, UserName("cole.coordinator"), "Central knows her")
    done = cole.services.safeguarding.decide(given.id, given.revision, "other_action", "Care plan changed")
    with pytest.raises(Refused):
        cole.services.safeguarding.write_down(done.id, done.revision, LookedInto("later"))
    with pytest.raises(BadValues):
        cole.services.safeguarding.reopen(done.id, done.revision, "  ")
    again = cole.services.safeguarding.reopen(done.id, done.revision, "The neighbour rang again")
    assert (again.stage, again.decision, again.decided_at) == ("looking", None, None)
    detail = cole.services.safeguarding.open_concern(concern.id)
    assert [(e.to_stage, e.owner_name, e.decision_name, e.reason) for e in detail.events] == [
        ("raised", "Cora Example", None, ""),
        ("looking", "Cora Example", None, ""),
        ("looking", "Cole Example", None, "Central knows her"),
        ("decided", "Cole Example", "Other action", "Care plan changed"),
        ("looking", "Cole Example", None, "The neighbour rang again"),
    ]
    assert [(t.name, t.role, t.recorded_by_name) for t in detail.told] == [
        ("Amina Shah", "Social work duty desk", "Cora Example")
    ]
    with pytest.raises(IllegalMove):
        cole.services.safeguarding.reopen(again.id, again.revision, "x")


def test_handing_over_needs_somebody_who_may_have_it(cora: SignedIn) -> None:
    concern = raise_one(cora)
    for nobody in ("ida.governance", "ada.admin", "no.body", ""):
        with pytest.raises(BadValues) as told:
            cora.services.safeguarding.hand_over(concern.id, concern.revision, UserName(nobody), "x")
        assert told.value.problems[0].field == "to_user"
    with pytest.raises(BadValues):
        cora.services.safeguarding.hand_over(concern.id, concern.revision, UserName("max.manager"), " ")
    assert (
        cora.services.safeguarding.hand_over(
            concern.id, concern.revision, UserName("max.manager"), "For the panel"
        ).owner
        == "max.manager"
    )


def test_what_is_wrong_is_said_at_its_field(cora: SignedIn) -> None:
    safeguarding = cora.services.safeguarding
    with pytest.raises(BadValues) as none:
        safeguarding.raise_concern(ConcernDraft(ConcernId(new_id()), ConcernFacts(" ", "perhaps")))
    assert {(p.field, p.reason) for p in none.value.problems} == {
        ("seen_or_said", "missing"),
        ("danger", "not_in_list"),
    }
    concern = raise_one(cora)
    now = safeguarding.open_concern(concern.id).as_of
    with pytest.raises(BadValues) as told:
        safeguarding.tell(concern.id, ToldDraft(new_id(), "", " ", "pigeon", now + timedelta(hours=2)))
    assert {(p.field, p.reason) for p in told.value.problems} == {
        ("name", "missing"),
        ("role", "missing"),
        ("how", "not_in_list"),
        ("told_at", "in_the_future"),
    }
    for decision, words, field in (
        ("", "x", "decision"),
        ("closed", "x", "decision"),
        ("section_42", " ", "decision_words"),
    ):
        with pytest.raises(BadValues) as bad:
            safeguarding.decide(concern.id, concern.revision, decision, words)
        assert [p.field for p in bad.value.problems] == [field]


def test_its_referral_cannot_be_closed_before_it_is_decided(cora: SignedIn) -> None:
    referral = refer(cora, hold=True)
    with pytest.raises(BrokenRule) as no:
        cora.services.intake.close(referral.id, referral.revision, "All done")
    assert no.value.constraint == "referral_safeguarding_undecided"
    concern = cora.services.safeguarding.concerns(ConcernFilter(referral_id=referral.id))[0]
    tell(cora, cora.services.safeguarding.open_concern(concern.id).concern)
    cora.services.safeguarding.decide(concern.id, concern.revision, "no_further_action", "A misunderstanding")
    assert cora.services.intake.close(referral.id, referral.revision, "All done").referral.state == "closed"


# ---------------------------------------------------------------- two at once


def test_two_decide_at_once_and_one_does(cora: SignedIn, centre_db: CentreDb) -> None:
    other = centre_db.sign_in("cora.coordinator")
    for _ in range(8):
        concern = raise_one(cora)
        tell(cora, concern)
        start = Barrier(2, timeout=60)

        def decide(desk: SignedIn, decision: str, concern: Concern = concern, start: Barrier = start) -> str:
            start.wait()
            try:
                return desk.services.safeguarding.decide(concern.id, concern.revision, decision, "So").decision or ""
            except Conflict as lost:
                assert lost.current.decision is not None
                return "lost"

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(decide, (cora, other), ("section_42", "other_action")))
        assert answers.count("lost") == 1, answers
        events = cora.services.safeguarding.open_concern(concern.id).events
        assert [e.to_stage for e in events] == ["raised", "decided"]


def test_a_referral_closed_while_a_concern_is_raised_about_it_has_one_or_the_other(
    cora: SignedIn, cole: SignedIn
) -> None:
    for _ in range(8):
        referral = refer(cora, safeguarding=False, hold=True)
        start = Barrier(2, timeout=60)

        def close(referral: Referral = referral, start: Barrier = start) -> bool:
            start.wait()
            try:
                cora.services.intake.close(referral.id, referral.revision, "Done")
            except BrokenRule as no:
                assert no.constraint == "referral_safeguarding_undecided"
                return False
            return True

        def raise_it(referral: Referral = referral, start: Barrier = start) -> bool:
            start.wait()
            raise_one(cole, referral_id=referral.id)
            return True

        with ThreadPoolExecutor(2) as pool:
            closing, raising = pool.submit(close), pool.submit(raise_it)
            assert raising.result()
            closed = closing.result()
        state = cora.services.intake.referral(referral.id).state
        assert (state == "closed") is closed  # closed first and raised after, or open with its concern


# ---------------------------------------------------------------- who sees it


def test_who_sees_and_who_may_not(cora: SignedIn, centre_db: CentreDb) -> None:
    about = person(cora)
    concern = raise_one(cora, person_id=about)
    for user in ("cole.coordinator", "tess.lead", "max.manager"):
        assert [r.id for r in centre_db.sign_in(user).services.safeguarding.concerns()] == [concern.id], user
    for user in ("pia.placement", "asa.assessor", "ida.governance", "ada.admin"):
        desk = centre_db.sign_in(user).services.safeguarding
        assert desk.concerns() == [], user
        assert desk.undecided() == 0
        with pytest.raises(NotFound):
            desk.open_concern(concern.id)
        with pytest.raises((NotFound, NotAllowed)):
            desk.tell(concern.id, ToldDraft(new_id(), "A", "B"))
    with centre_db.psql("asa.assessor") as psql:
        for table in ("safeguarding_concern", "safeguarding_told", "safeguarding_event"):
            assert psql.execute(f"select count(*) from {table}").fetchone() == (0,)


def test_an_assessor_sees_what_they_raised_even_after_handing_it_on(centre_db: CentreDb) -> None:
    asa = centre_db.sign_in("asa.assessor")
    concern = raise_one(asa)
    given = asa.services.safeguarding.hand_over(concern.id, concern.revision, UserName("tess.lead"), "Knows them")
    assert asa.services.safeguarding.open_concern(concern.id).concern.owner == "tess.lead"
    tess = centre_db.sign_in("tess.lead")
    tess.services.safeguarding.hand_over(given.id, given.revision, UserName("asa.assessor"), "Please")
    with pytest.raises(NotAllowed):
        centre_db.sign_in("ida.governance").services.safeguarding.raise_concern(
            ConcernDraft(ConcernId(new_id()), ConcernFacts("x"))
        )


def test_whoever_may_not_see_the_person_does_not_see_the_concern(cora: SignedIn, centre_db: CentreDb) -> None:
    about = person(cora)
    concern = raise_one(cora, person_id=about)
    with centre_db.owner.begin() as connection:
        connection.execute(text("update person set sharing_level = 'named_teams' where id = :i"), {"i": about})
    assert cora.services.safeguarding.concerns() == []
    with centre_db.psql("cora.coordinator") as psql:
        assert refused(psql, "update safeguarding_concern set found = 'x' where id = %(id)s", id=concern.id) == ""
        assert psql.execute("select count(*) from safeguarding_told").fetchone() == (0,)
    with centre_db.owner.connect() as connection:
        found = connection.execute(text("select found from safeguarding_concern")).scalar_one()
    assert found == "", "nothing was changed"


def test_every_change_is_audited_and_told_by_id_only(cora: SignedIn, centre_db: CentreDb) -> None:
    with centre_db.psql("cole.coordinator") as listener:
        listener.execute("listen centre")
        concern = raise_one(cora)
        tell(cora, concern)
        heard = {n.payload for n in listener.notifies(timeout=30, stop_after=2)}
    assert heard == {f"safeguarding:{concern.id}"}
    with centre_db.owner.connect() as connection:
        seen = connection.execute(
            text("select action, area, record from audit.entry where area like 'safeguarding%' order by id")
        ).all()
    assert [tuple(entry) for entry in seen][:2] == [
        ("insert", "safeguarding_concern", str(concern.id)),
        ("insert", "safeguarding_told", str(concern.id)),
    ]


def test_lists_are_one_query(cora: SignedIn) -> None:
    for number in range(4):
        raise_one(cora, said=f"Seen {number}")
    with statements(cora.engine) as seen:
        rows = cora.services.safeguarding.concerns()
    assert (len(seen), len(rows)) == (1, 4)
    with statements(cora.engine) as seen:
        cora.services.safeguarding.undecided()
    assert len(seen) == 1


def test_those_in_danger_come_first_then_the_oldest(cora: SignedIn) -> None:
    said = []
    for number, danger in enumerate(("no", "yes", "not_known", "yes")):
        draft = ConcernDraft(ConcernId(new_id()), ConcernFacts(f"{number}", danger))
        said.append(cora.services.safeguarding.raise_concern(draft))
    assert [r.seen_or_said for r in cora.services.safeguarding.concerns()] == ["1", "3", "0", "2"]


# ---------------------------------------------------------------- what stands beside a referral


def test_what_was_suggested_is_kept_beside_what_was_chosen(cora: SignedIn, centre_db: CentreDb) -> None:
    made = (
        Suggestion("ucr-fall", "1", "urgent_community_response", "two_hours", "a fall with no injury"),
        Suggestion("equipment", "1", "equipment", "routine", "equipment", taken=True),
        Suggestion("harm-by-others", "1", "", "", "words of harm", safeguarding=True),
    )
    referral = refer(cora, safeguarding=False, suggestions=made)
    kept = cora.services.intake.beside(referral.id).suggestions
    assert [(k.rule, k.service, k.taken, k.chosen_service, k.chosen_urgency) for k in kept] == [
        ("ucr-fall", "urgent_community_response", False, "social_work", "same_day"),
        ("equipment", "equipment", True, "social_work", "same_day"),
        ("harm-by-others", "", False, "social_work", "same_day"),
    ]
    later = cora.services.intake.triage(referral.id, referral.revision, "equipment", "routine", "Only a rail")
    assert later.referral.service == "equipment"
    assert cora.services.intake.beside(referral.id).suggestions == kept, "what was chosen then stays"
    with centre_db.psql("cora.coordinator") as psql:
        for query in ("update referral_suggestion set rule = 'other'", "delete from referral_suggestion"):
            assert refused(psql, query) == "InsufficientPrivilege"


def test_given_to_a_colleague_with_the_reason(cora: SignedIn, cole: SignedIn) -> None:
    given = refer(
        cora, safeguarding=False, give_to=UserName("cole.coordinator"), give_reason="Central, and you know her"
    )
    assert (given.state, given.holder, given.state_reason) == (
        "claimed",
        "cole.coordinator",
        "Central, and you know her",
    )
    with pytest.raises(BadValues) as no:
        refer(cora, safeguarding=False, give_to=UserName("cole.coordinator"))
    assert [p.field for p in no.value.problems] == ["give_reason"]
    with pytest.raises(BadValues) as unknown:
        refer(cora, safeguarding=False, give_to=UserName("no.body"), give_reason="x")
    assert [(p.field, p.reason) for p in unknown.value.problems] == [("give_to", "unknown_colleague")]


def test_several_needs_are_several_referrals_each_its_own(cora: SignedIn) -> None:
    drafts = (
        ReferralDraft(ReferralId(new_id()), "social_work", "same_day", "Bruises", hold=True, safeguarding=True),
        ReferralDraft(
            ReferralId(new_id()),
            "equipment",
            "routine",
            "A rail",
            give_to=UserName("pia.placement"),
            give_reason="Yours",
        ),
        ReferralDraft(ReferralId(new_id()), "district_nursing", "24_hours", "The wound"),
    )
    contact = ContactDraft(need="Bruises, a rail, and the wound")
    made = cora.services.intake.take_contact(contact, ContactId(new_id()), Refer(drafts)).referrals
    assert [(r.service, r.holder, r.state) for r in made] == [
        ("social_work", "cora.coordinator", "claimed"),
        ("equipment", "pia.placement", "claimed"),
        ("district_nursing", None, "waiting"),
    ]
    assert len({r.due_at for r in made}) == 3
    (concern,) = cora.services.safeguarding.concerns()
    assert cora.services.safeguarding.open_concern(concern.id).referral_number == made[0].number


def test_nobody_in_the_city_is_responsible_and_the_choice_is_kept(cora: SignedIn, centre_db: CentreDb) -> None:
    with centre_db.owner.begin() as connection:
        connection.execute(text("insert into practice (code, name, neighbourhood_id) values ('P84001', 'Example', 9)"))
    about = person(cora, postcode="M6 1AA", practice_code="P84001")
    social = refer(
        cora, about, safeguarding=False, outside_reason="In danger today", outside_whom="Salford City Council"
    )
    beside = cora.services.intake.beside(social.id)
    assert (beside.outside_reason, beside.outside_whom) == ("In danger today", "Salford City Council")
    assert (social.locality, social.neighbourhood_id) == ("north", None), "it stays with the centre that took it"
    nursing = refer(cora, about, safeguarding=False, service="district_nursing")
    assert (nursing.neighbourhood_id, cora.services.intake.beside(nursing.id).outside_reason) == (9, None)
    inside = person(cora, surname="Other")
    assert cora.services.intake.beside(refer(cora, inside, safeguarding=False).id).outside_reason is None


def test_the_step_goes_down_and_up_with_data_in_place(cora: SignedIn, centre_db: CentreDb) -> None:
    """Open referrals that say "safeguarding" get their path on the way up again."""
    from db import migrations, reference

    referral = refer(cora, hold=True)
    raise_one(cora)
    cora.engine.dispose()
    with centre_db.owner.begin() as connection:
        migrations.downgrade(connection, "0011")
        assert connection.execute(text("select to_regclass('safeguarding_concern')")).scalar_one() is None
        migrations.upgrade(connection)
        reference.seed(connection)
    (row,) = cora.services.safeguarding.concerns()
    assert (row.owner, row.stage) == ("cora.coordinator", "raised")
    assert cora.services.safeguarding.concerns(ConcernFilter(referral_id=referral.id)) == [row]
    assert len(cora.services.safeguarding.decisions()) == 6


def test_a_foreign_key_to_no_decision_is_refused(cora: SignedIn, centre_db: CentreDb) -> None:
    concern = raise_one(cora)
    tell(cora, concern)
    with centre_db.psql("cora.coordinator") as psql, pytest.raises(pg.ForeignKeyViolation):
        psql.execute(
            "update safeguarding_concern set stage = 'decided', decision = 'other_thing', decision_words = 'x'"
            " where id = %s",
            (concern.id,),
        )


def test_two_records_become_one_and_concerns_go_with_them_and_back(cora: SignedIn) -> None:
    people, safeguarding = cora.services.people, cora.services.safeguarding
    kept, merged = person(cora, given="Ann"), person(cora, given="Anne")
    refer(cora, merged, hold=True)
    raise_one(cora, person_id=merged)
    done = raise_one(cora, said="Long ago", person_id=merged)
    tell(cora, done)
    safeguarding.decide(done.id, done.revision, "no_further_action", "Settled")
    merge_id = new_id()
    people.merge(merge_id, people.get(kept), people.get(merged), "The same woman", ())
    assert len(safeguarding.concerns(ConcernFilter(person_id=kept))) == 3
    people.part(merge_id, "Two women after all")
    assert len(safeguarding.concerns(ConcernFilter(person_id=merged))) == 3
    assert safeguarding.concerns(ConcernFilter(person_id=kept)) == []
