"""Verifications (入户核查), 民政."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="civil_affairs",
    name="verifications",
    zh="入户核查",
    en="verifications",
    plane=Plane.OWN,
    cadence=Cadence.DAILY,
    delivery=Delivery.EVENTS,
    key=("household_no", "selected_on"),
    event_on="visited_on",
    columns=(
        Column(
            "household_no",
            Kind.TEXT,
            "户编号",
            "household number",
            required=True,
            aliases=("家庭编号", "低保户编号", "户号"),
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
        Column("visited_on", Kind.DATE, "走访日期", "visited on", aliases=("入户日期",)),
        Column("recorded_on", Kind.DATE, "录入日期", "recorded on"),
        Column("worker_code", Kind.TEXT, "经办人编码", "worker code"),
        Column(
            "finding",
            Kind.CODE,
            "核查结论",
            "finding",
            required=True,
            aliases=("核查结果",),
            domain={
                "no_change": ("无变化",),
                "income_undeclared": ("收入未申报",),
                "property_undeclared": ("财产未申报",),
                "ineligible": ("不符合条件",),
                "deceased_member": ("成员死亡",),
                "member_left": ("成员离开",),
                "moved": ("迁移",),
                "record_error": ("信息有误",),
                "refused": ("拒绝核查",),
                "unreachable": ("无法联系",),
            },
        ),
        Column(
            "verified_income_yuan_month",
            Kind.YUAN,
            "核实月收入",
            "verified income of the household a month",
            minimum=0,
        ),
        Column("months_affected", Kind.INTEGER, "涉及月数", "months affected", minimum=0, maximum=240),
        Column(
            "action",
            Kind.CODE,
            "处理",
            "action",
            domain={
                "none": ("无", "维持"),
                "increase": ("增发",),
                "decrease": ("减发",),
                "stop": ("停发",),
                "gradual_exit": ("渐退",),
                "refer": ("转介",),
            },
        ),
        Column("minutes_spent", Kind.INTEGER, "用时分钟", "minutes spent", minimum=0, maximum=1440),
    ),
)
