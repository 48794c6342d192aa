"""Reablement episodes, reviews, packages of care. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import Boolean, Column, Date, DateTime, Identity, Integer, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from db.tables import METADATA

_EMPTY = text("''::text")


def _revision() -> Column[int]:
    return Column("revision", Integer, nullable=False, server_default=text("1"))


care_provider = Table(
    "care_provider",
    METADATA,
    Column("id", Integer, Identity(always=False), primary_key=True),
    Column("name", Text, nullable=False),
    Column("phone", Text, nullable=False, server_default=_EMPTY),
    Column("localities", ARRAY(Text), nullable=False, server_default=text("'{north,central,south}'::text[]")),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("invented", Boolean, nullable=False, server_default=text("false")),
    _revision(),
)

reablement_episode = Table(
    "reablement_episode",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("team_id", Integer, nullable=False),
    Column("referral_id", Uuid),
    Column("plan_id", Uuid),
    Column("kind", Text, nullable=False, server_default=text("'standard'::text")),
    Column("aim", Text, nullable=False, server_default=text("'independent'::text")),
    Column("complex_reason", Text, nullable=False, server_default=_EMPTY),
    Column("past_six_weeks_reason", Text, nullable=False, server_default=_EMPTY),
    Column("started_on", Date, nullable=False),
    Column("planned_end", Date, nullable=False),
    Column("lead_id", Integer),
    Column("start_assessment_id", Uuid),
    Column("end_assessment_id", Uuid),
    Column("ended_on", Date),
    Column("outcome", Text),
    Column("end_words", Text, nullable=False, server_default=_EMPTY),
    Column("opened_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("opened_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("closed_at", DateTime(timezone=True)),
    Column("closed_by", Text),
    _revision(),
)

reablement_review = Table(
    "reablement_review",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("episode_id", Uuid, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("held_on", Date),
    Column("decision", Text),
    Column("with_whom", Text, nullable=False, server_default=_EMPTY),
    Column("words", Text, nullable=False, server_default=_EMPTY),
    Column("recorded_by", Text),
    Column("recorded_at", DateTime(timezone=True)),
    _revision(),
)

reablement_barrier = Table(
    "reablement_barrier",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("episode_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("done", Text, nullable=False, server_default=_EMPTY),
    Column("resolved_on", Date),
    Column("added_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("added_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    _revision(),
)

care_package = Table(
    "care_package",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("episode_id", Uuid, nullable=False),
    Column("minutes_a_week", Integer, nullable=False),
    Column("calls_a_day", SmallInteger, nullable=False),
    Column("workers_a_call", SmallInteger, nullable=False, server_default=text("1")),
    Column("tasks", Text, nullable=False),
    Column("starts_on", Date),
    Column("state", Text, nullable=False, server_default=text("'open'::text")),
    Column("added_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("added_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    _revision(),
)

care_package_offer = Table(
    "care_package_offer",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("package_id", Uuid, nullable=False),
    Column("provider_id", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'offered'::text")),
    Column("words", Text, nullable=False, server_default=_EMPTY),
    Column("offered_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("offered_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("answered_at", DateTime(timezone=True)),
    Column("answered_by", Text),
    _revision(),
)

reablement_event = Table(
    "reablement_event",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("episode_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("by_user", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("what", Text, nullable=False),
    Column("planned_end", Date),
    Column("words", Text, nullable=False, server_default=_EMPTY),
)
