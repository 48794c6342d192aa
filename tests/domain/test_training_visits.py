"""The visits of the training city and the patterns that they recur by agree."""

from __future__ import annotations

from collections import defaultdict

from coordination.clock import LONDON, local_date
from tests.domain.test_training_boards import NOON, ends, rows_of


def test_visits_are_as_their_patterns_say_and_gaps_are_kept() -> None:
    patterns = {p["id"]: p for p in rows_of(NOON, "visit_pattern")}
    slots = {(s["pattern_id"], s["slot"]): s for s in rows_of(NOON, "visit_pattern_slot")}
    begins = {a["visit_id"]: ends(a["period"]) for a in rows_of(NOON, "allocation")}
    seen = set()
    ahead: dict[object, int] = defaultdict(int)
    visits = {v["id"]: v for v in rows_of(NOON, "visit") if v.get("pattern_id")}
    for visit in visits.values():
        pattern, slot = patterns[visit["pattern_id"]], slots[visit["pattern_id"], visit["pattern_slot"]]
        key = (visit["pattern_id"], visit["pattern_slot"], visit["pattern_day"])
        assert key not in seen, "once a slot and day"
        seen.add(key)
        opens, _closes = (moment.astimezone(LONDON) for moment in ends(visit["arrive"]))
        assert (opens.time(), visit["need"], visit["minutes"]) == (slot["opens"], slot["need"], slot["minutes"])
        assert (slot["closes"] is None) == (visit["fixed_at"] is not None)
        assert pattern["starts"] <= visit["day"] and (pattern["ends"] is None or visit["day"] <= pattern["ends"])
        if pattern["unit"] == "day":
            assert (visit["day"] - pattern["starts"]).days % pattern["every"] == 0
        ahead[visit["day"] > local_date(NOON)] += 1
        assert visit["day"] <= pattern["rolled_until"]
    assert ahead[True] > ahead[False] > 1000
    pairs = rows_of(NOON, "visit_pair")
    assert len(pairs) > 100
    for pair in pairs:
        first, second = visits[pair["first_id"]], visits[pair["second_id"]]
        assert (first["day"], first["person_id"]) == (second["day"], second["person_id"])
        one, two = begins.get(first["id"]), begins.get(second["id"])
        if one and two:
            assert (two[0] - one[1]).total_seconds() >= pair["gap_least"] * 60
