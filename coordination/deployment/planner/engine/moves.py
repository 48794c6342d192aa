"""The changes that are tried, at random: each writes its ops, or none where it finds nothing to change."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# ruff: noqa: F403, F405, SIM102

from __future__ import annotations

from coordination.deployment.planner.engine.compiled import compiled, inlined
from coordination.deployment.planner.engine.layout import *
from coordination.deployment.planner.engine.tries import op

MASK = 0xFFFFFFFF
UNIT = 1.0 / 4294967296.0


@inlined
def random(m):
    """A whole number below 2**32 (xorshift), the same with numba and without."""
    x = m.i[RANDOM]
    x ^= (x << 13) & MASK
    x ^= x >> 17
    x ^= (x << 5) & MASK
    m.i[RANDOM] = x
    return x


@inlined
def below(m, limit):
    return (random(m) * limit) >> 32


@inlined
def part(m):
    """A number from 0 to 1, never 0."""
    return (random(m) + 0.5) * UNIT


@inlined
def some_node(m):
    """A node that is placed and may move; -1 where luck finds none."""
    for _ in range(8):
        n = m.i[CREWS] + below(m, m.i[NODES])
        if m.i[n * NODE_I + CREW] >= 0 and m.i[n * NODE_I + IS_FIXED] == 0:
            return n
    return -1


@inlined
def may(m, n, w):
    return m.f[m.i[PREF_AT] + n * m.i[CREWS] + w] < INF


@inlined
def key_after(m, w, p):
    """A key between node ``p`` of crew ``w`` (-1: its beginning) and the one that follows."""
    f = m.f
    q = m.i[p * NODE_I + NEXT] if p >= 0 else m.i[w * CREW_I + HEAD]
    u = part(m)
    if p >= 0 and q >= 0:
        low, high = f[p * NODE_F + KEY], f[q * NODE_F + KEY]
        return low + (high - low) * u
    if p >= 0:
        return f[p * NODE_F + KEY] + 30.0 * u
    if q >= 0:
        return f[q * NODE_F + KEY] - 30.0 * u
    return m.f[w * CREW_F + BEGINS] + 30.0 * u


@inlined
def put(m, n, w, key):
    """Node ``n`` to crew ``w`` at ``key``, its mate to the same key; on another crew it is not held."""
    gene = m.i[n * NODE_I + GENE]
    if w != m.i[n * NODE_I + CREW] and gene >= m.i[n * NODE_I + WINDOWS]:
        gene = 0
    op(m, n, w, key, gene)
    mate = m.i[n * NODE_I + MATE]
    if mate >= 0:
        op(m, mate, m.i[mate * NODE_I + CREW], key, m.i[mate * NODE_I + GENE])


@inlined
def shift(m):
    """Past one to three neighbours of its crew."""
    n = some_node(m)
    if n < 0:
        return
    i = m.i
    w = i[n * NODE_I + CREW]
    steps = 1 + below(m, 3)
    p = n
    if below(m, 2) == 0:
        for _ in range(steps + 1):
            if p >= 0:
                p = i[p * NODE_I + PREV]
        q = i[p * NODE_I + NEXT] if p >= 0 else m.i[w * CREW_I + HEAD]
        if q == n:
            return
    else:
        for _ in range(steps):
            if i[p * NODE_I + NEXT] >= 0:
                p = i[p * NODE_I + NEXT]
        if p == n:
            return
    put(m, n, w, key_after(m, w, p))


@inlined
def by_neighbour(m):
    """Next to a node that is near, on that one's crew."""
    n = some_node(m)
    if n < 0 or m.i[n * NODE_I + IS_BREAK] == 1:
        return
    near = m.i[NEAR]
    o = m.i[m.i[NEAR_AT] + n * near + below(m, near)]
    if o < 0:
        return
    i = m.i
    w = i[o * NODE_I + CREW]
    if w < 0 or not may(m, n, w):
        return
    mate = i[n * NODE_I + MATE]
    if mate >= 0 and (i[mate * NODE_I + CREW] == w or o == mate):
        return
    p = o if below(m, 2) == 0 else i[o * NODE_I + PREV]
    if p == n or (p >= 0 and i[p * NODE_I + NEXT] == n):
        return
    put(m, n, w, key_after(m, w, p))


@inlined
def by_time(m):
    """To some able crew, at about its time; the mate of two stays with its own."""
    n = some_node(m)
    if n < 0:
        return
    low, high = m.i[m.i[ABLE_FROM_AT] + n], m.i[m.i[ABLE_FROM_AT] + n + 1]
    w = m.i[m.i[ABLE_AT] + low + below(m, high - low)]
    mate = m.i[n * NODE_I + MATE]
    if mate >= 0 and m.i[mate * NODE_I + CREW] == w:
        return
    key = m.f[n * NODE_F + KEY]
    if below(m, 4) > 0:
        key += (part(m) - 0.5) * 60.0
    put(m, n, w, key)


@inlined
def both(m):
    """Two workers of a double-up at once, to others that are able, at about its time."""
    n = some_node(m)
    if n < 0:
        return
    o = m.i[n * NODE_I + MATE]
    if o < 0:
        return
    w = m.i[
        m.i[ABLE_AT]
        + m.i[m.i[ABLE_FROM_AT] + n]
        + below(m, m.i[m.i[ABLE_FROM_AT] + n + 1] - m.i[m.i[ABLE_FROM_AT] + n])
    ]
    v = m.i[
        m.i[ABLE_AT]
        + m.i[m.i[ABLE_FROM_AT] + o]
        + below(m, m.i[m.i[ABLE_FROM_AT] + o + 1] - m.i[m.i[ABLE_FROM_AT] + o])
    ]
    if w == v:
        return
    key = m.f[n * NODE_F + KEY] + (part(m) - 0.5) * 60.0
    op(m, n, w, key, 0)
    op(m, o, v, key, 0)


@inlined
def swap(m):
    """Two nodes change crews: in place of one another, or each at its own time."""
    n = some_node(m)
    if n < 0 or m.i[n * NODE_I + IS_BREAK] == 1:
        return
    near = m.i[NEAR]
    o = m.i[m.i[NEAR_AT] + n * near + below(m, near)]
    i = m.i
    if o < 0 or i[o * NODE_I + CREW] < 0 or i[o * NODE_I + IS_FIXED] == 1 or i[o * NODE_I + IS_BREAK] == 1:
        return
    w, v = i[n * NODE_I + CREW], i[o * NODE_I + CREW]
    if w == v or not may(m, n, v) or not may(m, o, w):
        return
    a, b = i[n * NODE_I + MATE], i[o * NODE_I + MATE]
    if a == o or (a >= 0 and i[a * NODE_I + CREW] == v) or (b >= 0 and i[b * NODE_I + CREW] == w):
        return
    one, two = m.f[n * NODE_F + KEY], m.f[o * NODE_F + KEY]
    if below(m, 4) > 0 and (a < 0 or b < 0 or a != b):
        one, two = two, one
    put(m, n, v, one)
    put(m, o, w, two)


@compiled
def across(m, n, v, low, high):
    """The nodes of ``n``'s crew with keys between go to crew ``v``, as far as they may; False with too many."""
    i, f = m.i, m.f
    moved = 0
    while n >= 0 and f[n * NODE_F + KEY] < high:
        nxt = i[n * NODE_I + NEXT]
        key = f[n * NODE_F + KEY]
        mate = i[n * NODE_I + MATE]
        if key >= low and i[n * NODE_I + IS_FIXED] == 0 and i[n * NODE_I + IS_BREAK] == 0 and may(m, n, v):
            if mate < 0 or i[mate * NODE_I + CREW] != v:
                gene = i[n * NODE_I + GENE]
                if gene >= i[n * NODE_I + WINDOWS]:
                    gene = 0
                op(m, n, v, key, gene)
                moved += 1
                if moved > 40:
                    return
        n = nxt


@inlined
def exchange(m):
    """Two crews change what they do over a stretch of the day, or from a moment on."""
    n = some_node(m)
    if n < 0 or m.i[n * NODE_I + IS_BREAK] == 1:
        return
    i, f = m.i, m.f
    near = m.i[NEAR]
    o = m.i[m.i[NEAR_AT] + n * near + below(m, near)]
    if o < 0 or i[o * NODE_I + CREW] < 0 or i[o * NODE_I + CREW] == i[n * NODE_I + CREW]:
        return
    w, v = i[n * NODE_I + CREW], i[o * NODE_I + CREW]
    kind = below(m, 4)
    low = f[n * NODE_F + KEY]
    # Two cuts, so that n comes before o on o's crew, or at the same moment.
    cut = low if kind < 2 else min(low, f[o * NODE_F + KEY])
    high = INF
    if kind % 2 == 1:
        last = n
        for _ in range(1 + below(m, 4)):
            if i[last * NODE_I + NEXT] >= 0:
                last = i[last * NODE_I + NEXT]
        high = f[last * NODE_F + KEY] + 1e-6
    if kind == 2:
        # n goes on after o: what o's crew did after it becomes the rest of n's day.
        p = i[o * NODE_I + NEXT]
        across(m, n, v, low, INF)
        if p >= 0:
            across(m, p, w, f[p * NODE_F + KEY], INF)
        return
    head = m.i[v * CREW_I + HEAD]
    across(m, n, v, low, high)
    if head >= 0:
        across(m, head, w, cut, high)


@inlined
def chain(m):
    """Two or three single visits in a row go elsewhere together."""
    n = some_node(m)
    if n < 0 or m.i[n * NODE_I + IS_BREAK] == 1:
        return
    i, f = m.i, m.f
    near = m.i[NEAR]
    o = m.i[m.i[NEAR_AT] + n * near + below(m, near)]
    if o < 0 or i[o * NODE_I + CREW] < 0:
        return
    w = i[o * NODE_I + CREW]
    if w == i[n * NODE_I + CREW]:
        return
    length = 2 + below(m, 2)
    p = o if below(m, 2) == 0 else i[o * NODE_I + PREV]
    q = i[p * NODE_I + NEXT] if p >= 0 else m.i[w * CREW_I + HEAD]
    low = f[p * NODE_F + KEY] if p >= 0 else (f[q * NODE_F + KEY] - 60.0 if q >= 0 else 0.0)
    high = f[q * NODE_F + KEY] if q >= 0 else low + 60.0
    for k in range(length):
        if n < 0 or i[n * NODE_I + MATE] >= 0 or i[n * NODE_I + IS_FIXED] == 1 or i[n * NODE_I + IS_BREAK] == 1:
            m.i[OPS] = 0
            return
        if not may(m, n, w):
            m.i[OPS] = 0
            return
        put(m, n, w, low + (high - low) * (k + 1) / (length + 1))
        n = i[n * NODE_I + NEXT]


@inlined
def other_time(m):
    """Aims at another of its windows, or at the time it is held at, or no longer."""
    n = some_node(m)
    if n < 0:
        return
    i = m.i
    choices = i[n * NODE_I + WINDOWS] + min(1, i[n * NODE_I + HELD_BY])
    if choices < 2:
        return
    gene = below(m, choices)
    if gene == i[n * NODE_I + GENE]:
        return
    key = m.f[n * NODE_F + KEY]
    if gene < i[n * NODE_I + WINDOWS]:
        key = max(m.f[n * NODE_F + OPEN0 + 2 * gene] + 1e-3 * part(m), key)
    mate = i[n * NODE_I + MATE]
    op(m, n, i[n * NODE_I + CREW], key, gene)
    if mate >= 0:
        op(m, mate, i[mate * NODE_I + CREW], key, gene)


@inlined
def leave_out(m, n):
    """All of the job of node ``n`` out."""
    i = m.i
    partner = i[n * NODE_I + PARTNER]
    op(m, n, -1, m.f[n * NODE_F + KEY], 0)
    if partner >= 0:
        op(m, partner, -1, m.f[partner * NODE_F + KEY], 0)


@inlined
def drop(m):
    n = some_node(m)
    if n >= 0:
        leave_out(m, n)
