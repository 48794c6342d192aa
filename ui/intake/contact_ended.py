"""The end of the contact in front: checked, handed to the outbox, and what is said of it after (E2)."""

from __future__ import annotations

from coordination.errors import BadValue, BadValues
from coordination.intake.model import ContactDraft, EndedContact, Ending, NoAction, Refer
from ui import wording
from ui.intake import words
from ui.intake.contact_typed import ContactWritten
from ui.intake.drafts import ContactTyped
from ui.sentences import sentence


class ContactEnded(ContactWritten):
    """One key ends it; what is wrong is said at its field."""

    def end(self) -> None:
        """E2. Check, send once, and begin the next. What is wrong is said at the fields; nothing typed is lost."""
        if self.sending.busy and self.is_empty:  # pressed twice: the next has not been begun
            return
        self.say_elsewhere("")
        ending = self.ending.ending()
        draft = self._draft(
            need_wanted=not isinstance(ending, NoAction) or self.ending.concern_facts is not None
        )  # after the ending, so that the first field that is wrong gets the cursor
        if draft is None or ending is None or not self._person_is_settled(ending):
            return
        self.sending.send(self.typed(), draft, ending)
        self.contacts.remove(self.contacts.front)
        self.contacts.begin()

    def _draft(self, *, need_wanted: bool) -> ContactDraft | None:
        self.fields.clear_problems()
        try:
            values = self.fields.values()
        except (BadValue, BadValues) as bad:
            self._mark(bad)
            return None
        person = self.who.person
        if need_wanted and not values["need"]:
            self.fields.set_problems([BadValue("need", "missing")])
            return None
        if self.who.said_to_be:
            values["details"] = {**values["details"], "said_to_be": self.who.said_to_be}
        concern = self.ending.concern_facts
        values |= {"concern": concern, "concern_id": self.ending.concern.id} if concern is not None else {}
        return ContactDraft(person_id=person.id if person is not None else None, **values)

    def _person_is_settled(self, ending: Ending) -> bool:
        """A referral is about somebody, or it is said aloud that nobody knows who."""
        if not isinstance(ending, Refer) or self.who.person is not None or self.who.not_known:
            return True
        self.who.find()
        self.who.say_wrong("Choose whom it is about, register them, or say that nobody knows.")
        return False

    def _sent(self, ended: EndedContact) -> None:
        concern = ended.concern_id
        if concern is not None:
            self.desk.notices.say(
                f"{self._said(ended)} Safeguarding concern no. {ended.concern_number} is yours.",
                do=lambda: self.desk.go.to("safeguarding", concern), do_words="Open its path",
            )  # fmt: skip
        else:
            self.desk.notices.say(self._said(ended))
        self.caller.ended(ended.contact)

    def _refused(self, typed: ContactTyped, error: Exception) -> None:
        """A draft again: in front with what is wrong said at the fields, unless another is written there by now."""

        def show() -> None:
            self.contacts.resume(typed)
            self._say_refused(error)

        if self.contacts.bring_back(typed):
            if self.may_start():
                self.activated()
            self._say_refused(error)
            return
        said = f"A contact that you ended was not taken, and is open again. {sentence(error)}"
        self.desk.notices.warn(said, do=show, do_words="Go to it")

    def _say_refused(self, error: Exception) -> None:
        if isinstance(error, BadValue | BadValues):
            self._mark(error)
        else:
            self.desk.notices.error(error)

    def _said(self, ended: EndedContact) -> str:
        now = self.desk.clock.now()
        if not ended.referrals:
            return f"Contact ended: {words.ENDINGS[ended.contact.ending or 'advice'].lower()}."
        made = [f"no. {r.number} to {r.service_name}, due {words.due(r.due_at, now)}" for r in ended.referrals]
        return f"Contact ended: referral {wording.listing(made)}."

    def _mark(self, bad: BadValue | BadValues) -> None:
        problems = list(bad.problems) if isinstance(bad, BadValues) else [bad]
        left = self.ending.set_problems(self.fields.set_problems(problems))
        if left:
            self.say_elsewhere(" ".join(wording.words(p.field) + ": " + p.reason for p in left))
