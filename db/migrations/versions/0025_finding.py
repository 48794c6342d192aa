"""Hand-written SQL beside this file: 0025_finding.up.sql and 0025_finding.down.sql."""

from db.migrations.sql import run

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0025_finding.up.sql")


def downgrade() -> None:
    run("0025_finding.down.sql")
