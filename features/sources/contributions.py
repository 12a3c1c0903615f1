"""Social insurance contributions (社保缴费), 人社."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="human_resources",
    name="contributions",
    zh="社保缴费",
    en="social insurance contributions",
    plane=Plane.A,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("id_no", "employer_uscc", "month"),
    event_on="month",
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
            "employer_uscc",
            Kind.USCC,
            "单位信用代码",
            "credit code of the employer",
            aliases=("统一社会信用代码",),
        ),
        Column("employer_name", Kind.TEXT, "单位名称", "employer", aliases=("参保单位",)),
        Column(
            "month", Kind.MONTH, "月份", "month", required=True, aliases=("所属期", "缴费月份", "费款所属期")
        ),
        Column("base_yuan", Kind.YUAN, "缴费基数", "contribution base a month", required=True, minimum=0),
    ),
)
