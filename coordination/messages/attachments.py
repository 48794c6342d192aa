"""Files that came with a message, taken out of its original when somebody wants one."""

from __future__ import annotations

from typing import Any

from coordination.messages import mail, online_form
from coordination.messages.encoding import decoded
from coordination.messages.fhir_bundle import Bundle
from coordination.messages.fhir_content import attached_bytes
from coordination.messages.fhir_json import from_json, load_json
from coordination.messages.fhir_reader import Unreadable, from_xml
from coordination.messages.findings import Findings
from coordination.messages.model import Kind


def attachment(kind: Kind, media_type: str, content: bytes, index: int) -> bytes | None:
    """The bytes of attachment ``index`` of an original; None when they cannot be had."""
    try:
        if kind.is_mail or media_type == "message/rfc822":  # a ward's notice may come in a mail
            return mail.attached_bytes(content, index)
        text = decoded(content, Findings())
        if media_type == "application/xml":
            return attached_bytes(Bundle.of(from_xml(text, Findings())), index)
        loaded: Any = load_json(text)
        if kind is Kind.ONLINE_FORM:
            return online_form.attached_bytes(loaded, index)
        return attached_bytes(Bundle.of(from_json(loaded, Findings())), index)
    except (Unreadable, IndexError, KeyError, TypeError, ValueError):
        return None
