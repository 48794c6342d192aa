"""Deadlines, pauses, requests for information, and the rules they follow."""

from sqlalchemy import Boolean, Column, DateTime, Integer, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from db.tables import METADATA

urgency_band = Table(
    "urgency_band",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("hours", Integer),
    Column("days", Integer, nullable=False, server_default=text("0")),
    Column("until", Text, nullable=False, server_default=text("'22:00'::text")),
    Column("least_hours", Integer, nullable=False, server_default=text("0")),
    Column("pausable", Boolean, nullable=False, server_default=text("true")),
)

clock_kind = Table(
    "clock_kind",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("starts", Text, nullable=False),
    Column("ends", Text, nullable=False),
    Column("minutes", Integer),
    Column("by_urgency", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("channels", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("governs", Boolean, nullable=False),
    Column("pausable", Boolean, nullable=False),
)

pause_reason = Table(
    "pause_reason",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("longest_minutes", Integer, nullable=False),
    Column("for_request", Boolean, nullable=False, server_default=text("false")),
)

STANDING = {table.name: table for table in (urgency_band, clock_kind, pause_reason)}
"""what is seeded from ``coordination.intake.reference.standing_rows``"""

referral_clock = Table(
    "referral_clock",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("referral_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("holder", Text),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("base_due", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("pausable", Boolean, nullable=False),
    Column("governs", Boolean, nullable=False),
    Column("met_at", DateTime(timezone=True)),
    Column("stopped_at", DateTime(timezone=True)),
    Column("stop_reason", Text, nullable=False, server_default=text("''::text")),
)

clock_pause = Table(
    "clock_pause",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("referral_id", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Column("words", Text, nullable=False, server_default=text("''::text")),
    Column("request_id", Uuid),
    Column("from_at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("planned_until", DateTime(timezone=True), nullable=False),
    Column("until_at", DateTime(timezone=True), nullable=False),
    Column("by_user", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("ended", Text, nullable=False, server_default=text("''::text")),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
)

information_request = Table(
    "information_request",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("referral_id", Uuid, nullable=False),
    Column("ask_of", Text, nullable=False),
    Column("named", Text, nullable=False, server_default=text("''::text")),
    Column("question", Text, nullable=False),
    Column("reply_by", DateTime(timezone=True), nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("asked_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("state", Text, nullable=False, server_default=text("'open'::text")),
    Column("answer", Text, nullable=False, server_default=text("''::text")),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
)
