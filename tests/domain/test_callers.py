"""Whose a number is: any way of writing it, one list, nobody twice. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.errors import BadValues
from coordination.people.callers.model import (
    AroundId,
    FoundByNumber,
    ProfessionalDraft,
    ProfessionalId,
)
from coordination.people.callers.rules import arrange, check_professional, number_keys
from coordination.people.model import PersonRow
from coordination.values import PersonId, new_id, phone_key

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
national = st.from_regex(r"[1-9][0-9]{9}", fullmatch=True)


def spelt(digits: str, how: int, gap: str) -> str:
    """A British number as people write it."""
    groups = gap.join((digits[:3], digits[3:6], digits[6:]))
    return (
        f"0{groups}",
        f"+44{gap}{groups}",
        f"+44 (0){groups}",
        f"0044{gap}{groups}",
        f"(0{digits[:3]}){gap}{digits[3:6]}{gap}{digits[6:]}",
        f"44{digits}",
        f"0{digits[:4]}{gap}{digits[4:]}",
        f"tel:+44{digits}",
        f"\u00a00{groups} ",
        f"+44\u2011{digits[:3]}\u2011{digits[3:]}",
    )[how]


@given(national, st.integers(0, 9), st.sampled_from(["", " ", "-", ".", "  "]))
def test_every_way_of_writing_a_number_is_that_number(digits: str, how: int, gap: str) -> None:
    assert number_keys(spelt(digits, how, gap))[0] == digits


@given(national, st.sampled_from([" ext 12", " ext. 4321", "x12", " x 7", " extension 12", " #3"]))
def test_an_extension_is_no_part_of_the_number(digits: str, extension: str) -> None:
    assert number_keys(f"0{digits}{extension}")[0] == digits


@given(national, st.integers(0, 9), st.sampled_from(["", " ", "-"]))
def test_what_is_stored_and_what_is_typed_meet(digits: str, how: int, gap: str) -> None:
    """However it was written down then, and however it is typed now."""
    assert phone_key(spelt(digits, how, gap)) in number_keys(f"0{digits}")


@given(st.from_regex(r"[1-9][0-9]{6}", fullmatch=True))
def test_manchester_dials_itself_without_its_code(local: str) -> None:
    stored = phone_key(f"0161 {local}")
    assert stored in number_keys(f"{local[:3]} {local[3:]}")
    assert phone_key(local) in number_keys(f"0161{local}")  # and the other way round


@given(st.text(max_size=60))
def test_anything_may_be_pasted(text: str) -> None:
    for key in number_keys(text):
        assert len(key) >= 7


@pytest.mark.parametrize("text", ["", "0161", "0161 49", "M13 9WP", "14/7/45", "Pankhurst", "07700"])
def test_too_few_digits_ask_nothing(text: str) -> None:
    assert number_keys(text) == ()


# ---------------------------------------------------------------- one list


def row(surname: str) -> PersonRow:
    return PersonRow(
        PersonId(new_id()), "", surname, "Ann", "", None, None, "female", None, "", None, "", "", None, None
    )


EMMELINE, ADELA = row("Pankhurst"), row("Goulden")


def found(kind: Any, name: str = "", **of: Any) -> FoundByNumber:
    defaults: dict[str, Any] = {"relation": "", "organisation": "", "phone": "0161 496 0903"}
    return FoundByNumber(kind, str(new_id()), name, **{**defaults, **of})


def person(who: PersonRow) -> FoundByNumber:
    return found("person", f"{who.given} {who.surname}", person_id=who.id, about=who)


def around(name: str, of: PersonRow, *, carer: bool = False) -> FoundByNumber:
    return found("around", name, relation="daughter", is_carer=carer, around_id=AroundId(new_id()), about=of)


def test_people_come_first_then_carers_then_professionals() -> None:
    nurse = found("professional", "Nia", professional_id=ProfessionalId(new_id()))
    listed = arrange(
        [found("practice", organisation="Ancoats"), nurse, around("Bea", ADELA),
         around("Christabel", EMMELINE, carer=True), person(EMMELINE)]
    )  # fmt: skip
    assert [one.kind for one in listed] == ["person", "around", "around", "professional", "practice"]
    assert [one.name for one in listed[1:3]] == ["Christabel", "Bea"]
    assert listed[1].about == (EMMELINE,)


def test_a_call_that_was_linked_is_told_of_the_caller_and_makes_no_line_of_its_own() -> None:
    daughter = around("Christabel Pankhurst", EMMELINE)
    call = found("earlier", "Christabel Pankhurst", around_id=daughter.around_id, about=EMMELINE, at=NOW, need="Stairs")
    (only,) = arrange([call, daughter])
    assert (only.last_at, only.last_need, only.last_about) == (NOW, "Stairs", EMMELINE)


def test_a_call_in_words_belongs_to_who_has_that_name() -> None:
    call = found("earlier", "christabel  PANKHURST.", about=ADELA, at=NOW)
    (only,) = arrange([around("Christabel Pankhurst", EMMELINE), call])
    assert only.kind == "around"
    assert only.about == (EMMELINE, ADELA)


def test_a_call_from_another_telephone_still_names_who_it_was() -> None:
    """The daughter rang from work then: the number is not hers in the record, and she is found by it all the same."""
    key = AroundId(new_id())
    (only,) = arrange([found("earlier", "Christabel", around_id=key, relation="daughter", about=EMMELINE, at=NOW)])
    assert (only.kind, only.around_id, only.about) == ("around", key, (EMMELINE,))


def test_calls_of_one_name_are_one_line_and_the_newest_is_told() -> None:
    calls = [found("earlier", "Mr Bright", about=EMMELINE, at=NOW - timedelta(days=n), need=str(n)) for n in (3, 1, 2)]
    (only,) = arrange(calls)
    assert (only.kind, only.last_need) == ("earlier", "1")


def test_a_person_may_call_for_those_around_whom_they_are() -> None:
    (who, other) = arrange([person(EMMELINE), around("Ann Pankhurst", ADELA)])
    assert who.about == (EMMELINE, ADELA)  # themselves first
    assert other.about == (ADELA,)


@given(st.permutations(range(6)))
def test_the_order_in_which_things_are_found_does_not_matter(order: list[int]) -> None:
    things = [replace(one, key=str(UUID(int=n))) for n, one in enumerate(FIXED)]
    assert arrange(things[n] for n in order) == arrange(things)


FIXED = (
    person(EMMELINE),
    around("Christabel", EMMELINE, carer=True),
    found("professional", "Nia", professional_id=ProfessionalId(new_id())),
    found("practice", organisation="Ancoats"),
    found("earlier", "Christabel", about=ADELA, at=NOW),
    found("earlier", "", about=ADELA, at=NOW - timedelta(days=1)),
)


# ---------------------------------------------------------------- professionals


def draft(**of: Any) -> ProfessionalDraft:
    return ProfessionalDraft(ProfessionalId(new_id()), **{"name": "Dr Amira Malik", **of})


def test_a_professional_is_cleaned_and_needs_a_name() -> None:
    checked = check_professional(draft(name="  Dr Amira Malik ", role=" GP", practice_code=" p84004 "))
    assert (checked.name, checked.role, checked.practice_code) == ("Dr Amira Malik", "GP", "P84004")
    with pytest.raises(BadValues) as told:
        check_professional(draft(name=" ", email="nobody", organisation="x" * 201))
    assert {(p.field, p.reason) for p in told.value.problems} == {
        ("professional.name", "missing"),
        ("professional.email", "not_an_email"),
        ("professional.organisation", "too_long"),
    }
