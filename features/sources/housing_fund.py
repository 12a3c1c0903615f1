"""Housing fund (住房公积金), 住建公积金."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="housing",
    name="housing_fund",
    zh="住房公积金",
    en="housing fund",
    plane=Plane.A,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("id_no", "employer_name", "month"),
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
        Column("employer_name", Kind.TEXT, "单位名称", "employer"),
        Column(
            "month", Kind.MONTH, "月份", "month", required=True, aliases=("所属期", "缴费月份", "费款所属期")
        ),
        Column("deposit_yuan", Kind.YUAN, "缴存额", "deposit", required=True, minimum=0),
    ),
)
