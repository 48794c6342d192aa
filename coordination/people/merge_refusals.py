"""Why two records were not merged, or not parted, and finding the record that a merged one leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coordination.errors import BrokenRule, Conflict, NotFound, Refused, obstacle
from coordination.people.model import Person
from coordination.values import PersonId

if TYPE_CHECKING:
    from coordination.work import Begin, Work


_IN_THE_WAY = frozenset(
    f"merging_{code}"
    for code in (
        "nhs_numbers_differ",
        "both_have_a_plan",
        "both_have_reablement",
        "both_have_transfer",
        "stays_overlap",
    )
)


def explain(begin: Begin, broken: BrokenRule, kept: Person, merged: Person) -> Exception:
    """Why the database would not merge, or part: who did it already, what changed, or what is in the way."""
    rule = broken.constraint
    if rule == "merging_as_seen":
        with begin() as work:
            changed = next((p for seen in (kept, merged) if (p := need(work, seen.id)) != seen), kept)
        seen = kept.revision if changed.id == kept.id else merged.revision
        return Conflict("people", str(changed.id), seen, changed)
    if rule == "merging_once":
        with begin() as work:
            done = [m for each in (kept, merged) for m in work.people.merges(each.id) if m.stands]
        first = max((m for m in done if {m.merged_id} & {kept.id, merged.id}), key=lambda m: m.at, default=None)
        if first is None:
            return Refused("merge", (obstacle("merged_already_unseen"),))
        return Refused("merge", (obstacle("merged_already", by=first.by_name, at=first.at, kept=first.kept_id),))
    if rule in _IN_THE_WAY:
        return Refused("merge", (obstacle(rule.removeprefix("merging_")),))
    return broken


def explain_parting(broken: BrokenRule) -> Exception:
    """Why the database would not part two records."""
    codes = {"parting_once": "parted_already", "parting_in_turn": "merged_further"}
    code = codes.get(broken.constraint)
    return Refused("part", (obstacle(code),)) if code else broken


def need(work: Work, person_id: PersonId) -> Person:
    """The record, or the one that it was merged into. Raises NotFound."""
    person = work.people.get(person_id)
    if person is None:
        raise NotFound("people", str(person_id))
    return person
