"""Hand-written SQL beside this file: 0034_tracker.up.sql and 0034_tracker.down.sql."""

from db.migrations.sql import run

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0034_tracker.up.sql")


def downgrade() -> None:
    run("0034_tracker.down.sql")
