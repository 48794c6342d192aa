"""The training city as it is made up, before any database: the same every time, plausible, and within the rules."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import pytest

from coordination.clock import local_date
from coordination.reference import standing
from coordination.training.city import City
from coordination.training.nhs_numbers import PANKHURST, check_digit
from coordination.training.sources import source
from coordination.training.teams import TEAMS
from coordination.training.users import TRAINING_USERS, training_password
from coordination.values import NhsNumber, Postcode, phone_key

NOON = datetime(2026, 11, 24, 12, 10, tzinfo=UTC)
TEAM_IDS = {team.name: number for number, team in enumerate(TEAMS, start=1)}


@lru_cache
def city(people: int = 20_000, seed: int = 7, now: datetime = NOON) -> dict[str, list[dict[str, Any]]]:
    """Every row, by table."""
    tables: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for chunk in City(standing.read(), people, seed, now, TEAM_IDS).chunks():
        for batch in chunk.batches:
            tables[batch.table] += [dict(zip(batch.columns, row, strict=True)) for row in batch.rows]
    return tables


def test_same_seed_people_and_moment_give_the_same_rows() -> None:
    assert city.__wrapped__(300, 7, NOON) == city(300)


def test_another_seed_gives_other_people_with_other_ids() -> None:
    ids = [{p["id"] for p in city(300, seed)["person"]} for seed in (7, 8)]
    names = [[(p["surname"], p["given"]) for p in city(300, seed)["person"]] for seed in (7, 8)]
    assert not ids[0] & ids[1]
    assert names[0] != names[1]


def test_as_many_people_as_asked_each_once() -> None:
    people = city()["person"]
    assert len(people) == 20_000
    assert len({p["id"] for p in people}) == 20_000


def test_nhs_numbers_are_synthetic_valid_and_unique() -> None:
    numbers = [p["nhs_number"] for p in city()["person"] if p["nhs_number"]]
    assert len(set(numbers)) == len(numbers)
    assert all(NhsNumber(n).is_synthetic for n in numbers)
    without = [p for p in city()["person"] if not p["nhs_number"]]
    assert without and all(p["nhs_status"] == "none_known" for p in without)


def test_mrs_pankhursts_number_passes_the_check() -> None:
    assert str(NhsNumber(PANKHURST)) == "943 476 5919"
    assert check_digit(PANKHURST[:9]) == 9


def test_telephone_numbers_are_those_kept_for_drama() -> None:
    tables = city()
    numbers = {p[field] for p in tables["person"] for field in ("phone", "other_phone")}
    numbers |= {a["phone"] for a in tables["person_around"]} | {c["caller_phone"] for c in tables["contact"]}
    numbers |= {p["phone"] for p in tables["practice"]} | {team.phone for team in TEAMS}
    assert {phone_key(n)[:7] for n in numbers if n} <= {"1614960", "7700900"}


def test_mail_addresses_are_of_example_org() -> None:
    mails = {p["email"] for p in city()["person"]} - {""}
    assert mails and all(m.endswith("@example.org") and m.isascii() for m in mails)


def test_postcodes_are_of_the_right_form_and_of_sectors_nobody_lives_in() -> None:
    free = source("city")["free_sectors"]
    for row in city()["postcode"]:
        outward, inward = Postcode(row["postcode"]).text.split(" ")
        assert inward[0] in free[outward]
    assert len({row["postcode"] for row in city()["postcode"]}) == len(city()["postcode"])


def test_postcodes_suffice_for_a_whole_city() -> None:
    made = City(standing.read(), 600_000, 7, NOON, TEAM_IDS)
    wards = made._homes.by_ward
    assert len(wards) == 32
    assert min(len(postcodes) for postcodes in wards.values()) >= 100
    assert sum(len(postcodes) for postcodes in wards.values()) > 10_000


def test_ninety_practices_that_no_register_has() -> None:
    practices = city()["practice"]
    assert len(practices) == 90
    assert len({p["name"] for p in practices}) == 90
    assert all(p["code"].startswith("TRN") and p["invented"] for p in practices)
    assert {p["neighbourhood_id"] for p in practices} == set(range(1, 13))


def test_tiers_of_risk_are_those_of_k2() -> None:
    people = city()["person"]
    tiers = Counter(p["risk_tier"] for p in people)
    for tier, share in (("very_high", 0.52), ("high", 1.40), ("moderate", 4.21), ("low", 93.87)):
        assert tiers[tier] / len(people) * 100 == pytest.approx(share, abs=0.35), tier
    bands = {"very_high": (70, 99), "high": (50, 69), "moderate": (25, 49), "low": (0, 24)}
    for p in people:
        if p["risk_score"] is not None:
            low, high = bands[p["risk_tier"]]
            assert low <= p["risk_score"] <= high


def test_health_and_residence_differ_as_often_as_in_p2() -> None:
    people = city()["person"]
    outside = sum(p["ward_code"] is None for p in people) / len(people)
    elsewhere = sum(p["practice_code"] is None for p in people) / len(people)
    assert outside == pytest.approx(54 / 590, abs=0.02)
    assert elsewhere == pytest.approx(25 / 590, abs=0.02)


def test_ages_are_those_of_a_city() -> None:
    today = local_date(NOON)
    ages = Counter((today - p["birth_date"]).days // 3652 * 10 for p in city()["person"])
    assert max(ages) <= 100
    assert ages[80] > 5 * (ages[100] + 1)
    assert 0.16 < (ages[0] + ages[10] / 2) / 20_000 < 0.3
    assert all(p["birth_date"] < today for p in city()["person"])


def test_names_are_of_many_languages_and_kept_as_people_write_them() -> None:
    people = city()["person"]
    names = " ".join(f"{p['given']} {p['surname']} {p['known_as']}" for p in people)
    for letter in "łńéíóáșğễ'-":
        assert letter in names, letter
    assert any(p["given"] == "" for p in people)  # one name only
    assert any("\u0600" <= c <= "\u06ff" for c in names)
    assert len({p["language"] for p in people}) > 20


def test_interpreters_are_for_people_who_speak_something_else() -> None:
    assert not [p for p in city()["person"] if p["interpreter"] and not p["language"]]


def test_sharing_levels() -> None:
    tables = city()
    levels = Counter(p["sharing_level"] for p in tables["person"])
    assert levels["named_teams"] == pytest.approx(200, abs=60)
    assert levels["summary"] == pytest.approx(600, abs=120)
    named = {p["id"] for p in tables["person"] if p["sharing_level"] == "named_teams"}
    assert {s["person_id"] for s in tables["person_sharing"]} == named


def test_every_state_urgency_channel_and_ending() -> None:
    tables = city()
    referrals = tables["referral"]
    assert {r["state"] for r in referrals} == {"waiting", "claimed", "accepted", "declined", "closed"}
    open_ones = [r for r in referrals if r["state"] in ("waiting", "claimed", "accepted")]
    assert {r["urgency"] for r in open_ones} == {"two_hours", "same_day", "24_hours", "72_hours", "routine"}
    assert len({c["channel"] for c in tables["contact"]}) == 12
    assert {c["ending"] for c in tables["contact"]} == {"advice", "referral", "linked", "no_action", None}
    overdue = [r for r in open_ones if r["due_at"] < NOON]
    soon = [r for r in open_ones if NOON <= r["due_at"] <= NOON + timedelta(minutes=15)]
    fresh = [r for r in open_ones if r["received_at"] > NOON - timedelta(minutes=15)]
    assert len(overdue) >= 3 and len(soon) >= 3 and len(fresh) >= 3


def test_nothing_has_happened_later_than_now() -> None:
    tables = city()
    moments = [m for c in tables["contact"] for m in (c["received_at"], c["recorded_at"], c["ended_at"]) if m]
    moments += [m for r in tables["referral"] for m in (r["received_at"], r["claimed_at"], r["closed_at"]) if m]
    moments += [e["at"] for e in tables["referral_event"]] + [a["allocated_at"] for a in tables["allocation"]]
    moments += [s["booked_at"] for s in tables["stay"]]
    assert max(moments) <= NOON


def test_events_tell_the_way_to_the_present_state() -> None:
    tables = city()
    last: dict[str, dict[str, Any]] = {}
    for event in sorted(tables["referral_event"], key=lambda e: (e["referral_id"], e["at"], e["id"])):
        before = last.get(event["referral_id"])
        assert event["from_state"] == (before["to_state"] if before else None)
        last[event["referral_id"]] = event
    for referral in tables["referral"]:
        assert last[referral["id"]]["to_state"] == referral["state"]


def test_fifteen_apartments_in_the_breakdown_of_n2() -> None:
    tables = city()
    schemes = dict(enumerate(tables["scheme"], start=1))
    found = Counter(
        (s["kind"], s["locality"], s["name"] == "Village 135")
        for s in (schemes[a["scheme_id"]] for a in tables["apartment"])
    )
    assert found == {
        ("extra_care", "north", False): 2,
        ("extra_care", "south", False): 2,
        ("extra_care", "south", True): 5,
        ("sheltered", "north", False): 5,
        ("sheltered", "central", False): 1,
    }


def test_stays_stand_at_every_mark_of_the_six_weeks() -> None:
    today = local_date(NOON)
    stays = [s for s in city()["stay"] if s["kind"] == "stay"]
    days = {(today - date.fromisoformat(s["period"][1:11])).days + 1 for s in stays if s["state"] == "in_stay"}
    assert days >= {28, 35} and max(days) > 42
    assert {s["state"] for s in stays} == {"booked", "in_stay", "ended"}
    assert {s["kind"] for s in city()["stay"]} >= {"cleaning", "repair"}


def test_twelve_enhanced_officers_and_sixty_extra_workers() -> None:
    workers = city()["worker"]
    of_team = Counter(w["team_id"] for w in workers)
    assert of_team[TEAM_IDS["City complex reablement"]] == 12
    assert sum(w["grade"] == "Reablement support worker" for w in workers) == 60


def test_mrs_pankhurst_is_everywhere() -> None:
    tables = city()
    (her,) = [p for p in tables["person"] if p["surname"] == "Pankhurst" and p["given"] == "Emmeline"]
    assert her["nhs_number"] == PANKHURST
    assert her["birth_date"] == date(1945, 7, 14)
    assert sum(p["phone"] == her["phone"] for p in tables["person"]) == 1
    mine = {table: [r for r in rows if r.get("person_id") == her["id"]] for table, rows in tables.items()}
    (referral,) = mine["referral"]
    assert (referral["source"], referral["state"], referral["locality"]) == ("ward", "waiting", "north")
    assert NOON < referral["due_at"] < NOON + timedelta(hours=6)
    assert [p["state"] for p in mine["care_plan"]] == ["active"]
    assert [s["state"] for s in mine["stay"]] == ["booked"]
    assert {a["kind"] for a in mine["person_alert"]} == {"key_safe", "allergy", "access"}
    assert any(a["is_carer"] for a in mine["person_around"])
    today = [v["team_id"] for v in mine["visit"] if v["day"] == local_date(NOON)]
    assert set(today) == {TEAM_IDS["North reablement"], TEAM_IDS["North district nursing"]}


def test_logins_follow_the_published_rules() -> None:
    assert len({u.user_name for u in TRAINING_USERS}) == len(TRAINING_USERS)
    assert training_password("nadia.coordinator") == "training-nadia.coordinator"
    per_locality = Counter((u.locality, u.role) for u in TRAINING_USERS)
    for locality in ("north", "central", "south"):
        assert per_locality[locality, "care_coordinator"] == 2
        assert per_locality[locality, "team_lead"] == 2
        assert per_locality[locality, "placement_coordinator"] == per_locality[locality, "trusted_assessor"] == 1
    for user in TRAINING_USERS:
        assert (
            user.display_name.split(" ")[0].lower().startswith(user.user_name.split(".")[0].replace("siobhan", "siobh"))
        )
