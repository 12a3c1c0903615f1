"""Other benefits (其他补贴), 民政."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="civil_affairs",
    name="other_benefits",
    zh="其他补贴",
    en="other benefits",
    plane=Plane.B,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("id_no", "programme", "from"),
    event_on="from",
    columns=(
        Column(
            "id_no",
            Kind.ID_NO,
            "身份证号",
            "identity number",
            required=True,
            aliases=("公民身份号码", "证件号码", "身份证号码", "身份证"),
        ),
        Column("name", Kind.TEXT, "姓名", "name", aliases=("名字", "人员姓名"), name_of="id_no"),
        Column(
            "programme",
            Kind.CODE,
            "补贴项目",
            "programme",
            required=True,
            domain={
                "old_age": ("高龄津贴", "old-age"),
                "disability": ("残疾人补贴", "disability"),
                "orphan": ("孤儿基本生活费", "orphan"),
                "temporary_relief": ("临时救助", "temporary relief"),
                "preferential_allowance": ("优待抚恤金", "优抚对象抚恤补助"),
                "family_planning_award": ("计划生育奖励扶助金", "计划生育特别扶助金"),
                "bravery_award": ("见义勇为奖励", "见义勇为奖励金"),
            },
        ),
        Column("amount_yuan_month", Kind.YUAN, "月金额", "amount a month", minimum=0),
        Column("from", Kind.DATE, "起始日期", "from", required=True),
        Column("to", Kind.DATE, "截止日期", "to"),
    ),
)
