"""What a referral for an apartment is for and what is needed, asked in a form: each reason asks its own questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from coordination.apartments.referrals_model import RequestDraft, Waiting
from coordination.apartments.referrals_rules import in_force
from coordination.apartments.schemes_model import Scheme
from coordination.reference import standing
from ui.apartments import request_words
from ui.apartments.scheme_messages import CARE_NEEDS
from ui.apartments.ticks import Ticks
from ui.widgets.basics import Choice, TextArea
from ui.widgets.dates import DateEdit
from ui.widgets.fields import Form

FEATURES = (("step_free", "Step-free"), ("hoist", "Hoist"), ("pets", "Brings a pet"))
ROOMS = ((0, "Any"), (1, "One"), (2, "Two"), (3, "Three"))
LOCALITIES = ("north", "central", "south")


class RequestForm(Form):
    """Filled with what is recorded; where nothing is, with what the words of the referral name."""

    def __init__(self, waiting: Waiting, schemes: Sequence[Scheme]) -> None:
        super().__init__()
        self._waiting = waiting
        known = standing.read()
        self._asks = {each.code: each.asks for each in in_force(known)}
        reason = Choice([(each.code, each.words) for each in in_force(known)], prompt="Choose")
        self.add("reason", "What is it for?", reason, required=True)
        for question in known.apartment_questions:
            editor = DateEdit() if question.kind == "date" else TextArea(2)
            self.add(question.code, question.words, editor, required=True)
        self.add("features", "The apartment", Ticks(FEATURES))
        self.add("bedrooms", "Bedrooms", Choice(ROOMS))
        places = [("", "Anywhere"), *((code, code.capitalize()) for code in LOCALITIES)]
        places += [(str(scheme.id), scheme.name) for scheme in schemes]
        self.add("wanted", "Where they wish to be", Choice(places))
        self.add("needs", "What they need of the scheme", Ticks(list(CARE_NEEDS.items()), 1))
        self._fill()
        reason.chosen.connect(lambda _code: self._show_questions())
        self._show_questions()

    def _fill(self) -> None:
        request = self._waiting.request
        if request is None:
            named = request_words.named_in(self._waiting.need)
            self.set_values(
                {
                    "features": {code for code, _words in FEATURES if named[code]},
                    "bedrooms": 2 if named["bedrooms"] else 0,
                    "wanted": self._waiting.locality or "",
                }
            )
            return
        self.set_values(
            {
                "reason": request.reason,
                "features": {code for code, _words in FEATURES if getattr(request, code)},
                "bedrooms": request.bedrooms,
                "wanted": str(request.wanted_scheme or request.wanted_locality or ""),
                "needs": request.needs,
            }
        )
        for code, words in request.answers.items():
            if code in self.fields:
                dated = isinstance(self.field(code).editor, DateEdit)
                self.field(code).set_value(date.fromisoformat(words) if dated else words)

    def _show_questions(self) -> None:
        asked = self._asks.get(str(self.value("reason") or ""), ())
        for question in standing.read().apartment_questions:
            self.field(question.code).setVisible(question.code in asked)

    def draft(self) -> RequestDraft:
        """As it is typed. Raises BadValues for a day that is none."""
        values = self.values()
        reason = str(values["reason"] or "")
        wanted = str(values["wanted"] or "")
        answers = {}
        for code in self._asks.get(reason, ()):
            value = values[code]
            answers[code] = value.isoformat() if isinstance(value, date) else str(value or "")
        features: frozenset[str] = values["features"]
        return RequestDraft(
            self._waiting.referral_id, reason, "step_free" in features, "hoist" in features, "pets" in features,
            int(values["bedrooms"] or 0), wanted if wanted in LOCALITIES else None,
            int(wanted) if wanted.isdecimal() else None, values["needs"], answers,
        )  # fmt: skip
