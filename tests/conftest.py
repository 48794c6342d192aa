"""Fixtures for every test: real databases, and a data folder that nobody else uses."""

import pytest

from tests.database import centre_db, cluster

__all__ = ["centre_db", "cluster"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-catalogue", action="store_true", help="write tests/db/catalogue.txt anew")
