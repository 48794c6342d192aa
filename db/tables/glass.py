"""Sharing as it was agreed, and emergency access. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from db.tables import METADATA
from db.tables.types import XID8

_me, _now, _transaction = text("SESSION_USER"), text("now()"), text("pg_current_xact_id()")
_nothing, _no_teams = text("''::text"), text("'{}'::integer[]")

sharing_agreement = Table(
    "sharing_agreement",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("follows", Uuid),
    Column("level", Text, nullable=False),
    Column("teams", ARRAY(Integer), nullable=False, server_default=_no_teams),
    Column("was_level", Text, nullable=False, server_default=text("'everything'::text")),
    Column("was_teams", ARRAY(Integer), nullable=False, server_default=_no_teams),
    Column("agreed_on", Date, nullable=False, server_default=text("CURRENT_DATE")),
    Column("how", Text, nullable=False),
    Column("authority", Text, nullable=False, server_default=_nothing),
    Column("representative", Text, nullable=False, server_default=_nothing),
    Column("reason", Text, nullable=False, server_default=_nothing),
    Column("takes_back", Uuid),
    Column("gained", Boolean, nullable=False, server_default=text("false")),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=_now),
    Column("recorded_by", Text, nullable=False, server_default=_me),
)

emergency_lookup = Table(
    "emergency_lookup",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("by_user", Text, nullable=False, server_default=_me),
    Column("at", DateTime(timezone=True), nullable=False, server_default=_now),
    Column("by_what", Text, nullable=False),
    Column("person_id", Uuid),
    Column("several", Boolean, nullable=False, server_default=text("false")),
    Column("transaction", XID8, nullable=False, server_default=_transaction),
)

emergency_access = Table(
    "emergency_access",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("by_user", Text, nullable=False, server_default=_me),
    Column("by_role", Text, nullable=False),
    Column("by_team", Integer),
    Column("shut", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False, server_default=_now),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
    Column("lookup_id", Uuid),
    Column("transaction", XID8, nullable=False, server_default=_transaction),
)

emergency_review = Table(
    "emergency_review",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("access_id", Uuid, nullable=False),
    Column("broke_by", Text, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=_nothing),
    Column("told", Text, nullable=False, server_default=_nothing),
    Column("told_why", Text, nullable=False, server_default=_nothing),
    Column("reviewed_at", DateTime(timezone=True), nullable=False, server_default=_now),
    Column("reviewed_by", Text, nullable=False, server_default=_me),
)
