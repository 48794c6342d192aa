"""Hand-written SQL beside this file: 0021_plan.up.sql and 0021_plan.down.sql."""

from db.migrations.sql import run

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0021_plan.up.sql")


def downgrade() -> None:
    run("0021_plan.down.sql")
