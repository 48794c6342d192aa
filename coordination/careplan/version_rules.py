"""What two versions of a plan have otherwise, field by field (C2). Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from coordination.careplan.item_rules import fields_of
from coordination.careplan.rows import Item, ItemKind
from coordination.careplan.version_model import Difference, PlanContent

# Parts in the order of the page.
_ROWS: tuple[tuple[ItemKind, str], ...] = (
    ("need", "needs"),
    ("outcome", "outcomes"),
    ("action", "actions"),
    ("contingency", "contingencies"),
    ("equipment", "equipment"),
    ("agreement", "agreements"),
)
_BEFORE_ROWS = ("lead_worker", "what_matters", "strengths")
_AFTER_ROWS = ("carers_part", "self_care", "funding", "review_on")


def differences(was: PlanContent, is_now: PlanContent) -> list[Difference]:
    """Every field that is not the same, in the order of the page. Of equal versions: none."""
    found: list[Difference] = []
    found += _of_head(was, is_now, _BEFORE_ROWS)
    names = {**names_of(was), **names_of(is_now)}
    for kind, part in _ROWS:
        found += _of_rows(kind, getattr(was, part), getattr(is_now, part), names)
    found += _of_head(was, is_now, _AFTER_ROWS)
    before, after = ({t.id: t.name for t in content.teams} for content in (was, is_now))
    found += [Difference("teams", None, before[t], "team", before[t], None) for t in before if t not in after]
    found += [Difference("teams", None, after[t], "team", None, after[t]) for t in after if t not in before]
    return found


def names_of(content: PlanContent) -> dict[UUID, str]:
    """Rows by what they are called: to name what another row belongs to."""
    return {item.id: name_of(item) for _, part in _ROWS for item in getattr(content, part)}


def name_of(item: Item) -> str:
    """A row in its own words, in one line."""
    words = ""
    for name in ("words", "what", "sign", "what_to_do", "name", "party"):
        words = words or str(getattr(item, name, "") or "")
    return words.splitlines()[0] if words else ""


def _of_head(was: PlanContent, is_now: PlanContent, fields: Sequence[str]) -> Iterator[Difference]:
    for field in fields:
        shown = "lead_worker_name" if field == "lead_worker" else field
        if getattr(was, field) != getattr(is_now, field):
            yield Difference(field, None, "", field, getattr(was, shown), getattr(is_now, shown))


def _of_rows(
    kind: ItemKind, was: Sequence[Item], is_now: Sequence[Item], names: dict[UUID, str]
) -> Iterator[Difference]:
    before = {item.id: item for item in was}
    after = {item.id for item in is_now}
    for item in is_now:
        if item.id not in before:
            yield Difference(kind, item.id, name_of(item), "", None, name_of(item))
            continue
        for field in fields_of(kind):
            old, new = getattr(before[item.id], field), getattr(item, field)
            if old != new:
                yield Difference(
                    kind, item.id, name_of(item), field, *(_shown(field, value, row, names)
                                                           for value, row in ((old, before[item.id]), (new, item)))
                )  # fmt: skip
    for item in was:
        if item.id not in after:
            yield Difference(kind, item.id, name_of(item), "", name_of(item), None)


def _shown(field: str, value: object, item: Item, names: dict[UUID, str]) -> object:
    """A row that is pointed at by its words, a team by its name."""
    if isinstance(value, UUID):
        return names.get(value, "")
    return getattr(item, "team_name", value) if field == "team" and value is not None else value


def merged(
    base: Mapping[str, object], mine: Mapping[str, object], theirs: Mapping[str, object]
) -> tuple[dict[str, object], list[str]]:
    """Two editors of one row: what stands without asking, and the fields that both changed, to different things.

    What only one of the two changed stands as they have it. ``mine`` says which fields there are.
    """
    stands: dict[str, object] = {}
    twice: list[str] = []
    for name, value in mine.items():
        was, now = base.get(name), theirs.get(name)
        if value in (now, was):
            stands[name] = now
        elif now == was:
            stands[name] = value
        else:
            twice.append(name)
    return stands, twice
