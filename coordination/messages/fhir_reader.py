"""FHIR R4, from XML or JSON into one tree that asks no questions of cardinality.

An :class:`Element` looks the same from both: every child is a list, every simple value is text as it was
written (``1.50`` stays ``1.50``), an element that stands for a resource knows its type. Whether that is legal
FHIR is not asked here: real messages break the rules and still say what matters (docs/decisions/reading-fhir.md).

Hostile input is refused with :class:`Unreadable`: a document type, an entity, too deep, too many elements.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import DefusedXMLParser

from coordination.messages.findings import Findings

MAX_DEPTH = 60
MAX_ELEMENTS = 100_000
_FHIR = "http://hl7.org/fhir"
_XHTML = "http://www.w3.org/1999/xhtml"


class Unreadable(Exception):
    """The bytes are not what they claim, or want to do harm. ``code`` and ``facts`` go into a finding."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(slots=True, eq=False)
class Element:
    """One element: its simple value, its resource type if it is a resource, and its children by name."""

    name: str
    value: str | None = None
    resource: str = ""
    children: dict[str, list[Element]] = field(default_factory=dict)

    def many(self, *path: str) -> list[Element]:
        """Every descendant along ``path``."""
        found = [self]
        for name in path:
            found = [child for parent in found for child in parent.children.get(name, ())]
        return found

    def one(self, *path: str) -> Element:
        """The first of :meth:`many`, or an empty element, so that a missing branch needs no test."""
        found = self.many(*path)
        return found[0] if found else Element(path[-1])

    def text(self, *path: str) -> str:
        """The first value along ``path`` that is not blank, or nothing."""
        return next((e.value.strip() for e in self.many(*path) if e.value and e.value.strip()), "")

    def texts(self, *path: str) -> list[str]:
        return [e.value.strip() for e in self.many(*path) if e.value and e.value.strip()]

    def extension(self, ending: str) -> Element:
        """The extension whose address ends so, or an empty element."""
        return next((e for e in self.many("extension") if e.text("url").endswith(ending)), Element("extension"))

    def __bool__(self) -> bool:
        return self.value is not None or bool(self.children)

    def add(self, child: Element) -> None:
        self.children.setdefault(child.name, []).append(child)


def fingerprint(root: Element) -> str:
    """What it says, whatever the format: XML and JSON of one message have the same. Without narrative and ``meta``."""
    digest = hashlib.sha256()
    for part in _canonical(root):
        digest.update(part.encode("utf-8", "replace"))
        digest.update(b"\0")
    return digest.hexdigest()


def _canonical(element: Element) -> Iterator[str]:
    yield f"<{element.name}|{element.resource}"
    if element.value is not None:
        yield "=" + element.value.strip()
    for name in sorted(element.children):
        if name in ("meta", "div"):
            continue
        for child in element.children[name]:
            yield from _canonical(child)
    yield ">"


# ---------------------------------------------------------------- XML


class _Builder:
    """Builds elements straight from the parser, so that depth and number are known while reading."""

    def __init__(self, findings: Findings) -> None:
        self.root: Element | None = None
        self._open: list[Element] = []
        self._findings = findings
        self._count = 0
        self._narrative = 0  # depth inside an xhtml div
        self._words: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MAX_ELEMENTS:
            raise Unreadable("too_many_elements", limit=MAX_ELEMENTS)
        namespace, name = _split(tag)
        if self._narrative or namespace == _XHTML:
            self._start_narrative(name)
            return
        if len(self._open) >= MAX_DEPTH:
            raise Unreadable("too_deep", limit=MAX_DEPTH)
        self._check_namespace(namespace)
        self._open_element(name, attributes)

    def _open_element(self, name: str, attributes: dict[str, str]) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None and name[:1].isupper() and not parent.resource and not parent.children:
            parent.resource = name  # <resource><Patient>…: the wrapper is the resource
            self._open.append(parent)
            return
        element = Element(name, attributes.get("value"), name if parent is None else "")
        for key in ("url", "id"):
            if key in attributes:
                element.add(Element(key, attributes[key]))
        if parent is None:
            self.root = element
        else:
            parent.add(element)
        self._open.append(element)

    def _start_narrative(self, name: str) -> None:
        if self._narrative == 0:
            div = Element("div")
            if self._open:
                self._open[-1].add(div)
            else:
                self.root = div
            self._open.append(div)
            self._words = []
        self._narrative += 1
        self._words.append(" " if name in ("span", "b", "i", "em", "strong", "td", "th", "a") else "\n")

    def data(self, text: str) -> None:
        if self._narrative:
            self._words.append(text)

    def end(self, tag: str) -> None:
        if self._narrative:
            self._narrative -= 1
            if self._narrative == 0:
                self._open.pop().value = "".join(self._words)
            return
        self._open.pop()

    def _check_namespace(self, namespace: str) -> None:
        if namespace == _FHIR:
            return
        if namespace:
            self._findings.warn("", "xml_namespace_foreign", namespace=namespace)
        else:
            self._findings.info("", "xml_namespace_missing")

    def close(self) -> Element:
        if self.root is None:
            raise Unreadable("xml_broken", line=1, column=0)
        return self.root


def _split(tag: str) -> tuple[str, str]:
    namespace, brace, name = tag.rpartition("}")
    return (namespace[1:], name) if brace else ("", tag)


def from_xml(text: str, findings: Findings) -> Element:
    """The root element. Raises :class:`Unreadable`."""
    builder = _Builder(findings)
    parser = DefusedXMLParser(target=builder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(_without_declaration(text).encode("utf-8", "replace"))
        root = parser.close()
    except DTDForbidden:
        raise Unreadable(_why_forbidden(text)) from None
    except DefusedXmlException:
        raise Unreadable("xml_forbidden") from None
    except ParseError as bad:
        row, column = bad.position
        raise Unreadable("xml_broken", line=row, column=column) from None
    assert isinstance(root, Element)
    return root


def _why_forbidden(text: str) -> str:
    """A document type is refused whatever it holds; what it wanted to do makes the better sentence."""
    declared = text[:100_000]
    if re.search(r"<!DOCTYPE[^\[>]*\b(SYSTEM|PUBLIC)\b|<!ENTITY[^>]*\b(SYSTEM|PUBLIC)\b", declared):
        return "xml_external_entity"
    return "xml_entity" if "<!ENTITY" in declared else "xml_document_type"


def _without_declaration(text: str) -> str:
    """The text is decoded already, so what the declaration says of its bytes no longer holds."""
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith("<?xml"):
        end = text.find("?>")
        if end >= 0:
            return text[end + 2 :]
    return text
