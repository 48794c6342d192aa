"""Use cases of the rows on a plan: needs, outcomes, actions, contingencies, equipment, agreements."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from coordination.careplan import item_rules
from coordination.careplan.model import ActionChanges, ActionDetails, Plan
from coordination.careplan.rows import Item, ItemKind, Outcome, PlanAction
from coordination.errors import BadValue, BrokenRule, Conflict, IllegalMove
from coordination.values import PlanId, TeamId, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Unpack

    from coordination.work import Begin, Work

# A row that is pointed at may have been taken off meanwhile.
_GONE = {
    "plan_action_outcome_id_fkey": "outcome",
    "plan_item_stays_on_its_plan": "outcome",
    "plan_outcome_need_id_plan_id_fkey": "need",
}


class PlanItems:
    """Rows of plans. ``kind`` says which; ``values`` are the fields of its record."""

    _begin: Begin

    def add_item(
        self, plan: PlanId, kind: ItemKind, values: Mapping[str, Any], *, key: UUID | None = None,
        position: int | None = None,
    ) -> Item:  # fmt: skip
        """One more row, at the end or where ``position`` says. The same ``key`` again adds nothing.

        Raises BadValue(field, …), BadValues, IllegalMove when the plan has ended.
        """
        clean = item_rules.check_whole(kind, item_rules.clean_item(kind, values))
        new = key or new_id()
        with explained(), self._begin() as work:
            editable(work, plan)
            work.careplan.add_item(kind, new, plan, clean, position)
            return work.careplan.item(kind, new)

    def update_item(self, kind: ItemKind, key: UUID, seen: int, values: Mapping[str, Any]) -> Item:
        """Raises BadValue(field, …), BadValues, NotFound, IllegalMove, Conflict with the present row."""
        clean = item_rules.clean_item(kind, values)
        with explained(), self._begin() as work:
            editable(work, work.careplan.item(kind, key).plan)
            present = work.careplan.item(kind, key)
            whole = item_rules.check_whole(kind, {**values_of(kind, present), **clean})
            changed = {name: value for name, value in whole.items() if name in clean or value != getattr(present, name)}
            if not work.careplan.change_item(kind, key, changed, seen=seen):
                raise Conflict(kind, str(key), seen, present)
            return work.careplan.item(kind, key)

    def remove_item(self, kind: ItemKind, key: UUID, seen: int) -> None:
        """Take it off. What hangs on it (actions of an outcome, outcomes of a need) stays.

        Raises NotFound, Conflict.
        """
        with self._begin() as work:
            editable(work, work.careplan.item(kind, key).plan)
            present = work.careplan.item(kind, key)
            if not work.careplan.remove_item(kind, key, seen=seen):
                raise Conflict(kind, str(key), seen, present)

    # Those that others plan with, by name.

    def add_outcome(self, plan: PlanId, words: str, *, key: UUID | None = None) -> Outcome:
        """One more outcome, in the person's words. Raises BadValue('words', …)."""
        return cast(Outcome, self.add_item(plan, "outcome", {"words": words}, key=key))

    def update_outcome(self, outcome: UUID, words: str, seen: int) -> Outcome:
        """Raises BadValue('words', …), NotFound, Conflict with the present Outcome."""
        return cast(Outcome, self.update_item("outcome", outcome, seen, {"words": words}))

    def remove_outcome(self, outcome: UUID, seen: int) -> None:
        """Take it off. Its actions stay on the plan. Raises NotFound, Conflict."""
        self.remove_item("outcome", outcome, seen)

    def add_action(
        self, plan: PlanId, what: str, *, key: UUID | None = None, **details: Unpack[ActionDetails]
    ) -> PlanAction:
        """One more action. Raises BadValue('what', …)."""
        return cast(PlanAction, self.add_item(plan, "action", {"what": what, **details}, key=key))

    def update_action(self, action: UUID, seen: int, **changes: Unpack[ActionChanges]) -> PlanAction:
        """Raises BadValue(field, …), NotFound, Conflict with the present PlanAction."""
        return cast(PlanAction, self.update_item("action", action, seen, cast("dict[str, Any]", changes)))

    def remove_action(self, action: UUID, seen: int) -> None:
        """Take it off. Visits that came from it stay. Raises NotFound, Conflict."""
        self.remove_item("action", action, seen)

    # Teams

    def put_on(self, plan: PlanId, team: TeamId) -> None:
        """C2: a team that has no action of its own, and still has to know. Again is the same."""
        with self._begin() as work:
            editable(work, plan)
            work.careplan.put_on(plan, team)

    def take_off(self, plan: PlanId, team: TeamId) -> None:
        """A team that was put on by hand."""
        with self._begin() as work:
            editable(work, plan)
            work.careplan.take_off(plan, team)


def editable(work: Work, plan: PlanId) -> Plan:
    """The head, held, so that nothing is added to a plan that is ending."""
    head = work.careplan.plan(plan, lock=True)
    if head.state == "ended":
        raise IllegalMove("plan", "ended", "changed")
    return head


def values_of(kind: ItemKind, item: Item) -> dict[str, Any]:
    """What a row holds, by field."""
    wanted = item_rules.fields_of(kind)
    return {f.name: getattr(item, f.name) for f in fields(item) if f.name in wanted}


class explained:  # noqa: N801 - reads as a word
    """Rules of the database in the words of the service."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _where: object) -> None:
        if isinstance(error, BrokenRule):
            if error.constraint in _GONE:
                raise BadValue(_GONE[error.constraint], "not_there") from error
            if error.constraint == "care_plan_ended_stays":
                raise IllegalMove("plan", "ended", "changed") from error
