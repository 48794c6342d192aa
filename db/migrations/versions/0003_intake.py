"""Hand-written SQL beside this file: 0003_intake.up.sql and 0003_intake.down.sql."""

from db.migrations.sql import run

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0003_intake.up.sql")


def downgrade() -> None:
    run("0003_intake.down.sql")
