"""A change to the plan: made in place, weighed, and taken or taken back.

A change is a list of ops: node, crew (-1: left out), gene, key. Whoever makes it sees to it that the services of a job
are placed or left out together, and that two of a job have one key.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# ruff: noqa: F403, F405

from __future__ import annotations

from coordination.deployment.planner.engine.compiled import compiled, inlined
from coordination.deployment.planner.engine.decode import do_end, do_node
from coordination.deployment.planner.engine.layout import *
from coordination.deployment.planner.engine.rows import link_after, place_by_key, push, touch_crew, unlink


@inlined
def op(m, n, w, key, gene):
    k = m.i[OPS]
    m.i[m.i[OPS_AT] + 3 * k] = n
    m.i[m.i[OPS_AT] + 3 * k + 1] = w
    m.i[m.i[OPS_AT] + 3 * k + 2] = gene
    m.f[m.i[OP_KEY_AT] + k] = key
    m.i[OPS] = k + 1


@inlined
def take_out(m):
    """First half of a change: every node of it leaves its chain. The cost that goes with them."""
    f, i, c = m.f, m.i, m.f
    delta = 0.0
    for k in range(m.i[OPS]):
        n = m.i[m.i[OPS_AT] + 3 * k]
        w = i[n * NODE_I + CREW]
        m.i[m.i[LOG_AT] + 4 * k], m.i[m.i[LOG_AT] + 4 * k + 1] = n, w
        m.i[m.i[LOG_AT] + 4 * k + 2], m.i[m.i[LOG_AT] + 4 * k + 3] = i[n * NODE_I + PREV], i[n * NODE_I + GENE]
        m.f[m.i[LOG_KEY_AT] + k] = f[n * NODE_F + KEY]
        i[n * NODE_I + OPPED] = m.i[STAMP_NOW]
        other = i[n * NODE_I + LINK]
        if other >= 0 and i[other * NODE_I + CREW] >= 0:
            push(m, other)
        if w < 0:
            if i[n * NODE_I + LEAD] == n:
                delta -= f[n * NODE_F + OUT_COST]
            continue
        q = i[n * NODE_I + NEXT]
        unlink(m, n)
        touch_crew(m, w)
        if q >= 0:
            push(m, q)
        else:
            touch_crew(m, w)
        delta -= f[n * NODE_F + COST]
        c[w * CREW_F + T_WORK] -= f[n * NODE_F + WAY] + f[n * NODE_F + MINUTES]
        if i[n * NODE_I + IS_BREAK] == 0:
            c[w * CREW_F + T_CONTACT] -= f[n * NODE_F + MINUTES]
        i[n * NODE_I + CREW] = -1
    return delta


@inlined
def put_in(m):
    """Second half: every node into its new chain. The cost of those left out; INF where a crew may not."""
    f, i, c = m.f, m.i, m.f
    delta = 0.0
    bad = False
    for k in range(m.i[OPS]):
        n, w = m.i[m.i[OPS_AT] + 3 * k], m.i[m.i[OPS_AT] + 3 * k + 1]
        f[n * NODE_F + KEY] = m.f[m.i[OP_KEY_AT] + k]
        i[n * NODE_I + GENE] = m.i[m.i[OPS_AT] + 3 * k + 2]
        if w < 0:
            if i[n * NODE_I + LEAD] == n:
                delta += f[n * NODE_F + OUT_COST]
            continue
        link_after(m, n, w, place_by_key(m, w, m.f[m.i[OP_KEY_AT] + k]))
        touch_crew(m, w)
        c[w * CREW_F + T_WORK] += f[n * NODE_F + MINUTES]
        if i[n * NODE_I + IS_BREAK] == 0:
            c[w * CREW_F + T_CONTACT] += f[n * NODE_F + MINUTES]
        if m.f[m.i[PREF_AT] + n * m.i[CREWS] + w] >= INF or c[w * CREW_F + T_CONTACT] > c[w * CREW_F + MOST_CONTACT]:
            bad = True
    for k in range(m.i[OPS]):
        n = m.i[m.i[OPS_AT] + 3 * k]
        w = m.i[m.i[OPS_AT] + 3 * k + 1]
        if w >= 0:
            push(m, n)
            q = i[n * NODE_I + NEXT]
            if q >= 0:
                push(m, q)
            else:
                touch_crew(m, w)
        mate = i[n * NODE_I + MATE]
        if mate >= 0:
            push(m, n)
    return INF if bad else delta


@inlined
def follow(m):
    """Does the queue in order of key, then the ends of the crews; False where a hard rule is in the way."""
    f = m.f
    while m.i[QUEUE_LEN] > 0:
        size = m.i[QUEUE_LEN]
        at = 0
        least = f[m.i[m.i[QUEUE_AT] + 0] * NODE_F + KEY]
        for k in range(1, size):
            key = f[m.i[m.i[QUEUE_AT] + k] * NODE_F + KEY]
            if key < least:
                least, at = key, k
        n = m.i[m.i[QUEUE_AT] + at]
        m.i[m.i[QUEUE_AT] + at] = m.i[m.i[QUEUE_AT] + size - 1]
        m.i[QUEUE_LEN] = size - 1
        if not do_node(m, n):
            return False
    return True


@inlined
def maxima(m):
    """Cost by the latest service and by the most idle crew, as tried less as they stand."""
    f, i, c, g = m.f, m.i, m.f, m.f
    stamp = m.i[STAMP_NOW]
    delta = 0.0
    g[T_MOST_LATE], g[T_MOST_IDLE] = g[MOST_LATE], g[MOST_IDLE]
    g[T_LATEST] = m.i[LATEST_NODE]
    if g[W_MOST_LATE] > 0.0:
        most, latest = 0.0, -1
        for k in range(m.i[TOUCHED]):
            n = m.i[m.i[TOUCHED_AT] + k]
            if f[n * NODE_F + TRIED + LATE] > most:
                most, latest = f[n * NODE_F + TRIED + LATE], n
        old = m.i[LATEST_NODE]
        if most < g[MOST_LATE]:
            if old >= 0 and i[old * NODE_I + CREW] >= 0 and i[old * NODE_I + STAMP] != stamp:
                most, latest = g[MOST_LATE], old
            else:
                for n in range(m.i[CREWS], m.i[CREWS] + m.i[NODES]):
                    late = f[n * NODE_F + LATE]
                    if late > most and i[n * NODE_I + CREW] >= 0 and i[n * NODE_I + STAMP] != stamp:
                        most, latest = late, n
        g[T_MOST_LATE], g[T_LATEST] = most, latest
        delta += g[W_MOST_LATE] * (most - g[MOST_LATE])
    if g[W_MOST_IDLE] > 0.0:
        most = 0.0
        for w in range(m.i[CREWS]):
            tried = m.i[w * CREW_I + C_STAMP] == stamp
            most = max(most, c[w * CREW_F + (T_IDLE if tried else IDLE)])
        g[T_MOST_IDLE] = most
        delta += g[W_MOST_IDLE] * (most - g[MOST_IDLE])
    return delta


@compiled
def weigh(m):
    """Makes the change and says by how much it costs more; INF where a hard rule is in the way.

    To be followed by :func:`take` or :func:`take_back`.
    """
    f, c, g = m.f, m.f, m.f
    m.i[STAMP_NOW] += 1
    m.i[QUEUE_LEN] = 0
    m.i[TOUCHED] = 0
    m.i[CREWS_TOUCHED] = 0
    delta = take_out(m)
    more = put_in(m)
    if more >= INF or not follow(m):
        return INF
    delta += more
    stamp = m.i[STAMP_NOW]
    for k in range(m.i[TOUCHED]):
        n = m.i[m.i[TOUCHED_AT] + k]
        b = n * NODE_F
        w = m.i[n * NODE_I + CREW]
        delta += f[b + TRIED + COST]
        way = f[b + TRIED + WAY]
        if m.i[n * NODE_I + OPPED] != stamp:  # not of an op: it had a cost here before
            delta -= f[b + COST]
            way -= f[b + WAY]
        if way != 0.0:
            touch_crew(m, w)
            c[w * CREW_F + T_WORK] += way
    for k in range(m.i[CREWS_TOUCHED]):
        w = m.i[m.i[CREWS_TOUCHED_AT] + k]
        base = w * CREW_F
        if not do_end(m, w):
            return INF
        delta += c[base + T_END_COST] - c[base + END_COST]
        if g[W_FAIR] > 0.0:
            delta += g[W_FAIR] * c[base + FAIR] * (c[base + T_CONTACT] ** 2 - c[base + CONTACT] ** 2)
    return delta + maxima(m)


@compiled
def take(m, delta):
    """The change stands."""
    f, i, c = m.f, m.i, m.f
    for k in range(m.i[TOUCHED]):
        n = m.i[m.i[TOUCHED_AT] + k]
        for j in range(TRIED):
            f[n * NODE_F + START + j] = f[n * NODE_F + TRIED + START + j]
        for j in range(TRIED_I):
            i[n * NODE_I + AT + j] = i[n * NODE_I + TRIED_I + AT + j]
    for k in range(m.i[CREWS_TOUCHED]):
        base = m.i[m.i[CREWS_TOUCHED_AT] + k] * CREW_F
        for j in range(5):
            c[base + CONTACT + j] = c[base + T_CONTACT + j]
    g = m.f
    g[TOTAL] += delta
    g[MOST_LATE], g[MOST_IDLE] = g[T_MOST_LATE], g[T_MOST_IDLE]
    m.i[LATEST_NODE] = int(g[T_LATEST])
    for k in range(m.i[OPS]):
        n, was, now = m.i[m.i[OPS_AT] + 3 * k], m.i[m.i[LOG_AT] + 4 * k + 1], m.i[m.i[OPS_AT] + 3 * k + 1]
        if i[n * NODE_I + LEAD] == n:
            if was < 0 and now >= 0:
                last = m.i[m.i[OUT_AT] + m.i[UNPLACED] - 1]
                m.i[m.i[OUT_AT] + m.i[n * NODE_I + IN_OUT]] = last
                m.i[last * NODE_I + IN_OUT] = m.i[n * NODE_I + IN_OUT]
                m.i[UNPLACED] -= 1
            elif was >= 0 and now < 0:
                m.i[m.i[OUT_AT] + m.i[UNPLACED]] = n
                m.i[n * NODE_I + IN_OUT] = m.i[UNPLACED]
                m.i[UNPLACED] += 1


@compiled
def take_back(m):
    """Everything as before the change."""
    f, i = m.f, m.i
    count = m.i[OPS]
    for k in range(count):
        if i[m.i[m.i[OPS_AT] + 3 * k] * NODE_I + CREW] >= 0:
            unlink(m, m.i[m.i[OPS_AT] + 3 * k])
            i[m.i[m.i[OPS_AT] + 3 * k] * NODE_I + CREW] = -1
    for back in range(count):
        k = count - 1 - back
        n, w = m.i[m.i[LOG_AT] + 4 * k], m.i[m.i[LOG_AT] + 4 * k + 1]
        f[n * NODE_F + KEY] = m.f[m.i[LOG_KEY_AT] + k]
        i[n * NODE_I + GENE] = m.i[m.i[LOG_AT] + 4 * k + 3]
        if w >= 0:
            link_after(m, n, w, m.i[m.i[LOG_AT] + 4 * k + 2])
