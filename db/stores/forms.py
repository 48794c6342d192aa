"""The shelf of forms: what comes with the program is published, what an administrator reads in begins as a draft."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from coordination.assessment.faults import FormFaults
from coordination.assessment.form_library import FormState, ShelvedForm
from coordination.assessment.forms import from_definition, load
from coordination.assessment.model import Form, FormKey
from coordination.errors import NotFound, Refused, obstacle
from db.tables.assessment import form
from db.tables.governance import user_account

log = logging.getLogger(__name__)


def shipped_forms() -> dict[str, str]:
    """File name to text, in order of name."""
    folder = files("resources.forms")
    texts = {f.name: f.read_text(encoding="utf-8") for f in folder.iterdir() if f.name.endswith(".toml")}
    return dict(sorted(texts.items()))


def publish_forms(connection: Connection, texts: Mapping[str, str] | None = None) -> list[FormKey]:
    """Bring forms into the database: the shipped ones, or these (file name to text). Returns the new versions.

    A published version never changes. Raises FormFaults, and Refused with ``form_version_differs`` when another content
    stands under the same version: a change needs a higher version. What an administrator of this centre has read in
    under the same version is theirs, and stays.
    """
    new = []
    for file, content in (shipped_forms() if texts is None else dict(texts)).items():
        key = load(content, file).key
        definition = tomllib.loads(content)
        if _publish(connection, key, definition):
            new.append(key)
            continue
        published, imported_by = connection.execute(
            select(form.c.definition, form.c.imported_by).where(*_is(key))
        ).one()
        if published != definition and imported_by is None:
            facts = obstacle("form_version_differs", file=file, form=key.id, version=key.version)
            raise Refused("publish_form", (facts,))
    return new


def _publish(connection: Connection, key: FormKey, definition: dict[str, Any]) -> bool:
    row = {"id": key.id, "version": key.version, "title": definition["title"], "definition": definition}
    added = insert(form).values(row).on_conflict_do_nothing().returning(form.c.version)
    return connection.execute(added).scalar_one_or_none() is not None


def newest_live(connection: Connection) -> list[Form]:
    """The newest live version of every form, in order of title. One that can't be read (put there by hand) is left out
    rather than that nobody can choose any."""
    newest = (
        select(form.c.id, form.c.version, form.c.definition)
        .ext(distinct_on(form.c.id))
        .where(form.c.state == "live")
        .order_by(form.c.id, form.c.version.desc())
    )
    found = []
    for row in connection.execute(newest):
        try:
            found.append(from_definition(row.definition))
        except FormFaults:
            log.error("form %s %s can't be read", row.id, row.version)
    return sorted(found, key=lambda f: f.title)


class PgFormStore:
    """Every version of every form."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def shelf(self) -> list[ShelvedForm]:
        query = _shelf().order_by(form.c.title, form.c.id, form.c.version.desc())
        return [_shelved(row) for row in self._connection.execute(query)]

    def find(self, key: FormKey) -> ShelvedForm | None:
        row = self._connection.execute(_shelf().where(*_is(key))).one_or_none()
        return None if row is None else _shelved(row)

    def definition(self, key: FormKey) -> Mapping[str, Any]:
        found = self._connection.execute(select(form.c.definition).where(*_is(key))).scalar_one_or_none()
        if found is None:
            raise NotFound("form", f"{key.id} {key.version}")
        definition: Mapping[str, Any] = found
        return definition

    def live_forms(self) -> list[Form]:
        return newest_live(self._connection)

    def add_draft(self, key: FormKey, title: str, definition: Mapping[str, Any], source: str) -> bool:
        row = {"title": title, "definition": definition, "source": source, "state": "draft", "published_at": None}
        added = insert(form).values(id=key.id, version=key.version, **row).on_conflict_do_nothing()
        return self._connection.execute(added.returning(form.c.version)).one_or_none() is not None

    def replace_draft(self, key: FormKey, title: str, definition: Mapping[str, Any], source: str, seen: int) -> bool:
        changed = update(form).where(*_is(key), form.c.revision == seen, form.c.state == "draft")
        done = self._connection.execute(changed.values(title=title, definition=definition, source=source))
        return done.rowcount == 1

    def set_state(self, key: FormKey, state: FormState, seen: int, reason: str = "") -> bool:
        changed = update(form).where(*_is(key), form.c.revision == seen)
        return self._connection.execute(changed.values(state=state, withdrawn_reason=reason)).rowcount == 1

    def drop_draft(self, key: FormKey, seen: int) -> bool:
        dropped = delete(form).where(*_is(key), form.c.revision == seen)
        return self._connection.execute(dropped).rowcount == 1


def _is(key: FormKey) -> tuple[Any, Any]:
    return form.c.id == key.id, form.c.version == key.version


def _shelf() -> Select[Any]:
    importer, publisher, withdrawer = user_account.alias(), user_account.alias(), user_account.alias()
    other = form.alias()
    newest_live_version = (
        select(func.max(other.c.version)).where(other.c.id == form.c.id, other.c.state == "live").scalar_subquery()
    )
    return (
        select(
            form.c.id,
            form.c.version,
            form.c.title,
            form.c.state,
            form.c.source,
            form.c.imported_at,
            form.c.published_at,
            form.c.withdrawn_at,
            form.c.withdrawn_reason,
            form.c.revision,
            (form.c.version == newest_live_version).label("newest"),
            _name(importer, form.c.imported_by).label("imported_by"),
            _name(publisher, form.c.published_by).label("published_by"),
            _name(withdrawer, form.c.withdrawn_by).label("withdrawn_by"),
        )
        .outerjoin(importer, importer.c.user_name == form.c.imported_by)
        .outerjoin(publisher, publisher.c.user_name == form.c.published_by)
        .outerjoin(withdrawer, withdrawer.c.user_name == form.c.withdrawn_by)
    )


def _name(account: Any, user: Any) -> Any:
    return func.coalesce(account.c.display_name, user, "")


def _shelved(row: Row[Any]) -> ShelvedForm:
    return ShelvedForm(
        FormKey(row.id, row.version),
        row.title,
        row.state,
        row.newest is True,
        _utc(row.imported_at),
        row.imported_by,
        _utc(row.published_at),
        row.published_by,
        _utc(row.withdrawn_at),
        row.withdrawn_by,
        row.withdrawn_reason,
        row.revision,
        row.source,
    )


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)
