"""Notices from wards and receipts to them. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import Column, Date, DateTime, Integer, LargeBinary, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from db.tables import METADATA

_MOMENT = DateTime(timezone=True)
_EMPTY = text("''::text")

withdrawal_reason = Table(
    "withdrawal_reason",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
)

hospital_notice = Table(
    "hospital_notice",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("message_id", Uuid, nullable=False),
    Column("place", SmallInteger, nullable=False, server_default=text("1")),
    Column("kind", Text, nullable=False),
    Column("ward_keys", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("sender_message", Text, nullable=False, server_default=_EMPTY),
    Column("issued_at", _MOMENT),
    Column("received_at", _MOMENT, nullable=False, server_default=text("now()")),
    Column("received_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("referral_id", Uuid),
    Column("head", JSONB, nullable=False),
    Column("site", Text, nullable=False, server_default=_EMPTY),
    Column("ward", Text, nullable=False, server_default=_EMPTY),
    Column("person_consulted", Text, nullable=False, server_default=_EMPTY),
    Column("carer_consulted", Text, nullable=False, server_default=_EMPTY),
    Column("consent", Text, nullable=False, server_default=_EMPTY),
    Column("consent_source", Text, nullable=False, server_default=_EMPTY),
    Column("expected_on", Date),
    Column("discharge_at", _MOMENT),
    Column("moft_at", _MOMENT),
    Column("withdrawal_type", SmallInteger),
    Column("withdrawal_reason", Text),
    Column("withdrawal_words", Text, nullable=False, server_default=_EMPTY),
    Column("state", Text, nullable=False),
    Column("answer_words", Text, nullable=False, server_default=_EMPTY),
    Column("settled_at", _MOMENT),
    Column("settled_by", Text),
    Column("withdrawn_by", Uuid),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("admitted_at", _MOMENT),
)

hospital_said = Table(
    "hospital_said",
    METADATA,
    Column("notice_id", Uuid, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("words", Text, nullable=False),
)

hospital_receipt = Table(
    "hospital_receipt",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("notice_id", Uuid, nullable=False),
    Column("response", Text, nullable=False),
    Column("details", Text, nullable=False, server_default=_EMPTY),
    Column("made_at", _MOMENT, nullable=False, server_default=text("clock_timestamp()")),
    Column("made_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("state", Text, nullable=False, server_default=text("'due'::text")),
    Column("how", Text),
    Column("file_name", Text, nullable=False, server_default=_EMPTY),
    Column("sha256", LargeBinary),
    Column("settled_at", _MOMENT),
    Column("settled_by", Text),
)
