"""The first tables: runs, households, assessments, rules, lists and the log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "events",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_events")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_events_previous_hash")),
    )
    op.create_table(
        "runs",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("draw_check", sa.String(length=16), nullable=False),
        sa.Column("inputs_digest", sa.String(length=64), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("models", sa.JSON(), nullable=False),
        sa.Column("dictionary", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "superseded_by IS NULL OR superseded_by > run_id", name=op.f("ck_runs_superseded_by_a_later_run")
        ),
        sa.ForeignKeyConstraint(["superseded_by"], ["runs.run_id"], name=op.f("fk_runs_superseded_by")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_runs")),
    )
    op.create_index("ix_runs_as_of", "runs", ["as_of"])

    op.create_table(
        "households",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.String(length=16), nullable=False),
        sa.Column("universe", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=True),
        sa.Column("region_code", sa.String(length=12), nullable=True),
        sa.Column("street_code", sa.String(length=9), nullable=False),
        sa.Column("urban_rural", sa.String(length=5), nullable=True),
        sa.Column("category", sa.String(length=20), nullable=True),
        sa.Column("review_class", sa.String(length=1), nullable=True),
        sa.Column("person_count", sa.Integer(), nullable=True),
        sa.Column("vulnerable", sa.Boolean(), nullable=False),
        sa.Column("profile", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sources", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("universe IN ('on_file', 'register')", name=op.f("ck_households_universe")),
        sa.CheckConstraint("person_count >= 0", name=op.f("ck_households_person_count")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_households_run_id")),
        sa.PrimaryKeyConstraint("run_id", "household_id", name=op.f("pk_households")),
    )
    op.create_table(
        "assessments",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.String(length=16), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=13), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("raw", sa.Double(), nullable=True),
        sa.Column("probability", sa.Double(), nullable=True),
        sa.Column("band", sa.String(length=20), nullable=True),
        sa.Column("of_100", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reasons", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("speaks_for", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'scored') = (probability IS NOT NULL)",
            name=op.f("ck_assessments_scored_has_a_probability"),
        ),
        sa.CheckConstraint("status IN ('scored', 'no_prediction')", name=op.f("ck_assessments_status")),
        sa.CheckConstraint("probability BETWEEN 0 AND 1", name=op.f("ck_assessments_probability")),
        sa.ForeignKeyConstraint(
            ["run_id", "household_id"],
            ["households.run_id", "households.household_id"],
            name=op.f("fk_assessments_run_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("run_id", "household_id", "question", name=op.f("pk_assessments")),
    )
    op.create_table(
        "findings",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.String(length=16), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=7), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("zh", sa.String(), nullable=False),
        sa.Column("en", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=True),
        sa.Column("department", sa.String(length=40), nullable=True),
        sa.Column("event_on", sa.Date(), nullable=True),
        sa.Column("known_on", sa.Date(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "question IN ('hidden_income', 'exit_due', 'unapplied_eligible', 'underpaid')",
            name=op.f("ck_findings_question"),
        ),
        sa.CheckConstraint("verdict IN ('true', 'unknown')", name=op.f("ck_findings_verdict")),
        sa.ForeignKeyConstraint(
            ["run_id", "household_id"],
            ["households.run_id", "households.household_id"],
            name=op.f("fk_findings_run_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("finding_id", name=op.f("pk_findings")),
    )
    op.create_index("ix_findings_run_id_household_id", "findings", ["run_id", "household_id"])

    op.create_table(
        "judgements",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.String(length=16), nullable=False),
        sa.Column("eligibility", sa.String(length=12), nullable=False),
        sa.Column("income_low_fen", sa.BigInteger(), nullable=True),
        sa.Column("income_high_fen", sa.BigInteger(), nullable=True),
        sa.Column("standard_fen", sa.BigInteger(), nullable=True),
        sa.Column("entitled_low_fen", sa.BigInteger(), nullable=True),
        sa.Column("entitled_high_fen", sa.BigInteger(), nullable=True),
        sa.Column("benefit_fen", sa.BigInteger(), nullable=True),
        sa.Column("underpaid_fen", sa.BigInteger(), nullable=True),
        sa.Column("missing_item", sa.String(), nullable=True),
        sa.Column("article", sa.String(), nullable=True),
        sa.CheckConstraint(
            "eligibility IN ('eligible', 'not_eligible', 'unknown')", name=op.f("ck_judgements_eligibility")
        ),
        sa.CheckConstraint("benefit_fen >= 0", name=op.f("ck_judgements_benefit")),
        sa.CheckConstraint("income_low_fen <= income_high_fen", name=op.f("ck_judgements_income_bounds")),
        sa.CheckConstraint("underpaid_fen >= 0", name=op.f("ck_judgements_underpaid")),
        sa.ForeignKeyConstraint(
            ["run_id", "household_id"],
            ["households.run_id", "households.household_id"],
            name=op.f("fk_judgements_run_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("run_id", "household_id", name=op.f("pk_judgements")),
    )
    op.create_table(
        "list_items",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("household_id", sa.String(length=16), nullable=False),
        sa.Column("street_code", sa.String(length=9), nullable=False),
        sa.Column("arm", sa.String(length=6), nullable=False),
        sa.Column("selection_probability", sa.Double(), nullable=False),
        sa.Column("arm_probability", sa.Double(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("visit_order", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("speaks_for", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.CheckConstraint("arm IN ('score', 'rule', 'random')", name=op.f("ck_list_items_arm")),
        sa.CheckConstraint(
            "kind IN ('hidden_income', 'exit_due', 'unapplied_eligible', 'underpaid')",
            name=op.f("ck_list_items_kind"),
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_list_items_state")),
        sa.CheckConstraint(
            "arm_probability > 0 AND arm_probability <= 1", name=op.f("ck_list_items_arm_probability")
        ),
        sa.CheckConstraint(
            "selection_probability > 0 AND selection_probability <= 1",
            name=op.f("ck_list_items_selection_probability"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id", "household_id"],
            ["households.run_id", "households.household_id"],
            name=op.f("fk_list_items_run_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("run_id", "kind", "household_id", name=op.f("pk_list_items")),
        sa.UniqueConstraint(
            "run_id",
            "kind",
            "street_code",
            "visit_order",
            name=op.f("uq_list_items_run_id_kind_street_code_visit_order"),
        ),
    )
    op.create_index("ix_list_items_run_id_household_id", "list_items", ["run_id", "household_id"])


def downgrade() -> None:
    """Undo."""

    op.drop_table("list_items")
    op.drop_table("judgements")

    op.drop_table("findings")
    op.drop_table("assessments")
    op.drop_table("households")

    op.drop_table("runs")
    op.drop_table("events")
