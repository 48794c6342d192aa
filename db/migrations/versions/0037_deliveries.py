"""Hand-written SQL beside this file: 0037_deliveries.up.sql and 0037_deliveries.down.sql."""

from db.migrations.sql import run

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0037_deliveries.up.sql")


def downgrade() -> None:
    run("0037_deliveries.down.sql")
