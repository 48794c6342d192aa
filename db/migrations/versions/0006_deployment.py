"""Hand-written SQL beside this file: 0006_deployment.up.sql and 0006_deployment.down.sql."""

from db.migrations.sql import run

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0006_deployment.up.sql")


def downgrade() -> None:
    run("0006_deployment.down.sql")
