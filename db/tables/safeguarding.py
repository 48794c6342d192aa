"""The path of a safeguarding concern, and what stands beside a referral. Rules and policies: db/migrations."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Identity,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from db.tables import METADATA

_EMPTY = text("''::text")

safeguarding_decision = Table(
    "safeguarding_decision",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("asks_reason", Boolean, nullable=False, server_default=text("true")),
    Column("position", SmallInteger, nullable=False),
)

safeguarding_concern = Table(
    "safeguarding_concern",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("referral_id", Uuid),
    Column("person_id", Uuid),
    Column("stage", Text, nullable=False, server_default=text("'raised'::text")),
    Column("seen_or_said", Text, nullable=False),
    Column("found", Text, nullable=False, server_default=_EMPTY),
    Column("danger", Text, nullable=False, server_default=text("'not_known'::text")),
    Column("made_safe", Text, nullable=False, server_default=_EMPTY),
    Column("consent", Text, nullable=False, server_default=_EMPTY),
    Column("owner", Text, nullable=False),
    Column("owner_since", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("involved", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("reason", Text, nullable=False, server_default=_EMPTY),
    Column("decision", Text),
    Column("decision_words", Text, nullable=False, server_default=_EMPTY),
    Column("decided_at", DateTime(timezone=True)),
    Column("decided_by", Text),
    Column("locality", Text),
    Column("raised_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("raised_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("contact_id", Uuid),
)

safeguarding_told = Table(
    "safeguarding_told",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("concern_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("told_at", DateTime(timezone=True), nullable=False),
    Column("how", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("recorded_by", Text, nullable=False, server_default=text("SESSION_USER")),
)

safeguarding_event = Table(
    "safeguarding_event",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("concern_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("by_user", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("from_stage", Text),
    Column("to_stage", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("decision", Text),
    Column("reason", Text, nullable=False, server_default=_EMPTY),
)

referral_suggestion = Table(
    "referral_suggestion",
    METADATA,
    Column("referral_id", Uuid, primary_key=True),
    Column("place", SmallInteger, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("service", Text, nullable=False, server_default=_EMPTY),
    Column("urgency", Text, nullable=False, server_default=_EMPTY),
    Column("reason", Text, nullable=False),
    Column("taken", Boolean, nullable=False, server_default=text("false")),
    Column("chosen_service", Text, nullable=False, server_default=_EMPTY),
    Column("chosen_urgency", Text, nullable=False, server_default=_EMPTY),
    Column("suggested_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

referral_outside = Table(
    "referral_outside",
    METADATA,
    Column("referral_id", Uuid, primary_key=True),
    Column("reason", Text, nullable=False, server_default=_EMPTY),
    Column("whom", Text, nullable=False, server_default=_EMPTY),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("recorded_by", Text, nullable=False, server_default=text("SESSION_USER")),
)
