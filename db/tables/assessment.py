"""Forms, assessments and answers. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from db.tables import METADATA

form = Table(
    "form",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("definition", JSONB, nullable=False),
    Column("published_at", DateTime(timezone=True), server_default=text("now()")),
    Column("state", Text, nullable=False, server_default=text("'live'::text")),
    Column("source", Text, nullable=False, server_default=text("''::text")),
    Column("imported_at", DateTime(timezone=True)),
    Column("imported_by", Text),
    Column("published_by", Text),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("withdrawn_by", Text),
    Column("withdrawn_reason", Text, nullable=False, server_default=text("''::text")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

assessment = Table(
    "assessment",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("referral_id", Uuid),
    Column("form_id", Text, nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'draft'::text")),
    Column("started_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("started_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("signed_at", DateTime(timezone=True)),
    Column("signed_by", Text),
    Column("corrects", Uuid),
    Column("correction_reason", Text, nullable=False, server_default=text("''::text")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("away_started_at", DateTime(timezone=True)),
    Column("away_signed_at", DateTime(timezone=True)),
    Column("agreement_id", Uuid),
    Column("recognition_id", Uuid),
    Column("signed_team", Integer),
)

answer = Table(
    "answer",
    METADATA,
    Column("assessment_id", Uuid, primary_key=True),
    Column("question", Text, primary_key=True),
    Column("value", JSONB, nullable=False),
    Column("source", Text, nullable=False, server_default=text("'asked'::text")),
    Column("said_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("said_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("from_assessment", Uuid),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("said_role", Text, nullable=False, server_default=text("'person'::text")),
    Column("said_name", Text, nullable=False, server_default=text("''::text")),
    Column("from_kind", Text, nullable=False, server_default=text("''::text")),
    Column("from_id", Uuid),
    Column("away_at", DateTime(timezone=True)),
)

answer_change = Table(
    "answer_change",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("assessment_id", Uuid, nullable=False),
    Column("question", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("was", JSONB),
    Column("is_now", JSONB),
    Column("source", Text, nullable=False),
    Column("said_role", Text, nullable=False),
    Column("said_name", Text, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("said_at", DateTime(timezone=True), nullable=False),
    Column("from_assessment", Uuid),
    Column("from_kind", Text, nullable=False),
    Column("from_id", Uuid),
    Column("away_at", DateTime(timezone=True)),
)
