"""Community equipment. Constraints, policies and triggers stand in db/migrations."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Identity,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, TSTZRANGE

from db.tables import METADATA

_EMPTY = text("''::text")
_NOW, _ME, _ONE, _NOTHING = text("now()"), text("SESSION_USER"), text("1"), text("0")
_NO, _YES = text("false"), text("true")
_NEW = text("uuidv7()")

equipment_model = Table(
    "equipment_model",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("purpose", Text, nullable=False, server_default=_EMPTY),
    Column("also_called", ARRAY(Text), nullable=False, server_default=text("'{}'::text[]")),
    Column("single", Boolean, nullable=False),
    Column("fitting", Boolean, nullable=False, server_default=_NO),
    Column("returns", Boolean, nullable=False, server_default=_YES),
    Column("workers", SmallInteger, nullable=False, server_default=_ONE),
    Column("deliver_minutes", SmallInteger, nullable=False),
    Column("fit_minutes", SmallInteger, nullable=False, server_default=_NOTHING),
    Column("service_months", SmallInteger),
    Column("usual_weeks", SmallInteger),
    Column("active", Boolean, nullable=False, server_default=_YES),
    Column("position", SmallInteger, nullable=False),
)

equipment_substitute = Table(
    "equipment_substitute",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("model", Text, nullable=False),
    Column("instead", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=_EMPTY),
    Column("position", SmallInteger, nullable=False),
)

equipment_store = Table(
    "equipment_store",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("locality", Text),
    Column("address", Text, nullable=False, server_default=_EMPTY),
    Column("postcode", Text, nullable=False, server_default=_EMPTY),
    Column("phone", Text, nullable=False, server_default=_EMPTY),
    Column("position", SmallInteger, nullable=False),
    Column("active", Boolean, nullable=False, server_default=_YES),
    Column("lat", Double),
    Column("lon", Double),
)

equipment_stock = Table(
    "equipment_stock",
    METADATA,
    Column("store", Text, primary_key=True),
    Column("model", Text, primary_key=True),
    Column("free", Integer, nullable=False, server_default=_NOTHING),
    Column("reserved", Integer, nullable=False, server_default=_NOTHING),
    Column("in_van", Integer, nullable=False, server_default=_NOTHING),
    Column("on_loan", Integer, nullable=False, server_default=_NOTHING),
    Column("cleaning", Integer, nullable=False, server_default=_NOTHING),
    Column("in_repair", Integer, nullable=False, server_default=_NOTHING),
    Column("lost", Integer, nullable=False, server_default=_NOTHING),
    Column("written_off", Integer, nullable=False, server_default=_NOTHING),
    Column("minimum", Integer, nullable=False, server_default=_NOTHING),
    Column("revision", Integer, nullable=False, server_default=_ONE),
)

equipment_item = Table(
    "equipment_item",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("model", Text, nullable=False),
    Column("serial", Text, nullable=False),
    Column("store", Text, nullable=False),
    Column("bought_on", Date),
    Column("next_service_on", Date),
    Column("failed", Boolean, nullable=False, server_default=_NO),
    Column("received_by", Text, nullable=False, server_default=_ME),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("revision", Integer, nullable=False, server_default=_ONE),
)

equipment_order = Table(
    "equipment_order",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("model", Text, nullable=False),
    Column("quantity", SmallInteger, nullable=False, server_default=_ONE),
    Column("source", Text, nullable=False, server_default=text("'by_hand'::text")),
    Column("plan_id", Uuid),
    Column("plan_equipment_id", Uuid),
    Column("assessment_id", Uuid),
    Column("transfer_id", Uuid),
    Column("stay_id", Uuid),
    Column("referral_id", Uuid),
    Column("wanted_by", Date, nullable=False),
    Column("until_on", Date),
    Column("note", Text, nullable=False, server_default=_EMPTY),
    Column("state", Text, nullable=False, server_default=text("'ordered'::text")),
    Column("store", Text),
    Column("item_id", Uuid),
    Column("slot", TSTZRANGE),
    Column("fit_slot", TSTZRANGE),
    Column("ordered_by", Text, nullable=False, server_default=_ME),
    Column("ordered_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("delivered_at", DateTime(timezone=True)),
    Column("fitted_at", DateTime(timezone=True)),
    Column("reason", Text, nullable=False, server_default=_EMPTY),
    Column("cause", Text),
    Column("tries", SmallInteger, nullable=False, server_default=_NOTHING),
    Column("revision", Integer, nullable=False, server_default=_ONE),
    Column("promised_from", Date),
    Column("held", DATERANGE),
)

equipment_whereabouts = Table(
    "equipment_whereabouts",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("item_id", Uuid, nullable=False),
    Column("place", Text, nullable=False),
    Column("store", Text, nullable=False),
    Column("order_id", Uuid),
    Column("period", TSTZRANGE, nullable=False),
)

equipment_movement = Table(
    "equipment_movement",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=_NEW),
    Column("at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("by_user", Text, nullable=False, server_default=_ME),
    Column("model", Text, nullable=False),
    Column("item_id", Uuid),
    Column("store", Text, nullable=False),
    Column("to_store", Text, nullable=False),
    Column("quantity", Integer, nullable=False, server_default=_ONE),
    Column("from_place", Text),
    Column("to_place", Text, nullable=False),
    Column("order_id", Uuid),
    Column("note", Text, nullable=False, server_default=_EMPTY),
)

equipment_loan = Table(
    "equipment_loan",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=_NEW),
    Column("order_id", Uuid, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("until_on", Date),
    Column("ended_at", DateTime(timezone=True)),
    Column("revision", Integer, nullable=False, server_default=_ONE),
)

equipment_collection = Table(
    "equipment_collection",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=_NEW),
    Column("loan_id", Uuid, nullable=False),
    Column("cause", Text, nullable=False, server_default=text("'asked'::text")),
    Column("asked_by", Text, nullable=False, server_default=_ME),
    Column("asked_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("wanted_by", Date, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'to_collect'::text")),
    Column("slot", TSTZRANGE),
    Column("collected_at", DateTime(timezone=True)),
    Column("back", SmallInteger),
    Column("returned_as", Text),
    Column("reason", Text, nullable=False, server_default=_EMPTY),
    Column("tries", SmallInteger, nullable=False, server_default=_NOTHING),
    Column("note", Text, nullable=False, server_default=_EMPTY),
    Column("revision", Integer, nullable=False, server_default=_ONE),
)

equipment_service = Table(
    "equipment_service",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("item_id", Uuid, nullable=False),
    Column("done_on", Date, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("note", Text, nullable=False, server_default=_EMPTY),
    Column("next_on", Date),
    Column("recorded_by", Text, nullable=False, server_default=_ME),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("was_next_on", Date),
    Column("was_failed", Boolean),
    Column("was_place", Text),
    Column("was_order", Uuid),
    Column("collection_id", Uuid),
)

equipment_reminder = Table(
    "equipment_reminder",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("loan_id", Uuid),
    Column("collection_id", Uuid),
    Column("item_id", Uuid),
    Column("to_whom", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=_EMPTY),
    Column("by_user", Text, nullable=False, server_default=_ME),
    Column("at", DateTime(timezone=True), nullable=False, server_default=_NOW),
    Column("revision", Integer, nullable=False, server_default=_ONE),
)
