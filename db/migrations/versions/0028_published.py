"""Hand-written SQL beside this file: 0028_published.up.sql and 0028_published.down.sql."""

from db.migrations.sql import run

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0028_published.up.sql")


def downgrade() -> None:
    run("0028_published.down.sql")
