"""Hand-written SQL beside this file: 0010_reference.up.sql and 0010_reference.down.sql."""

from db.migrations.sql import run

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0010_reference.up.sql")


def downgrade() -> None:
    run("0010_reference.down.sql")
