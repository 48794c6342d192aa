"""What is done with schemes and apartments, each a call to the service, each with its undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtWidgets import QLineEdit

from coordination.apartments.model import Pause
from coordination.apartments.schemes_model import (
    SCHEME_KINDS,
    Flat,
    FlatDraft,
    Scheme,
    SchemeDraft,
    SchemeNeed,
    draft_of,
    draft_of_flat,
)
from coordination.clock import local_date
from coordination.errors import BadValue, BadValues
from ui import wording
from ui.apartments.messages import SCHEME_WORDS
from ui.apartments.scheme_messages import CARE_NEEDS, CONNECTION_WORDS
from ui.apartments.ticks import Ticks
from ui.side_acts import SideActs
from ui.widgets.basics import Choice, TextArea
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form

LOCALITIES = (("north", "North"), ("central", "Central"), ("south", "South"))
FEATURES = (("step_free", "Step-free"), ("hoist", "Hoist"), ("pets", "Pets welcome"), ("furnished", "Furnished"))
SAID = (("", "To be asked"), ("can", "Can"), ("cannot", "Cannot"))


class SchemeActs(SideActs):
    """The page's verbs."""

    @property
    def _service(self) -> Any:
        return self._page.desk.services.schemes

    @property
    def _scheme(self) -> Scheme:
        chosen = self._page.table.current
        assert chosen is not None
        return chosen  # type: ignore[no-any-return]

    @property
    def _flat(self) -> Flat:
        chosen = self._page.flats.current
        assert chosen is not None
        return chosen  # type: ignore[no-any-return]

    @property
    def _today(self) -> date:
        return local_date(self._page.desk.clock.now())

    # ------------------------------------------------------------------ schemes

    def add(self) -> None:
        form = self._scheme_form(SchemeDraft("", "extra_care", self._page.desk.locality.value.lower() or "north"))

        def back(now: Scheme) -> Callable[[], object]:
            return lambda: self._service.remove(now.id)

        self.ask("A new scheme", form, "Add", lambda: self._service.add(_scheme_of(form)), "The scheme is added.", back)

    def change(self) -> None:
        scheme = self._scheme
        form = self._scheme_form(draft_of(scheme))
        self.ask(
            scheme.name, form, "Save", lambda: self._service.change(scheme.id, scheme.revision, _scheme_of(form)),
            "The scheme is changed.",
            lambda now: lambda: self._service.change(now.id, now.revision, draft_of(scheme)),
        )  # fmt: skip

    def _scheme_form(self, draft: SchemeDraft) -> Form:
        form = Form(columns=2)
        form.add("name", "Name", QLineEdit(), required=True, span=2)
        form.add("kind", "Type", Choice([(kind, SCHEME_WORDS[kind]) for kind in SCHEME_KINDS]), required=True)
        form.add("locality", "Locality", Choice(LOCALITIES), required=True)
        places = [(None, "Not known"), *((n, name) for n, name, _locality in self._page.neighbourhoods)]
        form.add("neighbourhood_id", "Neighbourhood", Choice(places), help="It decides the locality.", span=2)
        form.add("address", "Address", QLineEdit(), span=2)
        form.add("postcode", "Postcode", QLineEdit(), help="Distances are measured from it.")
        form.add("least_age", "Age from", QLineEdit(), help="Empty: any age.")
        form.add("staff_on_site", "Staff", Ticks([("staff", "On site")], 1))
        form.add("staff_hours", "Their hours", QLineEdit())
        form.add("local_connection", "For whom", Choice(list(CONNECTION_WORDS.items())), span=2)
        form.add("notes", "Notes", TextArea(2), span=2)
        form.set_values(
            {name: getattr(draft, name) for name in draft.__dataclass_fields__}
            | {"staff_on_site": {"staff"} if draft.staff_on_site else set()}
        )
        return form

    def needs(self) -> None:
        """What the scheme can and cannot meet."""
        scheme = self._scheme
        form = Form(columns=2)
        known = {each.need: each for each in scheme.needs}
        for code, words in CARE_NEEDS.items():
            form.add(f"can_{code}", words, Choice(SAID))
            form.add(f"note_{code}", "Note", QLineEdit())
            need = known.get(code)
            said = "" if need is None else "can" if need.can else "cannot"
            form.set_values({f"can_{code}": said, f"note_{code}": need.note if need else ""})

        def call() -> Scheme:
            values = form.values()
            wanted = [
                SchemeNeed(code, values[f"can_{code}"] == "can", values[f"note_{code}"])
                for code in CARE_NEEDS
                if values[f"can_{code}"]
            ]
            return self._service.set_needs(scheme.id, scheme.revision, wanted)  # type: ignore[no-any-return]

        self.ask(
            f"{scheme.name}: what it can meet", form, "Save", call, "What the scheme can meet is recorded.",
            lambda now: lambda: self._service.set_needs(now.id, now.revision, scheme.needs),
        )  # fmt: skip

    def pause(self) -> None:
        """None of its apartments takes anybody in."""
        scheme = self._scheme
        form = Form()
        form.add("reason", "Why does it take nobody in?", QLineEdit(), required=True)
        form.add("until", "Until", DateEdit(), help="The last day. Empty: until further notice.")
        self.ask(
            f"{scheme.name}: take nobody in", form, "Take nobody in",
            lambda: self._service.pause(scheme.id, str(form.value("reason")), form.value("until")),
            f"{scheme.name} takes nobody in.", lambda made: lambda: self._service.lift(made),
        )  # fmt: skip

    def accept(self) -> None:
        """They take people in again."""
        scheme, service = self._scheme, self._service

        def back(lifted: tuple[Pause, ...]) -> Callable[[], object]:
            return lambda: service.pause_again(lifted)

        self.do(lambda: service.accept(scheme.id), f"{scheme.name} takes people in again.", back)

    # ------------------------------------------------------------------ apartments

    def add_flat(self) -> None:
        scheme = self._scheme
        form = self._flat_form(FlatDraft("", lease_start=self._today))

        def back(now: Flat) -> Callable[[], object]:
            return lambda: self._service.remove_flat(now.id)

        self.ask(
            f"{scheme.name}: a new apartment", form, "Add",
            lambda: self._service.add_flat(scheme.id, _flat_of(form)), "The apartment is added.", back,
        )  # fmt: skip

    def change_flat(self) -> None:
        if self._page.flats.current is None:
            return
        flat = self._flat
        form = self._flat_form(draft_of_flat(flat))
        self.ask(
            f"{self._scheme.name} · {flat.name}", form, "Save",
            lambda: self._service.change_flat(flat.id, flat.revision, _flat_of(form)), "The apartment is changed.",
            lambda now: lambda: self._service.change_flat(now.id, now.revision, draft_of_flat(flat)),
        )  # fmt: skip

    def _flat_form(self, draft: FlatDraft) -> Form:
        form = Form()
        form.add("name", "Name", QLineEdit(), required=True)
        form.add("bedrooms", "Bedrooms", Choice([(0, "None: a studio"), *((n, str(n)) for n in range(1, 7))]))
        form.add("features", "It has", Ticks(FEATURES))
        form.add("lease_start", "Leased from", DateEdit(), required=True)
        form.add("notes", "Notes", TextArea(2))
        form.set_values(
            {
                "name": draft.name, "bedrooms": draft.bedrooms, "lease_start": draft.lease_start, "notes": draft.notes,
                "features": {code for code, _words in FEATURES if getattr(draft, code)},
            }
        )  # fmt: skip
        return form

    def end_lease(self) -> None:
        """The last leased day; empty: open-ended."""
        flat, scheme = self._flat, self._scheme
        form = Form()
        last = DateEdit()
        last.set_value(None if flat.lease_end is None else _before(flat.lease_end))
        form.add("last_day", "Last leased day", last, help="Empty: no end. Stays past it have to be moved first.")

        def call() -> Flat:
            return self._service.end_lease(flat.id, flat.revision, form.value("last_day"))  # type: ignore[no-any-return]

        was = None if flat.lease_end is None else _before(flat.lease_end)
        self.ask(
            f"{scheme.name} · {flat.name}: lease", form, "Save", call, "The lease is changed.",
            lambda now: lambda: self._service.end_lease(now.id, now.revision, was),
        )  # fmt: skip


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _scheme_of(form: Form) -> SchemeDraft:
    """Raises BadValues at the field."""
    v = form.values()
    age = v["least_age"]
    if age and not age.isdecimal():
        raise BadValues((BadValue("least_age", "not_a_number"),))
    return SchemeDraft(
        v["name"], v["kind"] or "", v["locality"] or "", v["neighbourhood_id"], v["address"], v["postcode"],
        int(age) if age else None, "staff" in v["staff_on_site"], v["staff_hours"], v["local_connection"] or "",
        v["notes"],
    )  # fmt: skip


def _flat_of(form: Form) -> FlatDraft:
    v = form.values()
    step_free, hoist, pets, furnished = (code in v["features"] for code, _words in FEATURES)
    return FlatDraft(v["name"], v["bedrooms"] or 0, step_free, hoist, pets, furnished, v["lease_start"], v["notes"])


def accepting_words(scheme: Scheme, today: date) -> str:
    """``Yes``; ``2 of 5``; ``Nobody: lift broken``."""
    leased, free = scheme.leased(today), scheme.accepting(today)
    if not leased:
        return "No lease"
    if len(free) == len(leased):
        return "Yes"
    if free:
        return f"{len(free)} of {len(leased)}"
    why = sorted({flat.paused for flat in leased})
    return f"Nobody: {wording.listing(why)}"
