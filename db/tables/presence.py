"""Who has what in front of them, and the views that people saved. Policies and triggers stand in db/migrations."""

from sqlalchemy import Column, DateTime, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from db.tables import METADATA

presence = Table(
    "presence",
    METADATA,
    Column("desk", Uuid, primary_key=True),
    Column("area", Text, primary_key=True),
    Column("record", Uuid, primary_key=True),
    Column("user_name", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("doing", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("seen_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

saved_view = Table(
    "saved_view",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("owner", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False, server_default=text("0")),
    Column("shows", JSONB, nullable=False),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("shared", Text, nullable=False, server_default=text("''::text")),
    Column("locality", Text),
    Column("team_id", Integer),
)
