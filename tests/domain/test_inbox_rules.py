"""What a source must be, and when to try again."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.errors import BadValues
from coordination.messages.inbox import DEFAULT_FOLDER, SourceDraft
from coordination.messages.inbox_imap import WINDOW, _windows
from coordination.messages.inbox_rules import FIRST_WAIT, LONGEST_WAIT, check_source, wait_after
from ui.messages.inbox_messages import SENTENCES
from ui.sentences import sentence


def problems(draft: SourceDraft) -> set[str]:
    with pytest.raises(BadValues) as told:
        check_source(draft)
    return {f"{p.field}.{p.reason}" for p in told.value.problems}


def mailbox(**changes) -> SourceDraft:
    fields = {"kind": "imap", "name": "Mail", "host": "mail.example.org", "user_name": "x", **changes}
    return SourceDraft(**fields)


def test_a_mailbox_is_tidied() -> None:
    checked = check_source(mailbox(name="  Mail ", host=" mail.example.org ", plain_reason="left over"))
    assert (checked.name, checked.host, checked.folder) == ("Mail", "mail.example.org", "INBOX")
    assert (checked.security, checked.port, checked.plain_reason) == ("tls", 993, "")
    assert check_source(mailbox(security="starttls")).port == 143


def test_a_folder_has_nothing_of_a_mailbox() -> None:
    assert check_source(SourceDraft(name="x", folder="/srv/post", host="h", user_name="u")).host == ""
    for folder in ("/srv/post", "C:\\post", "\\\\server\\share\\post", DEFAULT_FOLDER):
        assert check_source(SourceDraft(name="x", folder=folder)).folder == folder
    assert problems(SourceDraft(name="x", folder="post")) == {"folder.not_a_whole_path"}


def test_a_password_in_clear_only_here_or_with_a_reason() -> None:
    for host in ("localhost", "127.0.0.1", "::1"):
        assert check_source(mailbox(host=host, security="plain")).plain_reason == ""
    assert problems(mailbox(security="plain")) == {"plain_reason.too_short"}
    assert problems(mailbox(security="plain", host="127.0.0.1.example.org")) == {"plain_reason.too_short"}
    assert check_source(mailbox(security="plain", plain_reason="A line of our own")).port == 143


@pytest.mark.parametrize("host", ["a b", "http://mail", "user@mail", "mail/", "", "-x-", "a\nb"])
def test_what_is_no_host(host: str) -> None:
    assert any(problem.startswith("host.") for problem in problems(mailbox(host=host)))


def test_all_that_is_wrong_is_said_at_once_and_in_words() -> None:
    draft = SourceDraft("imap", every=timedelta(seconds=1))
    assert {"name.required", "host.required", "user_name.required", "every.out_of_range"} <= problems(draft)
    with pytest.raises(BadValues) as told:
        check_source(draft)
    assert all(sentence(problem) for problem in told.value.problems)


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_waiting_grows_and_ends_somewhere(failures: int, chance: float) -> None:
    wait = wait_after(failures, chance)
    assert FIRST_WAIT * 0.6 <= wait <= LONGEST_WAIT * 1.4
    assert wait_after(failures + 1, chance) >= wait


_TEXT = st.text(max_size=40)


@given(
    st.builds(
        SourceDraft, st.sampled_from(["folder", "imap"]), _TEXT, _TEXT, _TEXT, st.none() | st.integers(), _TEXT,
        st.sampled_from([None, "tls", "starttls", "plain"]), _TEXT,
    )
)  # fmt: skip
def test_whatever_is_typed_is_a_source_or_says_why(draft: SourceDraft) -> None:
    try:
        checked = check_source(draft)
    except BadValues as error:
        assert error.problems
        return
    assert check_source(checked) == checked
    assert checked.kind == "folder" or (checked.port and checked.host and checked.user_name)


@given(st.integers(0, 3 * WINDOW + 5))
def test_windows_cover_a_mailbox_once(exists: int) -> None:
    windows = _windows(exists)
    if exists <= WINDOW:
        assert windows == ([[]] if exists else [])
        return
    ends = [tuple(map(int, window[0].split(":"))) for window in windows]
    assert ends[0][0] == 1 and ends[-1][1] == exists
    assert all(before[1] + 1 == after[0] for before, after in itertools.pairwise(ends))


def test_every_trouble_of_a_place_has_a_sentence() -> None:
    import ast
    from pathlib import Path

    from coordination.messages import inbox_folder, inbox_imap, inbox_reader, mail_nature

    codes = set()
    for module in (inbox_folder, inbox_imap, inbox_reader, mail_nature):
        for node in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                word = node.value
                if word.startswith(("mailbox_", "folder_", "file_", "inbox_", "mail_")) and word.isidentifier():
                    codes.add(word)
    from ui.sentences import sentences

    codes -= {"inbox_source", "mail_nature"}
    assert len(codes) > 25 and sorted(c for c in codes if f"finding.{c}" not in sentences()) == []
    assert SENTENCES
