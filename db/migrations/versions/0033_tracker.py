"""Hand-written SQL beside this file: 0033_tracker.up.sql and 0033_tracker.down.sql."""

from db.migrations.sql import run

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0033_tracker.up.sql")


def downgrade() -> None:
    run("0033_tracker.down.sql")
