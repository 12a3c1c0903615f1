"""Vehicles (机动车登记), 公安."""

from features.sources.core import Cadence, Column, Delivery, Domain, Kind, Plane, Source

#: Types of GA 802. Large and medium buses, special vehicles and trailers are none of the first four; 大型汽车
#: is the name of a plate for buses and trucks alike, and left out.
KINDS: Domain = {
    "car": (
        "小型汽车", "轿车", "小轿车", "小汽车", "小客车", "小型客车", "微型客车", "小型新能源汽车",
        "面包车", "越野车", "七座以下客车",
        *(f"{size}{body}" for size in ("小型", "微型") for body in (
            "轿车", "普通客车", "越野客车", "面包车",
        )),
    ),
    "truck": (
        "货车", "载货汽车", "卡车", "低速货车", "皮卡", "牵引车", "半挂牵引车", "多用途货车",
        *(f"{size}{body}" for size in ("轻型", "微型", "中型", "重型") for body in (
            "货车", "载货汽车", "普通货车", "厢式货车", "封闭货车", "罐式货车", "平板货车", "集装箱车",
            "自卸货车", "特殊结构货车", "仓栅式货车", "多用途货车", "车辆运输车",
            "栏板货车", "半挂牵引车", "全挂牵引车",
        )),
    ),
    "motorcycle": (
        "摩托车", "二轮摩托车", "两轮摩托车", "三轮摩托车", "普通摩托车", "轻便摩托车", "普通二轮摩托车",
        "普通两轮摩托车", "轻便二轮摩托车", "轻便两轮摩托车", "正三轮摩托车", "普通正三轮摩托车",
        "轻便正三轮摩托车", "边三轮摩托车", "侧三轮摩托车", "普通边三轮摩托车", "正三轮载客摩托车",
        "正三轮载货摩托车", "普通正三轮载客摩托车", "普通正三轮载货摩托车",
    ),
    "tricycle": (
        "三轮车", "三轮汽车", "农用三轮车", "三轮农用车", "三轮农用运输车", "机动三轮车", "电动三轮车",
    ),
    "other": (
        "其他", "其它", "其他车辆", "挂车", "半挂车", "全挂车", "专项作业车", "拖拉机", "轮式专用机械车",
        "有轨电车", "大型普通客车", "中型普通客车", "大型客车", "中型客车",
    ),
}  # fmt: skip

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
            domain=KINDS,
        ),
        Column("model", Kind.TEXT, "车型", "model", aliases=("品牌型号",)),
        Column("listed_price_yuan", Kind.YUAN, "指导价", "listed price", minimum=0),
        Column("registered_on", Kind.DATE, "登记日期", "registered on", required=True),
        Column("transferred_on", Kind.DATE, "转出日期", "transferred on", aliases=("转让日期",)),
    ),
)
