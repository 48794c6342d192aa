"""What visits are made from, and visits a gap apart. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, SmallInteger, Table, Text, Time, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from db.tables import METADATA

_EMPTY = text("''::text")

visit_pattern = Table(
    "visit_pattern",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("team_id", Integer, nullable=False),
    Column("plan_action_id", Uuid),
    Column("action_words", Text, nullable=False, server_default=_EMPTY),
    Column("starts", Date, nullable=False),
    Column("ends", Date),
    Column("unit", Text, nullable=False, server_default=text("'day'::text")),
    Column("every", SmallInteger, nullable=False, server_default=text("1")),
    Column("weekdays", ARRAY(SmallInteger), nullable=False, server_default=text("'{}'::smallint[]")),
    Column("gap_least", SmallInteger),
    Column("gap_most", SmallInteger),
    Column("rolled_until", Date),
    Column("made_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

visit_pattern_slot = Table(
    "visit_pattern_slot",
    METADATA,
    Column("pattern_id", Uuid, primary_key=True),
    Column("slot", SmallInteger, primary_key=True),
    Column("opens", Time, nullable=False),
    Column("closes", Time),
    Column("minutes", SmallInteger, nullable=False),
    Column("workers_needed", SmallInteger, nullable=False, server_default=text("1")),
    Column("need", Text, nullable=False),
    Column("access_notes", Text, nullable=False, server_default=_EMPTY),
    Column("time_critical", Boolean, nullable=False, server_default=text("false")),
    Column("gender_asked", Text),
    Column("priority", SmallInteger, nullable=False, server_default=text("3")),
)

visit_pattern_skill = Table(
    "visit_pattern_skill",
    METADATA,
    Column("pattern_id", Uuid, primary_key=True),
    Column("slot", SmallInteger, primary_key=True),
    Column("skill", Text, primary_key=True),
)

visit_pair = Table(
    "visit_pair",
    METADATA,
    Column("first_id", Uuid, primary_key=True),
    Column("second_id", Uuid, primary_key=True),
    Column("gap_least", SmallInteger, nullable=False, server_default=text("0")),
    Column("gap_most", SmallInteger),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)
