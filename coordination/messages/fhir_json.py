"""FHIR R4 in JSON: numbers as they were written, repeated keys seen, NaN refused, and the same tree as from XML."""

from __future__ import annotations

import json
from typing import Any

from coordination.messages.fhir_reader import MAX_DEPTH, MAX_ELEMENTS, Element, Unreadable
from coordination.messages.findings import Findings


class Repeated(list[Any]):
    """The values of a key that stands twice in one object."""


class Nonsense(str):
    """NaN or Infinity, which JSON does not have."""

    __slots__ = ()


class Numeral(str):
    """A number kept as it was written: 1.50 is not 1.5, and a number of 5,000 digits costs nothing."""

    __slots__ = ()


def load_json(text: str) -> Any:
    """JSON with numbers kept as :class:`Numeral` and repeated keys as :class:`Repeated`. Raises :class:`Unreadable`."""
    if text.count("{") + text.count("[") + text.count(",") > 5 * MAX_ELEMENTS:
        raise Unreadable("too_many_elements", limit=MAX_ELEMENTS)
    try:
        return json.loads(
            text.lstrip("\ufeff"),
            object_pairs_hook=_pairs,
            parse_float=Numeral,
            parse_int=Numeral,
            parse_constant=Nonsense,
        )
    except RecursionError:
        raise Unreadable("too_deep", limit=MAX_DEPTH) from None
    except json.JSONDecodeError as bad:
        raise Unreadable("json_broken", line=bad.lineno, column=bad.colno) from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key not in found:
            found[key] = value
        elif isinstance(found[key], Repeated):
            found[key].append(value)
        else:
            found[key] = Repeated([found[key], value])
    return found


def from_json(loaded: dict[str, Any], findings: Findings) -> Element:
    """The tree of a loaded FHIR resource. Raises :class:`Unreadable` when it is too deep or too large."""
    return _JsonTree(findings).resource("", loaded)


class _JsonTree:
    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._count = 0

    def resource(self, name: str, loaded: dict[str, Any]) -> Element:
        kind = loaded.get("resourceType")
        root = Element(name or str(kind or ""))
        self._fill(root, loaded, 1)
        return root

    def _fill(self, element: Element, loaded: dict[str, Any], depth: int) -> None:
        if depth > MAX_DEPTH:
            raise Unreadable("too_deep", limit=MAX_DEPTH)
        if isinstance(kind := loaded.get("resourceType"), str):
            element.resource = kind
        for key, value in loaded.items():
            if key == "resourceType" or key.startswith("_"):
                continue
            self._children(element, key, value, depth)
        for key, value in loaded.items():
            if key.startswith("_"):
                self._attach(element, key[1:], value, depth)

    def _children(self, parent: Element, key: str, value: Any, depth: int) -> None:
        if isinstance(value, Repeated):
            self._findings.warn(
                f"{parent.resource or parent.name}.{key}", "json_key_repeated", key=key, count=len(value)
            )
        for one in _flat(value):
            if one is None:
                parent.add(Element(key))  # holds the place for an extension
                continue
            self._count += 1
            if self._count > MAX_ELEMENTS:
                raise Unreadable("too_many_elements", limit=MAX_ELEMENTS)
            child = Element(key)
            if isinstance(one, dict):
                self._fill(child, one, depth + 1)
            else:
                child.value = self._simple(parent, key, one)
            parent.add(child)

    def _simple(self, parent: Element, key: str, value: Any) -> str | None:
        if isinstance(value, Nonsense):
            self._findings.refuse_field(f"{parent.resource or parent.name}.{key}", "json_not_a_number", value=value)
            return None
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return str(value)
        self._findings.refuse_field(f"{parent.resource or parent.name}.{key}", "json_list_in_list")
        return None

    def _attach(self, parent: Element, key: str, value: Any, depth: int) -> None:
        """``_birthDate`` holds the extensions of ``birthDate``, in the same order."""
        places = parent.children.setdefault(key, [])
        for index, one in enumerate(_flat(value)):
            if isinstance(one, dict):
                while len(places) <= index:
                    places.append(Element(key))
                self._fill(places[index], one, depth + 1)


def _flat(value: Any) -> list[Any]:
    if isinstance(value, Repeated):
        return [one for part in value for one in (part if type(part) is list else [part])]
    return value if isinstance(value, list) else [value]
