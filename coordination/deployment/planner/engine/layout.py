"""Where things stand in the three flat arrays that the compiled functions work on.

Each crew and each *node* is a row; crews come first, so a number names one of either. A node is one service of a job,
or one break of a crew. ``f[number * ROW_F + FIELD]`` and ``i[number * ROW_I + FIELD]``: what belongs together lies
together in memory, and three arrays are quick to hand on, thirty are not. What a try would change is written to a
second set of fields (``TRIED`` further on) and copied over only if the try is taken. In front of the rows stand
counters and figures, behind them tables whose size depends on the day; ``…_AT`` counters say where each begins.
"""

from __future__ import annotations

from typing import Any, NamedTuple

INF = 1e18
HEAD_F, HEAD_I = 120, 120
NODE_F = CREW_F = ROW_F = 30
NODE_I = CREW_I = ROW_I = 24

# Floats of a node: fixed ones …
MINUTES, OPEN0, DUE0, OPEN1, DUE1, OPEN2, DUE2, LATEST = range(HEAD_F, HEAD_F + 8)
LATE_COST, HELD, OUT_COST, GAP_LEAST, GAP_MOST, LINK_LEAST, LINK_MOST, KEY = range(HEAD_F + 8, HEAD_F + 16)
# … and those that follow from the order: as they stand, and as tried (+ TRIED).
START, END, SLACK, COST, WAY, LATE, ABSORBED = range(HEAD_F + 16, HEAD_F + 23)
TRIED = 7

# Whole numbers of a node. HELD_BY: one more than the crew, 0 where it is not held.
PLACE, MATE, IS_FIRST, LINK, IS_BREAK, WINDOWS, IS_FIXED = range(HEAD_I, HEAD_I + 7)
HELD_BY, LEAD, CREW, PREV, NEXT, GENE = range(HEAD_I + 7, HEAD_I + 13)
# After it: where its crew is, a break not yet taken, no visit so far; as they stand, and as tried (+ TRIED_I).
AT, PENDING, FRESH = range(HEAD_I + 13, HEAD_I + 16)
TRIED_I = 3
STAMP, QUEUED, OPPED, PARTNER, IN_OUT = range(HEAD_I + 19, HEAD_I + 24)

# Floats of a crew; from CONTACT to IDLE as they stand, and as tried.
BEGINS, ENDS, LAST_END, MOST_CONTACT, SHIFT, FAIR = range(HEAD_F, HEAD_F + 6)
CONTACT, WORK, END_COST, END_WAY, IDLE = range(HEAD_F + 6, HEAD_F + 11)
T_CONTACT, T_WORK, T_END_COST, T_END_WAY, T_IDLE = range(HEAD_F + 11, HEAD_F + 16)

# Whole numbers of a crew.
HEAD, TAIL, MODE, HOME, BACK, IN_SHIFT, SPAN_FROM, SPAN_TO, C_STAMP = range(HEAD_I, HEAD_I + 9)

# Counters.
STAMP_NOW, QUEUE_LEN, TOUCHED, CREWS_TOUCHED, OPS, UNPLACED, NODES, CREWS, PLACES, NEAR, TRIES, STOP = range(12)
IS_BEST, LATEST_NODE, RANDOM, BESTS = range(12, 16)
QUEUE_AT, TOUCHED_AT, CREWS_TOUCHED_AT, OPS_AT, LOG_AT, OUT_AT, BEST_CREW_AT, BEST_GENE_AT, SAVED_AT = range(20, 29)
NEAR_AT, ABLE_AT, ABLE_FROM_AT, OP_KEY_AT, LOG_KEY_AT, BEST_KEY_AT, SAVED_KEY_AT, PREF_AT, SPAN_AT = range(29, 38)
PICK = 40  # crew and node before, of places worth trying

# Figures.
TOTAL, BEST, MOST_LATE, MOST_IDLE, T_MOST_LATE, T_MOST_IDLE, T_LATEST = range(7)
W_WAY, W_WAIT, W_OVER, W_MOST_LATE, W_MOST_IDLE, W_FAIR, W_CHANGE, CHANGE_FREE, W_PUSH = range(7, 16)
W_MOVED = 16
MIX = 20  # how often each kind of move is tried, cumulated to 1
PICK_F = 40  # guessed cost and start of the places at PICK


class Model(NamedTuple):
    """All that a chain works on; numpy arrays with numba, lists without. ``way`` is mode × place × place."""

    f: Any
    i: Any
    way: Any
