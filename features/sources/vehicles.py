"""Vehicles (机动车登记), 公安."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="public_security",
    name="vehicles",
    zh="机动车登记",
    en="vehicles",
    plane=Plane.A,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.EVENTS,
    key=("owner_id_no", "plate_masked"),
    event_on="registered_on",
    columns=(
        Column(
            "owner_id_no",
            Kind.ID_NO,
            "所有人身份证号",
            "identity number of the owner",
            required=True,
            aliases=("车主身份证号", "身份证号", "公民身份号码", "证件号码"),
        ),
        Column(
            "owner_name",
            Kind.TEXT,
            "所有人姓名",
            "owner's name",
            aliases=("车主姓名", "车主"),
            name_of="owner_id_no",
        ),
        Column(
            "plate_masked", Kind.TEXT, "号牌号码", "number plate, masked", required=True, aliases=("车牌号",)
        ),
        Column(
            "kind",
            Kind.CODE,
            "车辆类型",
            "kind",
            domain={
                "car": ("小型汽车", "轿车"),
                "truck": ("货车",),
                "motorcycle": ("摩托车",),
                "tricycle": ("三轮车",),
                "other": ("其他",),
            },
        ),
        Column("model", Kind.TEXT, "车型", "model", aliases=("品牌型号",)),
        Column("listed_price_yuan", Kind.YUAN, "指导价", "listed price", minimum=0),
        Column("registered_on", Kind.DATE, "登记日期", "registered on", required=True),
        Column("transferred_on", Kind.DATE, "转出日期", "transferred on", aliases=("转让日期",)),
    ),
)
