"""From order and crews to times and cost, and only for what a change can reach.

Every node has a key; a crew's nodes are chained in order of key, and the two services of a job have the same. Taken in
order of key, each begins as early as its crew (both crews) can be there, so two crews meet without any constraint to
say so. After a change the nodes are done again from it on, by a queue in order of key; where a node leaves its crew in
the state as before, what follows stays.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# ruff: noqa: F403, F405

from __future__ import annotations

from coordination.deployment.planner.engine.compiled import inlined
from coordination.deployment.planner.engine.layout import *
from coordination.deployment.planner.engine.rows import push, touch_crew

EPS = 1e-7


@inlined
def reach(m, n, w):
    """When crew ``w`` can begin at node ``n`` at the earliest, what it waited for a break by then, its way there, the
    slack it brings, whether this is its first visit, and whether nothing before could give way. Start INF: never."""
    f, i, c = m.f, m.i, m.f
    p = i[n * NODE_I + PREV]
    if p < 0:
        end, place, pending, fresh, slack, stiff = (
            c[w * CREW_F + BEGINS], m.i[w * CREW_I + HOME], -1, 1, INF, 1,
        )  # fmt: skip
    else:
        tried = i[p * NODE_I + STAMP] == m.i[STAMP_NOW]
        b = p * NODE_F + (TRIED if tried else 0)
        k = p * NODE_I + (TRIED_I if tried else 0)
        end, slack = f[b + END], f[b + SLACK]
        place, pending, fresh = i[k + AT], i[k + PENDING], i[k + FRESH]
        stiff = i[p * NODE_I + IS_FIXED]
    way = 0.0
    there = i[n * NODE_I + PLACE]
    if place >= 0 and there >= 0:
        size = m.i[PLACES]
        way = float(m.way[(m.i[w * CREW_I + MODE] * size + place) * size + there])
    takes = way if fresh == 0 or m.i[w * CREW_I + IN_SHIFT] == 1 else 0.0
    waited = 0.0
    ready = end + takes
    if pending >= 0:
        earliest, latest = f[pending * NODE_F + OPEN0], f[pending * NODE_F + LATEST]
        begin = max(ready, earliest)
        if begin <= latest + EPS:
            waited = begin - ready
            ready = begin + f[pending * NODE_F + MINUTES]
        else:
            begin = max(end, earliest)
            waited = begin - end
            ready = begin + f[pending * NODE_F + MINUTES] + takes
            if begin > latest + EPS:
                ready = INF
        slack = min(slack, waited + latest - begin)
    return ready, waited, way, slack, fresh, stiff


@inlined
def fits(m, w, start, minutes):
    """The earliest start from ``start`` within a span of crew ``w``, and how much later it could be in that span;
    INF where there is none."""
    a, b = m.i[w * CREW_I + SPAN_FROM], m.i[w * CREW_I + SPAN_TO]
    for k in range(a, b):
        end = m.f[m.i[SPAN_AT] + 2 * k + 1] if k < b - 1 else m.f[w * CREW_F + LAST_END]
        begin = max(start, m.f[m.i[SPAN_AT] + 2 * k])
        if begin + minutes <= end + EPS:
            return begin, end - minutes - begin
    return INF, 0.0


@inlined
def opens(m, n):
    """The earliest start that node ``n`` aims at: of the window its gene names, or the time it is held at."""
    f = m.f
    gene = m.i[n * NODE_I + GENE]
    if gene >= m.i[n * NODE_I + WINDOWS]:
        return max(f[n * NODE_F + OPEN0], f[n * NODE_F + HELD])
    return f[n * NODE_F + OPEN0 + 2 * gene]


@inlined
def bounds(m, n):
    """Least and most start that a linked job which comes before in the order leaves to ``n``."""
    other = m.i[n * NODE_I + LINK]
    if other < 0 or m.i[other * NODE_I + CREW] < 0:
        return 0.0 - INF, INF
    f = m.f
    if f[other * NODE_F + KEY] > f[n * NODE_F + KEY]:
        return 0.0 - INF, INF
    tried = m.i[other * NODE_I + STAMP] == m.i[STAMP_NOW]
    there = f[other * NODE_F + START + (TRIED if tried else 0)]
    return there + f[n * NODE_F + LINK_LEAST], there + f[n * NODE_F + LINK_MOST]


@inlined
def allows(m, n, start):
    """Whether a linked job that may move and comes before in the order leaves ``start`` to fixed node ``n``."""
    other = m.i[n * NODE_I + LINK]
    if other < 0 or m.i[other * NODE_I + IS_FIXED] == 1:
        return True
    least, most = bounds(m, n)
    return least - EPS <= start <= most + EPS


@inlined
def settle(m, n, w, start, ready, waited, way, slack, fresh, room, busy):
    """Writes what follows from beginning node ``n`` at ``start``. It could begin up to ``room`` later by itself; its
    crew is not free before ``busy``."""
    f, i, g = m.f, m.i, m.f
    b, k = n * NODE_F, n * NODE_I
    due = f[b + DUE0]
    for more in range(1, i[k + WINDOWS]):
        if f[b + OPEN0 + 2 * more] <= start + EPS:
            due = f[b + DUE0 + 2 * more]
    late = max(0.0, start - due)
    cost = g[W_WAY] * way + f[b + LATE_COST] * late + m.f[m.i[PREF_AT] + n * m.i[CREWS] + w]
    if i[k + HELD_BY] > 0 and (g[W_CHANGE] > 0.0 or g[W_MOVED] > 0.0):
        away = abs(start - f[b + HELD]) - g[CHANGE_FREE]
        if away > EPS:
            cost += g[W_CHANGE] * away + (g[W_MOVED] if i[k + HELD_BY] == w + 1 else 0.0)
        room = 0.0
    left, absorbed = 0.0, 0.0
    if g[W_WAIT] > 0.0:
        wait = start - ready + waited if fresh == 0 else 0.0
        absorbed = min(wait, max(0.0, slack))
        cost += g[W_WAIT] * (wait - absorbed)
        if wait - absorbed <= EPS and late <= 0.0:
            left = max(0.0, min(slack - absorbed, room, due - start, f[b + LATEST] - start))
    end = max(start + f[b + MINUTES], busy)
    changed = (
        f[b + END] != end
        or f[b + SLACK] != left
        or i[k + PENDING] >= 0
        or i[k + AT] != i[k + PLACE]
        or i[k + FRESH] == 1
    )
    t = b + TRIED
    f[t + START], f[t + END], f[t + SLACK], f[t + COST] = start, end, left, cost
    f[t + WAY], f[t + LATE], f[t + ABSORBED] = way, late, absorbed
    i[k + TRIED_I + AT], i[k + TRIED_I + PENDING], i[k + TRIED_I + FRESH] = i[k + PLACE], -1, 0
    after(m, n, w, changed)


@inlined
def after(m, n, w, changed):
    """Notes node ``n`` as done in this try, and what has to be done for it."""
    i, k = m.i, n * NODE_I
    i[k + STAMP] = m.i[STAMP_NOW]
    m.i[m.i[TOUCHED_AT] + m.i[TOUCHED]] = n
    m.i[TOUCHED] += 1
    if changed:
        q = i[k + NEXT]
        if q >= 0:
            push(m, q)
        else:
            touch_crew(m, w)
    other = i[k + LINK]
    if other >= 0 and i[other * NODE_I + CREW] >= 0:
        f = m.f
        later = f[other * NODE_F + KEY] > f[n * NODE_F + KEY]
        if later and f[n * NODE_F + TRIED + START] != f[n * NODE_F + START]:
            push(m, other)


@inlined
def do_break(m, n, w):
    f, i = m.f, m.i
    b, k = n * NODE_F, n * NODE_I
    p = i[k + PREV]
    if p < 0:
        end, place, pending, fresh, slack = m.f[w * CREW_F + BEGINS], m.i[w * CREW_I + HOME], -1, 1, INF
    else:
        tried = i[p * NODE_I + STAMP] == m.i[STAMP_NOW]
        pb = p * NODE_F + (TRIED if tried else 0)
        pk = p * NODE_I + (TRIED_I if tried else 0)
        end, slack, place, pending, fresh = f[pb + END], f[pb + SLACK], i[pk + AT], i[pk + PENDING], i[pk + FRESH]
    if pending >= 0:
        end = max(end, f[pending * NODE_F + OPEN0]) + f[pending * NODE_F + MINUTES]
        slack = 0.0
    start = max(end, f[b + OPEN0])
    changed = (
        f[b + END] != end or f[b + SLACK] != slack or i[k + PENDING] != n or i[k + AT] != place or i[k + FRESH] != fresh
    )
    t = b + TRIED
    f[t + START], f[t + END], f[t + SLACK], f[t + COST] = start, end, slack, 0.0
    f[t + WAY], f[t + LATE], f[t + ABSORBED] = 0.0, 0.0, 0.0
    i[k + TRIED_I + AT], i[k + TRIED_I + PENDING], i[k + TRIED_I + FRESH] = place, n, fresh
    after(m, n, w, changed)
    return start <= f[b + LATEST] + EPS


@inlined
def do_single(m, n, w):
    f, i = m.f, m.i
    b, k = n * NODE_F, n * NODE_I
    ready, waited, way, slack, fresh, stiff = reach(m, n, w)
    if i[k + IS_FIXED] == 1:
        settle(m, n, w, f[b + HELD], min(ready, f[b + HELD]), waited, way, slack, fresh, 0.0, ready - way)
        return (ready <= f[b + HELD] + EPS or stiff == 1) and allows(m, n, f[b + HELD])
    start = max(ready, opens(m, n))
    most = f[b + LATEST]
    if i[k + LINK] >= 0:
        least, upper = bounds(m, n)
        start = max(start, least)
        most = min(most, upper)
    start, room = fits(m, w, start, f[b + MINUTES])
    if start > most + EPS:
        return False
    settle(m, n, w, start, ready, waited, way, slack, fresh, 0.0 if i[k + LINK] >= 0 else room, 0.0 - INF)
    return True


@inlined
def do_two(m, n, w):
    f, i = m.f, m.i
    o = i[n * NODE_I + MATE]
    v = i[o * NODE_I + CREW]
    if v == w or v < 0:
        return False
    ready, waited, way, slack, fresh, _ = reach(m, n, w)
    ready2, waited2, way2, slack2, fresh2, _ = reach(m, o, v)
    least, most = f[n * NODE_F + GAP_LEAST], f[n * NODE_F + GAP_MOST]
    low, high = bounds(m, n)
    one = max(max(ready, opens(m, n)), low)
    two = max(ready2, opens(m, n))
    for _ in range(6):
        one = fits(m, w, max(one, two - most), f[n * NODE_F + MINUTES])[0]
        if one >= INF:
            return False
        later = fits(m, v, max(two, one + least), f[o * NODE_F + MINUTES])[0]
        if later >= INF:
            return False
        two = later
        if two - one <= most + EPS:
            break
    if one > min(high, f[n * NODE_F + LATEST]) + EPS or two > f[o * NODE_F + LATEST] + EPS:
        return False
    if two - one > most + EPS:
        return False
    settle(m, n, w, one, ready, waited, way, slack, fresh, 0.0, 0.0 - INF)
    settle(m, o, v, two, ready2, waited2, way2, slack2, fresh2, 0.0, 0.0 - INF)
    return True


@inlined
def do_node(m, n):
    """Times of node ``n``, and of its mate; False where a hard rule is in the way."""
    i = m.i
    w = i[n * NODE_I + CREW]
    if w < 0:
        return i[n * NODE_I + MATE] < 0 or i[i[n * NODE_I + MATE] * NODE_I + CREW] < 0
    if i[n * NODE_I + IS_BREAK] == 1:
        return do_break(m, n, w)
    if i[n * NODE_I + MATE] >= 0:
        return do_two(m, n, w)
    return do_single(m, n, w)


@inlined
def do_end(m, w):
    """The way back, waiting for a last break, overtime and idle time of crew ``w``; False where it is too late."""
    f, i, c, g = m.f, m.i, m.f, m.f
    base = w * CREW_F
    t = m.i[w * CREW_I + TAIL]
    end, back, over, stiff, fresh, waited = c[base + BEGINS], 0.0, 0.0, 0, 1, 0.0
    if t >= 0:
        tried = i[t * NODE_I + STAMP] == m.i[STAMP_NOW]
        b = t * NODE_F + (TRIED if tried else 0)
        k = t * NODE_I + (TRIED_I if tried else 0)
        end, place, pending, fresh, stiff = (
            f[b + END],
            i[k + AT],
            i[k + PENDING],
            i[k + FRESH],
            i[t * NODE_I + IS_FIXED],
        )
        if pending >= 0:
            if fresh == 0:  # what the day could begin later is no waiting
                waited = max(0.0, f[pending * NODE_F + OPEN0] - end - max(0.0, f[b + SLACK]))
            end = max(end, f[pending * NODE_F + OPEN0]) + f[pending * NODE_F + MINUTES]
        home = m.i[w * CREW_I + BACK]
        if fresh == 0:
            if home >= 0 and place >= 0:
                size = m.i[PLACES]
                back = float(m.way[(m.i[w * CREW_I + MODE] * size + place) * size + home])
            if m.i[w * CREW_I + IN_SHIFT] == 1:
                end += back
            over = max(0.0, end - c[base + ENDS])
    c[base + T_WORK] += back - c[base + T_END_WAY]
    c[base + T_END_WAY] = back
    c[base + T_END_COST] = g[W_WAY] * back + g[W_OVER] * over + g[W_WAIT] * waited
    c[base + T_IDLE] = max(c[base + SHIFT], end - c[base + BEGINS]) - c[base + T_WORK]
    return stiff == 1 or fresh == 1 or end <= c[base + LAST_END] + EPS
