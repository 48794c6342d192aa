"""Odd mails that broken programs send: each is taken in, with its words, and nothing unforeseen happens."""

from __future__ import annotations

import pytest

from coordination.messages.reading import read_message
from tests.domain.messages_support import TODAY, codes

WORDS = "Mrs Okafor of 12 Nelson Street fell again."


@pytest.mark.parametrize(
    "content_type",
    [
        'text/p\x1eain; charset="idna"',  # a separator that Python takes for the end of a line
        'text/plain; charset="undefined"',
        'text/plain;\x85 charset="unicode_escape"',
        'text/\x1chtml; charset="no-such"',
    ],
)
def test_a_content_type_that_cannot_be_written_again_still_gives_its_words(content_type: str) -> None:
    head = f"From: Ann <ann@b.example>\r\nSubject: Fell\r\nContent-Type: {content_type}\r\n\r\n"
    message = read_message("a.eml", (head + WORDS).encode("latin-1"), today=TODAY)
    assert "unforeseen" not in codes(message), message.findings
    assert message.taken_in
