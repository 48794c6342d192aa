"""Who called, and what advice was given. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import Boolean, Column, Computed, DateTime, Integer, Table, Text, Uuid, text

from db.tables import METADATA

professional = Table(
    "professional",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False, server_default=text("''::text")),
    Column("organisation", Text, nullable=False, server_default=text("''::text")),
    Column("practice_code", Text),
    Column("phone", Text, nullable=False, server_default=text("''::text")),
    Column("email", Text, nullable=False, server_default=text("''::text")),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("recorded_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("phone_key", Text, Computed("phone_key(phone)", persisted=True)),
)

contact_caller = Table(
    "contact_caller",
    METADATA,
    Column("contact_id", Uuid, primary_key=True),
    Column("caller_person_id", Uuid),
    Column("caller_around_id", Uuid),
    Column("caller_professional_id", Uuid),
    Column("name", Text, nullable=False, server_default=text("''::text")),
    Column("relation", Text, nullable=False, server_default=text("''::text")),
    Column("phone", Text, nullable=False, server_default=text("''::text")),
    Column("phone_key", Text, Computed("phone_key(phone)", persisted=True)),
)

contact_advice = Table(
    "contact_advice",
    METADATA,
    Column("contact_id", Uuid, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("words", Text, nullable=False, server_default=text("''::text")),
    Column("given_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("given_by", Text, nullable=False, server_default=text("SESSION_USER")),
)
