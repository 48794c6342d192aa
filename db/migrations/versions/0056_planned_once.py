"""Hand-written SQL beside this file: 0056_planned_once.up.sql and 0056_planned_once.down.sql."""

from db.migrations.sql import run

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0056_planned_once.up.sql")


def downgrade() -> None:
    run("0056_planned_once.down.sql")
