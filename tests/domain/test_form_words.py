"""Every fault that the checker can find has words, and every word's facts are given."""

from __future__ import annotations

import re
from pathlib import Path

import coordination.assessment
from ui.assessment.messages import FAULTS

FLOOR = Path(coordination.assessment.__file__).parent


def test_every_fault_has_words_with_facts_that_are_there() -> None:
    files = ("forms.py", "form_reader.py", "form_rules.py")
    source = "".join((FLOOR / name).read_text(encoding="utf-8") for name in files)
    found = set(re.findall(r'add\((?:[^()]|\([^()]*\))*?"([a-z]+(?:_[a-z]+)+)"', source))
    found |= set(re.findall(r'"(version_[a-z_]+)"', source))
    assert {"score_out_of_wrong", "change_from_unlike", "branch_malformed"} <= found
    assert found - set(FAULTS) == set()


def test_every_reason_of_a_bad_external_score_has_words() -> None:
    source = (FLOOR / "external.py").read_text(encoding="utf-8")
    reasons = set(re.findall(r'BadValue\(field, "([a-z_]+)"', source))
    from coordination.errors import BadValue
    from ui.sentences import sentence

    for reason in reasons:
        words = sentence(BadValue("q", reason))
        assert words and reason not in words
