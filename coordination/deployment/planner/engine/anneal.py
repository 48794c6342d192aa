"""Simulated annealing over the moves: worse plans are taken too, the hotter the rather; the best is kept."""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"
# ruff: noqa: F403, F405

from __future__ import annotations

from math import log

from coordination.deployment.planner.engine.compiled import bare, compiled, inlined
from coordination.deployment.planner.engine.decode import do_end, do_node
from coordination.deployment.planner.engine.insertion import eject, insert, restore, ruin
from coordination.deployment.planner.engine.layout import *
from coordination.deployment.planner.engine.moves import (
    below,
    both,
    by_neighbour,
    by_time,
    chain,
    drop,
    exchange,
    other_time,
    part,
    shift,
    swap,
)
from coordination.deployment.planner.engine.tries import take, take_back, weigh

MOVES = ("shift", "by_neighbour", "by_time", "both", "swap", "exchange", "chain", "other_time", "drop", "insert",
         "eject", "ruin")  # fmt: skip


@compiled
def keep_best(m):
    for n in range(m.i[CREWS], m.i[CREWS] + m.i[NODES]):
        k = n - m.i[CREWS]
        m.i[m.i[BEST_CREW_AT] + k] = m.i[n * NODE_I + CREW]
        m.i[m.i[BEST_GENE_AT] + k] = m.i[n * NODE_I + GENE]
        m.f[m.i[BEST_KEY_AT] + k] = m.f[n * NODE_F + KEY]
    m.i[IS_BEST] = 0


@inlined
def better(m):
    """Notes that the plan as it stands is the best so far, if it is. It is copied only before it is left."""
    if m.f[TOTAL] < m.f[BEST] - 1e-7:
        m.f[BEST] = m.f[TOTAL]
        m.i[IS_BEST] = 1
        m.i[BESTS] += 1


@compiled
def rekey(m, order):
    """Keys become times again, in the same order. ``order``: nodes by key.

    No two become the same: a node that goes to another crew with its key would stand beside its equal there, and which
    of the two comes first would not be said by their keys any more.
    """
    m = Model(bare(m.f), bare(m.i), bare(m.way))
    f, i = m.f, m.i
    m.i[STAMP_NOW] += 1
    stamp = m.i[STAMP_NOW]
    for at in range(m.i[NODES]):
        n = order[at]
        if i[n * NODE_I + CREW] < 0 or (i[n * NODE_I + MATE] >= 0 and i[n * NODE_I + IS_FIRST] == 0):
            continue
        mate, link, p = i[n * NODE_I + MATE], i[n * NODE_I + LINK], i[n * NODE_I + PREV]
        key = f[n * NODE_F + START] + 1e-9 * n
        if p >= 0:
            key = max(key, f[p * NODE_F + KEY] + 1e-4)
        if link >= 0 and i[link * NODE_I + CREW] >= 0 and i[link * NODE_I + OPPED] == stamp:
            key = max(key, f[link * NODE_F + KEY] + 1e-4)
        if mate >= 0:
            key = max(key, f[mate * NODE_F + START])
            p = i[mate * NODE_I + PREV]
            if p >= 0:
                key = max(key, f[p * NODE_F + KEY] + 1e-4)
            f[mate * NODE_F + KEY] = key
        f[n * NODE_F + KEY] = key
        i[n * NODE_I + OPPED] = stamp


@inlined
def plain_move(m, kind):
    m.i[OPS] = 0
    if kind == 0:
        shift(m)
    elif kind == 1:
        by_neighbour(m)
    elif kind == 2:
        by_time(m)
    elif kind == 3:
        both(m)
    elif kind == 4:
        swap(m)
    elif kind == 5:
        exchange(m)
    elif kind == 6:
        chain(m)
    elif kind == 7:
        other_time(m)
    elif kind == 8:
        drop(m)
    elif m.i[UNPLACED] > 0:
        insert(m, m.i[m.i[OUT_AT] + below(m, m.i[UNPLACED])], 0.0)


@compiled
def anneal(m, tries, hot, cold):
    """``tries`` moves, cooling evenly (in the exponent) from ``hot`` to ``cold``; fewer if ``stop`` is set."""
    m = Model(bare(m.f), bare(m.i), bare(m.way))
    heat = hot
    cooling = (cold / hot) ** (64.0 / tries) if tries > 64 else 1.0
    done = 0
    for at in range(tries):
        if at % 64 == 63:
            heat *= cooling
            if m.i[STOP] != 0:
                break
        done += 1
        u = part(m)
        kind = 0
        while m.f[MIX + kind] < u:
            kind += 1
        room = -heat * log(part(m))
        if kind >= 10:
            if kind == 10 and m.i[UNPLACED] == 0:
                continue
            if m.i[IS_BEST] == 1:
                keep_best(m)
            if kind == 10:
                delta, count = eject(m, room)
            else:
                delta, count = ruin(m, 2 + below(m, 6), heat)
            if delta > room:
                restore(m, count)
            elif delta < 0.0:
                better(m)
            continue
        plain_move(m, kind)
        if m.i[OPS] == 0:
            continue
        delta = weigh(m)
        if delta <= room:
            if m.i[IS_BEST] == 1 and delta > 0.0:
                take_back(m)  # the change is made already: the best is kept as it was before
                keep_best(m)
                delta = weigh(m)
            take(m, delta)
            if delta < 0.0:
                better(m)
        else:
            take_back(m)
    m.i[TRIES] += done
    if m.i[IS_BEST] == 1:
        keep_best(m)
        m.i[IS_BEST] = 1
    return done


@compiled
def add(m, what, keys):
    """Places nodes where it is said, as far as no hard rule refuses: for each row of six numbers of ``what`` node, crew
    and gene, and those of a second one (or -1), with two keys of ``keys``."""
    m = Model(bare(m.f), bare(m.i), bare(m.way))
    for k in range(len(keys) // 2):
        m.i[OPS] = 0
        op_of(m, what[6 * k], what[6 * k + 1], keys[2 * k], what[6 * k + 2])
        if what[6 * k + 3] >= 0:
            op_of(m, what[6 * k + 3], what[6 * k + 4], keys[2 * k + 1], what[6 * k + 5])
        delta = weigh(m)
        if delta >= INF:
            take_back(m)
        else:
            take(m, delta)


@inlined
def op_of(m, n, w, key, gene):
    k = m.i[OPS]
    m.i[m.i[OPS_AT] + 3 * k], m.i[m.i[OPS_AT] + 3 * k + 1], m.i[m.i[OPS_AT] + 3 * k + 2] = n, w, gene
    m.f[m.i[OP_KEY_AT] + k] = key
    m.i[OPS] = k + 1


@compiled
def fill(m, order):
    """Puts in the jobs that are out, in ``order`` of their leads, each where it costs least."""
    m = Model(bare(m.f), bare(m.i), bare(m.way))
    for at in range(len(order)):
        n = order[at]
        if m.i[STOP] != 0:
            break
        if m.i[n * NODE_I + CREW] < 0 and insert(m, n, 0.0) < 0.0 and m.i[OPS] > 0:
            delta = weigh(m)
            if delta < 0.0:
                take(m, delta)
            else:
                take_back(m)


@compiled
def renew(m, order):
    """Everything once more from order and crews, without what rounding has left. ``order``: nodes by key."""
    m = Model(bare(m.f), bare(m.i), bare(m.way))
    m.i[STAMP_NOW] += 1
    m.i[QUEUE_LEN], m.i[TOUCHED], m.i[CREWS_TOUCHED], m.i[OPS] = 0, 0, 0, 0
    total = 0.0
    i, f, c, g = m.i, m.f, m.f, m.f
    for at in range(m.i[NODES]):
        n = order[at]
        if i[n * NODE_I + CREW] >= 0 and (i[n * NODE_I + MATE] < 0 or i[n * NODE_I + IS_FIRST] == 1):
            do_node(m, n)
            m.i[QUEUE_LEN] = 0
    for n in range(m.i[CREWS], m.i[CREWS] + m.i[NODES]):
        if i[n * NODE_I + CREW] < 0 and i[n * NODE_I + LEAD] == n:
            total += f[n * NODE_F + OUT_COST]
    for w in range(m.i[CREWS]):
        base = w * CREW_F
        c[base + T_CONTACT], c[base + T_WORK], c[base + T_END_WAY] = 0.0, 0.0, 0.0
        n = m.i[w * CREW_I + HEAD]
        while n >= 0:
            b = n * NODE_F + TRIED
            total += f[b + COST]
            c[base + T_WORK] += f[b + WAY] + f[n * NODE_F + MINUTES]
            if i[n * NODE_I + IS_BREAK] == 0:
                c[base + T_CONTACT] += f[n * NODE_F + MINUTES]
            n = i[n * NODE_I + NEXT]
        do_end(m, w)
        total += c[base + T_END_COST] + g[W_FAIR] * c[base + FAIR] * c[base + T_CONTACT] ** 2
        for k in range(5):
            c[base + CONTACT + k] = c[base + T_CONTACT + k]
    most, idle, latest = 0.0, 0.0, -1
    for n in range(m.i[CREWS], m.i[CREWS] + m.i[NODES]):
        if i[n * NODE_I + CREW] >= 0:
            for k in range(TRIED):
                f[n * NODE_F + START + k] = f[n * NODE_F + TRIED + START + k]
            for k in range(TRIED_I):
                i[n * NODE_I + AT + k] = i[n * NODE_I + TRIED_I + AT + k]
            if f[n * NODE_F + LATE] > most:
                most, latest = f[n * NODE_F + LATE], n
    for w in range(m.i[CREWS]):
        idle = max(idle, c[w * CREW_F + IDLE])
    g[MOST_LATE], g[MOST_IDLE], m.i[LATEST_NODE] = most, idle, latest
    g[TOTAL] = total + g[W_MOST_LATE] * most + g[W_MOST_IDLE] * idle
    return g[TOTAL]
