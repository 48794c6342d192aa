"""Use cases of schemes and apartments as data (N1, N2, N4), one method each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta

from coordination.apartments.calendar_service import LONGEST_PAUSE_REASON
from coordination.apartments.model import Pause
from coordination.apartments.rules import check_words
from coordination.apartments.schemes_model import Flat, FlatDraft, PastLease, Scheme, SchemeDraft, SchemeNeed
from coordination.apartments.schemes_rules import check_flat, check_lease, check_needs, check_scheme
from coordination.errors import (
    AlreadyExists,
    BadValue,
    BadValues,
    BrokenRule,
    Conflict,
    NotFound,
    Obstacle,
    Refused,
    obstacle,
)
from coordination.reference import standing
from coordination.values import ApartmentId, DateRange, new_id
from coordination.work import Begin, Work

_MOST_NAMED = 5
_NAMES = {"scheme_name_key", "apartment_scheme_id_name_key"}


class Schemes:
    """Buildings with Neighbourhood Apartments. Changed by placement co-ordinators, managers and administrators."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def all(self) -> list[Scheme]:
        """Every scheme with its apartments, in order of locality and name. One query."""
        with self._begin() as work:
            return work.schemes.all()

    def neighbourhoods(self) -> list[tuple[int, str, str]]:
        """Id, name and locality of the twelve."""
        with self._begin() as work:
            return work.schemes.neighbourhoods()

    # ------------------------------------------------------------------ schemes

    def add(self, draft: SchemeDraft) -> Scheme:
        """Raises BadValues; a name that is taken is said at the field."""
        with _names(), self._begin() as work:
            checked = check_scheme(draft, work.schemes.neighbourhoods())
            return work.schemes.scheme(work.schemes.add(checked))

    def change(self, scheme: int, seen: int, draft: SchemeDraft) -> Scheme:
        """Raises BadValues, Conflict with the scheme as it stands."""
        with _names(), self._begin() as work:
            checked = check_scheme(draft, work.schemes.neighbourhoods())
            if not work.schemes.change(scheme, seen, checked):
                raise _stale(work, scheme, seen)
            return work.schemes.scheme(scheme)

    def remove(self, scheme: int) -> None:
        """Undo of ``add``. Raises Refused once it has apartments."""
        try:
            with self._begin() as work:
                work.schemes.remove(scheme)
        except BrokenRule:
            raise Refused("remove_scheme", (obstacle("scheme_has_apartments"),)) from None

    def set_needs(self, scheme: int, seen: int, needs: Sequence[SchemeNeed]) -> Scheme:
        """What it can and cannot meet; what is not named here is to be asked. Raises BadValues, Conflict."""
        checked = check_needs(needs, frozenset(each.code for each in standing.read().care_needs))
        with self._begin() as work:
            if not work.schemes.touch(scheme, seen):
                raise _stale(work, scheme, seen)
            work.schemes.set_needs(scheme, checked)
            return work.schemes.scheme(scheme)

    # ------------------------------------------------------------------ taking nobody in

    def pause(self, scheme: int, reason: str, until: date | None = None) -> tuple[Pause, ...]:
        """None of its apartments takes anybody in, from today to ``until`` (the last day; None: until further notice).
        Those that take nobody in already stay as they are. Raises BadValues, Refused when there is none left to pause.
        """
        words = reason.strip()
        problems = check_words("reason", words, LONGEST_PAUSE_REASON)
        if not words:
            problems.append(BadValue("reason", "required"))
        with self._begin() as work:
            today = work.schemes.today()
            if until is not None and until < today:
                problems.append(BadValue("until", "in_the_past"))
            if problems:
                raise BadValues(tuple(problems))
            free = work.schemes.scheme(scheme).accepting(today)
            if not free:
                raise Refused("pause_scheme", (obstacle("takes_nobody_already"),))
            keys = [new_id() for _ in free]
            end = None if until is None else until + timedelta(days=1)
            for key, flat in zip(keys, free, strict=True):
                work.apartments.add_pause(key, flat.id, today, end, words)
            return tuple(work.apartments.pauses(keys))

    def accept(self, scheme: int) -> tuple[Pause, ...]:
        """Its apartments take people in again: whatever keeps them from it today is lifted. Gives what was lifted."""
        with self._begin() as work:
            today = work.schemes.today()
            flats = {flat.id for flat in work.schemes.scheme(scheme).flats}
            board = work.apartments.board(DateRange(today, today + timedelta(days=1)), None)
            lifted = tuple(p for p in board.pauses if p.apartment_id in flats and today in p)
            for pause in lifted:
                work.apartments.turn_pause(pause.id, pause.revision, on=False)
            return lifted

    def lift(self, pauses: Sequence[Pause]) -> None:
        """Undo of ``pause``."""
        with self._begin() as work:
            for pause in pauses:
                work.apartments.turn_pause(pause.id, pause.revision, on=False)

    def pause_again(self, lifted: Sequence[Pause]) -> None:
        """Undo of ``accept``: they take nobody in again, as they were before it."""
        with self._begin() as work:
            for pause in lifted:
                work.apartments.turn_pause(pause.id, pause.revision + 1, on=True)

    # ------------------------------------------------------------------ apartments

    def add_flat(self, scheme: int, draft: FlatDraft) -> Flat:
        """Raises BadValues."""
        checked = check_flat(draft)
        with _names(), self._begin() as work:
            key = work.schemes.add_flat(scheme, checked)
            return _flat(work.schemes.scheme(scheme), key)

    def change_flat(self, flat: ApartmentId, seen: int, draft: FlatDraft) -> Flat:
        """Raises BadValues, Conflict; Refused when the lease would begin after a stay, naming it."""
        checked = check_flat(draft)
        assert checked.lease_start is not None
        try:
            with _names(), self._begin() as work:
                if not work.schemes.change_flat(flat, seen, checked):
                    raise _stale_flat(work, flat, seen)
                return _flat(work.schemes.scheme(work.schemes.scheme_of(flat)), flat)
        except BrokenRule as error:
            with self._begin() as work:
                end = _flat(work.schemes.scheme(work.schemes.scheme_of(flat)), flat).lease_end
            raise self._explained(error, flat, checked.lease_start, end) from None

    def end_lease(self, flat: ApartmentId, seen: int, last_day: date | None) -> Flat:
        """The last leased day; None: open-ended again. Raises Refused naming the stays that lie past it."""
        with self._begin() as work:
            now = _flat(work.schemes.scheme(work.schemes.scheme_of(flat)), flat)
        check_lease(now, last_day)
        end = None if last_day is None else last_day + timedelta(days=1)
        try:
            with self._begin() as work:
                if not work.schemes.lease(flat, seen, end):
                    raise _stale_flat(work, flat, seen)
                return _flat(work.schemes.scheme(work.schemes.scheme_of(flat)), flat)
        except BrokenRule as error:
            raise self._explained(error, flat, now.lease_start, end) from None

    def remove_flat(self, flat: ApartmentId) -> None:
        """Undo of ``add_flat``. Raises Refused once anything was booked there; its lease can be ended."""
        try:
            with self._begin() as work:
                work.schemes.remove_flat(flat)
        except BrokenRule:
            raise Refused("remove_flat", (obstacle("flat_has_stays"),)) from None

    def _explained(self, error: BrokenRule, flat: ApartmentId, start: date, end: date | None) -> Exception:
        """Which stays lie outside the lease, in the order of their days."""
        if error.constraint != "apartment_lease_covers_stays":
            return error
        with self._begin() as work:
            past = work.schemes.past(flat, start, end)
        named = tuple(_past(each) for each in past[:_MOST_NAMED])
        more = (obstacle("more_past_lease", count=len(past) - _MOST_NAMED),) if len(past) > _MOST_NAMED else ()
        return Refused("end_lease", (*named, *more) or (obstacle("past_lease_unseen"),))


def _past(each: PastLease) -> Obstacle:
    if each.hidden:
        return obstacle("past_lease_hidden", start=each.start, last=each.last)
    code = "past_lease_stay" if each.what == "stay" else "past_lease_closed"
    return obstacle(code, who=each.who, what=each.what, start=each.start, last=each.last)


@contextmanager
def _names() -> Iterator[None]:
    """A name that is taken is said at its field."""
    try:
        yield
    except AlreadyExists as error:
        if error.constraint not in _NAMES:
            raise
        raise BadValues((BadValue("name", "name_is_taken"),)) from None


def _flat(scheme: Scheme, flat: ApartmentId) -> Flat:
    found = next((each for each in scheme.flats if each.id == flat), None)
    if found is None:
        raise NotFound("schemes", str(flat))
    return found


def _stale(work: Work, scheme: int, seen: int) -> Conflict:
    return Conflict("schemes", str(scheme), seen, work.schemes.scheme(scheme))


def _stale_flat(work: Work, flat: ApartmentId, seen: int) -> Conflict:
    return Conflict("schemes", str(flat), seen, _flat(work.schemes.scheme(work.schemes.scheme_of(flat)), flat))
