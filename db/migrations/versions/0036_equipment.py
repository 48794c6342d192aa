"""Hand-written SQL beside this file: 0036_equipment.up.sql and 0036_equipment.down.sql."""

from db.migrations.sql import run

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0036_equipment.up.sql")


def downgrade() -> None:
    run("0036_equipment.down.sql")
