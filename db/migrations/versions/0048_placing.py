"""Hand-written SQL beside this file: 0048_placing.up.sql and 0048_placing.down.sql."""

from db.migrations.sql import run

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0048_placing.up.sql")


def downgrade() -> None:
    run("0048_placing.down.sql")
