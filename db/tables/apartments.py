"""Apartments and stays. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import Boolean, Column, DateTime, Double, Identity, Integer, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import DATERANGE

from db.tables import METADATA

scheme = Table(
    "scheme",
    METADATA,
    Column("id", Integer, Identity(always=False), primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("locality", Text, nullable=False),
    Column("neighbourhood_id", SmallInteger),
    Column("address", Text, nullable=False, server_default=text("''::text")),
    Column("postcode", Text),
    Column("lat", Double),
    Column("lon", Double),
    Column("least_age", SmallInteger),
    Column("staff_on_site", Boolean, nullable=False, server_default=text("false")),
)

apartment = Table(
    "apartment",
    METADATA,
    Column("id", Integer, Identity(always=False), primary_key=True),
    Column("scheme_id", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("bedrooms", SmallInteger, nullable=False, server_default=text("1")),
    Column("step_free", Boolean, nullable=False, server_default=text("false")),
    Column("hoist", Boolean, nullable=False, server_default=text("false")),
    Column("pets", Boolean, nullable=False, server_default=text("false")),
    Column("leased", DATERANGE, nullable=False, server_default=text("daterange('2017-01-01'::date, NULL::date)")),
)

stay = Table(
    "stay",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("apartment_id", Integer, nullable=False),
    Column("kind", Text, nullable=False, server_default=text("'stay'::text")),
    Column("person_id", Uuid),
    Column("referral_id", Uuid),
    Column("period", DATERANGE, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'booked'::text")),
    Column("purpose", Text, nullable=False, server_default=text("''::text")),
    Column("reason", Text, nullable=False, server_default=text("''::text")),
    Column("past_six_weeks_reason", Text, nullable=False, server_default=text("''::text")),
    Column("move_on", Text, nullable=False, server_default=text("''::text")),
    Column("booked_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("booked_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)
