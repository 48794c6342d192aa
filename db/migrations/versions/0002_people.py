"""Hand-written SQL beside this file: 0002_people.up.sql and 0002_people.down.sql."""

from db.migrations.sql import run

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0002_people.up.sql")


def downgrade() -> None:
    run("0002_people.down.sql")
