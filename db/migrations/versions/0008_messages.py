"""Hand-written SQL beside this file: 0008_messages.up.sql and 0008_messages.down.sql."""

from db.migrations.sql import run

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0008_messages.up.sql")


def downgrade() -> None:
    run("0008_messages.down.sql")
