"""The optimiser: :func:`solve`. Numbers in, numbers out; it knows no board."""

from coordination.deployment.planner.engine.checks import Fault, faults, reachable
from coordination.deployment.planner.engine.run import solve, warm_up

__all__ = ["Fault", "faults", "reachable", "solve", "warm_up"]
