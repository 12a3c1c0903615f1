"""Outreach contacts (主动发现走访), 民政."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="civil_affairs",
    name="outreach",
    zh="主动发现走访",
    en="outreach contacts",
    plane=Plane.OWN,
    cadence=Cadence.DAILY,
    delivery=Delivery.EVENTS,
    key=("household_key", "selected_on"),
    event_on="contacted_on",
    columns=(
        Column(
            "household_key",
            Kind.TEXT,
            "家庭标识",
            "household number, or hukou household number where none is on file",
            required=True,
            aliases=("户编号", "户籍户号"),
        ),
        Column("selected_on", Kind.DATE, "选取日期", "selected on", required=True),
        Column(
            "arm",
            Kind.CODE,
            "选取方式",
            "how the household was selected",
            required=True,
            domain={
                "random": ("随机",),
                "score": ("评分",),
                "rule": ("规则",),
                "report": ("举报",),
                "routine": ("例行",),
            },
        ),
        Column(
            "selection_probability", Kind.NUMBER, "入选概率", "probability of selection", minimum=0, maximum=1
        ),
        Column(
            "channel",
            Kind.CODE,
            "联系方式",
            "channel",
            domain={"phone": ("电话",), "visit": ("入户",), "letter": ("信函",)},
        ),
        Column("contacted_on", Kind.DATE, "联系日期", "contacted on"),
        Column(
            "result",
            Kind.CODE,
            "结果",
            "result",
            required=True,
            domain={
                "eligible_applied": ("符合并申请",),
                "eligible_declined": ("符合但不申请",),
                "not_eligible": ("不符合",),
                "unreachable": ("无法联系",),
            },
        ),
        Column("programme", Kind.TEXT, "救助项目", "programme"),
    ),
)
