"""Two visits belong together: J asks how, X parts them again. Both are undone like everything on a board."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from coordination.deployment.model import Board, Step, Visit
from coordination.deployment.patterns import Change, Gap
from coordination.errors import BadValue, BadValues, Conflict, Refused
from coordination.values import VisitId, new_id
from ui import wording
from ui.commands import Command
from ui.deployment import words
from ui.deployment.addition import Addition, BoardPage
from ui.deployment.pairing_form import PairForm


class PairDeeds:
    """Of one page."""

    def __init__(self, page: BoardPage) -> None:
        self._page = page
        self.form: PairForm | None = None

    # ------------------------------------------------------------------ when

    def can_join(self) -> bool:
        return self._page.may_change and self._chosen() is not None

    def can_part(self) -> bool:
        visit = self._chosen()
        return self._page.may_change and visit is not None and (visit.workers_needed == 2 or bool(visit.pairs))

    def _chosen(self) -> Visit | None:
        visit = self._page.board.visit
        return visit if visit is not None and not visit.is_over else None

    # ------------------------------------------------------------------ J

    def ask(self) -> None:
        """Which other visit to the same person, and how they belong together. Two that are chosen are those two."""
        board, visit = self._page.board.board, self._chosen()
        if board is None or visit is None:
            return
        marked = dict.fromkeys(spot.visit for spot in self._page.board.selected)
        others = _others(board, visit, [v for v in marked if v != visit.id])
        if not others:
            self._page.desk.notices.say(
                f"There is no other open visit to {visit.person.listed} on this board that day, so nothing to join."
            )
            return
        form = PairForm(visit, others)
        form.asked.connect(lambda values: self._join(visit.id, values))
        form.left.connect(self._page.leave_beside)
        self.form = form
        self._page.show_beside("Two visits together", form)
        form.begin()

    def _join(self, visit: VisitId, values: dict[str, Any]) -> None:
        board = self._page.board.board
        one, two = (board.visit_by_id.get(v) if board else None for v in (visit, values["other"]))
        if board is None or one is None or two is None:
            return
        service, seen = self._page.desk.services.visits, {v.id: v.revision for v in (one, two)}
        first, second = sorted((one, two), key=lambda v: v.starts or v.arrive.start)
        who = one.person.listed
        if values["how"] == "double":
            self._do(lambda: service.double_up(first.id, second.id, seen=seen), f"one visit for two to {who}")
        else:
            gap = Gap(values["gap"], values["most"] or None)
            self._do(lambda: service.put_apart(first.id, second.id, gap, seen=seen), f"a gap between visits to {who}")

    # ------------------------------------------------------------------ X

    def part(self) -> None:
        """A double-up becomes two single visits; others lose their gap."""
        visit = self._chosen()
        if visit is None:
            return
        service, seen, fresh = self._page.desk.services.visits, {visit.id: visit.revision}, VisitId(new_id())
        self._do(lambda: service.part(visit.id, seen=seen, new_visit=fresh), f"visits to {visit.person.listed} parted")

    # ------------------------------------------------------------------ inside

    def _do(self, call: Callable[[], Change], label: str) -> None:
        self._page.in_order.do(lambda: call, lambda done: self._done(done, label), self._failed)

    def _done(self, done: Change, label: str) -> None:
        page, service = self._page, self._page.desk.services.visits
        held = [done]

        def back(steps: Sequence[Step]) -> Sequence[Step]:
            held[0] = service.undo(_as_now(held[0], steps))
            return steps_of(held[0])

        steps = steps_of(done)
        entry = page.undo_stack.push_steps(label, steps, back)
        page.leave_beside()
        page.show_steps(steps)
        free = wording.listing([f.worker for f in done.freed])
        also = (
            f" {free} cannot go at that time and {'are' if len(done.freed) > 1 else 'is'} free again." if free else ""
        )
        page.desk.notices.say(f"{label[0].upper()}{label[1:]}.{also}", undo=lambda: page.undo_stack.undo_entry(entry))
        page.board.setFocus()

    def _failed(self, error: Exception) -> bool:
        form, notices = self.form, self._page.desk.notices
        if isinstance(error, BadValue | BadValues) and form is not None:
            form.refuse(error)
            return True
        if isinstance(error, Refused):
            notices.warn(words.refusal(error))
        else:
            notices.error(error)
        if isinstance(error, Conflict):
            self._page.refresh()
        return True


def steps_of(change: Change) -> tuple[Step, ...]:
    """What a change of visits is on a board: those that were made stood on none before."""
    pairs = zip(change.before, change.after, strict=True)
    made = (Step("joined", replace(v, dropped=True, allocations=(), revision=0), v) for v in change.made)
    return (*(Step("joined", before, after) for before, after in pairs), *made)


def _as_now(change: Change, steps: Sequence[Step]) -> Change:
    """The change, with the revisions under which its visits stand by now."""
    now = {s.after.id: s.after for s in steps}
    return replace(
        change,
        after=tuple(now.get(v.id, v) for v in change.after),
        made=tuple(now.get(v.id, v) for v in change.made),
    )


def _others(board: Board, visit: Visit, marked: Sequence[VisitId]) -> list[Visit]:
    """Those that are chosen with it, else all other open ones to the same person."""
    if marked:
        return [board.visit_by_id[v] for v in marked if v in board.visit_by_id]
    same = [v for v in board.visits if v.person.id == visit.person.id and v.id != visit.id and not v.is_over]
    return sorted(same, key=lambda v: abs((v.starts or v.arrive.start) - (visit.starts or visit.arrive.start)))


def pairing_addition(page: BoardPage) -> Addition:
    """J and X, in the menu of a visit too."""
    deeds = PairDeeds(page)
    return Addition(
        commands=(
            Command(
                f"{page.id}.join", "Two visits together", deeds.ask, "J", deeds.can_join, page.title, "link",
                also="pair gap apart double-up two workers",
            ),
            Command(
                f"{page.id}.part", "Part these visits", deeds.part, "X", deeds.can_part, page.title, "link-break",
                also="split gap double-up",
            ),
        ),
        in_menu=("join", "part"),
    )  # fmt: skip
