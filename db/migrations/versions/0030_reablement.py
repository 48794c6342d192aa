"""Hand-written SQL beside this file: 0030_reablement.up.sql and 0030_reablement.down.sql."""

from db.migrations.sql import run

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0030_reablement.up.sql")


def downgrade() -> None:
    run("0030_reablement.down.sql")
