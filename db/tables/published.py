"""Published days of the deployment boards. What keeps them as they are stands in db/migrations."""

from sqlalchemy import Column, Date, DateTime, Integer, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import TSTZRANGE

from db.tables import METADATA

published_day = Table(
    "published_day",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("team_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("published_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("published_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("unplaced", Integer, nullable=False, server_default=text("0")),
)

published_visit = Table(
    "published_visit",
    METADATA,
    Column("published_id", Uuid, primary_key=True),
    Column("visit_id", Uuid, primary_key=True),
    Column("worker_id", Integer, nullable=False),
    Column("slot", SmallInteger, primary_key=True),
    Column("period", TSTZRANGE, nullable=False),
    Column("words", Text),
)
