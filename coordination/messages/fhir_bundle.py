"""A bundle, or one resource by itself: its resources by type, references followed, and codes as words."""

from __future__ import annotations

from dataclasses import dataclass, field

from coordination.messages.fhir_reader import Element


@dataclass(slots=True)
class Bundle:
    """The resources of one message, in order, with the addresses under which they are referred to."""

    root: Element
    resources: list[Element] = field(default_factory=list)
    _by_address: dict[str, Element] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Element) -> Bundle:
        """The entries of a Bundle; any other resource stands alone. Contained resources are found by ``#id``."""
        bundle = cls(root)
        if root.resource != "Bundle":
            bundle._take(root, "")
            return bundle
        for entry in root.many("entry"):
            resource = entry.one("resource")
            if resource.resource:
                bundle._take(resource, entry.text("fullUrl"))
        return bundle

    def _take(self, resource: Element, address: str) -> None:
        self.resources.append(resource)
        own = resource.text("id")
        for name in (address, f"{resource.resource}/{own}" if own else "", f"urn:uuid:{own}" if own else ""):
            if name:
                self._by_address.setdefault(name.lower(), resource)
        for contained in resource.many("contained"):
            if contained.text("id"):
                self._by_address.setdefault("#" + contained.text("id").lower(), contained)

    def every(self, kind: str) -> list[Element]:
        return [r for r in self.resources if r.resource == kind]

    def first(self, kind: str) -> Element:
        return next(iter(self.every(kind)), Element("resource"))

    def follow(self, holder: Element, *path: str) -> Element:
        """The resource that a reference names, or an empty element when the message does not hold it."""
        return self._by_address.get(holder.text(*path, "reference").lower(), Element("resource"))

    def follow_all(self, holder: Element, *path: str) -> list[Element]:
        found = (self._by_address.get(ref.lower()) for ref in holder.texts(*path, "reference"))
        return [one for one in found if one is not None]


def identifier(resource: Element, system_ending: str) -> str:
    """The value of the identifier whose system ends so, whatever its case."""
    for one in resource.many("identifier"):
        if one.text("system").lower().endswith(system_ending):
            return one.text("value")
    return ""


def words(concept: Element) -> str:
    """A CodeableConcept, a Coding or a simple value in words: its text, else what is displayed, else the code."""
    text = concept.text("text")
    shown = concept.text("coding", "display") or concept.text("display")
    if text and shown and text.casefold() not in shown.casefold():
        return f"{shown} ({text})"
    return shown or text or concept.text("coding", "code") or concept.text("code") or (concept.value or "").strip()


def has_code(concept: Element, code: str) -> bool:
    return code in concept.texts("coding", "code")


def human_name(name: Element) -> str:
    """A HumanName as one line for people around: its text, or its parts."""
    parts = [*name.texts("prefix")[:1], *name.texts("given"), *name.texts("family")[:1]]
    return name.text("text") or " ".join(parts)
