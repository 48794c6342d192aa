"""Hand-written SQL beside this file: 0053_refused_alike.up.sql and 0053_refused_alike.down.sql."""

from db.migrations.sql import run

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0053_refused_alike.up.sql")


def downgrade() -> None:
    run("0053_refused_alike.down.sql")
