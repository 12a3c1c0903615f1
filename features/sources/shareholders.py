"""Shareholders (股东出资), 市场监管."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="market_regulation",
    name="shareholders",
    zh="股东出资",
    en="shareholders",
    plane=Plane.A,
    cadence=Cadence.WEEKLY,
    delivery=Delivery.EVENTS,
    key=("uscc", "id_no", "from"),
    event_on="from",
    columns=(
        Column("uscc", Kind.USCC, "统一社会信用代码", "credit code", required=True),
        Column(
            "id_no",
            Kind.ID_NO,
            "身份证号",
            "identity number",
            required=True,
            aliases=("公民身份号码", "证件号码", "身份证号码", "身份证"),
        ),
        Column("name", Kind.TEXT, "股东姓名", "name", aliases=("姓名",), name_of="id_no"),
        Column("share_percent", Kind.NUMBER, "持股比例", "share, percent", minimum=0, maximum=100),
        Column("from", Kind.DATE, "起始日期", "from", required=True),
        Column("to", Kind.DATE, "截止日期", "to"),
    ),
)
