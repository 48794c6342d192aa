"""E-mail as it comes: parts, words, files, headers that are missing or wrong."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coordination.messages import mail
from coordination.messages.html_text import html_to_text
from coordination.messages.model import Kind, Severity
from tests.domain.messages_support import codes, finding, read
from tests.domain.test_messages_hostile import assert_keepable

PLAIN = """From: Sylvia O'Brien <sylvia@example.org>
To: referrals@example.org
Subject: =?utf-8?B?TXVtIOKAkyBmYWxsZW4=?=
Date: Sun, 22 Nov 2026 09:30:00 +0000
Message-ID: <abc@example.org>
Content-Type: text/plain; charset=utf-8

My mother Emmeline fell. NHS 943 476 5919, born 14 July 1945, M13 9WP.
Ring me on 0161 496 0101. Order number 1234567890.
"""


def eml(text: str, name: str = "mail.eml"):
    return read(text.replace("\n", "\r\n"), name)


def test_plain_mail():
    message = eml(PLAIN)
    assert (message.kind, message.taken_in, message.channel) == (Kind.EMAIL, True, "email")
    assert (message.sender.name, message.sender.email) == ("Sylvia O'Brien", "sylvia@example.org")
    assert message.sender.organisation == "example.org"
    assert message.need.startswith("Mum – fallen\n\nMy mother Emmeline fell.")
    assert message.sent_at == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert message.message_key.startswith("mail:")
    assert not message.findings


def test_facts_in_the_text_are_suggestions_and_never_identity():
    message = eml(PLAIN)
    assert message.person is None
    found = {(s.kind, s.value) for s in message.suggestions}
    assert found == {
        ("nhs_number", "943 476 5919"),
        ("birth_date", "1945-07-14"),
        ("postcode", "M13 9WP"),
        ("phone", "0161 496 0101"),
    }
    nhs = next(s for s in message.suggestions if s.kind == "nhs_number")
    assert message.need[nhs.start : nhs.end] == "943 476 5919"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("DOB: 14/07/1945", "1945-07-14"),
        ("d.o.b. 14.07.1945", "1945-07-14"),
        ("born on 14th July 1945", "1945-07-14"),
        ("Date of birth 1945-07-14", "1945-07-14"),
        ("DOB 31/02/1945", None),
        ("DOB 14/07/2045", None),
        ("seen 14/07/1945", None),
    ],
)
def test_date_of_birth_only_where_it_says_so(text, value):
    message = eml(PLAIN.replace("born 14 July 1945", text))
    assert [s.value for s in message.suggestions if s.kind == "birth_date"] == ([value] if value else [])


def test_same_mail_by_another_relay_says_the_same():
    one, other = eml(PLAIN), eml("Received: from relay.example\n" + PLAIN)
    assert one.sha256 != other.sha256
    assert (one.message_key, one.content_key) == (other.message_key, other.content_key)


def test_no_sender_no_date_no_id():
    message = eml("Subject: Help\n\nPlease ring.\n")
    assert message.taken_in and message.message_key is None and message.sent_at is None
    assert finding(message, "mail_without_sender").path == "From"
    assert "mail_without_date" in codes(message)


def test_sender_elsewhere():
    message = eml("Sender: ward@nhs.example\nSubject: x\n\nBed 4\n")
    assert message.sender.email == "ward@nhs.example"
    assert finding(message, "mail_without_sender").fact("used") == "Sender"


def test_impossible_date():
    assert "time_impossible" in codes(eml("From: a@b.example\nDate: 31 Feb 2026 99:99\nSubject: x\n\nhello"))


HTML = """From: a@b.example
Subject: Visit
Content-Type: text/html; charset=utf-8

<html><head><style>p {color:red}</style><script>steal()</script></head>
<body><p>She needs a <b>rail</b>.</p><p>Ring&nbsp;us<br>today</p><img src="http://track.example/x.gif">
<a href="javascript:alert(1)">here</a></body></html>
"""


def test_html_only():
    message = eml(HTML)
    assert message.need == "Visit\n\nShe needs a rail.\n\nRing us\ntoday\nhere"
    assert finding(message, "mail_only_html").severity is Severity.INFO


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<style>never closed", "never closed"),
        ("a < b and c > d", "a < b and c > d"),
        ("<![if broken", ""),
        ("a<!-- hidden -->b<!-- never closed", "ab never closed"),
        ("<SCRIPT>x</Script >y", "y"),
        ("<a href='https://a.example/?x=1'>the words</a>", "the words"),
        ("&lt;b&gt; &#128512; &nosuch;", "<b> 😀 &nosuch;"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
    ],
)
def test_odd_pages(page, text):
    assert html_to_text(page).strip() == text or text == ""


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>!-[]/abp&;#= \"'\n", max_size=120))
def test_any_page(page):
    assert isinstance(html_to_text(page), str)


MULTI = f"""From: Ward 4 <ward4@nhs.example>
Subject: Discharge
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=XX

--XX
Content-Type: multipart/alternative; boundary=YY

--YY
Content-Type: text/plain

Plain words
--YY
Content-Type: text/html

<p>Page words</p>
--YY--
--XX
Content-Type: application/pdf; name="../../evil letter.pdf"
Content-Disposition: attachment; filename="../../evil letter.pdf"
Content-Transfer-Encoding: base64

{base64.b64encode(b"%PDF-1.7 hello").decode()}
--XX
Content-Type: text/plain
Content-Disposition: attachment; filename*=utf-8''r%C3%A9sum%C3%A9.txt

notes
--XX--
"""


def test_parts_and_files():
    message = eml(MULTI)
    assert message.need == "Discharge\n\nPlain words"
    assert [(a.name, a.media_type, a.size) for a in message.attachments] == [
        ("evil letter.pdf", "application/pdf", 14),
        ("résumé.txt", "text/plain", 5),
    ]
    assert mail.attached_bytes(MULTI.encode(), 0) == b"%PDF-1.7 hello"


FORWARDED = """From: gp@nhs.example
Subject: Fwd
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=XX

--XX
Content-Type: message/rfc822

From: son@example.org
Subject: My father
Content-Type: text/plain

He cannot cook any more.
--XX--
"""


def test_mail_within_a_mail():
    message = eml(FORWARDED)
    assert "My father" in message.need and "He cannot cook any more." in message.need
    assert message.sender.email == "gp@nhs.example"
    assert [(a.name, a.media_type) for a in message.attachments] == [("forwarded.eml", "message/rfc822")]
    assert {"mail_words_from_forwarded", "attachment_may_be_message"} <= codes(message)


def test_wrong_charset():
    data = b"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\nCaf\xe9 M\xfcller\n"
    message = read(data, "a.eml")
    assert "Café Müller" in message.need and "mail_charset_wrong" in codes(message)
    nobody = read(data.replace(b"utf-8", b"klingon"), "a.eml")
    assert "Café" in nobody.need and finding(nobody, "mail_charset_wrong").fact("charset") == "klingon"


def test_quoted_printable_and_latin():
    head = b"From: a@b.example\nContent-Type: text/plain; charset=iso-8859-1\n"
    data = head + b"Content-Transfer-Encoding: quoted-printable\n\nZo=EB\n"
    assert read(data, "a.eml").need == "Zoë"


def test_a_hundred_thousand_characters():
    message = eml("From: a@b.example\nSubject: Long\n\n" + "word " * 20_000)
    assert message.taken_in and len(message.need) == 20_000
    assert finding(message, "text_shortened").fact("length") > 99_000


def test_nothing_in_it():
    assert [f.code for f in eml("From: a@b.example\nX-Nothing: 1\n\n").reasons] == ["mail_is_empty"]
    assert [f.code for f in eml("\n\nno headers at all").reasons] == ["mail_without_headers"]


def test_only_a_file_is_taken_in():
    message = eml(MULTI.replace("Plain words", "").replace("Page words", "").replace("Subject: Discharge\n", ""))
    assert message.taken_in and "mail_without_words" in codes(message)


def test_importance_and_safeguarding():
    assert eml(PLAIN.replace("To:", "Importance: High\nTo:")).urgency.level == "same_day"
    told = eml(PLAIN.replace("Ring me", "This is a safeguarding matter. Ring me"))
    assert finding(told, "mentions_safeguarding").severity is Severity.WARNING
    assert told.urgency.level == "same_day"
    assert "mentions_safeguarding" not in codes(eml(PLAIN.replace("Ring me", "No safeguarding issues. Ring me")))


def test_reply_names_the_mail_that_it_answers():
    reply = eml(PLAIN.replace("<abc@", "<def@").replace("To:", "In-Reply-To: <abc@example.org>\nTo:"))
    assert set(reply.concerns) & set(eml(PLAIN).known_as)


@pytest.mark.parametrize(
    "header",
    [
        "From: " + "a" * 100_000,
        "From: =?utf-8?B?!!!?= <x@y.example>",
        "From: =?nocharset?Q?abc?= <x@y.example>",
        "From: \x00\x01 <a@b.example>",
        "From: <<<<@@@@>>>>",
        "From: a@b.example\nSubject: \ud800",
        "From: a@b.example\nContent-Type: multipart/mixed",
        'From: a@b.example\nContent-Type: text/plain; charset="=?x?q?y?="',
        "From: a@b.example\nContent-Transfer-Encoding: base64\n\n%%%%",
        "From: a@b.example\nContent-Transfer-Encoding: x-uuencode\n\nbegin 666 x\n!!!!",
        "From: a@b.example\nContent-Type: message/rfc822\n\n",
        "From: a@b.example\nDate: Mon, 99 Foo 99999 00:00:00 +9999",
        "From: a@b.example\nContent-Disposition: attachment; filename*=utf-16''%ff",
    ],
)
def test_broken_headers(header):
    assert_keepable(read((header + "\n\nhello").encode("utf-8", "surrogatepass"), "a.eml"))


@pytest.mark.parametrize(
    "piece", ["<!--", "<", "<!", "<?", "<a ", "</", "<script>", "<p", "&", "<!--<script>", "<td><svg>"]
)
def test_a_page_made_to_take_for_ever(piece):
    assert isinstance(html_to_text(piece * (1_000_000 // len(piece))), str)


def test_headers_without_end():
    assert [f.code for f in eml("From: a@b.example\n" + "X: y\n" * 150_000 + "\nhello").reasons] == [
        "mail_headers_too_long"
    ]


def test_half_a_million_parts():
    head = "From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=X\n\n"
    assert [f.code for f in eml(head + "--X\n\nhi\n" * 500_000).reasons] == ["mail_has_too_many_parts"]


def test_parts_nested_too_deeply():
    text = "From: a@b.example\n"
    for n in range(400):
        text += f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"
    assert_keepable(read(text + "\nhello", "a.eml"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_mutated_mails(data):
    raw = bytearray(data.draw(st.sampled_from([PLAIN, HTML, MULTI, FORWARDED])).encode())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 12))] = data.draw(st.binary(max_size=8))
        raw = raw or bytearray(b":")
    assert_keepable(read(bytes(raw), "a.eml"))
