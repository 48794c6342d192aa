"""Workers, shifts, visits and allocations. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import Boolean, Column, Date, DateTime, Double, Identity, Integer, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, TSTZRANGE

from db.tables import METADATA

skill = Table(
    "skill",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
)

worker = Table(
    "worker",
    METADATA,
    Column("id", Integer, Identity(always=False), primary_key=True),
    Column("team_id", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("gender", Text, nullable=False, server_default=text("'not_known'::text")),
    Column("grade", Text, nullable=False, server_default=text("''::text")),
    Column("user_name", Text),
    Column("travel", Text, nullable=False, server_default=text("'car'::text")),
    Column("lat", Double),
    Column("lon", Double),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("base", Text, nullable=False, server_default=text("'home'::text")),
    Column("base_name", Text, nullable=False, server_default=text("''::text")),
    Column("contracted_minutes", SmallInteger),
    Column("most_minutes", SmallInteger),
    Column("agency", Text, nullable=False, server_default=text("''::text")),
    Column("enhanced", Boolean, nullable=False, server_default=text("false")),
    Column("languages", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("neighbourhoods", ARRAY(SmallInteger), nullable=False, server_default=text("'{}'::smallint[]")),
    Column("request", Uuid),
)

worker_skill = Table(
    "worker_skill",
    METADATA,
    Column("worker_id", Integer, primary_key=True),
    Column("skill", Text, primary_key=True),
    Column("expires_on", Date),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

shift = Table(
    "shift",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("worker_id", Integer, nullable=False),
    Column("kind", Text, nullable=False, server_default=text("'work'::text")),
    Column("period", TSTZRANGE, nullable=False),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("rota_day", Date),
    Column("category", Text, nullable=False, server_default=text("''::text")),
    Column("recorded_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
)

visit = Table(
    "visit",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("team_id", Integer, nullable=False),
    Column("plan_action_id", Uuid),
    Column("referral_id", Uuid),
    Column("day", Date, nullable=False),
    Column("arrive", TSTZRANGE, nullable=False),
    Column("minutes", SmallInteger, nullable=False),
    Column("workers_needed", SmallInteger, nullable=False, server_default=text("1")),
    Column("need", Text, nullable=False),
    Column("time_critical", Boolean, nullable=False, server_default=text("false")),
    Column("gender_asked", Text),
    Column("priority", SmallInteger, nullable=False, server_default=text("3")),
    Column("state", Text, nullable=False, server_default=text("'planned'::text")),
    Column("state_reason", Text, nullable=False, server_default=text("''::text")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("access_notes", Text, nullable=False, server_default=text("''::text")),
    Column("fixed_at", DateTime(timezone=True)),
    Column("pattern_id", Uuid),
    Column("pattern_slot", SmallInteger),
    Column("pattern_day", Date),
    Column("modified", Boolean, nullable=False, server_default=text("false")),
    Column("dropped", Boolean, nullable=False, server_default=text("false")),
)

visit_skill = Table(
    "visit_skill",
    METADATA,
    Column("visit_id", Uuid, primary_key=True),
    Column("skill", Text, primary_key=True),
)

allocation = Table(
    "allocation",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("visit_id", Uuid, nullable=False),
    Column("worker_id", Integer, nullable=False),
    Column("slot", SmallInteger, nullable=False, server_default=text("1")),
    Column("period", TSTZRANGE, nullable=False),
    Column("pinned", Boolean, nullable=False, server_default=text("false")),
    Column("allocated_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("allocated_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)
