"""Fixtures for every test: real databases, and a data folder that nobody else uses."""

import os

import pytest

from tests.database import centre_db, cluster
from tests.made_once import larger_city, small_city

# Compiling the planner takes half a minute; its plain form gives the same plans (test_planner_compiled.py).
os.environ.setdefault("CENTRE_PLANNER", "plain")

__all__ = ["centre_db", "cluster", "larger_city", "small_city"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-catalogue", action="store_true", help="write tests/db/catalogue.txt anew")
