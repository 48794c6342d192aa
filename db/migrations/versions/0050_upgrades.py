"""Hand-written SQL beside this file: 0050_upgrades.up.sql and 0050_upgrades.down.sql."""

from db.migrations.sql import run

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0050_upgrades.up.sql")


def downgrade() -> None:
    run("0050_upgrades.down.sql")
