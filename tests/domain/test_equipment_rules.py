"""Rules of equipment without a database (D6): from which store, what a refusal says, what words mean, how far it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.equipment import rules
from coordination.equipment.figures import OrderFact, figures
from coordination.equipment.model import ORDER_STATES, OrderDraft, OrderState
from coordination.equipment.stock_model import CatalogueItem, StockLine, Substitute
from coordination.errors import BadValues
from coordination.reference import standing
from coordination.values import PersonId, new_id

DAY = date(2026, 11, 23)
STORES = {"city": None, "north": "north", "central": "central", "south": "south"}
_FILE = standing.read()
_NAMES = {m.code: m.name for m in _FILE.equipment_models}
CATALOGUE = [
    CatalogueItem(
        m.code, m.name, m.family, m.purpose, tuple(m.also_called), m.single, m.fitting, m.returns, m.workers,
        m.deliver_minutes, m.fit_minutes, m.service_months, m.usual_weeks,
        tuple(Substitute(s.instead, _NAMES[s.instead], s.note)
              for s in _FILE.equipment_substitutes if s.model == m.code),
    )
    for m in _FILE.equipment_models
]  # fmt: skip
BY_CODE = {m.code: m for m in CATALOGUE}


def line(store: str, free: int, model: str = "commode", next_back: date | None = None, cleaning: int = 0) -> StockLine:
    return StockLine(
        store, f"{store.title()} store", STORES[store], model, model, "", False, free, 0, 0, 0, cleaning, 0, 0, 0,
        next_back,
    )  # fmt: skip


lines = st.lists(
    st.builds(line, st.sampled_from(sorted(STORES)), st.integers(0, 4), st.sampled_from(["commode", "commode_wide"]),
              st.none() | st.dates(DAY, DAY + timedelta(90)), st.integers(0, 3)),
    unique_by=lambda found: (found.store, found.model),
)  # fmt: skip


@given(lines, st.integers(1, 4), st.sampled_from(["north", "central", "south", ""]))
def test_the_nearest_store_that_has_enough_is_chosen(found: list[StockLine], quantity: int, locality: str) -> None:
    there = rules.availability(BY_CODE["commode"], found, quantity, locality)
    best = rules.best_store(there, quantity, locality)
    enough = [x for x in found if x.model == "commode" and x.free >= quantity]
    assert (best is None) == (not enough)
    if best is not None:
        assert best in enough
        if any(x.locality == locality for x in enough):
            assert best.locality == locality
        elif any(x.locality is None for x in enough):
            assert best.locality is None


@given(lines, st.integers(1, 4), st.none() | st.sampled_from(sorted(STORES)))
def test_a_refusal_names_only_what_is_there_and_is_never_alone(
    found: list[StockLine], quantity: int, store: str | None
) -> None:
    there = rules.availability(BY_CODE["commode"], found, quantity)
    obstacles = rules.in_the_way(there, store, quantity)
    codes = [o.code for o in obstacles]
    assert len(obstacles) >= 2
    free = {x.store_name: x.free for x in found if x.model == "commode"}
    for o in obstacles:
        facts = dict(o.facts)
        if o.code == "equipment_free_elsewhere":
            assert free[facts["store"]] == facts["free"] >= quantity
        if o.code == "equipment_substitute_free":
            assert any(x.model == facts["substitute"] and x.free == facts["free"] >= quantity for x in found)
        if o.code == "equipment_next_back":
            assert facts["day"] == min(x.next_back for x in found if x.model == "commode" and x.next_back is not None)
    # When something comes back is asked only where none is to be had.
    assert not ("equipment_free_elsewhere" in codes and "equipment_next_back" in codes)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.sampled_from([m for m in CATALOGUE if m.service_months]))
def test_the_next_service_is_so_many_months_on(day: date, model: CatalogueItem) -> None:
    due = rules.next_service(model, day)
    assert due is not None and model.service_months is not None
    assert (due.year * 12 + due.month) - (day.year * 12 + day.month) == model.service_months
    assert due.day == day.day or (due + timedelta(days=1)).day == 1


def test_the_last_of_a_month_and_what_is_not_serviced() -> None:
    assert rules.next_service(BY_CODE["hoist_mobile"], date(2025, 8, 31)) == date(2026, 2, 28)
    assert rules.next_service(BY_CODE["bed_profiling"], date(2024, 2, 29)) == date(2025, 2, 28)
    assert rules.next_service(BY_CODE["commode"], DAY) is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Perching stool", "perching_stool"), ("Bath board", "bath_board"), ("Grab rail by the back door", "grab_rail"),
        ("Commode", "commode"), ("Pressure cushion", "cushion_foam"), ("Pendant alarm", "pendant_alarm"),
        ("Pill dispenser with alarm", "medication_dispenser"), ("zimmer frame for indoors", "walking_frame"),
        ("a hospital bed", "bed_profiling"), ("KEYSAFE", "key_safe"), ("medium sling", "sling_medium"),
    ],
)  # fmt: skip
def test_words_of_a_plan_mean_a_model(said: str, code: str) -> None:
    assert rules.meant(said, CATALOGUE)[0].code == code


@given(st.text(max_size=60))
def test_any_words_mean_some_models_or_none(said: str) -> None:
    assert len(rules.meant(said, CATALOGUE)) <= 5


def test_words_that_mean_nothing_mean_no_model() -> None:
    assert rules.meant("Her sister's piano", CATALOGUE) == ()


@given(st.lists(st.tuples(st.sampled_from(ORDER_STATES), st.booleans()), max_size=6))
def test_all_of_it_is_as_far_as_the_least_of_it(states: list[tuple[OrderState, bool]]) -> None:
    kind = rules.least(states)
    kept = [(state, fitting) for state, fitting in states if state != "cancelled"]
    assert (kind == "nothing_ordered") == (not kept)
    there = all(state == "fitted" or (state == "delivered" and not fitting) for state, fitting in kept)
    assert (kind == "delivered") == (bool(kept) and there)
    if any(state == "ordered" for state, _ in kept):
        assert kind == "ordered"


def test_a_draft_is_checked_as_a_whole() -> None:
    person = PersonId(new_id())
    assert rules.check_draft(OrderDraft(person, "commode"), BY_CODE["commode"], DAY) == DAY + rules.USUAL_WAIT
    soon = OrderDraft(person, "commode", until_on=DAY + timedelta(days=2))
    assert rules.check_draft(soon, BY_CODE["commode"], DAY) == DAY + timedelta(days=2)
    bad = OrderDraft(
        person, "hoist_mobile", 2, DAY - timedelta(1), DAY - timedelta(2), "x" * (rules.LONGEST_NOTE + 1)
    )  # fmt: skip
    with pytest.raises(BadValues) as told:
        rules.check_draft(bad, BY_CODE["hoist_mobile"], DAY)
    assert {(p.field, p.reason) for p in told.value.problems} == {
        ("note", "too_long"), ("quantity", "one_at_a_time"), ("wanted_by", "has_passed"),
        ("until_on", "not_after_delivery"),
    }  # fmt: skip
    with pytest.raises(BadValues):
        rules.check_draft(OrderDraft(person, "piano"), None, DAY)


def fact(ordered: int, wanted: int, delivered: int | None, *, cancelled: bool = False) -> OrderFact:
    at = datetime(2026, 11, 1, 9, tzinfo=UTC)
    brought = None if delivered is None else at + timedelta(days=delivered)
    return OrderFact(1, "m", "M", "", at + timedelta(days=ordered), date(2026, 11, wanted), brought, cancelled)


def test_figures_count_what_is_late_and_not_there_as_late() -> None:
    found = figures(
        [fact(0, 3, 2), fact(0, 3, 4), fact(0, 3, None), fact(0, 30, None), fact(0, 3, None, cancelled=True)], DAY
    )
    assert (found.ordered, found.delivered, found.hours, found.due, found.in_time) == (5, 2, 72.0, 3, 1)
    assert found.per_cent_in_time is not None and round(found.per_cent_in_time) == 33
    assert figures([], DAY).per_cent_in_time is None and figures([], DAY).hours is None


def test_every_model_of_the_file_can_be_ordered_and_substitutes_are_there() -> None:
    assert len(CATALOGUE) >= 40 and {s.locality for s in _FILE.equipment_stores} == {None, "north", "central", "south"}
    for model in CATALOGUE:
        assert model.fitting or model.fit_minutes == 0
        assert model.single or model.service_months is None
        assert all(s.code in BY_CODE and s.note for s in model.substitutes)
