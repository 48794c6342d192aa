"""Clients and the server are killed while an assessment is typed and sent: no answer is lost, none is there twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from coordination.training.users import TRAINING_USERS, training_password
from tests.db.embedded_kit import kill_server
from tests.made_once import Copies
from ui import root

ROOT = Path(__file__).resolve().parents[2]
USER = next(u.user_name for u in TRAINING_USERS if u.role == "trusted_assessor")

# An assessor's desk without a window: types answer after answer into this computer's store, and sends what it has. It
# says "kept" when an answer is on the disk; a later one begins by sending what the one before has left.
_DESK = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from coordination.assessment.away import Given, signed_of
from coordination.assessment.rules import asked_questions
from coordination.errors import DatabaseAway
from coordination.local import assessments as local
from coordination.local.assessments import ANSWER, SIGNATURE, Arrived, NotNow, Signature
from coordination.local.model import Put
from coordination.training.users import training_password
from coordination.values import AssessmentId
from db.local import EncryptedStore, place_of
from db.local.wraps import Cost
from ui import root

folder, user, key, most = Path(sys.argv[1]), sys.argv[2], AssessmentId(UUID(sys.argv[3])), int(sys.argv[4])
now = lambda: datetime.now(UTC)

def opened():
    for _ in range(20):
        try:
            centre = root.open_embedded(folder)
            return centre, centre.sign_in(user, training_password(user))
        except DatabaseAway:
            pass
    raise SystemExit("the database does not come back")

centre, session = opened()
store = EncryptedStore(place_of(folder, centre.identity, user), training_password(user), None, Cost(n=16))
away = session.services.away

def kept():
    return local.read(store.entries()).get(key) or local.Kept(key, now())

def send():
    while True:
        mine = kept()
        outcome = local.send(mine, away.bring_back)
        if isinstance(outcome, NotNow):
            continue
        assert isinstance(outcome, Arrived), outcome
        assert not outcome.returned.differing, [(q, a) for q, a in outcome.returned.differing.items()]
        store.write(local.after(mine, outcome, "x", now()))
        return outcome.returned

sheet = send().sheet
print("begun", len(sheet.answers), flush=True)
if sheet.assessment.state == "signed":
    print("signed already", flush=True)
    raise SystemExit
revisions = {q: a.revision for q, a in sheet.answers.items()}
for number in range(most):
    question = ("what_matters", "good_day", "do_well")[number % 3]
    before = kept().answers.get(question)
    seen = revisions.get(question, 0) if before is None else before.seen
    words = f"{question} {now().isoformat()}"
    given = Given(question, words, seen, now())
    store.write([Put(local.entry(ANSWER, local.answer_key(key, question), given, "x", now()))])
    print("kept", question, words, flush=True)
    if number % 2:
        revisions = {q: a.revision for q, a in send().sheet.answers.items()}
        print("sent", flush=True)
sheet = send().sheet
for question in asked_questions(sheet.form, sheet.values):
    known = sheet.answers.get(question.id)
    if question.required and known is not None and known.source == "carried_in":
        given = Given(question.id, known.value, known.revision, now(), confirmed=True, saw=known.value)
        store.write([Put(local.entry(ANSWER, local.answer_key(key, question.id), given, "x", now()))])
    elif question.required and (known is None or known.value is None):
        value = {"choice": lambda: question.options[-1].value, "choices": lambda: (question.options[0].value,),
                 "yes_no": lambda: True, "number": lambda: 1}.get(question.type, lambda: "words")()
        given = Given(question.id, value, 0, now())
        store.write([Put(local.entry(ANSWER, local.answer_key(key, question.id), given, "x", now()))])
mine = kept()
signed = Signature(key, signed_of(sheet, mine.answers.values(), now()))
store.write([Put(local.entry(SIGNATURE, str(key), signed, "x", now()))])
print("signature kept", flush=True)
done = send()
print("signed" if done.is_signed else f"not signed {done.in_the_way} {done.missing} {done.changed}", flush=True)
store.close()
session.close()
centre.close()
"""


class Desk:
    """One such process."""

    def __init__(self, folder: Path, key: str, most: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _DESK, str(folder), USER, key, str(most)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def hear(self) -> str | None:
        """The next thing that it says; None when it has ended."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        return line.strip() if line.endswith("\n") else None  # cut off by the kill: that was not said

    def until(self, word: str) -> list[str]:
        heard: list[str] = []
        while (said := self.hear()) is not None:
            heard.append(said)
            if said.startswith(word):
                break
        return heard

    def rest(self) -> list[str]:
        heard = self.until("\0")
        self.process.wait(60)
        assert self.process.stdout
        self.process.stdout.close()
        return heard

    def kill(self) -> list[str]:
        self.process.send_signal(signal.SIGKILL)
        return self.rest()


@pytest.fixture
def folder(tmp_path: Path, small_city: Copies) -> Path:
    return small_city(tmp_path / "data")


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_no_answer_is_lost_whatever_is_killed_and_it_is_signed_once(folder: Path) -> None:
    centre = root.open_embedded(folder)
    try:
        session = centre.sign_in(USER, training_password(USER))
        person = next(row.id for row in session.services.people.find("a", 50))
        key = str(session.services.assessment.start(person, "strengths-conversation").assessment.id)
        session.close()
        last: dict[str, str] = {}

        def note(heard: list[str]) -> None:
            for said in heard:
                word, _, rest = said.partition(" ")
                if word == "kept":
                    question, _, words = rest.partition(" ")
                    last[question] = words

        for number in range(3):  # killed between typing and sending, and while sending; once with the server
            desk = Desk(folder, key, 10_000)
            note(desk.until("sent" if number % 2 else "kept"))
            note([said for _ in range(number * 2) if (said := desk.hear()) is not None])
            if number == 1:
                kill_server(folder)
                note([said for _ in range(2) if (said := desk.hear()) is not None])
            note(desk.kill())
        signing = Desk(folder, key, 0)
        heard = signing.until("signature kept")
        assert heard[-1] == "signature kept", heard
        signing.kill()
        heard = Desk(folder, key, 0).rest()
        assert heard[-1] in ("signed", "signed already"), heard
        _is_whole(centre, key, last)
    finally:
        centre.close()


def _is_whole(centre: root.Centre, key: str, last: dict[str, str]) -> None:
    from db.setup import owner_engine

    engine = owner_engine(centre.where(root.OWNER), centre.owner_password())
    with engine.begin() as connection:
        state = connection.execute(text("select state from assessment where id = :k"), {"k": key}).scalar_one()
        found = connection.execute(text("select question, value from answer where assessment_id = :k"), {"k": key})
        answers = {row.question: row.value for row in found}
        steps = connection.execute(
            text(
                "select question, count(*) as n, max(revision) as revision from answer_change"
                " where assessment_id = :k group by question"
            ),
            {"k": key},
        ).all()
    engine.dispose()
    assert state == "signed" and len(last) >= 2
    for question, words in last.items():
        # What was kept on the disk and not said before the kill may stand instead: it was typed later.
        assert str(answers[question]) >= words, (question, answers[question], words)
    assert all(row.n == row.revision for row in steps), "a step for each change, and none twice"
