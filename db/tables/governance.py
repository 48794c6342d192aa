"""Accounts and the audit trail. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Identity, Integer, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from db.tables import METADATA
from db.tables.types import XID8

user_account = Table(
    "user_account",
    METADATA,
    Column("user_name", Text, primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("locality", Text),
    Column("team_id", Integer),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("training", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

user_sign_in = Table(
    "user_sign_in",
    METADATA,
    Column("user_name", Text, primary_key=True),
    Column("password_temporary", Boolean, nullable=False, server_default=text("false")),
    Column("password_set_at", DateTime(timezone=True)),
    Column("last_at", DateTime(timezone=True)),
    Column("refused", Integer, nullable=False, server_default=text("0")),
    Column("before_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
    Column("ended_why", Text),
)

audit_entry = Table(
    "entry",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("transaction", XID8, nullable=False, server_default=text("pg_current_xact_id()")),
    Column("actor", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("role", Text),
    Column("action", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("person_id", Uuid),
    Column("columns", ARRAY(Text)),
    schema="audit",
)

audit_seal = Table(
    "seal",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("sealed_at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("sealed_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("ids", ARRAY(BigInteger), nullable=False),
    Column("digests", LargeBinary, nullable=False),
    Column("before", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    schema="audit",
)

# Up to where everything is written: see audit.draw_border().
audit_border = Table(
    "border",
    METADATA,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("upto", BigInteger, nullable=False),
    schema="audit",
)
