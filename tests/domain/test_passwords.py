"""Rules of passwords: long, and nothing that is guessed first."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.errors import BadValue, BadValues
from coordination.governance.passwords import LEAST, MOST, check, judge, one_time
from coordination.governance.users import TeamDraft, UserDraft, check_team, check_user

OWN = ("nadia.hussain", "Nadia Hussain")


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("kettle marbl", None),
        ("violet trumpet gravel", None),
        ("pear owl zinc", None),
        ("elevenchars", "password_too_short"),
        ("two shorts", "password_too_short"),
        ("Nadia and the kettle", "password_has_name"),
        ("Ĥussáin-kettle-99", "password_has_name"),
        ("n.a.d.i.a.hussain!", "password_has_name"),
        ("Manchester2026!", "password_of_centre"),
        ("Co-ordination-Centre", "password_of_centre"),
        ("manchester rains on kettles", None),
        ("passwordpassword", "password_of_centre"),
        ("aaaaaaaaaaaaaaa", "password_guessable"),
        ("qwertyuiop123", "password_guessable"),
        ("abcdefghijklmnop", "password_guessable"),
        ("tab\there and there", "password_unprintable"),
        ("x" * 129, "password_too_long"),
    ],
)
def test_what_is_refused_and_why(password: str, problem: str | None) -> None:
    assert judge(password, OWN).problem == problem


def test_the_same_again_and_two_that_differ() -> None:
    assert judge("violet trumpet gravel", OWN, "violet trumpet gravel").problem == "password_same"
    with pytest.raises(BadValue) as wrong:
        check("violet trumpet gravel", "violet trumpet gravel ", OWN)
    assert (wrong.value.field, wrong.value.reason) == ("again", "password_differs")
    assert check("violet trumpet gravel", "violet trumpet gravel", OWN) == "violet trumpet gravel"


@settings(max_examples=60)
@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=3))
def test_whatever_is_typed_gets_a_verdict(password: str, own: list[str]) -> None:
    verdict = judge(password, own)
    assert (verdict.problem is None) == (verdict.strength != "refused")
    if verdict.problem is None:
        assert LEAST - 1 <= len(password) <= MOST


def test_a_first_password_passes_the_rules_and_is_never_the_same() -> None:
    made = {one_time() for _ in range(20)}
    assert len(made) == 20 and {judge(each, OWN).strength for each in made} == {"strong"}
    assert not set("".join(made)) & set("01loi")


@given(st.text(max_size=80))
def test_a_user_name_is_what_the_database_takes_or_is_refused(name: str) -> None:
    try:
        clean = check_user(UserDraft(name, "A Name", "manager", None, None, "x"))
    except BadValues as error:
        assert {p.field for p in error.problems} == {"user_name"}
    else:
        assert clean.user_name.isascii() and clean.user_name[0].isalpha() and len(clean.user_name) <= 63


def test_names_that_the_database_keeps_for_itself() -> None:
    for name in ("postgres", "centre_owner", "pg_monitor", "manager", "public"):
        with pytest.raises(BadValues, match="user_name_reserved"):
            check_user(UserDraft(name, "A Name", "manager", None, None, "x"))
    with pytest.raises(BadValues) as wrong:
        check_team(TeamDraft(" ", "", "west", "0" * 51))
    assert {p.field for p in wrong.value.problems} == {"name", "service", "locality", "phone"}
