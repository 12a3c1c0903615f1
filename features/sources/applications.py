"""Applications (救助申请), 民政."""

from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

#: 通过 of one step is no grant, and 退回 asks for papers: both are left out.
DECISIONS: Domain = {
    "granted": (
        "同意", "批准", "予以保障", "同意批准", "予以批准", "准予", "予以确认", "同意确认",
        "同意保障", "审批通过", "审批同意", "同意纳入", "纳入保障", "准予救助", "予以救助", "同意救助",
    ),
    "refused": (
        "不同意", "不予批准", "拒绝", "不批准", "未批准", "不予保障", "不予确认", "不予同意", "不准予",
        "审批不通过", "审批未通过", "审批不同意", "不予救助", "不予纳入", "驳回", "不符合条件",
        "不符合",
    ),
    "withdrawn": (
        "撤回", "已撤回", "撤回申请", "申请人撤回", "撤销申请", "主动撤回", "自愿撤回", "放弃申请",
        "自愿放弃",
    ),
    "pending": (
        "审核中", "待审", "待审核", "待审批", "审批中", "审核确认中", "待确认", "受理中", "已受理",
        "办理中", "公示中", "核对中", "正在审核", "正在办理", "未办结",
    ),
}  # fmt: skip

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
            domain=DECISIONS,
        ),
        Column("decision_reason", Kind.TEXT, "审批理由", "reason of the decision", aliases=("理由",)),
    ),
)
