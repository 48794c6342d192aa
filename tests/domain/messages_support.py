"""Reading a file as the centre would on 22 November 2026, and building messages to read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from coordination.messages.fhir_reader import Element, from_xml
from coordination.messages.findings import Findings
from coordination.messages.model import Finding, ParsedMessage
from coordination.messages.reading import read_message
from coordination.values import Postcode

TODAY = date(2026, 11, 22)
KNOWN = {"M13 9WP", "M9 4AB", "LS10 4YU", "LS1 4HR"}


def known(postcode: Postcode) -> bool:
    return postcode.text in KNOWN


def read(data: bytes | str, name: str = "message.xml") -> ParsedMessage:
    return read_message(name, data.encode() if isinstance(data, str) else data, today=TODAY, postcode_known=known)


def read_path(path: Path) -> ParsedMessage:
    return read(path.read_bytes(), path.name)


def codes(message: ParsedMessage) -> set[str]:
    return {f.code for f in message.findings}


def finding(message: ParsedMessage, code: str) -> Finding:
    found = [f for f in message.findings if f.code == code]
    assert found, f"{code} not among {sorted(codes(message))}"
    return found[0]


def as_json(xml: str) -> dict[str, Any]:
    """FHIR XML as FHIR JSON: an element that stands once becomes a single value."""
    return _as_json(from_xml(xml, Findings()))


def _as_json(element: Element) -> Any:
    if not element.children and not element.resource:
        return element.value
    found: dict[str, Any] = {"resourceType": element.resource} if element.resource else {}
    for name, children in element.children.items():
        values = [_as_json(child) for child in children]
        found[name] = values[0] if len(values) == 1 else values
    return found


PATIENT = {
    "resourceType": "Patient",
    "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9434765919"}],
    "name": [{"use": "official", "family": "Pankhurst", "given": ["Emmeline"], "prefix": ["Mrs"]}],
    "birthDate": "1945-07-14",
    "gender": "female",
    "address": [{"line": ["62 Nelson Street"], "city": "Manchester", "postalCode": "M13 9WP"}],
}


def referral(
    patient: dict[str, Any] | None = None, request: dict[str, Any] | None = None, **bundle: Any
) -> dict[str, Any]:
    """A small BaRS referral as JSON, with the fields that a test wants otherwise."""
    header = {
        "resourceType": "MessageHeader",
        "eventCoding": {"code": "servicerequest-request"},
        "sender": {"reference": "urn:uuid:org"},
        "source": {"name": "Test", "endpoint": "x"},
        "reason": {"coding": [{"code": "new"}]},
        "focus": [{"reference": "urn:uuid:sr"}],
    }
    asked = {
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "plan",
        "subject": {"reference": "urn:uuid:pat"},
        "reasonCode": [{"text": "Cannot manage the stairs"}],
        **(request or {}),
    }
    organisation = {
        "resourceType": "Organization",
        "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "P84004"}],
        "name": "Invented Surgery",
    }
    resources = {"head": header, "sr": asked, "pat": {**PATIENT, **(patient or {})}, "org": organisation}
    entries = [{"fullUrl": f"urn:uuid:{key}", "resource": resource} for key, resource in resources.items()]
    return {"resourceType": "Bundle", "id": "b-1", "type": "message", "entry": entries, **bundle}


def read_referral(patient: dict[str, Any] | None = None, request: dict[str, Any] | None = None) -> ParsedMessage:
    return read(json.dumps(referral(patient, request)), "referral.json")
