"""Findings that stand: raised once, seen again, closed when the facts are gone or somebody settled them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_on IS NULL")


def upgrade() -> None:
    """Add the table; findings of runs recorded before are raised by the next run."""
    op.create_table(
        "raised_findings",
        sa.Column("raised_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.String(length=16), nullable=False),
        sa.Column("universe", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=7), nullable=False),
        sa.Column("fact_on", sa.Date(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_run", sa.Integer(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("seen_run", sa.Integer(), nullable=False),
        sa.Column("times_seen", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_by", sa.String(length=10), nullable=True),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.CheckConstraint("universe IN ('on_file', 'register')", name=op.f("ck_raised_findings_universe")),
        sa.CheckConstraint("verdict IN ('true', 'unknown')", name=op.f("ck_raised_findings_verdict")),
        sa.CheckConstraint(
            "closed_by IN ('facts_gone', 'left_file', 'verified', 'withdrawn')",
            name=op.f("ck_raised_findings_closed_by"),
        ),
        sa.CheckConstraint(
            "(closed_on IS NULL) = (closed_by IS NULL)", name=op.f("ck_raised_findings_closed_with_its_day")
        ),
        sa.CheckConstraint("seen_on >= opened_on", name=op.f("ck_raised_findings_seen_after_it_was_opened")),
        sa.ForeignKeyConstraint(
            ["follows"], ["raised_findings.raised_id"], name=op.f("fk_raised_findings_follows")
        ),
        sa.ForeignKeyConstraint(["opened_run"], ["runs.run_id"], name=op.f("fk_raised_findings_opened_run")),
        sa.ForeignKeyConstraint(["seen_run"], ["runs.run_id"], name=op.f("fk_raised_findings_seen_run")),
        sa.PrimaryKeyConstraint("raised_id", name=op.f("pk_raised_findings")),
    )
    op.create_index("ix_raised_findings_household_id_rule", "raised_findings", ["household_id", "rule"])
    op.create_index(
        "uq_raised_findings_open",
        "raised_findings",
        ["household_id", "rule", "question"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("raised_findings")
