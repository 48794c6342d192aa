"""Hand-written SQL beside this file: 0004_assessment.up.sql and 0004_assessment.down.sql."""

from db.migrations.sql import run

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0004_assessment.up.sql")


def downgrade() -> None:
    run("0004_assessment.down.sql")
