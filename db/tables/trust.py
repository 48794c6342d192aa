"""Agreements, assessors and competencies (A3), receipts and what is said in them (A4). Rules: db/migrations."""

from sqlalchemy import Column, Date, DateTime, Integer, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE

from db.tables import METADATA

_EMPTY = text("''::text")
_ME = text("SESSION_USER")

competency = Table(
    "competency",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("months", Integer),
    Column("position", SmallInteger, nullable=False),
)

trust_agreement = Table(
    "trust_agreement",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("assessing", Text, nullable=False),
    Column("receiving", Text, nullable=False),
    Column("services", ARRAY(Text), nullable=False),
    Column("forms", ARRAY(Text), nullable=False),
    Column("needs", Text, nullable=False, server_default=_EMPTY),
    Column("competencies", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("if_flawed", Text, nullable=False, server_default=_EMPTY),
    Column("contact", Text),
    Column("contact_words", Text, nullable=False, server_default=_EMPTY),
    Column("starts_on", Date, nullable=False),
    Column("review_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("end_reason", Text, nullable=False, server_default=_EMPTY),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("recorded_by", Text, nullable=False, server_default=_ME),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

recognised_assessor = Table(
    "recognised_assessor",
    METADATA,
    Column("user_name", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("valid", DATERANGE, nullable=False),
    Column("recorded_by", Text, nullable=False, server_default=_ME),
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("agreement_id", Uuid, nullable=False),
    Column("forms", ARRAY(Text), nullable=False, server_default=text("'{*}'::text[]")),
    Column("end_reason", Text, nullable=False, server_default=_EMPTY),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

assessor_competency = Table(
    "assessor_competency",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("user_name", Text, nullable=False),
    Column("competency", Text, nullable=False),
    Column("gained_on", Date, nullable=False),
    Column("expires_on", Date),
    Column("evidence", Text, nullable=False, server_default=_EMPTY),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("recorded_by", Text, nullable=False, server_default=_ME),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

assessment_receipt = Table(
    "assessment_receipt",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("assessment_id", Uuid, nullable=False),
    Column("team_id", Integer, nullable=False),
    Column("how", Text, nullable=False, server_default=text("'by_hand'::text")),
    Column("from_team", Integer),
    Column("note", Text, nullable=False, server_default=_EMPTY),
    Column("state", Text, nullable=False, server_default=text("'waiting'::text")),
    Column("state_since", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("state_by", Text),
    Column("sent_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("sent_by", Text, nullable=False, server_default=_ME),
    Column("follows", Uuid),
    Column("superseded_by", Uuid),
    Column("superseded_at", DateTime(timezone=True)),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

receipt_point = Table(
    "receipt_point",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("receipt_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("question", Text, nullable=False, server_default=_EMPTY),
    Column("words", Text, nullable=False),
    Column("why", Text, nullable=False, server_default=_EMPTY),
    Column("due_on", Date),
    Column("seen", Integer, nullable=False),
    Column("was_state", Text, nullable=False),
    Column("raised_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("raised_by", Text, nullable=False, server_default=_ME),
    Column("reply", Text, nullable=False, server_default=_EMPTY),
    Column("reply_at", DateTime(timezone=True)),
    Column("reply_by", Text),
    Column("outcome", Text),
    Column("outcome_words", Text, nullable=False, server_default=_EMPTY),
    Column("settled_at", DateTime(timezone=True)),
    Column("settled_by", Text),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)
