"""Watch list against falling back into poverty (防返贫监测), 农业农村."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="agriculture",
    name="poverty_watch",
    zh="防返贫监测",
    en="watch list against falling back into poverty",
    plane=Plane.B,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("hukou_household_no", "listed_on"),
    event_on="listed_on",
    columns=(
        Column(
            "hukou_household_no",
            Kind.TEXT,
            "户籍户号",
            "hukou household number",
            required=True,
            aliases=("户号",),
        ),
        Column("listed_on", Kind.DATE, "纳入日期", "listed on", required=True),
        Column("delisted_on", Kind.DATE, "消除日期", "delisted on"),
        Column("reason", Kind.TEXT, "原因", "reason", aliases=("致贫原因",)),
    ),
)
