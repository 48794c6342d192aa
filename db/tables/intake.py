"""Contacts and the one queue. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    DateTime,
    Identity,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from db.tables import METADATA

contact = Table(
    "contact",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("recorded_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("locality", Text),
    Column("person_id", Uuid),
    Column("caller_name", Text, nullable=False, server_default=text("''::text")),
    Column("caller_relation", Text, nullable=False, server_default=text("''::text")),
    Column("caller_phone", Text, nullable=False, server_default=text("''::text")),
    Column("need", Text, nullable=False, server_default=text("''::text")),
    Column("details", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("ending", Text),
    Column("ending_reason", Text, nullable=False, server_default=text("''::text")),
    Column("linked_referral_id", Uuid),
    Column("ended_at", DateTime(timezone=True)),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("caller_phone_key", Text, Computed("phone_key(caller_phone)", persisted=True)),
)

referral = Table(
    "referral",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("contact_id", Uuid, nullable=False),
    Column("person_id", Uuid),
    Column("service", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("urgency_reason", Text, nullable=False),
    Column("need", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("locality", Text),
    Column("neighbourhood_id", SmallInteger),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False, server_default=text("'waiting'::text")),
    Column("state_reason", Text, nullable=False, server_default=text("''::text")),
    Column("claimed_by", Text),
    Column("claimed_at", DateTime(timezone=True)),
    Column("safeguarding", Boolean, nullable=False, server_default=text("false")),
    Column("closed_at", DateTime(timezone=True)),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

referral_event = Table(
    "referral_event",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("referral_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("by_user", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("from_state", Text),
    Column("to_state", Text, nullable=False),
    Column("holder", Text),
    Column("reason", Text, nullable=False, server_default=text("''::text")),
)
