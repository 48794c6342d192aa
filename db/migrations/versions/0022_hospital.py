"""Hand-written SQL beside this file: 0022_hospital.up.sql and 0022_hospital.down.sql."""

from db.migrations.sql import run

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0022_hospital.up.sql")


def downgrade() -> None:
    run("0022_hospital.down.sql")
