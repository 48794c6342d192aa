"""Whether the audit trail is as it was sealed (R4).

Entries are sealed in batches. A seal keeps a digest of each of its entries and the digest of the seal before it. The
texts that are digested are written here once more, apart from the database's own functions: one that was altered is
found out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, Protocol
from uuid import UUID

DIGEST = 32
NOTHING_BEFORE = bytes(DIGEST)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEFORE_ALL = -(2**63)  # ids are above it, those too that somebody made up
_STEP = timedelta(minutes=1)  # entries of several desks stand some milliseconds out of turn

FaultKind = Literal[
    "altered", "missing", "inserted", "seal_altered", "seal_missing", "not_the_kept_one", "ends_before_kept"
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the audit trail: who did what to which record. Identifiers, never content."""

    id: int
    at: datetime
    transaction: str
    actor: str
    role: str | None
    action: str
    area: str
    record: str
    person_id: UUID | None
    columns: tuple[str, ...] | None

    def digest(self) -> bytes:
        """32 bytes."""
        person = None if self.person_id is None else str(self.person_id)
        columns = None if self.columns is None else list(self.columns)
        return _digest(
            [self.id, _microseconds(self.at), self.transaction, self.actor, self.role, self.action, self.area,
             self.record, person, columns]
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seal:
    """One batch. ``ids`` ascending, ``digests`` 32 bytes an entry in their order."""

    number: int
    sealed_at: datetime
    sealed_by: str
    ids: tuple[int, ...]
    digests: bytes
    before: bytes
    digest: bytes

    def holds(self) -> bool:
        """Whether its own digest is that of its content."""
        return self.digest == _digest(
            [self.number, _microseconds(self.sealed_at), self.sealed_by, list(self.ids), self.digests.hex(),
             self.before.hex()]
        )  # fmt: skip

    def by_entry(self) -> dict[int, bytes]:
        """The digest of each entry."""
        return {id_: self.digests[DIGEST * n : DIGEST * (n + 1)] for n, id_ in enumerate(self.ids)}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is not as it was sealed. ``entry`` is None where a seal itself is at fault."""

    kind: FaultKind
    seal: int
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class KeptSeal:
    """A seal as it is kept away from the database."""

    number: int
    digest: bytes

    def as_json(self) -> str:
        """One object, with the digest in hexadecimal."""
        return json.dumps({"seal": self.number, "digest": self.digest.hex()}, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> KeptSeal:
        """Raises ValueError for anything that is not such a seal."""
        try:
            read = json.loads(text)
        except RecursionError:
            raise ValueError("not a kept seal") from None
        if not isinstance(read, Mapping) or not isinstance(read.get("seal"), int):
            raise ValueError("not a kept seal")
        digest = bytes.fromhex(str(read.get("digest", "")))
        if len(digest) != DIGEST:
            raise ValueError("not a kept seal")
        return cls(read["seal"], digest)


@dataclass(frozen=True, slots=True)
class SetBack:
    """The clock was set back by about ``by`` in front of this entry, or it was dated back: no fault by itself."""

    seal: int
    entry: int
    by: timedelta


@dataclass(frozen=True, slots=True)
class Verdict:
    """``entries`` sealed ones that were looked at; ``unsealed`` those since the latest seal. ``set_back``: where an
    entry is dated before the one in front of it."""

    seals: int
    entries: int
    unsealed: int
    latest: KeptSeal | None
    faults: tuple[Fault, ...]
    set_back: tuple[SetBack, ...] = ()

    @property
    def sound(self) -> bool:
        return not self.faults


@dataclass(frozen=True, slots=True)
class SealState:
    """``sealed_at`` of the latest seal, ``unsealed`` entries since; ``verified_at`` when somebody last looked whether
    all is as it was sealed, and how many ``faults`` they found. None where that never was."""

    seals: int
    sealed_at: datetime | None
    unsealed: int
    verified_at: datetime | None
    verified_by: str
    faults: int | None


class SealedTrail(Protocol):
    """The audit trail and its seals, for somebody who may read all of it."""

    def seals(self) -> Iterator[Seal]:
        """In order of number, one at a time: each may hold thousands of entries."""
        ...

    def entries(self, after: int, upto: int) -> Iterator[Entry]:
        """Those with an id above ``after``, ``upto`` included, in order."""
        ...

    def entries_after(self, id_: int) -> int:
        """How many have a higher id."""
        ...


def verify(
    trail: SealedTrail, kept: KeptSeal | None = None, said: Callable[[int], object] = lambda _seals: None
) -> Verdict:
    """Every seal and every entry under it. ``kept`` was taken away earlier: the chain must hold it. ``said`` hears how
    many seals are done, and may raise to stop.

    Work may go on meanwhile: what is sealed no longer changes.
    """
    faults: list[Fault] = []
    seals = entries = 0
    upto = _BEFORE_ALL
    before: Seal | None = None
    clock = _Clock()
    kept_found = kept is None
    for seal in trail.seals():
        chain = faults_of_chain(seal, before)
        faults += chain
        if any(fault.kind == "seal_missing" for fault in chain):
            upto = max(upto, seal.ids[0] - 1)  # what the lost seal held can be held against nothing
        last = max(seal.ids[-1], upto)
        faults += faults_of_entries(seal, clock.watching(seal.number, trail.entries(upto, last)))
        kept_found |= kept is not None and (seal.number, seal.digest) == (kept.number, kept.digest)
        seals, entries, upto, before = seals + 1, entries + len(seal.ids), last, seal
        said(seals)
    if kept is not None and not kept_found:
        ends_before = before is None or before.number < kept.number
        faults.append(Fault("ends_before_kept" if ends_before else "not_the_kept_one", kept.number))
    latest = None if before is None else KeptSeal(before.number, before.digest)
    return Verdict(seals, entries, trail.entries_after(upto), latest, tuple(faults), tuple(clock.set_back))


class _Clock:
    """Follows the clock through the entries, from one seal to the next."""

    def __init__(self) -> None:
        self.set_back: list[SetBack] = []
        self._at: datetime | None = None

    def watching(self, seal: int, found: Iterable[Entry]) -> Iterator[Entry]:
        for entry in found:
            if self._at is not None and self._at - entry.at > _STEP:
                self.set_back.append(SetBack(seal, entry.id, self._at - entry.at))
                self._at = entry.at  # said once: those that follow stand by this clock
            self._at = entry.at if self._at is None else max(self._at, entry.at)
            yield entry


def faults_of_entries(seal: Seal, found: Iterable[Entry]) -> list[Fault]:
    """Against ``found``: every entry there is from the first id after the seal before to this one's last."""
    sealed = seal.by_entry()
    faults = []
    for entry in found:
        digest = sealed.pop(entry.id, None)
        if digest is None:
            faults.append(Fault("inserted", seal.number, entry.id))
        elif digest != entry.digest():
            faults.append(Fault("altered", seal.number, entry.id))
    faults += [Fault("missing", seal.number, id_) for id_ in sealed]
    return sorted(faults, key=lambda fault: fault.entry or 0)


def faults_of_chain(seal: Seal, before: Seal | None) -> list[Fault]:
    """The seal in itself, and against the one that came ``before`` it (None: it should be the first)."""
    expected = 1 if before is None else before.number + 1
    faults = [Fault("seal_missing", number) for number in range(expected, seal.number)]
    follows = seal.before == (NOTHING_BEFORE if before is None else before.digest)
    if not seal.holds() or not (follows or faults):
        faults.append(Fault("seal_altered", seal.number))
    return faults


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _digest(content: list[Any]) -> bytes:
    # The database writes jsonb as text in the same way: a comma and a blank, letters as they are.
    return sha256(json.dumps(content, ensure_ascii=False).encode()).digest()
