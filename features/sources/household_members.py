"""Members of households on file (家庭成员), 民政."""

from features.sources.core import Cadence, Column, Delivery, Kind, Plane, Source

SOURCE = Source(
    department="civil_affairs",
    name="household_members",
    zh="家庭成员",
    en="members of households on file",
    plane=Plane.OWN,
    cadence=Cadence.MONTHLY,
    delivery=Delivery.FULL,
    key=("household_no", "id_no", "joined_on"),
    event_on="joined_on",
    columns=(
        Column(
            "household_no",
            Kind.TEXT,
            "户编号",
            "household number",
            required=True,
            aliases=("家庭编号", "低保户编号", "户号"),
        ),
        Column(
            "id_no",
            Kind.ID_NO,
            "身份证号",
            "identity number",
            required=True,
            aliases=("公民身份号码", "证件号码", "身份证号码", "身份证"),
        ),
        Column("name", Kind.TEXT, "姓名", "name", aliases=("名字", "人员姓名"), name_of="id_no"),
        Column("relation", Kind.TEXT, "与户主关系", "relation to the head", aliases=("家庭关系",)),
        Column("joined_on", Kind.DATE, "加入日期", "joined on"),
        Column("left_on", Kind.DATE, "离开日期", "left on"),
        Column("leave_reason", Kind.TEXT, "离开原因", "reason for leaving"),
    ),
)
