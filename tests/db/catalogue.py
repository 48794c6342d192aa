"""The catalogue as text: what no migration tool compares (constraints, policies, triggers, grants, functions).

Write the manifest anew after a deliberate change, and read the difference:

    .venv/bin/python -m pytest -q tests/db/test_catalogue.py --write-catalogue
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

MANIFEST = Path(__file__).with_name("catalogue.txt")

_QUERIES = {
    "constraints": """
        select conrelid::regclass || ' ' || conname || ': ' || pg_get_constraintdef(oid)
        from pg_constraint where connamespace in ('public'::regnamespace, 'audit'::regnamespace)
          and contype <> 'n' and conrelid <> 0 and conrelid::regclass::text <> 'alembic_version'""",
    "indexes": """
        select indexdef from pg_indexes where schemaname in ('public', 'audit') and tablename <> 'alembic_version'""",
    "row security": """
        select oid::regclass || case when relrowsecurity then ' on' else ' off' end
        from pg_class
        where relkind in ('r', 'p') and relnamespace in ('public'::regnamespace, 'audit'::regnamespace)""",
    "policies": r"""
        select schemaname || '.' || tablename || ' ' || policyname || ' ' || cmd || ' ' || roles::text
            || coalesce(' using ' || regexp_replace(qual, '\s+', ' ', 'g'), '')
            || coalesce(' check ' || regexp_replace(with_check, '\s+', ' ', 'g'), '')
        from pg_policies""",
    "triggers": """
        select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal""",
    "functions": """
        select p.oid::regprocedure || case when prosecdef then ' definer' else ' invoker' end
            || coalesce(' ' || proconfig::text, '') || ' ' || (select string_agg(a::text, ',' order by a::text)
                from unnest(coalesce(proacl, acldefault('f', proowner))) a)
        from pg_proc p where pronamespace in ('public'::regnamespace, 'audit'::regnamespace)""",
    "grants": """
        select oid::regclass || ' ' || unnest(coalesce(
          relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner))) from pg_class
        where relnamespace in ('public'::regnamespace, 'audit'::regnamespace) and relkind in ('r', 'v', 'm', 'S')""",
    "column grants": """
        select attrelid::regclass || '.' || attname || ' ' || unnest(attacl) from pg_attribute
        where attacl is not null
          and attrelid in (
            select oid from pg_class where relnamespace in ('public'::regnamespace, 'audit'::regnamespace))""",
}


def catalogue(connection: Connection) -> str:
    """The whole catalogue, sorted, one fact a line."""
    parts: list[str] = []
    for title, query in _QUERIES.items():
        facts: list[Any] = sorted(str(row[0]) for row in connection.execute(text(query)))
        parts += [f"== {title}", *facts, ""]
    return "\n".join(parts)
