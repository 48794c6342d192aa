"""Hand-written SQL beside this file: 0054_orders_of_the_dead.up.sql and 0054_orders_of_the_dead.down.sql."""

from db.migrations.sql import run

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run("0054_orders_of_the_dead.up.sql")


def downgrade() -> None:
    run("0054_orders_of_the_dead.down.sql")
