"""Hand-written SQL beside this file: 0013_callers.up.sql and 0013_callers.down.sql."""

from db.migrations.sql import run

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0013_callers.up.sql")


def downgrade() -> None:
    run("0013_callers.down.sql")
