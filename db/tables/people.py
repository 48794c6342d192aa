"""The person's record. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import Boolean, Column, Computed, Date, DateTime, Integer, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from db.tables import METADATA
from db.tables.types import XID8

person = Table(
    "person",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("nhs_number", Text),
    Column("nhs_status", Text, nullable=False, server_default=text("'not_traced'::text")),
    Column("title", Text, nullable=False, server_default=text("''::text")),
    Column("surname", Text, nullable=False),
    Column("given", Text, nullable=False, server_default=text("''::text")),
    Column("known_as", Text, nullable=False, server_default=text("''::text")),
    Column("birth_date", Date),
    Column("gender", Text, nullable=False, server_default=text("'not_known'::text")),
    Column("deceased_on", Date),
    Column("address", Text, nullable=False, server_default=text("''::text")),
    Column("postcode", Text),
    Column("phone", Text, nullable=False, server_default=text("''::text")),
    Column("other_phone", Text, nullable=False, server_default=text("''::text")),
    Column("email", Text, nullable=False, server_default=text("''::text")),
    Column("language", Text, nullable=False, server_default=text("''::text")),
    Column("interpreter", Boolean, nullable=False, server_default=text("false")),
    Column("communication", Text, nullable=False, server_default=text("''::text")),
    Column("access_notes", Text, nullable=False, server_default=text("''::text")),
    Column("practice_code", Text),
    Column("ward_code", Text),
    Column("risk_score", SmallInteger),
    Column("risk_tier", Text, nullable=False, server_default=text("'low'::text")),
    Column("sharing_level", Text, nullable=False, server_default=text("'everything'::text")),
    Column("registered_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("registered_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("surname_key", Text, Computed("fold(surname)", persisted=True)),
    Column("given_key", Text, Computed("fold(given)", persisted=True)),
    Column("phone_key", Text, Computed("phone_key(phone)", persisted=True)),
    Column("other_phone_key", Text, Computed("phone_key(other_phone)", persisted=True)),
    Column("merged_into", Uuid),
)

person_sharing = Table(
    "person_sharing",
    METADATA,
    Column("person_id", Uuid, primary_key=True),
    Column("team_id", Integer, primary_key=True),
    Column("agreed_on", Date, nullable=False, server_default=text("CURRENT_DATE")),
    Column("recorded_by", Text, nullable=False, server_default=text("SESSION_USER")),
)

person_alert = Table(
    "person_alert",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("words", Text, nullable=False, server_default=text("''::text")),
    Column("since", Date, nullable=False, server_default=text("CURRENT_DATE")),
    Column("until", Date),
    Column("recorded_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

person_around = Table(
    "person_around",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("relation", Text, nullable=False, server_default=text("''::text")),
    Column("phone", Text, nullable=False, server_default=text("''::text")),
    Column("is_carer", Boolean, nullable=False, server_default=text("false")),
    Column("phone_key", Text, Computed("phone_key(phone)", persisted=True)),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("until", Date),
)

# R5: written with the person, read by nobody; counted by equality_counts().
equality_answer = Table(
    "equality_answer",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("characteristic", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("recorded_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("locality", Text, nullable=False, server_default=text("''::text")),
)

name_lexicon = Table(
    "name_lexicon",
    METADATA,
    Column("name_key", Text, primary_key=True),
    Column("trigrams", ARRAY(Text), nullable=False),
)

_jsonb_empty = text("'{}'::jsonb")

person_merge = Table(
    "person_merge",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("kept_id", Uuid, nullable=False),
    Column("merged_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("by_user", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("reason", Text, nullable=False),
    Column("taken", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("before", JSONB, nullable=False),
    Column("after", JSONB, nullable=False, server_default=_jsonb_empty),
    Column("moved", JSONB, nullable=False, server_default=_jsonb_empty),
    Column("own", JSONB, nullable=False, server_default=_jsonb_empty),
    Column("moving", XID8),
    Column("undone_at", DateTime(timezone=True)),
    Column("undone_by", Text),
    Column("undone_reason", Text, nullable=False, server_default=text("''::text")),
    Column("undone_with", JSONB, nullable=False, server_default=_jsonb_empty),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

person_former = Table(
    "person_former",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("person_id", Uuid, nullable=False),
    Column("merge_id", Uuid, nullable=False),
    Column("nhs_number", Text),
    Column("surname", Text, nullable=False),
    Column("given", Text, nullable=False),
    Column("known_as", Text, nullable=False),
    Column("birth_date", Date),
    Column("postcode", Text),
    Column("phone", Text, nullable=False),
    Column("other_phone", Text, nullable=False),
    Column("surname_key", Text, Computed("fold(surname)", persisted=True)),
    Column("given_key", Text, Computed("fold(given)", persisted=True)),
    Column("phone_key", Text, Computed("phone_key(phone)", persisted=True)),
    Column("other_phone_key", Text, Computed("phone_key(other_phone)", persisted=True)),
)
