"""Statements are text of the program; what people typed goes beside them as parameters, never into them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TAKES_SQL = {
    "text",
    "exec_driver_sql",
    "execute",
    "executemany",
    "SQL",
    "literal_column",
    "scalar",
    "scalars",
    "notify",
}
MAKES_TEXT = r"""f["']|["'] %|["']\)?\.format\(|["'] \+|\+ f?["']"""
SESSIONS_DAY = re.compile(r"\b(current_date|localtimestamp|localtime)\b|now\(\)::date", re.I)
# Names of tables, columns and expressions that stand in the module itself, looked at one by one.
LOOKED_AT = {
    ("db/training.py", "t"), ("db/training.py", "', '.join(_FILLED)"), ("db/training.py", "next_id"),
    ("db/training.py", "query"), ("db/training_outcomes.py", "day"),
}  # fmt: skip


def put_in(node: ast.expr) -> Iterator[ast.expr]:
    """What is put into a text when it is made: by an f-string, ``%``, ``+`` or ``format``."""
    match node:
        case ast.JoinedStr(values=values):
            yield from (value.value for value in values if isinstance(value, ast.FormattedValue))
        case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str()), right=right):
            yield right
        case ast.BinOp(op=ast.Add(), left=left, right=right) if is_text(left) or is_text(right):
            for side in (left, right):
                yield from put_in(side)
                if not is_text(side) and not isinstance(side, ast.BinOp):
                    yield side
        case ast.Call(func=ast.Attribute(attr="format", value=ast.Constant(value=str())), args=args, keywords=named):
            yield from args
            yield from (each.value for each in named)


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def is_ours(node: ast.expr) -> bool:
    """A constant of a module, or a whole number."""
    match node:
        case ast.Name(id=name):
            return re.fullmatch(r"_?[A-Z][A-Z0-9_]*", name) is not None
        case ast.Call(func=ast.Name(id="int")) | ast.Constant():
            return True
    return False


def test_statements_are_put_together_of_what_stands_in_the_code() -> None:
    loose = []
    for path in sorted((ROOT / "db").rglob("*.py")):  # the other floors have no SQL: import-linter holds that
        name, code = path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
        if re.search(MAKES_TEXT, code) is None:
            continue
        for node in ast.walk(ast.parse(code)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in TAKES_SQL:
                parts = [part for part in put_in(node.args[0]) if not is_ours(part)]
                said = [ast.unparse(part) for part in parts if (name, ast.unparse(part)) not in LOOKED_AT]
                loose += [f"{name}:{node.lineno} {part}" for part in said]
    assert loose == [], "give it as a parameter, or as sql.Identifier"


def test_no_statement_asks_for_the_day_of_the_session() -> None:
    """Sessions have the time of UTC. The day of the centre is ``db.today``."""
    code = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in (ROOT / "db").rglob("*.py")}
    # what a row is given that names no day stands as it was delivered
    asking = [name for name, text in code.items() if SESSIONS_DAY.search(text) and not name.startswith("db/tables/")]
    assert asking == []


def test_the_test_finds_what_is_put_into_a_statement() -> None:
    found_in = {
        'f"select {name}"': 1, '"select %s" % name': 1, '"a " + name + " b"': 1, '"select {}".format(name)': 1,
        '"a" "b"': 0,
        'f"select {_LOCK}"': 0, 'f"in {int(days)} days"': 0,
    }  # fmt: skip
    for code, found in found_in.items():
        parts = [part for part in put_in(ast.parse(code, mode="eval").body) if not is_ours(part)]
        assert len(parts) == found, code
