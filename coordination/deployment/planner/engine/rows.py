"""Each crew's nodes as a chain in order of key, and what a change has touched: the queue of nodes to be done again, and
the crews whose sums as tried begin with those that stand."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# ruff: noqa: F403, F405

from __future__ import annotations

from coordination.deployment.planner.engine.compiled import inlined
from coordination.deployment.planner.engine.layout import *


@inlined
def push(m, n):
    """Node ``n`` (of two together: the first) is to be done again."""
    i = m.i
    mate = i[n * NODE_I + MATE]
    if mate >= 0 and i[n * NODE_I + IS_FIRST] == 0:
        n = mate
    stamp = m.i[STAMP_NOW]
    if i[n * NODE_I + QUEUED] != stamp:
        i[n * NODE_I + QUEUED] = stamp
        m.i[m.i[QUEUE_AT] + m.i[QUEUE_LEN]] = n
        m.i[QUEUE_LEN] += 1


@inlined
def touch_crew(m, w):
    stamp = m.i[STAMP_NOW]
    if m.i[w * CREW_I + C_STAMP] != stamp:
        m.i[w * CREW_I + C_STAMP] = stamp
        m.i[m.i[CREWS_TOUCHED_AT] + m.i[CREWS_TOUCHED]] = w
        m.i[CREWS_TOUCHED] += 1
        base = w * CREW_F
        for k in range(5):
            m.f[base + T_CONTACT + k] = m.f[base + CONTACT + k]


@inlined
def unlink(m, n):
    i = m.i
    w, p, q = i[n * NODE_I + CREW], i[n * NODE_I + PREV], i[n * NODE_I + NEXT]
    if p >= 0:
        i[p * NODE_I + NEXT] = q
    else:
        m.i[w * CREW_I + HEAD] = q
    if q >= 0:
        i[q * NODE_I + PREV] = p
    else:
        m.i[w * CREW_I + TAIL] = p


@inlined
def link_after(m, n, w, p):
    """Node ``n`` into the chain of crew ``w`` after ``p``, at the head where ``p`` is -1."""
    i = m.i
    q = i[p * NODE_I + NEXT] if p >= 0 else m.i[w * CREW_I + HEAD]
    i[n * NODE_I + PREV] = p
    i[n * NODE_I + NEXT] = q
    i[n * NODE_I + CREW] = w
    if p >= 0:
        i[p * NODE_I + NEXT] = n
    else:
        m.i[w * CREW_I + HEAD] = n
    if q >= 0:
        i[q * NODE_I + PREV] = n
    else:
        m.i[w * CREW_I + TAIL] = n


@inlined
def place_by_key(m, w, key):
    """The last node of crew ``w`` whose key is not above ``key``; -1 where there is none."""
    p = m.i[w * CREW_I + TAIL]
    while p >= 0 and m.f[p * NODE_F + KEY] > key:
        p = m.i[p * NODE_I + PREV]
    return p
