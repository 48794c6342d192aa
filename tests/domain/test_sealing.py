"""The audit trail against its seals: whatever is altered, taken out or put in is named (R4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.governance.sealing import Entry, Fault, KeptSeal, Seal, faults_of_chain, faults_of_entries

AT = datetime(2026, 3, 29, 0, 59, 59, 999_999, tzinfo=UTC)


def entry(id_: int) -> Entry:
    return Entry(
        id_, AT + timedelta(microseconds=id_), "742", "cora.coordinator", None, "view", "people", "x", None, None
    )


def seal(ids: tuple[int, ...]) -> Seal:
    return Seal(1, AT, "ada.admin", ids, b"".join(entry(i).digest() for i in ids), bytes(32), bytes(32))


@given(st.data())
def test_each_change_of_the_trail_is_named_and_nothing_else(data: st.DataObject) -> None:
    ids = tuple(sorted(data.draw(st.sets(st.integers(1, 30), min_size=1))))
    altered = data.draw(st.sets(st.sampled_from(ids)))
    missing = data.draw(st.sets(st.sampled_from(ids))) - altered
    inserted = data.draw(st.sets(st.integers(1, 30))) - set(ids)
    field = data.draw(
        st.sampled_from([{"actor": "somebody"}, {"at": AT}, {"record": "y"}, {"columns": ()}, {"role": ""}])
    )
    found = [replace(entry(i), **field) if i in altered else entry(i) for i in ids if i not in missing]
    found += [entry(i) for i in inserted]
    named = faults_of_entries(seal(ids), found)
    assert {(f.kind, f.entry) for f in named} == (
        {("altered", i) for i in altered} | {("missing", i) for i in missing} | {("inserted", i) for i in inserted}
    )
    assert len(named) == len(altered) + len(missing) + len(inserted)


def test_a_seal_that_is_gone_or_does_not_follow_is_named() -> None:
    first = seal((1, 2))
    assert faults_of_chain(first, None) == [Fault("seal_altered", 1)]  # its own digest is not that of its content
    assert Fault("seal_missing", 2) in faults_of_chain(replace(first, number=3), first)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"seal": "1"}', '{"seal": 1, "digest": "ab"}', '{"seal": 1, "digest": "x"}']
)
def test_a_file_that_is_no_seal_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        KeptSeal.from_json(text)
