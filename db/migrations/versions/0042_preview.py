"""Hand-written SQL beside this file: 0042_preview.up.sql and 0042_preview.down.sql."""

from db.migrations.sql import run

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0042_preview.up.sql")


def downgrade() -> None:
    run("0042_preview.down.sql")
