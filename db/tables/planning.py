"""How much each part of a plan matters. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import Column, DateTime, Integer, SmallInteger, Table, Text, Uuid, text

from db.tables import METADATA

planner_weight = Table(
    "planner_weight",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("team_id", Integer),
    Column("term", Text, nullable=False),
    Column("value", SmallInteger, nullable=False),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("changed_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)
