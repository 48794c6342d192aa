"""Hand-written SQL beside this file: the same name, .up.sql and .down.sql."""

from db.migrations.sql import run

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0059_found_without_the_hidden.up.sql")


def downgrade() -> None:
    run("0059_found_without_the_hidden.down.sql")
