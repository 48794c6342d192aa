"""Use cases about forms themselves: look at one, keep it as a draft, publish it, withdraw it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from coordination.assessment import forms
from coordination.assessment.faults import FormFaults
from coordination.assessment.form_library import FormState, Looked, ShelvedForm
from coordination.assessment.model import Form, FormKey
from coordination.errors import BadValue, BrokenRule, Conflict, IllegalMove, NotFound, Refused, obstacle

if TYPE_CHECKING:
    from coordination.work import Begin, Work

LONGEST_REASON = 500


class Forms:
    """The shelf of forms. Everybody may look; the database lets only an administrator change anything."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def shelf(self) -> list[ShelvedForm]:
        """Every version of every form, in order of title, the newest version first."""
        with self._begin() as work:
            return work.forms.shelf()

    def form(self, key: FormKey) -> Form:
        """One version, whatever its state. Raises NotFound('form', …), FormFaults."""
        with self._begin() as work:
            return forms.from_definition(work.forms.definition(key))

    def look(self, text: str, file: str) -> Looked:
        """What is in a file, with every fault by itself and beside the live forms. Nothing is kept."""
        with self._begin() as work:
            return _looked(work, text, file)

    def keep_draft(self, text: str, file: str, seen: int = 0) -> ShelvedForm:
        """Keep a form as a draft, over the draft of revision ``seen`` (0: there is none).

        Raises FormFaults; Refused ``form_is_published`` (give it the next version); Conflict with the present
        ShelvedForm when another draft stands; NotAllowed.
        """
        with self._begin() as work:
            looked = _looked(work, text, file)
            if looked.form is None or looked.faults:
                raise FormFaults(looked.faults)
            form, there = looked.form, looked.standing
            if there is not None and there.state != "draft":
                raise _published(work, there)
            definition = tomllib.loads(text)
            if there is None:
                done = work.forms.add_draft(form.key, form.title, definition, text)
            else:
                done = work.forms.replace_draft(form.key, form.title, definition, text, seen)
            return _after(work, form.key, seen, done)

    def publish(self, key: FormKey, seen: int) -> ShelvedForm:
        """Put a draft live: from now on assessments begin with it. What is published never changes.

        It is checked once more, beside the forms that are live now. Raises FormFaults, Conflict, IllegalMove,
        NotAllowed.
        """
        with self._begin() as work:
            there = _there(work, key)
            _may(there, "live", ("draft",))
            looked = _looked(work, there.source, key.id)
            if looked.faults:
                raise FormFaults(looked.faults)
            return _move(work, key, "live", seen)

    def withdraw(self, key: FormKey, reason: str, seen: int) -> ShelvedForm:
        """No new assessment begins with it; those that were begun stay as they are, and are finished with it.

        Raises BadValue('reason', …), Refused ``form_is_needed`` when a live form comes after it and no other version of
        it is live, Conflict, IllegalMove, NotAllowed.
        """
        reason = " ".join(reason.split())
        if not reason or len(reason) > LONGEST_REASON:
            raise BadValue("reason", "too_long" if reason else "required")
        with self._begin() as work:
            _may(_there(work, key), "withdrawn", ("live",))
            withdrawn = _move(work, key, "withdrawn", seen, reason)
            live = work.forms.live_forms()
            needing = [f.title for f in live if key.id in f.after]
            if needing and key.id not in {f.id for f in live}:
                raise Refused("withdraw_form", (obstacle("form_is_needed", titles=tuple(needing)),))
            return withdrawn

    def restore(self, key: FormKey, seen: int) -> ShelvedForm:
        """Take a withdrawal back. Raises Conflict, IllegalMove, NotAllowed."""
        with self._begin() as work:
            _may(_there(work, key), "live", ("withdrawn",))
            return _move(work, key, "live", seen)

    def discard(self, key: FormKey, seen: int) -> None:
        """Throw a draft away. Raises Conflict, IllegalMove, NotAllowed."""
        with self._begin() as work:
            _may(_there(work, key), "discarded", ("draft",))
            if not work.forms.drop_draft(key, seen):
                raise _stale(work, key, seen)


def _looked(work: Work, text: str, file: str) -> Looked:
    form, faults = forms.examine(text, file, beside=work.forms.live_forms())
    standing = None if form is None else work.forms.find(form.key)
    return Looked(file, text, form, faults, standing)


def _there(work: Work, key: FormKey) -> ShelvedForm:
    there = work.forms.find(key)
    if there is None:
        raise NotFound("form", f"{key.id} {key.version}")
    return there


def _may(there: ShelvedForm, wanted: str, sources: tuple[FormState, ...]) -> None:
    if there.state not in sources:
        raise IllegalMove("form", there.state, wanted)


def _move(work: Work, key: FormKey, state: FormState, seen: int, reason: str = "") -> ShelvedForm:
    try:
        done = work.forms.set_state(key, state, seen, reason)
    except BrokenRule as error:  # the database looks for itself
        raise Refused("publish_form", (obstacle(error.constraint),)) from error
    return _after(work, key, seen, done)


def _after(work: Work, key: FormKey, seen: int, done: bool) -> ShelvedForm:
    if not done:
        raise _stale(work, key, seen)
    return _there(work, key)


def _stale(work: Work, key: FormKey, seen: int) -> Conflict:
    return Conflict("form", f"{key.id} {key.version}", seen, work.forms.find(key))


def _published(work: Work, there: ShelvedForm) -> Refused:
    highest = max(f.key.version for f in work.forms.shelf() if f.key.id == there.key.id)
    facts = obstacle("form_is_published", title=there.title, version=there.key.version, next=highest + 1)
    return Refused("keep_form", (facts,))
