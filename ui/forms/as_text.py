"""A whole form as plain text, to be read through or sent to somebody for comment."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill

from coordination.assessment import external
from coordination.assessment.conditions import AllOf, Answered, AnyOf, Condition, CountOf, OneOf
from coordination.assessment.model import Form, Question, Score
from ui import wording

_WIDTH = 100
_TYPES = {
    "text": "a line of words", "long_text": "words", "choice": "one of these", "choices": "as many of these as hold",
    "yes_no": "yes or no", "number": "a number", "date": "a date", "score": "one of these, with points",
    "external_score": "the score of a tool: tool, version, score, date, who",
}  # fmt: skip


def as_text(form: Form) -> str:
    """Title, sections, questions with their options and branches, and what is scored."""
    return "\n".join(_lines(form)) + "\n"


def _lines(form: Form) -> Iterator[str]:
    yield f"{form.title}, version {form.version}  ({form.id})"
    yield "=" * min(_WIDTH, len(form.title) + 20)
    for words in (form.intro, form.credit):
        if words:
            yield from _wrapped(words)
    if form.after:
        yield f"Signed only after: {', '.join(form.after)}"
    for section in form.sections:
        yield ""
        yield f"{section.title}  [{section.kind}]"
        yield "-" * min(_WIDTH, len(section.title) + 12)
        yield from _when(form, section.when)
        yield from _wrapped(section.help)
        for question in section.questions:
            yield from _question(form, question)
    for score in form.scores:
        yield from _score(score)


def _question(form: Form, question: Question) -> Iterator[str]:
    yield ""
    yield f"  {question.text}" + ("  *" if question.required else "")
    yield from _when(form, question.when)
    yield from _wrapped(question.help)
    kind = _TYPES[question.type]
    yield f"    ({kind}{', ' + question.unit if question.unit else ''})"
    for option in question.options:
        points = "" if option.points is None else f"{option.points:>3}  "
        action = f"   -> {option.action}" if option.action else ""
        yield f"    [ ] {points}{option.label}{action}"
    for tool in question.tools:
        yield f"    [ ] {external.tools()[tool].name}"


def _score(score: Score) -> Iterator[str]:
    yield ""
    of = "goal attainment, T" if score.kind == "gas" else f"sum, out of {score.out_of}"
    yield f"Score: {score.title} ({of}; {wording.count(len(score.questions), 'question')})"
    for part in score.ranges:
        yield f"    {part.low} to {part.high}: {part.label}"
    if score.change_from:
        yield f"    shown beside that of the last signed {score.change_from}"


def _when(form: Form, condition: Condition | None) -> Iterator[str]:
    if condition is not None:
        yield from _wrapped(f"If {_condition(form, condition)}.")


def _condition(form: Form, condition: Condition) -> str:
    match condition:
        case OneOf(key, values):
            question = form.question(key)
            asked = key if question is None else question.text
            return f"“{asked}” is {' or '.join(_value(question, v) for v in values)}"
        case Answered(key, given):
            question = form.question(key)
            return f"“{key if question is None else question.text}” has {'an' if given else 'no'} answer"
        case AnyOf(parts):
            return "any of: " + "; ".join(_condition(form, p) for p in parts)
        case AllOf(parts):
            return "all of: " + "; ".join(_condition(form, p) for p in parts)
        case CountOf(parts, least, most):
            how = f"at least {least}" if most is None else f"at most {most}"
            return f"{how} of: " + "; ".join(_condition(form, p) for p in parts)


def _value(question: Question | None, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    option = question.option(value) if question is not None and isinstance(value, str) else None
    return str(value) if option is None else f"“{option.label}”"


def _wrapped(words: str) -> Iterator[str]:
    for part in filter(None, words.split("\n\n")):
        yield from fill(part, _WIDTH, initial_indent="    ", subsequent_indent="    ").splitlines()
