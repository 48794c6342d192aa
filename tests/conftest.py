"""Fixtures for every test: real databases, and a data folder that nobody else uses."""

from tests.database import centre_db, cluster

__all__ = ["centre_db", "cluster"]
