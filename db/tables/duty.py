"""Shifts at the desk, breaks, handovers. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import Column, DateTime, Integer, SmallInteger, Table, Text, Uuid, text

from db.tables import METADATA

desk_shift = Table(
    "desk_shift",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("user_name", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("locality", Text),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("planned_end", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_how", Text),
    Column("ended_by", Text),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

desk_break = Table(
    "desk_break",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("shift_id", Uuid, nullable=False),
    Column("user_name", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("planned_end", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("cover", Text),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

desk_correction = Table(
    "desk_correction",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("shift_id", Uuid, nullable=False),
    Column("break_id", Uuid),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("by_user", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("kind", Text, nullable=False),
    Column("was_started_at", DateTime(timezone=True), nullable=False),
    Column("was_ended_at", DateTime(timezone=True)),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("reason", Text, nullable=False),
)

handover = Table(
    "handover",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("shift_id", Uuid),
    Column("from_user", Text, nullable=False),
    Column("signed_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("signed_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("to_user", Text),
    Column("locality", Text),
    Column("note", Text, nullable=False, server_default=text("''::text")),
    Column("drafts", SmallInteger, nullable=False, server_default=text("0")),
    Column("corrects", Uuid),
    Column("state", Text, nullable=False, server_default=text("'offered'::text")),
    Column("settled_at", DateTime(timezone=True)),
    Column("settled_by", Text),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

handover_item = Table(
    "handover_item",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("handover_id", Uuid, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("person_id", Uuid),
    Column("choice", Text, nullable=False),
    Column("line", Text, nullable=False, server_default=text("''::text")),
    Column("seen", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("answer", Text, nullable=False, server_default=text("''::text")),
    Column("settled_at", DateTime(timezone=True)),
    Column("settled_by", Text),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)
