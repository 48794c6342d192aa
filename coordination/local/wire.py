"""Records to JSON and back, for what is kept on this computer.

A draft may be read by another version of the program than the one that wrote it. So records are written field by field
under their names: a field that the reader does not know is passed over, one that the writer did not know gets its
default, or the empty value of its type.
"""

from __future__ import annotations

import dataclasses
import importlib
import logging
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID

log = logging.getLogger(__name__)

_TAG, _VALUE = "$", "v"
_HOUSE = "coordination."

_SCALARS: Mapping[type, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    UUID: ("uuid", str, UUID),
    datetime: ("datetime", datetime.isoformat, datetime.fromisoformat),
    date: ("date", date.isoformat, date.fromisoformat),
    time: ("time", time.isoformat, time.fromisoformat),
    timedelta: ("seconds", timedelta.total_seconds, lambda seconds: timedelta(seconds=seconds)),
}
_READERS = {name: read for name, _write, read in _SCALARS.values()}
_GROUPS: Mapping[type, str] = {tuple: "tuple", set: "set", frozenset: "frozenset"}
_MAKERS: Mapping[str, Callable[[Any], Any]] = {"tuple": tuple, "set": set, "frozenset": frozenset}


class Unreadable(Exception):
    """A record that this version of the program cannot make. Names types only."""


def encode(value: Any, lost: list[str] | None = None) -> Any:
    """JSON for plain values, ids, times, collections and the records of ``coordination``.

    What is none of these raises TypeError; where ``lost`` is given, its type is added there instead, and None written.
    """
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        if all(isinstance(key, str) for key in value) and _TAG not in value:
            return {key: encode(each, lost) for key, each in value.items()}
        return _tagged("map", [[encode(key, lost), encode(each, lost)] for key, each in value.items()])
    if isinstance(value, list):
        return [encode(each, lost) for each in value]
    for kind, (name, write, _read) in _SCALARS.items():
        if type(value) is kind:
            return _tagged(name, write(value))
    group = _GROUPS.get(type(value))
    if group is not None:
        return _tagged(group, [encode(each, lost) for each in value])
    if _is_record(type(value)):
        return _record(value, lost)
    if lost is None:
        raise TypeError(f"{type(value).__qualname__} cannot be kept")
    lost.append(type(value).__qualname__)
    return None


def encode_what_can_be(values: Mapping[str, Any]) -> dict[str, Any]:
    """As ``encode``, for what somebody typed: one value must not cost the rest. What is lost is logged by type."""
    lost: list[str] = []
    made: dict[str, Any] = encode(dict(values), lost)
    if lost:
        log.error("not kept: %s", ", ".join(lost))
    return made


def decode(value: Any, lost: list[str] | None = None) -> Any:
    """What ``encode`` made. Raises Unreadable for a record that is not there any more or cannot be made; where ``lost``
    is given, its name is added there instead, and None stands in its place."""
    try:
        return _decoded(value, lost)
    except RecursionError:  # nested as nothing is that the program writes
        if lost is None:
            raise Unreadable("too deep") from None
        lost.append("too deep")
        return None


def _decoded(value: Any, lost: list[str] | None) -> Any:
    if isinstance(value, list):
        return [_decoded(each, lost) for each in value]
    if not isinstance(value, dict):
        return value
    tag = value.get(_TAG)
    if tag is None:
        return {key: _decoded(each, lost) for key, each in value.items()}
    inner: Any = value.get(_VALUE)
    try:
        if tag == "record":
            return _make(value["of"], inner)
        if tag == "map":
            return {_decoded(key, lost): _decoded(each, lost) for key, each in inner}
        if tag in _MAKERS:
            return _MAKERS[tag](_decoded(inner, lost))
        return _READERS[tag](inner)
    except RecursionError:
        raise
    except Exception as fault:
        said = tag if isinstance(tag, str) else "record"
        if lost is None:
            raise fault if isinstance(fault, Unreadable) else Unreadable(f"{said} ({type(fault).__name__})") from None
        of = value.get("of", said)
        lost.append(of if isinstance(of, str) else said)
        return None


def decode_what_can_be(values: Mapping[str, Any]) -> dict[str, Any]:
    """As ``decode``, for what somebody typed. What cannot be read is logged by name."""
    lost: list[str] = []
    made: dict[str, Any] = decode(dict(values), lost) or {}
    if lost:
        log.error("not read: %s", ", ".join(lost))
    return made


def is_readable(values: Mapping[str, Any]) -> bool:
    """Whether ``decode_what_can_be`` would read all of it."""
    lost: list[str] = []
    decode(dict(values), lost)
    return not lost


def _tagged(tag: str, value: Any) -> dict[str, Any]:
    return {_TAG: tag, _VALUE: value}


def _is_record(kind: type) -> bool:
    """A dataclass or a named tuple of the house."""
    return kind.__module__.startswith(_HOUSE) and (
        dataclasses.is_dataclass(kind) or (issubclass(kind, tuple) and hasattr(kind, "_fields"))
    )


@cache
def _fields(kind: Any) -> dict[str, bool]:
    """Each field, and whether it has a default."""
    if not dataclasses.is_dataclass(kind):
        return {name: name in kind._field_defaults for name in kind._fields}
    no = dataclasses.MISSING
    return {f.name: f.default is not no or f.default_factory is not no for f in dataclasses.fields(kind) if f.init}


def _record(value: Any, lost: list[str] | None) -> dict[str, Any]:
    kind: Any = type(value)
    fields = {name: encode(getattr(value, name), lost) for name in _fields(kind)}
    return {**_tagged("record", fields), "of": f"{kind.__module__}:{kind.__qualname__}"}


def _make(of: str, fields: Mapping[str, Any]) -> Any:
    kind = _kind(of)
    known = {}
    for name, has_default in _fields(kind).items():
        if name in fields:
            known[name] = decode(fields[name])
        elif not has_default:
            known[name] = _empty(_hints(kind)[name], f"{of}.{name}")
    return kind(**known)


@cache
def _kind(of: str) -> Any:
    module, _, name = of.partition(":")
    if not module.startswith(_HOUSE):
        raise Unreadable(of)
    try:
        kind = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        raise Unreadable(of) from None
    if not (isinstance(kind, type) and _is_record(kind)):
        raise Unreadable(of)
    return kind


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _empty(hint: Any, of: str) -> Any:
    """What stands in a field that the writer did not know."""
    while isinstance(hint, typing.NewType):
        hint = hint.__supertype__
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType) and type(None) in typing.get_args(hint):
        return None
    if origin is typing.Literal:
        raise Unreadable(of)
    plain = origin or hint
    if plain in (str, bool, int, float, tuple, list, dict, frozenset, set):
        return plain()
    if isinstance(plain, type) and issubclass(plain, Mapping):
        return {}
    raise Unreadable(of)
