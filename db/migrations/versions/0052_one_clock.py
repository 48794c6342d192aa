"""Hand-written SQL beside this file: 0052_one_clock.up.sql and 0052_one_clock.down.sql."""

from db.migrations.sql import run

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0052_one_clock.up.sql")


def downgrade() -> None:
    run("0052_one_clock.down.sql")
