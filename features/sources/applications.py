"""Applications (救助申请), 民政."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="civil_affairs",
    name="applications",
    zh="救助申请",
    en="applications",
    plane=Plane.OWN,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("household_no", "applied_on"),
    event_on="applied_on",
    columns=(
        Column(
            "household_no",
            Kind.TEXT,
            "户编号",
            "household number",
            required=True,
            aliases=("家庭编号", "低保户编号", "户号"),
        ),
        Column("applied_on", Kind.DATE, "申请日期", "applied on", required=True, aliases=("受理日期",)),
        Column("decided_on", Kind.DATE, "审批日期", "decided on", aliases=("确认日期",)),
        Column(
            "decision",
            Kind.CODE,
            "审批结果",
            "decision",
            aliases=("审核结果",),
            domain={
                "granted": ("同意", "批准", "予以保障"),
                "refused": ("不同意", "不予批准", "拒绝"),
                "withdrawn": ("撤回",),
                "pending": ("审核中", "待审"),
            },
        ),
        Column("decision_reason", Kind.TEXT, "审批理由", "reason of the decision", aliases=("理由",)),
    ),
)
