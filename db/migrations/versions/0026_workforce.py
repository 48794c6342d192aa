"""Hand-written SQL beside this file: 0026_workforce.up.sql and 0026_workforce.down.sql."""

from db.migrations.sql import run

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0026_workforce.up.sql")


def downgrade() -> None:
    run("0026_workforce.down.sql")
