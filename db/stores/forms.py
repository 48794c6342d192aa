"""Publishing the forms that come with the program."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from coordination.assessment.forms import load
from coordination.assessment.model import FormKey
from coordination.errors import Refused, obstacle
from db.tables.assessment import form


def shipped_forms() -> dict[str, str]:
    """File name to text, in order of name."""
    folder = files("resources.forms")
    texts = {f.name: f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith(".toml")}
    return dict(sorted(texts.items()))


def publish_forms(connection: Connection, texts: Mapping[str, str] | None = None) -> list[FormKey]:
    """Bring forms into the database: the shipped ones, or these (file name to text). Returns the new versions.

    A published version never changes. Raises FormFaults, and Refused with ``form_version_differs`` when another content
    stands under the same version: a change needs a higher version.
    """
    new = []
    for file, content in (shipped_forms() if texts is None else dict(texts)).items():
        key = load(content, file).key
        definition = tomllib.loads(content)
        if _publish(connection, key, definition):
            new.append(key)
        elif _published(connection, key) != definition:
            facts = obstacle("form_version_differs", file=file, form=key.id, version=key.version)
            raise Refused("publish_form", (facts,))
    return new


def _publish(connection: Connection, key: FormKey, definition: dict[str, Any]) -> bool:
    row = {"id": key.id, "version": key.version, "title": definition["title"], "definition": definition}
    added = insert(form).values(row).on_conflict_do_nothing().returning(form.c.version)
    return connection.execute(added).scalar_one_or_none() is not None


def _published(connection: Connection, key: FormKey) -> Any:
    query = select(form.c.definition).where(form.c.id == key.id, form.c.version == key.version)
    return connection.execute(query).scalar_one()
