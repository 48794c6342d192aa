"""Mails as the world sends them: answers of machines, reports, circulars, sealed mails, letters in any disorder."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.messages.model import Kind, Severity
from tests.domain.messages_support import codes, read

HEAD = "From: Sylvia <s@example.org>\nSubject: {subject}\nMessage-ID: <1@example.org>\n{more}\n"


def mail(words: str = "She fell.", subject: str = "My mother", **headers: str):
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return read(HEAD.format(subject=subject, more=more) + f"{words}\n", "a.eml")


REPORT = """From: MAILER-DAEMON@mx.example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary=B

--B
Content-Type: text/plain

This is the mail system.
--B
Content-Type: message/{part}

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; gone@example.org
Action: {action}
Status: 5.1.1
--B
Content-Type: message/rfc822

From: centre@example.org
Subject: Your referral of 943 476 5919

Born 14-Jul-1945.
--B--
"""


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "AUTO-REPLIED; owner-email=x@example.org"},
        {"Auto_Submitted": "auto-generated", "subject": "Automatic reply: referral"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
    ],
    ids=str,
)
def test_answers_of_machines_are_no_contacts(headers) -> None:
    message = mail("I am on leave until Monday.", **headers)
    assert message.kind is Kind.EMAIL_AUTOMATIC and not message.taken_in
    assert [f.code for f in message.reasons] == ["mail_automatic_answer"] and not message.kind.needs_somebody


@pytest.mark.parametrize("headers", [{"Auto_Submitted": "auto-generated"}, {"Auto_Submitted": "no"}, {}], ids=str)
def test_what_a_system_sends_of_itself_is_taken_in(headers) -> None:
    assert mail(**headers).kind is Kind.EMAIL and mail(**headers).taken_in


@pytest.mark.parametrize("words", ["NHS number 943 476 5919", "born 14-Jul-1945", "a safeguarding concern"])
def test_an_answer_that_is_about_somebody_is_taken_in_all_the_same(words: str) -> None:
    message = mail(words, Auto_Submitted="auto-replied")
    assert message.kind is Kind.EMAIL and message.taken_in and "mail_automatic_about_somebody" in codes(message)


def test_a_circular_needs_somebody_because_a_group_writes_the_same_headers() -> None:
    for headers in ({"List_Id": "News <news.example.org>"}, {"Precedence": "bulk"}):
        message = mail("Our newsletter", **headers)
        assert message.kind is Kind.EMAIL_LIST and not message.taken_in and message.kind.needs_somebody


def test_a_mail_that_did_not_arrive() -> None:
    failed = read(REPORT.format(kind="delivery-status", part="delivery-status", action="failed"), "a.eml")
    assert failed.kind is Kind.EMAIL_FAILURE and failed.kind.needs_somebody and "mail_not_delivered" in codes(failed)
    late = read(REPORT.format(kind="delivery-status", part="delivery-status", action="delayed"), "a.eml")
    assert late.kind is Kind.EMAIL_AUTOMATIC
    seen = read(
        REPORT.replace("943 476 5919", "Monday")
        .replace("14-Jul-1945", "there")
        .format(kind="disposition-notification", part="disposition-notification", action="displayed"),
        "a.eml",
    )
    assert seen.kind is Kind.EMAIL_AUTOMATIC


def test_a_bounce_without_a_report() -> None:
    old = read("Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nSubject: failure notice\n\nSorry.\n", "a.eml")
    assert old.kind is Kind.EMAIL_FAILURE


def built(**parts: bytes) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = "s@example.org", "My mother", "<1@x>"
    message.set_content("See attached.")
    return message


def test_forwarded_as_an_attachment_brings_its_words() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "gp@example.org", "Falls twice a week"
    inner.set_content("Cannot manage the stairs.")
    outer = built()
    outer.add_attachment(inner)
    message = read(outer.as_bytes(), "a.eml")
    assert message.taken_in and "Cannot manage the stairs." in message.need and "Falls twice a week" in message.need
    assert message.need.startswith("My mother\n\nSee attached.")
    assert {"mail_words_from_forwarded", "attachment_may_be_message"} <= codes(message)


def test_winmail_invitation_and_seals_are_said() -> None:
    packed = built()
    packed.add_attachment(b"\x78\x9f\x3e\x22", maintype="application", subtype="ms-tnef", filename="winmail.dat")
    assert "mail_winmail" in codes(read(packed.as_bytes(), "a.eml"))
    invited = built()
    invited.add_attachment(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", maintype="text", subtype="calendar", filename="i.ics")
    assert "mail_invitation" in codes(read(invited.as_bytes(), "a.eml"))
    sealed = read(
        "From: a@b.example\nSubject: Sealed\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n"
        "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n\nMIIB\n",
        "a.eml",
    )
    assert sealed.taken_in and "mail_encrypted" in codes(sealed) and len(sealed.attachments) == 1
    signed = read(
        "From: a@b.example\nSubject: Signed\nMIME-Version: 1.0\nContent-Type: multipart/signed; boundary=S\n\n--S\n"
        "Content-Type: text/plain\n\nShe fell.\n--S\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\n"
        "MII\n--S--\n",
        "a.eml",
    )
    assert "She fell." in signed.need and "mail_signed" in codes(signed)


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("iso-8859-1", "Zoë’s “mother”".encode("cp1252")),
        ("ks_c_5601-1987", "어머니".encode("cp949")),
        ("unicode-1-1-utf-8", "Łukasz".encode()),
        ("iso-8859-8-i", "אמא".encode("iso-8859-8")),
        ("x-sjis", "母".encode("cp932")),
    ],
)
def test_names_of_charsets_that_only_senders_know(charset: str, words: bytes) -> None:
    head = f"From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset={charset}\n"
    message = read(head.encode() + b"Content-Transfer-Encoding: 8bit\n\n" + words + b"\n", "a.eml")
    assert "mail_charset_wrong" not in codes(message) and "�" not in message.need


@pytest.mark.parametrize("charset", ["idna", "punycode", "unicode_escape", "no-such"])
def test_charsets_that_are_none(charset: str) -> None:
    head = f"From: a@b.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset={charset}\n\n"
    message = read(head.encode() + "Zoë".encode(), "a.eml")
    assert "Zoë" in message.need and "mail_charset_wrong" in codes(message)


def test_a_thread_is_known_by_all_that_went_before() -> None:
    first, reply = mail(), mail(In_Reply_To="<other@x>", References="<0@x>\n <1@example.org>\n <other@x>")
    assert first.known_as[0] in reply.concerns


_WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=30)
_NAMES = st.sampled_from(
    ["Auto-Submitted", "List-Id", "Precedence", "Return-Path", "From", "Subject", "Content-Type", "References",
     "In-Reply-To", "X-Autoreply", "Content-Transfer-Encoding", "Date", "Reply-To"]
)  # fmt: skip
_VALUES = _WORDS | st.sampled_from(
    ["auto-replied", "multipart/report; report-type=delivery-status; boundary=B", "message/rfc822", "bulk", "<>",
     "text/plain; charset=punycode", "text/html; charset*=x'", "base64", "multipart/signed; boundary=B",
     "MAILER-DAEMON"]
)  # fmt: skip
_BODIES = st.lists(
    _WORDS | st.just("--B") | st.just("--B--") | st.builds("{}: {}".format, _NAMES, _VALUES), max_size=20
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(_NAMES, _VALUES), max_size=10), _BODIES)
def test_any_mail_is_taken_in_or_says_why(headers, lines) -> None:
    head = "".join(f"{name}: {value}\n" for name, value in headers)
    message = read(f"Received: by x\n{head}\n" + "\n".join(lines), "a.eml")
    assert "unforeseen" not in codes(message)
    assert message.taken_in == (not [f for f in message.findings if f.severity is Severity.FATAL])
    if message.kind in (Kind.EMAIL_AUTOMATIC, Kind.EMAIL_FAILURE, Kind.EMAIL_LIST):
        assert not message.taken_in
