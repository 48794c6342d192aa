"""Messages and their originals. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import BigInteger, Column, DateTime, Integer, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from db.tables import METADATA

original = Table(
    "original",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("sha256", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("received_by", Text, nullable=False, server_default=text("SESSION_USER")),
)

message = Table(
    "message",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("original_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("message_key", Text),
    Column("outcome", Text, nullable=False),
    Column("person_id", Uuid),
    Column("contact_id", Uuid),
    Column("referral_id", Uuid),
    Column("findings", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column("read_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("read_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("keys", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("content_key", Text, nullable=False, server_default=text("''::text")),
)
