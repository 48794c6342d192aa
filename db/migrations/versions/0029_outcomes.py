"""Hand-written SQL beside this file: 0029_outcomes.up.sql and 0029_outcomes.down.sql."""

from db.migrations.sql import run

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0029_outcomes.up.sql")


def downgrade() -> None:
    run("0029_outcomes.down.sql")
