"""Hand-written SQL beside this file: 0009_message_keys.up.sql and 0009_message_keys.down.sql."""

from db.migrations.sql import run

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0009_message_keys.up.sql")


def downgrade() -> None:
    run("0009_message_keys.down.sql")
