"""What is done on the transfer page, each a call to the service, each with its undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from PySide6.QtWidgets import QLineEdit

from coordination.clock import at_local, local_date
from coordination.errors import BadValue, BadValues
from coordination.transfer.caseload import OneMore
from coordination.transfer.model import PATHWAYS, RECOVERIES, Light, LightKind, Transfer
from coordination.values import UserName, new_id
from ui.transfer import words
from ui.transfer.messages import LIGHT_HINTS, LIGHT_WORDS, PATHWAY_WORDS, RECOVERY_WORDS
from ui.transfer.putting_on import PuttingOn
from ui.widgets.basics import Choice, TextArea, narrow
from ui.widgets.dates import DateEdit, TimeEdit
from ui.widgets.fields import Form


class TransferActs(PuttingOn):
    """The page's verbs."""

    @property
    def _service(self) -> Any:
        return self._page.desk.services.transfer

    @property
    def _row(self) -> Transfer:
        chosen = self._page.table.current
        assert isinstance(chosen, Transfer)
        return chosen

    @property
    def _now(self) -> datetime:
        return self._page.desk.clock.now()  # type: ignore[no-any-return]

    # ------------------------------------------------------------------ lights

    def seen_to(self) -> None:
        """Green; once more: still to do."""
        light: Light = self._page.lights.current
        self._set(light, "to_do" if light.state == "done" else "done")

    def not_needed(self) -> None:
        light: Light = self._page.lights.current
        self._set(light, "to_do" if light.state == "not_needed" else "not_needed")

    def _set(self, light: Light, state: str) -> None:
        chosen, service = self._row, self._service
        said = {"done": "seen to", "not_needed": "not needed", "to_do": "still to do"}[state]
        self.do(
            lambda: service.set_light(chosen.id, light.kind, state), f"{LIGHT_WORDS[light.kind]}: {said}.", self._back
        )

    def _back(self, both: tuple[Transfer, Transfer]) -> Callable[[], object]:
        return lambda: self._service.restore(both[0])

    def to_what_makes_it_green(self) -> None:
        """Where it is seen to: the plan, the visits, the apartments; a form at the side for what a person says."""
        light: Light = self._page.lights.current
        go, chosen = self._page.desk.go, self._row
        if light.kind == "plan":
            from ui.careplan import PlanFor

            go.to("plan", PlanFor(chosen.person_id))
        elif light.kind == "first_visit":
            go.to("visits", chosen.person_id)
        elif light.kind == "apartment":
            go.to("apartments", chosen.person_id)  # theirs for an apartment is another referral
        elif light.kind == "equipment":
            from ui.equipment.ordering import EquipmentOf

            go.to("equipment", EquipmentOf(chosen.person_id, chosen.who, chosen.id))
        elif light.kind == "carer":
            self._page.run(lambda: self._service.carers(chosen.person_id), self._tell_carer, latest="carers")
        else:
            self._say_light(light, LIGHT_HINTS[light.kind], light.note)

    def light(self, kind: LightKind) -> None:
        """One key for each light: chosen, and opened."""
        if self._page.lights.select_key(kind):
            self.to_what_makes_it_green()

    def _tell_carer(self, carers: list[str]) -> None:
        light = next(x for x in self._row.lights if x.kind == "carer")
        known = "; ".join(carers) if carers else "No carer is on the record."
        self._say_light(light, f"{known} {LIGHT_HINTS['carer']}", light.note)

    def _say_light(self, light: Light, hint: str, note: str) -> None:
        """What a person says makes it green."""
        chosen, service = self._row, self._service
        form = Form()
        form.add("note", LIGHT_WORDS[light.kind], TextArea(3), help=hint)
        form.set_values({"note": note})
        self.ask(
            f"{chosen.who}: {LIGHT_WORDS[light.kind].casefold()}", form, "Seen to",
            lambda: service.set_light(chosen.id, light.kind, "done", str(form.value("note") or "")),
            f"{LIGHT_WORDS[light.kind]}: seen to.", self._back,
        )  # fmt: skip

    # ------------------------------------------------------------------ delays

    def delayed(self) -> None:
        """T6: what they wait for, from which day."""
        chosen, key = self._row, new_id()
        form = Form()
        reasons = narrow(Choice(list(words.reasons(chosen.list).items()), prompt="Choose"))
        if chosen.delay is not None:
            reasons.set_value(chosen.delay.reason)
        form.add("reason", "What do they wait for?", reasons, required=True)
        since = DateEdit()
        today = local_date(self._now)
        since.set_value(max(local_date(chosen.ready_at), today) if chosen.delay else local_date(chosen.ready_at))
        form.add("since", "From the night of", since, required=True)
        form.add("note", "Anything to add", TextArea(2))

        def call() -> tuple[Transfer, Transfer]:
            values = form.values()
            if not values["reason"]:
                raise BadValues((BadValue("reason", "delay_not_chosen"),))
            day: date = values["since"] or today
            return self._service.delayed(key, chosen.id, values["reason"], day, values["note"])  # type: ignore[no-any-return]

        self.ask(f"{chosen.who}: why still here", form, "Save the reason", call, "The reason is recorded.", self._back)

    # ------------------------------------------------------------------ the way

    def change(self) -> None:
        """Ward, expected day, owner, pathway."""
        chosen = self._row
        form = Form()
        form.add("ward", "Ward", QLineEdit(chosen.ward))
        expected = DateEdit()
        expected.set_value(chosen.expected_on)
        form.add("expected_on", "Expected to leave on", expected)
        admitted = DateEdit()
        admitted.set_value(chosen.admitted_on)
        form.add("admitted_on", "In hospital since", admitted, help="The national report counts their length of stay.")
        pathway = Choice([(p, PATHWAY_WORDS[p]) for p in PATHWAYS], prompt="Not chosen yet")
        pathway.set_value(chosen.pathway or None)
        form.add("pathway", "Where to", pathway)
        form.add("bed_reason", "Why a bed elsewhere", TextArea(2), help="Home comes first: needed for P2 and P3 only.")
        form.set_values({"bed_reason": chosen.bed_reason})
        recovery = Choice([(r, RECOVERY_WORDS[r]) for r in RECOVERIES], prompt="Not chosen yet")
        recovery.set_value(chosen.recovery or None)
        form.add("recovery", "Recovery with", recovery, help="Counted in the caseload once they have left (T4).")
        form.add("owner", "Who sees to it", Choice([], prompt="Nobody yet"))

        def call() -> Transfer:
            v = form.values()
            return self._service.change(  # type: ignore[no-any-return]
                chosen.id, chosen.revision, ward=v["ward"], expected_on=v["expected_on"],
                owner=UserName(v["owner"]) if v["owner"] else None, pathway=v["pathway"] or "",
                bed_reason=v["bed_reason"], recovery=v["recovery"] or "", admitted_on=v["admitted_on"],
            )  # fmt: skip

        def back(now: Transfer) -> Callable[[], object]:
            return lambda: self._service.change(
                now.id, now.revision, ward=chosen.ward, expected_on=chosen.expected_on, owner=chosen.owner,
                pathway=chosen.pathway, bed_reason=chosen.bed_reason, recovery=chosen.recovery,
                admitted_on=chosen.admitted_on,
            )  # fmt: skip

        def show(found: list[tuple[UserName, str]]) -> None:
            choice = form.field("owner").editor
            assert isinstance(choice, Choice)
            choice.set_items([(str(user), name) for user, name in found])
            choice.set_value(str(chosen.owner) if chosen.owner else None)
            self.ask(f"{chosen.who}: the way home", form, "Save", call, "Saved.", back)

        self._page.run(self._service.owners, show, latest="owners")

    def left(self) -> None:
        chosen = self._row
        form = Form()
        where = narrow(Choice(list(words.destinations(chosen.list).items()), prompt="Choose"))
        form.add("destination", "Where did they go?", where, required=True)
        day, clock = DateEdit(), TimeEdit()
        day.set_value(local_date(self._now))
        form.add("day", "On", day, required=True)
        form.add("at", "At", clock, help="Empty: now.")
        form.add("bed_reason", "Why a bed elsewhere", TextArea(2), help="Home comes first: needed for a bed elsewhere.")
        form.set_values({"bed_reason": chosen.bed_reason})
        recovery = Choice([(r, RECOVERY_WORDS[r]) for r in RECOVERIES], prompt="Neither")
        recovery.set_value(chosen.recovery or ("reablement" if chosen.pathway == "P1" else None))
        form.add("recovery", "Recovery with", recovery)
        form.add(
            "until", "Planned until", DateEdit(), help="Empty: six weeks. An episode of reablement has its own end."
        )

        def call() -> Transfer:
            v = form.values()
            at = self._now
            if v["day"] is not None and (v["at"] is not None or v["day"] != local_date(at)):
                time = v["at"]
                at = at_local(v["day"], time.hour if time else 12, time.minute if time else 0)
            return self._service.left(  # type: ignore[no-any-return]
                chosen.id, chosen.revision, at, v["destination"] or "", bed_reason=v["bed_reason"],
                recovery=v["recovery"] or "", until=v["until"],
            )  # fmt: skip

        said = f"{chosen.who} has left."
        self.ask(said[:-1], form, "They have left", call, said, self._on_again(chosen))

    def not_ready(self) -> None:
        chosen = self._row
        form = Form()
        form.add("why", "Why do they need the hospital again?", TextArea(2), required=True)
        self.ask(
            f"{chosen.who}: not ready after all", form, "Take off the list",
            lambda: self._service.not_ready(chosen.id, chosen.revision, str(form.value("why"))),
            f"{chosen.who} is not on the list any more.", self._on_again(chosen),
        )  # fmt: skip

    def _on_again(self, before: Transfer) -> Callable[[Transfer], Callable[[], object]]:
        return lambda now: lambda: self._service.back_on_list(before, now.revision)

    # ------------------------------------------------------------------ what it costs

    def cost(self) -> None:
        """T4: what it costs to take this person today."""
        chosen, service = self._row, self._page.desk.services.recovery

        def show(cost: OneMore) -> None:
            self._page.show_cost(chosen.who, words.cost_words(cost))

        self._page.run(lambda: service.one_more(chosen.id), show, latest="cost")
