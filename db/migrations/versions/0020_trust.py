"""Hand-written SQL beside this file: 0020_trust.up.sql and 0020_trust.down.sql."""

from db.migrations.sql import run

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0020_trust.up.sql")


def downgrade() -> None:
    run("0020_trust.down.sql")
