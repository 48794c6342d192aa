"""What changes a form on the shelf: keep, publish, withdraw, put live again, throw away; each with its way back."""

from __future__ import annotations

from collections.abc import Callable

from coordination.assessment.form_library import Looked, ShelvedForm
from coordination.assessment.form_service import Forms
from ui.page import OnDesk

Undo = Callable[[], object] | None


class FormDeeds:
    """``done`` is told the form as it stands now, and the words for it; ``refused`` the error."""

    def __init__(
        self,
        page: OnDesk,
        done: Callable[[ShelvedForm, str, Undo], object],
        refused: Callable[[Exception], bool],
    ) -> None:
        self._page, self._done, self._refused = page, done, refused

    @property
    def _forms(self) -> Forms:
        return self._page.desk.services.forms

    def keep(self, looked: Looked, kept: Callable[[ShelvedForm], object]) -> None:
        """As a draft, over an earlier draft of the same version."""
        forms, seen = self._forms, looked.standing.revision if looked.standing is not None else 0
        self._page.run(lambda: forms.keep_draft(looked.text, looked.file, seen), kept, self._refused, "change")

    def publish(self, form: ShelvedForm) -> None:
        """Live from now on. It can be withdrawn, but what is published never changes."""

        def undo(live: ShelvedForm) -> None:
            self._do(lambda: self._forms.withdraw(live.key, "Published too early", live.revision), "is withdrawn.")

        self._do(
            lambda: self._forms.publish(form.key, form.revision), "is live. Assessments begin with it.", undo
        )  # fmt: skip

    def withdraw(self, form: ShelvedForm, reason: str) -> None:
        """No assessment begins with it any more."""
        self._do(
            lambda: self._forms.withdraw(form.key, reason, form.revision),
            "is withdrawn. Assessments that were begun with it keep it.",
            self.restore,
        )

    def restore(self, form: ShelvedForm) -> None:
        """Takes a withdrawal back."""
        self._do(lambda: self._forms.restore(form.key, form.revision), "is live again.")

    def discard(self, form: ShelvedForm) -> None:
        """Throws a draft away; it comes back from the words that it was read in from."""
        forms, file = self._forms, f"{form.key.id}.toml"

        def undo() -> None:
            self._do(lambda: forms.keep_draft(form.source, file), "is a draft again.")

        def gone(_none: object) -> None:
            self._page.refresh()
            words = f"The draft of {form.title}, version {form.key.version}, is thrown away."
            self._page.desk.notices.say(words, undo=undo if form.source else None)

        self._page.run(lambda: forms.discard(form.key, form.revision), gone, self._refused, "change")

    def _do(
        self, call: Callable[[], ShelvedForm], words: str, undo: Callable[[ShelvedForm], object] | None = None
    ) -> None:
        def done(form: ShelvedForm) -> None:
            self._done(form, words, None if undo is None else lambda: undo(form))

        self._page.run(call, done, self._refused, "change")
