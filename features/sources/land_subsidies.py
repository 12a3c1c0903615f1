"""Land subsidies (耕地补贴), 农业农村."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="agriculture",
    name="land_subsidies",
    zh="耕地补贴",
    en="land subsidies",
    plane=Plane.B,
    cadence=Cadence.YEARLY,
    delivery=Delivery.EVENTS,
    key=("id_no", "year"),
    event_on="year",
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
        Column("area_mu", Kind.NUMBER, "面积(亩)", "area, mu", minimum=0, maximum=10000),
        Column("year", Kind.INTEGER, "年度", "year", required=True, minimum=1990, maximum=2100),
        Column("amount_yuan", Kind.YUAN, "金额", "amount", required=True, minimum=0),
    ),
)
