"""Outreach contacts (主动发现走访), 民政."""

from features.sources.arms import ARMS
from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

CHANNELS: Domain = {
    "phone": ("电话", "电话联系", "电话访问", "电话走访", "电访", "电话回访", "电话通知"),
    "visit": ("入户", "入户走访", "入户访问", "走访", "上门", "上门走访", "实地走访", "上门访问", "面访"),
    "letter": ("信函", "信件", "书信", "邮寄", "邮寄信函", "邮寄信件", "寄信"),
}  # fmt: skip
#: 符合未申请 does not say whether they will: left out.
RESULTS: Domain = {
    "eligible_applied": (
        "符合并申请", "符合条件并申请", "符合已申请", "符合条件已申请", "符合且申请", "符合条件且申请",
        "符合条件并已申请", "符合并已申请",
    ),
    "eligible_declined": (
        "符合但不申请", "符合条件但不申请", "符合不申请", "符合条件不申请", "符合但放弃申请",
        "符合条件但放弃申请", "符合条件放弃申请", "符合但不愿申请", "符合条件但不愿申请",
        "符合条件不愿申请", "符合但拒绝申请",
    ),
    "not_eligible": ("不符合", "不符合条件", "不符合救助条件", "不符合保障条件", "不符合申请条件"),
    "unreachable": (
        "无法联系", "联系不上", "无法联系到", "未联系上", "未能联系上", "失联", "无人应答", "无人接听",
    ),
}  # fmt: skip

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
            domain=ARMS,
        ),
        Column(
            "selection_probability",
            Kind.NUMBER,
            "入选概率",
            "probability of being chosen by its arm; of the random arm that of the lot, for estimates",
            minimum=0,
            maximum=1,
        ),
        Column(
            "channel",
            Kind.CODE,
            "联系方式",
            "channel",
            domain=CHANNELS,
        ),
        Column("contacted_on", Kind.DATE, "联系日期", "contacted on"),
        Column(
            "result",
            Kind.CODE,
            "结果",
            "result",
            required=True,
            domain=RESULTS,
        ),
        Column("programme", Kind.TEXT, "救助项目", "programme"),
    ),
)
