"""Hand-written SQL beside this file: 0017_duty.up.sql and 0017_duty.down.sql."""

from db.migrations.sql import run

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0017_duty.up.sql")


def downgrade() -> None:
    run("0017_duty.down.sql")
