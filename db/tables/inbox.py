"""Where messages arrive by themselves. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, Table, Text, Uuid, column, table, text
from sqlalchemy.dialects.postgresql import JSONB

from db.tables import METADATA

_EMPTY = text("''::text")
_NOW = text("now()")

inbox_source = Table(
    "inbox_source",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("host", Text, nullable=False, server_default=_EMPTY),
    Column("port", Integer),
    Column("user_name", Text, nullable=False, server_default=_EMPTY),
    Column("security", Text),
    Column("plain_reason", Text, nullable=False, server_default=_EMPTY),
    Column("since", Date),
    Column("every_seconds", Integer, nullable=False, server_default=text("60")),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("changed_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

inbox_state = Table(
    "inbox_state",
    METADATA,
    Column("source_id", Uuid, primary_key=True),
    Column("holder", Uuid),
    Column("held_by", Text),
    Column("lease_until", DateTime(timezone=True)),
    Column("looked_at", DateTime(timezone=True)),
    Column("good_at", DateTime(timezone=True)),
    Column("next_at", DateTime(timezone=True)),
    Column("look_asked_at", DateTime(timezone=True)),
    Column("problem", Text, nullable=False, server_default=_EMPTY),
    Column("facts", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("failures", Integer, nullable=False, server_default=text("0")),
    Column("given_up", Boolean, nullable=False, server_default=text("false")),
    Column("tried_revision", Integer),
    Column("uid_validity", BigInteger),
    Column("uid_done", BigInteger, nullable=False, server_default=text("0")),
    Column("read_count", BigInteger, nullable=False, server_default=text("0")),
)

inbox_item = Table(
    "inbox_item",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("source_id", Uuid, nullable=False),
    Column("key", Text, nullable=False),  # nobody reads these two: see inbox_found
    Column("name", Text, nullable=False, server_default=_EMPTY),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False, server_default=text("1")),
    Column("found_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("tried_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("retry_at", DateTime(timezone=True)),
    Column("problem", Text, nullable=False, server_default=_EMPTY),
    Column("facts", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("message_id", Uuid),
    Column("settled_how", Text),
    Column("settled_reason", Text, nullable=False, server_default=_EMPTY),
    Column("settled_by", Text),
    Column("settled_at", DateTime(timezone=True)),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

# A view of what this login may know by name: what is no message yet. ``key`` of what is to be read again.
inbox_found = table("inbox_found", column("id", Uuid), column("key", Text), column("name", Text))
