"""Files of measurements: names, units, separators, and everything that is refused with its line and column."""

import numpy as np
import pytest

from core.faults import ParameterError
from core.hotwater.validate import ValidateParams
from core.hotwater.validate.params import EXAMPLE
from core.hotwater.validate.reading import LEAST_ROWS, MOST_LETTERS, ReadingError, read

HEAD = "time_s,inlet_C,outlet_C,flow_kg_h,ambient_C"
ROWS = [f"{t},60,50,1000,20" for t in range(12)]


def text(head: str = HEAD, rows: list[str] = ROWS, between: str = ",") -> str:
    return "\n".join([head, *rows]).replace(",", between)


@pytest.mark.parametrize(
    "head",
    [
        HEAD,
        "t_s,T_in_C,T_out_C,flow_kg_h,T_ambient_C",
        "Time [s],Inlet (°C),Outlet (°C),Mass flow [kg/h],Room",
        "t,Tin,Tout,mdot kg/h,Tamb",
        "时间,进口温度,出口温度,流量 kg/h,环境温度",
        "\ufeff\"time\",\"supply\",\"return\",\"flow_kg_h\",\"air\"",
    ],
)  # fmt: skip
def test_columns_are_known_by_many_names(head: str):
    m = read(text(head))
    assert (m.inlet == 60).all() and (m.outlet == 50).all() and (m.flow == 1000).all() and (m.ambient == 20).all()
    assert m.unit is not None and m.unit.name == "kg/h" and m.time[-1] == 11


def test_order_extra_columns_comments_and_empty_lines_do_not_matter():
    rows = [f"x,20,{t},1000,50,60" for t in range(12)]
    m = read(
        text("# from the cellar\n\nnote,ambient,time,flow_kg_h,outlet,inlet", [*rows[:3], "", "# paused", *rows[3:], ",,,,,"])
    )
    assert m.time.tolist() == list(range(12)) and (m.inlet == 60).all()


def test_semicolons_tabs_and_decimal_commas():
    rows = ["{};60,5;50;1000;20".format(t) for t in range(12)]  # noqa: UP032
    head = HEAD.replace(",", ";")
    assert read("\n".join([head, *rows])).inlet[0] == 60.5
    assert read(text(between="\t")).inlet[0] == 60


@pytest.mark.parametrize(
    ("said", "name", "litres_or_kilograms"),
    [
        ("flow_kg_h", "kg/h", 1 / 3600), ("flow_L_h", "L/h", 1 / 3600), ("flow (L/min)", "L/min", 1 / 60),
        ("flow [m³/s]", "m3/s", 1000.0), ("Q m3/h", "m3/h", 1000 / 3600), ("flow_kg_s", "kg/s", 1.0), ("flow l/s", "L/s", 1.0),
    ],
)  # fmt: skip
def test_units_of_the_flow_are_read(said: str, name: str, litres_or_kilograms: float):
    unit = read(text(HEAD.replace("flow_kg_h", said))).unit
    assert unit is not None and unit.name == name and unit.scale == pytest.approx(litres_or_kilograms)
    assert unit.mass == name.startswith("kg")


def test_minutes_and_kelvin_are_turned():
    rows = [f"{t},333.15,323.15,1000,293.15" for t in range(5, 17)]
    m = read(text("time_min,inlet_K,outlet_K,flow_kg_h,ambient_K", rows))
    np.testing.assert_allclose([m.time[1], m.inlet[0], m.outlet[0], m.ambient[0]], [60, 60, 50, 20])


def changed(line: int, cells: str) -> str:
    rows = list(ROWS)
    rows[line - 2] = cells
    return text(rows=rows)


@pytest.mark.parametrize(
    ("wrong", "rule", "line", "column"),
    [
        (text("time_s,inlet_C,flow_kg_h,ambient_C"), "csv_columns", 1, "outlet"),
        (text(HEAD.replace("ambient_C", "inlet_2")), "csv_twice", 1, "inlet"),
        ("1,2,3,4,5\n" * 20, "csv_columns", 1, "time"),
        ("\n".join(ROWS), "csv_columns", 1, "time"),
        (changed(5, "3,nan,50,1000,20"), "csv_number", 5, "inlet"),
        (changed(5, "3,60,,1000,20"), "csv_number", 5, "outlet"),
        (changed(5, "3,60,50"), "csv_number", 5, "flow"),
        (changed(5, "3,60,50,1e999,20"), "csv_number", 5, "flow"),
        (changed(5, "3,sixty,50,1000,20"), "csv_number", 5, "inlet"),
        (changed(6, "4,60,50,-3,20"), "csv_range", 6, "flow"),
        (changed(6, "4,60,150,1000,20"), "csv_range", 6, "outlet"),
        (changed(7, "4,60,50,1000,20"), "csv_time", 7, "time"),
        (changed(7, "1,60,50,1000,20"), "csv_time", 7, "time"),
        (text(rows=ROWS[: LEAST_ROWS - 1]), "csv_rows", 0, ""),
        (text(rows=[f"{t},1,1,1,1" for t in range(20_001)]), "csv_rows", 0, ""),
        ("\x89PNG\r\n\x1a\n\0\0\0", "csv_binary", 0, ""),
        ("PK\x03\x04\ufffd", "csv_binary", 0, ""),
        (" \n\n", "csv_columns", 1, "time"),
    ],
)  # fmt: skip
def test_what_is_refused_says_where(wrong: str, rule: str, line: int, column: str):
    with pytest.raises(ReadingError) as caught:
        read(wrong)
    assert (caught.value.rule, caught.value.line, caught.value.column) == (rule, line, column)
    with pytest.raises(ParameterError, match="data should") as refused:
        ValidateParams(source="csv", data=wrong)
    (fault,) = refused.value.faults
    assert (fault.parameter, fault.rule, fault.row, fault.column) == ("data", rule, line, column)


def test_a_huge_upload_is_refused_before_it_is_read():
    with pytest.raises(ParameterError, match=f"data should .* at most {MOST_LETTERS} characters"):
        ValidateParams(source="csv", data="x" * (MOST_LETTERS + 1))


def test_a_flow_without_a_unit_is_asked_for():
    nameless = text(HEAD.replace("flow_kg_h", "flow"))
    with pytest.raises(ParameterError, match="reading should name a unit"):
        ValidateParams(source="csv", data=nameless)
    assert ValidateParams(source="csv", data=nameless, reading="l_min").unit().name == "L/min"


def test_a_long_file_stays_out_of_links_and_tags():
    long = text(rows=[f"{t},60,50,1000,20" for t in range(400)])
    p = ValidateParams(source="csv", data=long)
    assert "data" not in p.to_query() and p.unlinked() == ["data"] and len(p.tag()["data"]) < 60
    assert p.tag()["data"] != ValidateParams(source="csv", data=long + "\n400,60,50,1000,20").tag()["data"]
    short = ValidateParams(source="csv", data=EXAMPLE)
    assert short.unlinked() == [] and short.tag()["data"] == EXAMPLE and ValidateParams.from_query(short.to_query()) == short


def test_a_pipe_has_a_wall():
    for inner in (21.8, 7.0):
        with pytest.raises(ParameterError, match=r"inner should be from 7.333 … 21.6 with an outer diameter of 22, not"):
            ValidateParams(inner=inner)
    assert ValidateParams(inner=21.6).pipe(40.0).kappa > 0
