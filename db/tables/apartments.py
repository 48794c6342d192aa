"""Apartments and stays. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import Boolean, Column, Date, DateTime, Double, Identity, Integer, SmallInteger, Table, Text, Uuid, text
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
    Column("staff_hours", Text, nullable=False, server_default=text("''::text")),
    Column("notes", Text, nullable=False, server_default=text("''::text")),
    Column("local_connection", Text, nullable=False, server_default=text("''::text")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
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
    Column("furnished", Boolean, nullable=False, server_default=text("true")),
    Column("notes", Text, nullable=False, server_default=text("''::text")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
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
    Column("went_to", Text),
    Column("instead_of", Text, nullable=False, server_default=text("''::text")),
    Column("away_since", Date),
    Column("hold_until", Date),
    Column("follows", Uuid),
    Column("continues", Uuid),
    Column("booked_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("booked_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

apartment_pause = Table(
    "apartment_pause",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("apartment_id", Integer, nullable=False),
    Column("period", DATERANGE, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'on'::text")),
    Column("set_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("set_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=text("1")),
    Column("lifted_on", Date),
)

move_on_step = Table(
    "move_on_step",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("words", Text, nullable=False),
    Column("week", SmallInteger, nullable=False),
    Column("position", SmallInteger, nullable=False),
)

went_to = Table(
    "went_to",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("counts_as", Text, nullable=False),
    Column("position", SmallInteger, nullable=False),
)

move_on_task = Table(
    "move_on_task",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("stay_id", Uuid, nullable=False),
    Column("step", Text),
    Column("words", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("owner", Text),
    Column("blocked_by", Text, nullable=False, server_default=text("''::text")),
    Column("state", Text, nullable=False, server_default=text("'to_do'::text")),
    Column("note", Text, nullable=False, server_default=text("''::text")),
    Column("done_by", Text),
    Column("done_at", DateTime(timezone=True)),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

# Whoever writes in the calendar locks its row: see take_turns().
calendar_turn = Table(
    "calendar_turn",
    METADATA,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
)
