"""Transfer to recovery. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import DATERANGE

from db.tables import METADATA

delay_reason = Table(
    "delay_reason",
    METADATA,
    Column("list", Text, nullable=False),
    Column("code", Text, primary_key=True),
    Column("words", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("short", Text, nullable=False, server_default=text("''::text")),
)

reside_reason = Table(
    "reside_reason",
    METADATA,
    Column("list", Text, nullable=False),
    Column("code", Text, primary_key=True),
    Column("national", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("short", Text, nullable=False, server_default=text("''::text")),
    Column("position", SmallInteger, nullable=False),
)

discharge_destination = Table(
    "discharge_destination",
    METADATA,
    Column("list", Text, nullable=False),
    Column("code", Text, primary_key=True),
    Column("words", Text, nullable=False),
    Column("pathway", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("elsewhere", Boolean, nullable=False, server_default=text("false")),
)

transfer = Table(
    "transfer",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("referral_id", Uuid),
    Column("hospital", Text, nullable=False),
    Column("ward", Text, nullable=False, server_default=text("''::text")),
    Column("list", Text, nullable=False),
    Column("ready_at", DateTime(timezone=True), nullable=False),
    Column("expected_on", Date),
    Column("pathway", Text, nullable=False, server_default=text("''::text")),
    Column("bed_reason", Text, nullable=False, server_default=text("''::text")),
    Column("state", Text, nullable=False, server_default=text("'in_hospital'::text")),
    Column("left_at", DateTime(timezone=True)),
    Column("destination", Text),
    Column("why_not_ready", Text, nullable=False, server_default=text("''::text")),
    Column("owner", Text),
    Column("begun_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("begun_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("recovery", Text, nullable=False, server_default=text("''::text")),
    Column("recovery_until", Date),
    Column("recovery_ended_on", Date),
    Column("admitted_on", Date),
)

reside_said = Table(
    "reside_said",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("hospital", Text, nullable=False),
    Column("ward", Text, nullable=False, server_default=text("''::text")),
    Column("verdict", Text, nullable=False),
    Column("list", Text, nullable=False),
    Column("reason", Text),
    Column("note", Text, nullable=False, server_default=text("''::text")),
    Column("told_by", Text, nullable=False, server_default=text("''::text")),
    Column("said_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("said_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

transfer_delay = Table(
    "transfer_delay",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("transfer_id", Uuid, nullable=False),
    Column("list", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("nights", DATERANGE, nullable=False),
    Column("note", Text, nullable=False, server_default=text("''::text")),
    Column("recorded_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

transfer_light = Table(
    "transfer_light",
    METADATA,
    Column("transfer_id", Uuid, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=text("''::text")),
    Column("said_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("said_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)
