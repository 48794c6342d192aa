"""The shared care plan, its rows, versions and reviews. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, SmallInteger, Table, Text, Uuid, column, table, text
from sqlalchemy.dialects.postgresql import JSONB

from db.tables import METADATA

_EMPTY = text("''::text")
_NOW = text("now()")
_ME = text("SESSION_USER")


def _revision() -> Column[int]:
    return Column("revision", Integer, nullable=False, server_default=text("1"))


def _added() -> tuple[Column[str], Column[object]]:
    return (
        Column("added_by", Text, nullable=False, server_default=_ME),
        Column("added_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    )


care_plan = Table(
    "care_plan",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("assessment_id", Uuid),
    Column("state", Text, nullable=False, server_default=text("'draft'::text")),
    Column("lead_worker", Text),
    Column("what_matters", Text, nullable=False, server_default=_EMPTY),
    Column("carers_part", Text, nullable=False, server_default=_EMPTY),
    Column("self_care", Text, nullable=False, server_default=_EMPTY),
    Column("review_on", Date),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("created_by", Text, nullable=False, server_default=_ME),
    Column("activated_at", DateTime(timezone=True)),
    _revision(),
    Column("strengths", Text, nullable=False, server_default=_EMPTY),
    Column("funding", Text, nullable=False, server_default=_EMPTY),
    Column("ended_at", DateTime(timezone=True)),
    Column("ended_by", Text),
    Column("end_reason", Text, nullable=False, server_default=_EMPTY),
)

plan_need = Table(
    "plan_need",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("plan_id", Uuid, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("words", Text, nullable=False),
    *_added(),
    _revision(),
)

plan_outcome = Table(
    "plan_outcome",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("plan_id", Uuid, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("words", Text, nullable=False),
    _revision(),
    Column("need_id", Uuid),
    Column("importance", SmallInteger),
    *_added(),
)

plan_action = Table(
    "plan_action",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("plan_id", Uuid, nullable=False),
    Column("outcome_id", Uuid),
    Column("position", SmallInteger, nullable=False),
    Column("what", Text, nullable=False),
    Column("who", Text, nullable=False, server_default=_EMPTY),
    Column("team_id", Integer),
    Column("due_on", Date),
    Column("state", Text, nullable=False, server_default=text("'to_do'::text")),
    _revision(),
    Column("confidence", SmallInteger),
    Column("review_on", Date),
    *_added(),
)

plan_contingency = Table(
    "plan_contingency",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("plan_id", Uuid, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("sign", Text, nullable=False, server_default=_EMPTY),
    Column("what_to_do", Text, nullable=False, server_default=_EMPTY),
    Column("whom_to_call", Text, nullable=False, server_default=_EMPTY),
    *_added(),
    _revision(),
)

plan_equipment = Table(
    "plan_equipment",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("plan_id", Uuid, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("what", Text, nullable=False),
    Column("from_whom", Text, nullable=False, server_default=_EMPTY),
    Column("state", Text, nullable=False, server_default=_EMPTY),
    *_added(),
    _revision(),
)

plan_agreement = Table(
    "plan_agreement",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("plan_id", Uuid, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("party", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=_EMPTY),
    Column("agreed", Boolean, nullable=False),
    Column("agreed_on", Date),
    Column("how", Text, nullable=False, server_default=_EMPTY),
    Column("why_not", Text, nullable=False, server_default=_EMPTY),
    *_added(),
    _revision(),
)

plan_team = Table(
    "plan_team",
    METADATA,
    Column("plan_id", Uuid, primary_key=True),
    Column("team_id", Integer, primary_key=True),
    *_added(),
    _revision(),
)

plan_source = Table(
    "plan_source",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("plan_id", Uuid, primary_key=True),
    Column("place", Text, nullable=False),
    Column("assessment_id", Uuid, nullable=False),
    Column("question", Text, nullable=False),
    Column("said_by", Text, nullable=False, server_default=_EMPTY),
    Column("said_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("taken_by", Text, nullable=False, server_default=_ME),
    Column("taken_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    _revision(),
)

plan_version = Table(
    "plan_version",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("plan_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("issued_by", Text, nullable=False, server_default=_ME),
    Column("note", Text, nullable=False, server_default=_EMPTY),
    Column("content", JSONB, nullable=False),
    _revision(),
)

plan_acknowledgement = Table(
    "plan_acknowledgement",
    METADATA,
    Column("version_id", Uuid, primary_key=True),
    Column("team_id", Integer, primary_key=True),
    Column("plan_id", Uuid, nullable=False),
    Column("by_user", Text, nullable=False, server_default=_ME),
    Column("at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    _revision(),
)

plan_review = Table(
    "plan_review",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("plan_id", Uuid, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("with_whom", Text, nullable=False),
    Column("came_of_it", Text, nullable=False),
    Column("next_review_on", Date, nullable=False),
    Column("due_on", Date),
    Column("recorded_by", Text, nullable=False, server_default=_ME),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    _revision(),
)

# Views.
plan_on_team = table(
    "plan_on_team",
    column("plan_id", Uuid),
    column("team_id", Integer),
    column("by_hand", Boolean),
    column("leads", Boolean),
)
lead_worker_standing = table(
    "lead_worker_standing",
    column("user_name", Text),
    column("display_name", Text),
    column("role", Text),
    column("locality", Text),
    column("team_id", Integer),
    column("active", Boolean),
    column("away_kind", Text),
    column("away_until", DateTime(timezone=True)),
    column("plans", Integer),
    column("most", Integer),
)
