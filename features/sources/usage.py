"""Use of power and water (水电用量), 公用事业."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="utilities",
    name="usage",
    zh="水电用量",
    en="use of power and water",
    plane=Plane.X,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("meter_address", "month"),
    event_on="month",
    columns=(
        Column(
            "meter_address",
            Kind.TEXT,
            "用户地址",
            "address of the meter",
            required=True,
            aliases=("地址", "用电地址"),
        ),
        Column(
            "month", Kind.MONTH, "月份", "month", required=True, aliases=("所属期", "缴费月份", "费款所属期")
        ),
        Column("kwh", Kind.NUMBER, "用电量", "kWh", minimum=0),
        Column("m3_water", Kind.NUMBER, "用水量", "m3 of water", minimum=0),
    ),
)
