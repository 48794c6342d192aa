"""The shared care plan. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import Column, Date, DateTime, Integer, SmallInteger, Table, Text, Uuid, text

from db.tables import METADATA

care_plan = Table(
    "care_plan",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("assessment_id", Uuid),
    Column("state", Text, nullable=False, server_default=text("'draft'::text")),
    Column("lead_worker", Text),
    Column("what_matters", Text, nullable=False, server_default=text("''::text")),
    Column("if_things_go_wrong", Text, nullable=False, server_default=text("''::text")),
    Column("carers_part", Text, nullable=False, server_default=text("''::text")),
    Column("self_care", Text, nullable=False, server_default=text("''::text")),
    Column("review_on", Date),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("created_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("activated_at", DateTime(timezone=True)),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

plan_outcome = Table(
    "plan_outcome",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("plan_id", Uuid, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("words", Text, nullable=False),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

plan_action = Table(
    "plan_action",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("plan_id", Uuid, nullable=False),
    Column("outcome_id", Uuid),
    Column("position", SmallInteger, nullable=False),
    Column("what", Text, nullable=False),
    Column("who", Text, nullable=False, server_default=text("''::text")),
    Column("team_id", Integer),
    Column("due_on", Date),
    Column("state", Text, nullable=False, server_default=text("'to_do'::text")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)
