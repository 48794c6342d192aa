"""What a mail is, beside what it says: a person's, a machine's answer, a report that a mail did not arrive, a circular.

By the headers of RFC 3834 (automatic answers), RFC 3464 (delivery reports), RFC 8098 (read receipts) and RFC 2919
(lists), and by what the common programs send in their place. ``Auto-Submitted: auto-generated`` alone says nothing:
that is how a system sends a referral.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from email.message import Message
from email.utils import parseaddr

from coordination.messages.findings import Findings
from coordination.messages.model import Kind, Suggestion

Header = Callable[[str], str]
_DAEMON = re.compile(r"(mailer[-_.]?daemon|postmaster|mail-daemon|microsoftexchange[0-9a-f]+)@?", re.IGNORECASE)
_AWAY = re.compile(r"\s*(automatic reply|auto(matic)?[- ]?reply|out of (the )?office|autoreply)\b", re.IGNORECASE)
_ANSWERS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply")
_TELLING = frozenset(("nhs_number", "birth_date"))
_ENCRYPTED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted", "multipart/encrypted")
_SIGNED = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")


def kind_of(
    message: Message, header: Header, suggestions: tuple[Suggestion, ...], concern: bool, findings: Findings
) -> Kind:
    """The kind, with a fatal finding where it is no message to the centre.

    What a machine sent becomes a contact all the same when its text is about somebody: a number or a birth date stands
    in it, or a concern. One too many in the queue is better than one too few.
    """
    if _not_delivered(message, header):
        findings.fatal("", "mail_not_delivered")
        return Kind.EMAIL_FAILURE
    automatic, circular = _is_answer(message, header), _is_circular(header)
    if not automatic and not circular:
        return Kind.EMAIL
    if _report_type(message):  # it has our own mail in it, with whatever that said
        concern, suggestions = False, ()
    if concern or any(suggestion.kind in _TELLING for suggestion in suggestions):
        findings.warn("", "mail_automatic_about_somebody")
        return Kind.EMAIL
    if automatic:
        findings.fatal("", "mail_automatic_answer")
        return Kind.EMAIL_AUTOMATIC
    findings.fatal("", "mail_circular")
    return Kind.EMAIL_LIST


def _not_delivered(message: Message, header: Header) -> bool:
    if kind := _report_type(message):
        return kind == "delivery-status" and ("failed" in _actions(message) or not _actions(message))
    address = parseaddr(header("From"))[1]
    from_daemon = bool(_DAEMON.match(address.rpartition("@")[0] or address))
    return from_daemon and (header("Return-Path").strip() in ("<>", "") or bool(header("X-Failed-Recipients")))


def _report_type(message: Message) -> str:
    if message.get_content_type() != "multipart/report":
        return ""
    try:
        return str(message.get_param("report-type") or "").lower()
    except Exception:  # parameters that cannot be read
        return ""


def _actions(message: Message) -> set[str]:
    """What became of each recipient: failed, delayed, delivered, relayed, expanded."""
    found: set[str] = set()
    children = message.get_payload() if message.is_multipart() else []
    for part in children if isinstance(children, list) else []:
        if isinstance(part, Message) and part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload() if part.is_multipart() else []
            for block in blocks if isinstance(blocks, list) else []:
                if isinstance(block, Message):
                    found |= {str(v).strip().lower() for k, v in block.raw_items() if k.lower() == "action"}
    return found


def _is_answer(message: Message, header: Header) -> bool:
    submitted = header("Auto-Submitted").partition(";")[0].strip().lower()
    if submitted == "auto-replied" or _report_type(message) in ("delivery-status", "disposition-notification"):
        return True
    if any(header(name) for name in _ANSWERS) or header("Precedence").strip().lower() == "auto_reply":
        return True
    return submitted.startswith("auto-") and bool(_AWAY.match(header("Subject")))


def _is_circular(header: Header) -> bool:
    return bool(header("List-Id").strip()) or header("Precedence").strip().lower() in ("bulk", "list", "junk")


def say_of_parts(media_types: Iterable[str], names: Iterable[str], findings: Findings) -> None:
    """What cannot be read here, and what should be known of it."""
    types = set(media_types)
    if types.intersection(_ENCRYPTED):
        findings.warn("body", "mail_encrypted")
    elif types.intersection(_SIGNED):
        findings.info("body", "mail_signed")
    if "application/ms-tnef" in types or any(name.lower() == "winmail.dat" for name in names):
        findings.warn("attachment", "mail_winmail")
    if "text/calendar" in types:
        findings.info("attachment", "mail_invitation")
