"""What visits of the equipment team carry. Rules, triggers and policies: db/migrations."""

from sqlalchemy import Boolean, Column, Integer, Table, Text, Uuid, text

from db.tables import METADATA

delivery = Table(
    "delivery",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("visit_id", Uuid, nullable=False),
    Column("errand", Text, nullable=False),
    Column("fits", Boolean, nullable=False, server_default=text("false")),
    Column("order_id", Uuid),
    Column("collection_id", Uuid),
    Column("state", Text, nullable=False, server_default=text("'planned'::text")),
    Column("ended_by", Text),
    Column("revision", Integer, nullable=False, server_default=text("1")),
)

# Whoever promises time of a team's round locks its row: see round_alone().
round_turn = Table(
    "round_turn",
    METADATA,
    Column("team_id", Integer, primary_key=True, autoincrement=False),
)
