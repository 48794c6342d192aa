"""What schemes take, and referrals for their apartments. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from db.tables import METADATA

care_need = Table(
    "care_need",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("words", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
)

scheme_need = Table(
    "scheme_need",
    METADATA,
    Column("scheme_id", Integer, primary_key=True),
    Column("need", Text, primary_key=True),
    Column("can", Boolean, nullable=False),
    Column("note", Text, nullable=False, server_default=text("''::text")),
)

apartment_reason = Table(
    "apartment_reason",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("list", Text, nullable=False),
    Column("retired_in", Text),
    Column("words", Text, nullable=False),
    Column("instead_of", Text, nullable=False, server_default=text("''::text")),
    Column("asks", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("position", SmallInteger, nullable=False),
)

apartment_decline_reason = Table(
    "apartment_decline_reason",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("list", Text, nullable=False),
    Column("retired_in", Text),
    Column("words", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
)

apartment_question = Table(
    "apartment_question",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("words", Text, nullable=False),
    Column("short", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
)

apartment_request = Table(
    "apartment_request",
    METADATA,
    Column("referral_id", Uuid, primary_key=True),
    Column("list", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("step_free", Boolean, nullable=False, server_default=text("false")),
    Column("hoist", Boolean, nullable=False, server_default=text("false")),
    Column("pets", Boolean, nullable=False, server_default=text("false")),
    Column("bedrooms", SmallInteger, nullable=False, server_default=text("0")),
    Column("wanted_locality", Text),
    Column("wanted_scheme", Integer),
    Column("needs", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("answers", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("recorded_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

stay_override = Table(
    "stay_override",
    METADATA,
    Column("stay_id", Uuid, primary_key=True),
    Column("scheme_id", Integer, primary_key=True),
    Column("criterion", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("by_user", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

apartment_decline = Table(
    "apartment_decline",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("referral_id", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Column("next_owner", Text),
    Column("next_step", Text, nullable=False, server_default=text("''::text")),
    Column("look_again_on", Date, nullable=False),
    Column("declined_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("declined_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("reopened_by", Text),
    Column("reopened_at", DateTime(timezone=True)),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("list", Text),
    Column("code", Text),
)
