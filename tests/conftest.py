"""Fixtures for every test: real databases, and a data folder that nobody else uses."""

import gc
import importlib
import os
import sys
import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from coordination.clock import SystemClock, at_local, local_date
from tests.database import centre_db, cluster
from tests.made_once import larger_city, small_city

# Compiling the planner takes half a minute; its plain form gives the same plans (test_planner_compiled.py).
os.environ.setdefault("CENTRE_PLANNER", "plain")

# How long an example takes says how busy the machine is.
settings.register_profile("tests", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

_A_TEST = timedelta(seconds=20)
_day = local_date(SystemClock().now())

__all__ = ["centre_db", "cluster", "larger_city", "small_city"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-catalogue", action="store_true", help="write tests/db/catalogue.txt anew")


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Each worker begins elsewhere with the modules of tests and finds those compiled that the others began with.

    pytest writes an assert anew so that it says what was compared, which takes half a minute for all of them.
    """
    worker, workers = os.environ.get("PYTEST_XDIST_WORKER", ""), int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if not worker:
        return
    gc.disable()  # until all is read: what is imported stays
    root = session.config.rootpath
    folders = [Path(root, given) for given in session.config.args if Path(root, given).is_dir()]
    modules = sorted({module for folder in folders for module in folder.rglob("test_*.py")})
    first = len(modules) * int(worker.removeprefix("gw")) // workers
    for module in modules[first:] + modules[:first]:
        with suppress(Exception):  # whoever collects it says what is wrong with it
            importlib.import_module(".".join(module.relative_to(root).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """Half a million objects of modules outlive all tests: nobody looks through them again for what can go."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Where a run goes over midnight, what a module of tests took for now or today as it was read is so again. No test
    begins so late that midnight would come into it: it waits, once a night."""
    global _day
    while (left := _until_midnight()) < _A_TEST:
        time.sleep(left.total_seconds())
    now, begun = SystemClock().now(), _day
    _day = local_date(now)
    if begun == _day:
        return
    for module in [module for name, module in sys.modules.items() if name.startswith("tests.")]:
        if getattr(module, "TODAY", None) == begun:
            module.TODAY = _day
        held = getattr(module, "NOW", None)
        if isinstance(held, datetime) and local_date(held) == begun:
            module.NOW = now


def _until_midnight() -> timedelta:
    now = SystemClock().now()
    return at_local(local_date(now), 24) - now
