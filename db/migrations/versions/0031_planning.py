"""Hand-written SQL beside this file: 0031_planning.up.sql and 0031_planning.down.sql."""

from db.migrations.sql import run

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0031_planning.up.sql")


def downgrade() -> None:
    run("0031_planning.down.sql")
