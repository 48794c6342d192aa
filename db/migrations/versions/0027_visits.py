"""Hand-written SQL beside this file: 0027_visits.up.sql and 0027_visits.down.sql."""

from db.migrations.sql import run

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0027_visits.up.sql")


def downgrade() -> None:
    run("0027_visits.down.sql")
