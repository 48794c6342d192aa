"""Where a job that is out fits best: guessed for every place of every crew that may, tried for the best few."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# ruff: noqa: F403, F405, SIM102

from __future__ import annotations

from coordination.deployment.planner.engine.compiled import compiled, inlined
from coordination.deployment.planner.engine.layout import *
from coordination.deployment.planner.engine.moves import below, key_after, leave_out, part
from coordination.deployment.planner.engine.tries import op, take, take_back, weigh

PICKS = 4


@inlined
def way_of(m, w, here, there):
    if here < 0 or there < 0:
        return 0.0
    size = m.i[PLACES]
    return float(m.way[(m.i[w * CREW_I + MODE] * size + here) * size + there])


@inlined
def note(m, at, guess, w, p, start):
    """Keeps the best ``PICKS`` guesses from row ``at`` of ``pick`` on, in order."""
    k = at + PICKS - 1
    if guess >= m.f[PICK_F + 2 * k]:
        return
    while k > at and m.f[PICK_F + 2 * (k - 1)] > guess:
        m.f[PICK_F + 2 * k], m.f[PICK_F + 2 * k + 1] = m.f[PICK_F + 2 * (k - 1)], m.f[PICK_F + 2 * (k - 1) + 1]
        m.i[PICK + 2 * k], m.i[PICK + 2 * k + 1] = m.i[PICK + 2 * (k - 1)], m.i[PICK + 2 * (k - 1) + 1]
        k -= 1
    m.f[PICK_F + 2 * k], m.f[PICK_F + 2 * k + 1] = guess, start
    m.i[PICK + 2 * k], m.i[PICK + 2 * k + 1] = w, p


@compiled
def guess(m, n, at, wild):
    """The likely best places for node ``n``. ``wild`` spoils guesses at random, so that they differ each time."""
    f, i, g = m.f, m.i, m.f
    for k in range(PICKS):
        m.f[PICK_F + 2 * (at + k)] = INF
    b = n * NODE_F
    minutes, opens, due, latest = f[b + MINUTES], f[b + OPEN0], f[b + DUE0], f[b + LATEST]
    there = i[n * NODE_I + PLACE]
    for a in range(m.i[m.i[ABLE_FROM_AT] + n], m.i[m.i[ABLE_FROM_AT] + n + 1]):
        w = m.i[m.i[ABLE_AT] + a]
        if m.f[w * CREW_F + CONTACT] + minutes > m.f[w * CREW_F + MOST_CONTACT]:
            continue
        liking = m.f[m.i[PREF_AT] + n * m.i[CREWS] + w]
        p, q = -1, m.i[w * CREW_I + HEAD]
        end, place = m.f[w * CREW_F + BEGINS], m.i[w * CREW_I + HOME]
        last = m.f[w * CREW_F + LAST_END]
        while True:
            to = way_of(m, w, place, there)
            start = max(end + (to if p >= 0 or m.i[w * CREW_I + IN_SHIFT] == 1 else 0.0), opens)
            if start > latest or start + minutes > last:
                break
            cost = liking + f[b + LATE_COST] * max(0.0, start - due)
            if q >= 0:
                on = way_of(m, w, there, i[q * NODE_I + AT])
                late = start + minutes + on - f[q * NODE_F + START]
                cost += g[W_WAY] * (to + on - f[q * NODE_F + WAY])
                if late > 0.0:
                    cost += g[W_PUSH] * late
                    if i[q * NODE_I + IS_FIXED] == 1 or f[q * NODE_F + START] + late > f[q * NODE_F + LATEST]:
                        cost = INF
            else:
                on = way_of(m, w, there, m.i[w * CREW_I + BACK])
                cost += g[W_WAY] * (to + on - m.f[w * CREW_F + END_WAY])
            if cost < INF:
                if wild > 0.0:
                    cost += wild * part(m)
                note(m, at, cost, w, p, start)
            if q < 0:
                break
            p, q = q, i[q * NODE_I + NEXT]
            end, place = f[p * NODE_F + END], i[p * NODE_I + AT]


@inlined
def as_held(m, n, w, start):
    """The gene of node ``n`` with crew ``w`` that could begin at ``start``: back with its own crew it waits for the
    time at which people expect it."""
    i = m.i
    if i[n * NODE_I + HELD_BY] == w + 1 and start <= m.f[n * NODE_F + HELD] + 1e-6:
        return i[n * NODE_I + WINDOWS]
    return 0


@inlined
def insert_one(m, n, wild):
    """Ops for the best place tried of a single service; its cost, INF where there is none. Nothing is taken yet."""
    guess(m, n, 0, wild)
    best, crew, key, aim = INF, -1, 0.0, 0
    for k in range(PICKS):
        if m.f[PICK_F + 2 * k] >= INF:
            break
        w = m.i[PICK + 2 * k]
        at = key_after(m, w, m.i[PICK + 2 * k + 1])
        held = as_held(m, n, w, m.f[PICK_F + 2 * k + 1])
        for gene in range(0, held + 1, max(1, held)):  # as soon as can be; where it was held, at that time too
            m.i[OPS] = 0
            op(m, n, w, at, gene)
            delta = weigh(m)
            take_back(m)
            if delta < best:
                best, crew, key, aim = delta, w, at, gene
    m.i[OPS] = 0
    if crew >= 0:
        op(m, n, crew, key, aim)
    return best


@inlined
def insert_two(m, n, o, wild):
    """The same for two services, together or apart."""
    guess(m, n, 0, wild)
    guess(m, o, PICKS, wild)
    bound = m.i[n * NODE_I + MATE] >= 0
    best, w1, w2, k1, k2, aim = INF, -1, -1, 0.0, 0.0, 0
    for a in range(PICKS):
        if m.f[PICK_F + 2 * a] >= INF:
            break
        for b in range(PICKS, 2 * PICKS):
            if m.f[PICK_F + 2 * b] >= INF:
                break
            w, v = m.i[PICK + 2 * a], m.i[PICK + 2 * b]
            if bound and w == v:
                continue
            if bound:
                one = max(m.f[PICK_F + 2 * a + 1], m.f[PICK_F + 2 * b + 1]) + 1e-3 * part(m)
                two = one
            else:
                one, two = key_after(m, w, m.i[PICK + 2 * a + 1]), key_after(m, v, m.i[PICK + 2 * b + 1])
            held = min(as_held(m, n, w, one), as_held(m, o, v, two))
            for gene in range(0, held + 1, max(1, held)):
                m.i[OPS] = 0
                op(m, n, w, one, gene)
                op(m, o, v, two, gene)
                delta = weigh(m)
                take_back(m)
                if delta < best:
                    best, w1, w2, k1, k2, aim = delta, w, v, one, two, gene
    m.i[OPS] = 0
    if w1 >= 0:
        op(m, n, w1, k1, aim)
        op(m, o, w2, k2, aim)
    return best


@compiled
def insert(m, n, wild):
    """Ops that place the job whose lead is node ``n`` at its best; the cost, INF where it fits nowhere."""
    partner = m.i[n * NODE_I + PARTNER]
    if partner >= 0:
        return insert_two(m, n, partner, wild)
    return insert_one(m, n, wild)


@inlined
def remember(m, n, count):
    """Keeps where the nodes of ``n``'s job are, so that a change of several steps can be undone."""
    i = m.i
    for o in (n, i[n * NODE_I + PARTNER]):
        if o >= 0:
            m.i[m.i[SAVED_AT] + 3 * count], m.i[m.i[SAVED_AT] + 3 * count + 1] = o, i[o * NODE_I + CREW]
            m.i[m.i[SAVED_AT] + 3 * count + 2], m.f[m.i[SAVED_KEY_AT] + count] = (
                i[o * NODE_I + GENE],
                m.f[o * NODE_F + KEY],
            )
            count += 1
    return count


@compiled
def restore(m, count):
    m.i[OPS] = 0
    for k in range(count):
        op(
            m,
            m.i[m.i[SAVED_AT] + 3 * k],
            m.i[m.i[SAVED_AT] + 3 * k + 1],
            m.f[m.i[SAVED_KEY_AT] + k],
            m.i[m.i[SAVED_AT] + 3 * k + 2],
        )
    delta = weigh(m)
    if delta < INF:
        take(m, delta)
    else:
        take_back(m)


@compiled
def out_now(m, n, count):
    """Takes the job of ``n`` out at once; how many nodes are remembered."""
    lead = m.i[n * NODE_I + LEAD]
    count = remember(m, lead, count)
    m.i[OPS] = 0
    leave_out(m, lead)
    delta = weigh(m)
    if delta >= INF:
        take_back(m)
        return -1
    take(m, delta)
    return count


@compiled
def eject(m, room):
    """An unplaced job in, up to three placed jobs out for it, and those back in where they fit. Cost of it all."""
    before = m.f[TOTAL]
    lead = m.i[m.i[OUT_AT] + below(m, m.i[UNPLACED])]
    i, f = m.i, m.f
    count = remember(m, lead, 0)
    asked = lead
    if i[lead * NODE_I + PARTNER] >= 0 and below(m, 2) == 1:
        asked = i[lead * NODE_I + PARTNER]
    low, high = m.i[m.i[ABLE_FROM_AT] + asked], m.i[m.i[ABLE_FROM_AT] + asked + 1]
    if high == low:
        return 0.0, 0
    w = m.i[m.i[ABLE_AT] + low + below(m, high - low)]
    wanted = f[asked * NODE_F + OPEN0] + part(m) * max(
        0.0, min(f[asked * NODE_F + DUE0], 1e6) - f[asked * NODE_F + OPEN0]
    )
    n = m.i[w * CREW_I + HEAD]
    while n >= 0 and f[n * NODE_F + END] < wanted:
        n = i[n * NODE_I + NEXT]
    many = 1 + below(m, 3)
    gone = 0
    while n >= 0 and gone < many:
        nxt = i[n * NODE_I + NEXT]
        if i[n * NODE_I + IS_FIXED] == 0 and i[n * NODE_I + IS_BREAK] == 0 and i[n * NODE_I + CREW] == w:
            if nxt >= 0 and i[nxt * NODE_I + LEAD] == i[n * NODE_I + LEAD]:
                nxt = i[nxt * NODE_I + NEXT]
            more = out_now(m, n, count)
            if more < 0:
                break
            count = more
            gone += 1
        n = nxt
    delta = insert(m, lead, 0.0)
    if delta >= INF:
        return m.f[TOTAL] - before, count
    take(m, weigh(m))
    k = count - 1
    while k > 0:
        o = m.i[m.i[SAVED_AT] + 3 * k]
        if i[o * NODE_I + LEAD] == o and i[o * NODE_I + CREW] < 0:
            if insert(m, o, 0.0) < INF and m.i[OPS] > 0:
                gain = weigh(m)
                if gain < room:
                    take(m, gain)
                else:
                    take_back(m)
        k -= 1
    return m.f[TOTAL] - before, count


@compiled
def ruin(m, many, wild):
    """Takes out jobs around one place and time, puts them back one by one where they then fit best, and with them the
    one that was out already, if it was the middle. Cost of it all."""
    before = m.f[TOTAL]
    i = m.i
    n = m.i[CREWS] + below(m, m.i[NODES])
    if m.i[UNPLACED] > 0 and below(m, 3) == 0:
        n = m.i[m.i[OUT_AT] + below(m, m.i[UNPLACED])]
    if i[n * NODE_I + IS_BREAK] == 1:
        return 0.0, 0
    near = m.i[NEAR]
    count, gone, at = 0, 0, 0
    if i[n * NODE_I + CREW] < 0:
        count = remember(m, i[n * NODE_I + LEAD], 0)
    o = n
    while gone < many and at <= near:
        if o >= 0 and i[o * NODE_I + CREW] >= 0 and i[o * NODE_I + IS_FIXED] == 0 and i[o * NODE_I + IS_BREAK] == 0:
            more = out_now(m, o, count)
            if more < 0:
                return m.f[TOTAL] - before, count
            count = more
            gone += 1
        if at < near:
            o = m.i[m.i[NEAR_AT] + n * near + at]
        at += 1 + below(m, 2)
    # Back in: in random order.
    for k in range(count - 1, 0, -1):
        j = below(m, k + 1)
        for d in range(3):
            m.i[m.i[SAVED_AT] + 3 * k + d], m.i[m.i[SAVED_AT] + 3 * j + d] = (
                m.i[m.i[SAVED_AT] + 3 * j + d],
                m.i[m.i[SAVED_AT] + 3 * k + d],
            )
        m.f[m.i[SAVED_KEY_AT] + k], m.f[m.i[SAVED_KEY_AT] + j] = m.f[m.i[SAVED_KEY_AT] + j], m.f[m.i[SAVED_KEY_AT] + k]
    for k in range(count):
        o = m.i[m.i[SAVED_AT] + 3 * k]
        if i[o * NODE_I + LEAD] == o and insert(m, o, wild) < INF and m.i[OPS] > 0:
            gain = weigh(m)
            if gain < INF:
                take(m, gain)
            else:
                take_back(m)
    return m.f[TOTAL] - before, count
