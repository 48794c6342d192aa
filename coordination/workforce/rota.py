"""From a rota to shifts: wall-clock hours over both clock changes of the year, cycles, exceptions. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from coordination.clock import LONDON
from coordination.errors import BadValue, BadValues, Obstacle, obstacle
from coordination.values import Window, WorkerId
from coordination.workforce.model import LONGEST_CYCLE, Assignment, Rota, RotaException, Spell, WorkShift

_DAY = 1440


def wall(day: date, minute: int) -> datetime:
    """The moment at which the wall clock shows ``minute`` (0 to 2880) of ``day``, in UTC.

    In spring there is no time between 01:00 and 02:00: it is the moment at which the clocks go forward. In autumn that
    hour comes twice: it is the first of the two. Later on the wall is never earlier in time.
    """
    days, minute = divmod(minute, _DAY)
    shown = datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60))
    moment = shown.replace(tzinfo=LONDON).astimezone(UTC)
    if moment.astimezone(LONDON).replace(tzinfo=None) != shown:  # not on the clock that night
        shown = shown.replace(minute=0) + timedelta(hours=1)
        moment = shown.replace(tzinfo=LONDON).astimezone(UTC)
    return moment


def hours(day: date, starts: int, ends: int) -> Window | None:
    """A spell on a day; None when the clock change leaves nothing of it."""
    start, end = wall(day, starts), wall(day, ends if ends > starts else ends + _DAY)
    return Window(start, end) if start < end else None


def week_in_cycle(rota: Rota, day: date, offset: int = 0) -> int:
    monday = day - timedelta(days=day.weekday())
    return ((monday - rota.first_monday).days // 7 + offset) % rota.weeks


def spells_on(rota: Rota, day: date, offset: int = 0) -> tuple[Spell, ...]:
    """What begins on that day, in order of time."""
    week = week_in_cycle(rota, day, offset)
    return tuple(sorted(s for s in rota.spells if s.week == week and s.weekday == day.weekday()))


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a worker's shifts are made from."""

    worker_id: WorkerId
    name: str
    has_place: bool
    assignments: tuple[Assignment, ...] = ()
    exceptions: tuple[RotaException, ...] = ()
    shifts: tuple[WorkShift, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    day: date
    window: Window


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be done so that one worker's shifts are those of their rota."""

    add: tuple[Wanted, ...]
    remove: tuple[WorkShift, ...]
    keep: tuple[WorkShift, ...]
    told: tuple[Obstacle, ...]


def plan(pattern: Pattern, rotas: Mapping[UUID, Rota], days: Sequence[date], begun: datetime | None = None) -> Plan:
    """Compare what is wanted with what is there. Shifts entered by hand are never touched: where they are in the way of
    the rota's, the rota's are not made, and that is told. Doing it again does nothing.

    ``begun``: who is at work by that moment stays until the end, and nobody has been who was not asked; what an
    exception says of the day is as it says.
    """
    told: list[Obstacle] = list(_missing(pattern, days))
    odd, inside = {e.day for e in pattern.exceptions}, set(days)

    def is_over(day: date | None, window: Window) -> bool:
        return begun is not None and window.start <= begun and day not in odd

    made = [s for s in pattern.shifts if s.rota_day in inside and not is_over(s.rota_day, s.window)]
    standing = [s for s in pattern.shifts if s not in made]
    taken = [(s.window, s.rota_day is None) for s in standing]
    accepted: list[Wanted] = []
    for each in _wanted(pattern, rotas, days, told):
        if is_over(each.day, each.window):
            continue
        in_the_way = next((t for t in taken if t[0].overlaps(each.window)), None)
        if in_the_way is None:
            accepted.append(each)
            taken.append((each.window, False))
        else:
            told.append(_stopped(pattern.name, each, *in_the_way))
    asked = {(w.day, w.window) for w in accepted}
    keep = [s for s in made if (s.rota_day, s.window) in asked]
    there = {(s.rota_day, s.window) for s in keep}
    return Plan(
        tuple(w for w in accepted if (w.day, w.window) not in there),
        tuple(s for s in made if s not in keep),
        tuple(keep),
        tuple(told),
    )


def _missing(pattern: Pattern, days: Sequence[date]) -> Iterator[Obstacle]:
    if not pattern.has_place:
        yield obstacle("no_base", worker=pattern.name)
    without = [d for d in days if assigned(pattern.assignments, d) is None]
    if without and len(without) == len(days):
        yield obstacle("no_rota", worker=pattern.name)
    elif without:
        yield obstacle("no_rota_on", worker=pattern.name, first=without[0], last=without[-1])


def assigned(assignments: Iterable[Assignment], day: date) -> Assignment | None:
    return next((a for a in assignments if a.start <= day and (a.end is None or day < a.end)), None)


def _wanted(
    pattern: Pattern, rotas: Mapping[UUID, Rota], days: Sequence[date], told: list[Obstacle]
) -> Iterator[Wanted]:
    of_day: dict[date, list[RotaException]] = {}
    for exception in pattern.exceptions:
        of_day.setdefault(exception.day, []).append(exception)
    for day in days:
        for starts, ends in _minutes_of(pattern, rotas, day, of_day.get(day, [])):
            window = hours(day, starts, ends)
            if window is None:
                told.append(obstacle("not_on_the_clock", worker=pattern.name, day=day, hours=clock(starts, ends)))
            else:
                yield Wanted(day, window)


def _minutes_of(
    pattern: Pattern, rotas: Mapping[UUID, Rota], day: date, exceptions: Sequence[RotaException]
) -> list[tuple[int, int]]:
    """From when to when, by the rota unless an exception stands in its place, and what is extra."""
    instead = next((e for e in exceptions if e.kind in ("off", "hours")), None)
    found: list[tuple[int, int]] = []
    if instead is not None:
        found = _of_exception(instead)
    elif (to := assigned(pattern.assignments, day)) is not None:
        found = [(s.starts, s.ends) for s in spells_on(rotas[to.rota_id], day, to.week_offset)]
    for extra in exceptions:
        if extra.kind == "extra":
            found += _of_exception(extra)
    return found


def _of_exception(exception: RotaException) -> list[tuple[int, int]]:
    if exception.starts is None or exception.ends is None:
        return []
    return [(exception.starts, exception.ends)]


def _stopped(name: str, wanted: Wanted, other: Window, by_hand: bool) -> Obstacle:
    code = "kept_by_hand" if by_hand else "over_another"
    return obstacle(
        code, worker=name, day=wanted.day, start=wanted.window.start, end=wanted.window.end,
        other_start=other.start, other_end=other.end,
    )  # fmt: skip


def clock(starts: int, ends: int) -> str:
    """``07:00–15:00``."""
    return "–".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (starts, ends))


# ---------------------------------------------------------------- checks of what was typed


def check_rota(rota: Rota) -> Rota:
    """The rota with its name trimmed and its spells in order. Raises BadValues: ``name``, ``weeks``, ``first_monday``,
    and ``spells.<week>.<weekday>`` for hours that cannot be, or that overlap others (``overlaps``)."""
    problems: list[BadValue] = []
    name = rota.name.strip()
    if not name:
        problems.append(BadValue("name", "nameless"))
    elif len(name) > 60:
        problems.append(BadValue("name", "too_long"))
    if not 1 <= rota.weeks <= LONGEST_CYCLE:
        problems.append(BadValue("weeks", "out_of_range"))
        raise BadValues(tuple(problems))
    if rota.first_monday.weekday() != 0:
        problems.append(BadValue("first_monday", "not_a_monday"))
    problems += _wrong_spells(rota)
    if problems:
        raise BadValues(tuple(dict.fromkeys(problems)))
    return Rota(rota.id, rota.team_id, name, rota.weeks, rota.first_monday, tuple(sorted(rota.spells)), rota.active,
                rota.revision, rota.workers)  # fmt: skip


def _wrong_spells(rota: Rota) -> Iterator[BadValue]:
    good = []
    for spell in rota.spells:
        where = f"spells.{spell.week}.{spell.weekday}"
        if not (0 <= spell.week < rota.weeks and 0 <= spell.weekday <= 6):
            yield BadValue(where, "not_in_cycle")
        elif not (0 <= spell.starts < _DAY and 0 < spell.ends <= _DAY) or spell.starts == spell.ends:
            yield BadValue(where, "no_hours")
        else:
            good.append(spell)
    for one, other in overlapping(good, rota.weeks):
        for spell in (one, other):
            yield BadValue(f"spells.{spell.week}.{spell.weekday}", "overlaps")


def overlapping(spells: Sequence[Spell], weeks: int) -> Iterator[tuple[Spell, Spell]]:
    """Pairs that are at work at once, a night at the end of the cycle and the first day of it too. The database says
    the same (``rota_spell_never_overlaps``)."""
    cycle = weeks * 7 * _DAY
    placed = sorted(((s.week * 7 + s.weekday) * _DAY + s.starts, s) for s in spells)
    for number, (start, spell) in enumerate(placed):
        end = start + spell.minutes
        for later, other in placed[number + 1 :]:
            if later < end:
                yield spell, other
        for later, other in placed[: number + 1]:  # round the end of the cycle, itself too
            if later + cycle < end:
                yield spell, other
