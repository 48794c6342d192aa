"""The page of one assessment. It reads as a conversation, saves while one types, and is signed at its foot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from coordination.assessment.away import TakenAlong
from coordination.assessment.model import Answer, AssessmentSheet, Told
from coordination.changes import RESYNC, Change
from coordination.clock import local_date
from coordination.errors import BadValue, BadValues, Conflict, Obstacle
from coordination.values import PersonId
from ui import wording
from ui.assessment import NewAssessment
from ui.assessment.answering import Answering
from ui.assessment.away_acts import AwayActs
from ui.assessment.chooser import FormChooser
from ui.assessment.commands import assessment_commands
from ui.assessment.conversation import Conversation
from ui.assessment.draft import Draft
from ui.assessment.opening import Loaded, ToChoose, load
from ui.assessment.signing import SigningBar
from ui.assessment.speaking import Speaking
from ui.careplan import PlanFrom
from ui.commands import Command
from ui.desk import Desk
from ui.page import Page
from ui.people.words import banner_facts
from ui.sentences import sentence
from ui.shell.banner import PersonBanner
from ui.style import theme
from ui.trust.strip import RelianceStrip
from ui.widgets.basics import label, set_tone
from ui.widgets.busy import Busy
from ui.widgets.panels import PageHead


class AssessmentPage(Page):
    """``open`` takes the id of an assessment, a NewAssessment, or the id of a person: then it is the conversation when
    that has not been had, else a choice of forms."""

    id = "assessment"
    title = "Assessment"
    icon: ClassVar[str] = "clipboard-text"
    areas = frozenset({"assessment"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.answering: Answering | None = None
        self._obstacles: tuple[Obstacle, ...] = ()
        self.banner = PersonBanner()
        self.saved_words = label("", quiet=True)
        self.saved_words.setAccessibleName("Saving")
        self.speaking = Speaking()
        self.head = PageHead("Assessment", "", self.saved_words, self.speaking)
        if (inside := self.head.layout()) is not None:  # room for the fields of who is speaking
            inside.setContentsMargins(theme.space(6), theme.space(2), theme.space(6), theme.space(2))
        self.conversation = Conversation()
        self.conversation.edited.connect(
            lambda question, value, typed: self.answering and self.answering.edit(question, value, typed=typed)
        )
        self.conversation.half_typed.connect(
            lambda question, typed: self.answering and self.answering.type_half(question, typed)
        )
        self.conversation.confirmed.connect(self.confirm)
        self.conversation.mine_kept.connect(lambda question: self.answering and self.answering.keep_mine(question))
        self.conversation.theirs_taken.connect(self._take_theirs)
        self.bar = SigningBar(desk.actor.display_name)
        self.bar.jump_asked.connect(self.conversation.go_to_question)
        self.bar.sign_asked.connect(self.sign)
        self.bar.correct_asked.connect(self.correct)
        self.bar.plan_asked.connect(self.to_plan)
        self.bar.newer_asked.connect(self.to_newer)
        self.speaking.told_changed.connect(self._speaks)
        self.away = AwayActs(self, self)
        self.relied_on = RelianceStrip(desk)
        self.chooser = FormChooser()
        self.chooser.hide()
        self.person: PersonId | None = None
        self.chooser.chosen.connect(lambda form: self.person and self.open(NewAssessment(self.person, form)))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        for part in (self.banner, self.head, self.conversation, self.chooser, self.relied_on, self.away.bar, self.bar):
            whole.addWidget(part, 1 if part in (self.conversation, self.chooser) else 0)
        self.bar.setEnabled(False)
        Busy(self.conversation, desk.tasks, owner=self)

    @property
    def draft(self) -> Draft | None:
        return None if self.answering is None else self.answering.draft

    # reading

    def open(self, key: object) -> None:
        """Show an assessment; what was being typed in the one before is saved first."""
        if key != self.key:
            self._leave()
            self.key = key
        elif self.answering is not None:
            self.answering.flush()
        self.refresh()

    def _leave(self) -> None:
        """What is shown is shown no longer: what is not saved goes by itself."""
        if self.answering is not None:
            self.answering.leave()
            self.answering = None

    def put_away(self) -> None:
        self._leave()

    @property
    def whose(self) -> PersonId | None:
        return self.person

    def changes_concern(self, changes: frozenset[Change]) -> bool:
        return Change("assessment", str(self.key)) in changes or RESYNC in changes

    def refresh(self) -> None:
        if self.key is None:
            return
        if self.answering is not None:
            shown = self.answering.key
            if not self.answering.begun_here:
                read = self.desk.services.assessment.reread
                self.run(lambda: read(shown), self._take, self.away.is_away, latest="sheet")
        elif self.desk.away and self.away.open_here(self.key):
            return
        else:
            key: Any = self.key
            services, now = self.desk.services, self.desk.clock.now()
            self.run(lambda: load(services, key, now), self.show_loaded, self.away.not_loaded, latest="sheet")

    def show_loaded(self, found: Loaded | ToChoose) -> None:
        choosing = isinstance(found, ToChoose)
        for part in (self.head, self.conversation, self.bar):
            part.setHidden(choosing)
        self.chooser.setVisible(choosing)
        now = self.desk.clock.now()
        record = found.record if isinstance(found, ToChoose) else found.along.record
        self.person = record.person.id
        self.banner.show_facts(banner_facts(record), local_date(now))
        if isinstance(found, ToChoose):
            self.relied_on.show_sheet(None)
            self.chooser.show_forms(found.forms, found.history, now)
            self.chooser.take_focus()
        else:
            self._show(found)

    def _show(self, loaded: Loaded) -> None:
        along = loaded.along
        self.key = along.id
        self.away.take(loaded)
        self.answering, self._obstacles = self._begin(along), along.obstacles
        self.head.set_title(along.sheet.form.title)
        self.speaking.begin()
        self.bar.setEnabled(True)
        self.bar.begin()
        self.conversation.show_draft(self.answering.draft, self.desk.clock.now())
        self._show_state()
        self.conversation.take_focus()
        self.away.restored(self.answering)

    def _begin(self, along: TakenAlong) -> Answering:
        """Answers of an assessment that is not shown any more are still saved, but say nothing here."""
        made = Answering(self, self.desk, along)

        def if_shown(call: Callable[..., object]) -> Callable[..., None]:
            def when(*facts: object) -> None:
                if made is self.answering:
                    call(*facts)

            return when

        made.moved.connect(if_shown(self._moved))
        made.saving.connect(if_shown(self._show_saving))
        made.answered_twice.connect(if_shown(self._answered_twice))
        made.refused.connect(if_shown(self._refused))
        made.joined.connect(if_shown(self.away.joined))
        return made

    def _take(self, sheet: AssessmentSheet) -> None:
        if self.draft is None or sheet.assessment.id != self.draft.sheet.assessment.id:
            return
        was_signed = self.draft.signed
        changed = self.draft.take(sheet)
        if self.draft.signed and not was_signed:
            self.conversation.show_draft(self.draft, self.desk.clock.now())
        elif changed:
            self.conversation.refresh()
        self._show_state()
        self.away.signed_elsewhere(was_signed)

    # showing

    def _moved(self) -> None:
        self.conversation.refresh()
        self._show_state()

    def _show_state(self) -> None:
        """Head and foot as the draft stands."""
        if self.draft is None:
            return
        self.head.say(self._about(self.draft))
        if self.draft.signed:
            self.bar.show_signed(self.draft)
        else:
            self.bar.show_draft(self.draft, self._obstacles)
        self.speaking.setVisible(not self.draft.signed)
        self.away.show_bar()
        self.relied_on.show_sheet(self.draft.sheet)
        self._show_saving()

    def _about(self, draft: Draft) -> str:
        head = draft.sheet.assessment
        if head.corrects is not None:
            return f"Correction: {head.correction_reason}"
        if head.away_signed_at is not None and head.signed_at is not None:
            made, came = wording.day_time(head.away_signed_at), wording.day_time(head.signed_at)
            return f"Signed without a connection {made}, by that computer's clock; in the database {came}"
        if head.state == "signed":
            return ""
        return f"Begun by {head.started_by_name}, {wording.near_time(head.started_at, self.desk.clock.now())}"

    def _show_saving(self) -> None:
        words, tone = "", ""
        if self.answering is not None and not self.answering.draft.signed:
            if self.answering.away:
                words, tone = self.away.saving_words, "amber"
            elif self.answering.busy:
                words = "Saving…"
            else:
                words = self._saved_words(self.answering.draft)
        self.saved_words.setText(words)
        set_tone(self.saved_words, tone)

    def _saved_words(self, draft: Draft) -> str:
        given = [a.said_at for a in draft.sheet.answers.values() if a.source == "asked"]
        if not given:
            return "What you write is saved by itself"
        return f"Saved {wording.near_time(max(given), self.desk.clock.now())}"

    # answering

    def confirm(self, question: str) -> None:
        """A1: one key. The cursor goes on to the next question."""
        if self.answering is not None:
            self.answering.confirm([question])
            self.conversation.go_past(question)

    def confirm_next(self) -> None:
        """Confirm the known answer that has the cursor, or the first of the section."""
        known = self.conversation.known_here()
        row = self.conversation.focused_question()
        if known:
            self.confirm(row.question.id if row is not None and row.question.id in known else known[0])

    def confirm_all(self) -> None:
        """Confirm every known answer of the section."""
        if self.answering is not None:
            self.answering.confirm(self.conversation.known_here())

    def _answered_twice(self, question: str, theirs: Answer | None, error: Conflict) -> None:
        if not self.conversation.show_differing(question, theirs):
            self.desk.notices.error(error)
            self.conversation.refresh()
        self._show_state()

    def _take_theirs(self, question: str) -> None:
        if self.answering is not None:
            self.answering.take_theirs(question)
            self.conversation.go_to_question(question)

    def _refused(self, question: str, error: Exception) -> None:
        row = self.conversation.row(question)
        if row is not None and isinstance(error, BadValue) and error.field == question:
            row.set_problem(sentence(error))
        else:
            self.desk.notices.error(error)
            self.refresh()

    # signing

    def sign(self) -> None:
        """Sign what is shown, after the last answer has been saved; without a connection, on this computer."""
        if self.answering is None:
            return
        if self.desk.away or self.answering.away or self.answering.begun_here:
            self.away.sign_here()
        else:
            self.answering.when_saved(self._sign_now)

    def _sign_now(self) -> None:
        assert self.draft is not None
        key, seen = self.draft.sheet.assessment.id, self.draft.sheet.revision
        self.run(lambda: self.desk.services.assessment.sign(key, seen), self._signed, self._not_signed, "sign")

    def _signed(self, sheet: AssessmentSheet) -> None:
        self._take(sheet)
        self.desk.assessments.forget(sheet.assessment.id)
        self.desk.notices.say("Signed. Everyone can rely on it now.")
        self.bar.plan.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_signed(self, error: Exception) -> bool:
        self.bar.back()
        if isinstance(error, BadValues):
            self.conversation.go_to_question(error.problems[0].field)
        elif isinstance(error, Conflict) and isinstance(error.current, AssessmentSheet):
            self._take(error.current)
        return False  # the sentence is still to be said

    def correct(self, reason: str) -> None:
        """A3: a new version to change and sign."""
        if self.draft is not None:
            key, correct = self.draft.sheet.assessment.id, self.desk.services.assessment.correct
            self.run(lambda: correct(key, reason), self._correction_begun, latest="correct")

    def _correction_begun(self, sheet: AssessmentSheet) -> None:
        self.desk.go.to("assessment", sheet.assessment.id)

    def to_plan(self) -> None:
        if self.draft is not None and self.draft.signed:
            self.desk.go.to("plan", PlanFrom(self.draft.sheet.assessment.id))

    def to_newer(self) -> None:
        if self.draft is not None and self.draft.sheet.assessment.corrected_by is not None:
            self.desk.go.to("assessment", self.draft.sheet.assessment.corrected_by)

    # the page

    def activated(self) -> None:
        if self.chooser.isVisible():
            self.chooser.take_focus()
        else:
            self.conversation.take_focus()

    def may_leave(self) -> bool:
        """Whatever is typed is saved; without a connection it is kept on this computer, and goes by itself later."""
        if self.answering is not None:
            self.answering.flush()
        return True

    def _speaks(self, told: Told) -> None:
        if self.answering is not None:
            self.answering.told = told

    def show_history(self) -> None:
        """How do we know this? Of the question that has the cursor."""
        row = self.conversation.focused_question()
        if row is not None and self.answering is not None and not self.conversation.hide_history(row):
            key, changes = self.answering.key, self.desk.services.away.changes
            question = row.question
            self.run(
                lambda: changes(key, question.id),
                lambda steps: self.conversation.show_history(question.id, steps),
                self.away.no_history, latest="history",
            )  # fmt: skip

    def say_whose(self) -> None:
        """The answer with the cursor is in the words of whoever is speaking."""
        row = self.conversation.focused_question()
        if row is not None and self.answering is not None:
            self.answering.say_whose(row.question.id)

    def commands(self) -> list[Command]:
        return [*assessment_commands(self), *self.relied_on.commands()]
