"""Who of those listed lives together: expected persons, chance of exactly these, others at the same home."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns in place; runs recorded before know nothing of it."""
    op.add_column("households", sa.Column("persons_living", sa.Double(), nullable=True))
    op.add_column("households", sa.Column("co_living", sa.Double(), nullable=True))
    op.add_column("households", sa.Column("others_at_home", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drop them again."""
    for name in ("others_at_home", "co_living", "persons_living"):
        op.drop_column("households", name)
