"""Places, services and other reference data. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Identity,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from db.tables import METADATA

locality = Table(
    "locality",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("centre_open", Boolean, nullable=False, server_default=text("true")),
)

neighbourhood = Table(
    "neighbourhood",
    METADATA,
    Column("id", SmallInteger, primary_key=True),
    Column("name", Text, nullable=False),
    Column("locality", Text, nullable=False),
)

ward = Table(
    "ward",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("neighbourhood_id", SmallInteger, nullable=False),
    Column("lat", Double, nullable=False),
    Column("lon", Double, nullable=False),
    Column("outline", JSONB),
)

practice = Table(
    "practice",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False, server_default=text("''::text")),
    Column("postcode", Text),
    Column("phone", Text),
    Column("neighbourhood_id", SmallInteger),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("opened_on", Date),
    Column("closed_on", Date),
    Column("invented", Boolean, nullable=False, server_default=text("false")),
)

postcode = Table(
    "postcode",
    METADATA,
    Column("postcode", Text, primary_key=True),
    Column("ward_code", Text),
    Column("lat", Double, nullable=False),
    Column("lon", Double, nullable=False),
    Column("retired_on", Date),
    Column("invented", Boolean, nullable=False, server_default=text("false")),
)

hospital = Table(
    "hospital",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("lat", Double, nullable=False),
    Column("lon", Double, nullable=False),
    Column("trust", Text, nullable=False, server_default=text("''::text")),
    Column("trust_name", Text, nullable=False, server_default=text("''::text")),
)

reference_import = Table(
    "reference_import",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("imported_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("retired", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
)

service = Table(
    "service",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
)

setting = Table(
    "setting",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", JSONB, nullable=False),
    Column("changed_by", Text),
    Column("changed_at", DateTime(timezone=True)),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

team = Table(
    "team",
    METADATA,
    Column("id", Integer, Identity(always=False), primary_key=True),
    Column("name", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("locality", Text),
    Column("phone", Text),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)
