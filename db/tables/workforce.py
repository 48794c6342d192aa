"""Rotas, their exceptions, and whom a worker knows or is not to visit. Constraints stand in db/migrations."""

from sqlalchemy import (
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    column,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, INT4MULTIRANGE

from db.tables import METADATA

_BY = text("SESSION_USER")

worker_person = Table(
    "worker_person",
    METADATA,
    Column("worker_id", Integer, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("relation", Text, primary_key=True),
    Column("reason", Text, nullable=False, server_default=text("''::text")),
    Column("recorded_by", Text, nullable=False, server_default=_BY),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

rota = Table(
    "rota",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("weeks", SmallInteger, nullable=False),
    Column("first_monday", Date, nullable=False, server_default=text("'2026-01-05'::date")),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("recorded_by", Text, nullable=False, server_default=_BY),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

rota_spell = Table(
    "rota_spell",
    METADATA,
    Column("rota_id", Uuid, primary_key=True),
    Column("weeks", SmallInteger, nullable=False),
    Column("week", SmallInteger, primary_key=True),
    Column("weekday", SmallInteger, primary_key=True),
    Column("starts", SmallInteger, primary_key=True),
    Column("ends", SmallInteger, nullable=False),
    Column("span", INT4MULTIRANGE, Computed("rota_minutes(week, weekday, starts, ends, weeks)"), nullable=False),
)

worker_rota = Table(
    "worker_rota",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("worker_id", Integer, nullable=False),
    Column("rota_id", Uuid, nullable=False),
    Column("days", DATERANGE, nullable=False),
    Column("week_offset", SmallInteger, nullable=False, server_default=text("0")),
    Column("recorded_by", Text, nullable=False, server_default=_BY),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

rota_exception = Table(
    "rota_exception",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("worker_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("starts", SmallInteger),
    Column("ends", SmallInteger),
    Column("note", Text, nullable=False, server_default=text("''::text")),
    Column("recorded_by", Text, nullable=False, server_default=_BY),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

made_ahead = Table(
    "made_ahead",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("shifts", Integer, nullable=False),
    Column("visits", Integer, nullable=False),
    Column("done_by", Text, nullable=False, server_default=_BY),
    Column("done_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

# Whoever makes ahead locks its row, which only team leads can.
ahead_turn = Table(
    "ahead_turn",
    METADATA,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
)

# Views of what this login may read: where somebody sets out from, why they are away, why they do not go to a person.
worker_start = table("worker_start", column("id", Integer), column("lat", Double), column("lon", Double))
absence_reason = table("absence_reason", column("id", Uuid), column("category", Text))
worker_person_reason = table(
    "worker_person_reason",
    column("worker_id", Integer), column("person_id", Uuid), column("relation", Text), column("reason", Text),
)  # fmt: skip
