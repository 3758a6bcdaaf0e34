"""Weather files of every kind, true ones and hostile ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nearmade.adapters import weather_files
from nearmade.adapters.weather_files import read_weather
from nearmade.energy.sky.weather import Weather, moved_to
from nearmade.vocabulary.errors import InvalidInput, NearmadeError, NotFound
from tests.shared_data import shared

DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def hours() -> Iterator[tuple[int, int, int, int]]:
    """Give number, month, day and hour of a year, hours from 0."""
    number = 0
    for month, days in enumerate(DAYS, start=1):
        for day in range(1, days + 1):
            for hour in range(24):
                yield number, month, day, hour
                number += 1


def lit(number: int) -> tuple[int, int, int]:
    """Give beam, diffuse and global of an hour, as no sky has them. [W/m2]"""
    up = 8 <= number % 24 < 16
    return (500 if up else 0, 100 if up else 0, 400 if up else 0)


def tmy3() -> str:
    head = '723170,"THE TEST",NC,-5.0,36.100,-79.950,273'
    names = (
        "Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),DNI (W/m^2),DHI (W/m^2),"
        "Dry-bulb (C),Wspd (m/s),Alb (unitless)"
    )
    rows = [
        f"{month:02d}/{day:02d}/1988,{hour + 1:02d}:00,{lit(n)[2]},{lit(n)[0]},"
        f"{lit(n)[1]},{10.5},{3.1},0.18"
        for n, month, day, hour in hours()
    ]
    return "\n".join([head, names, *rows]) + "\n"


def tmy2() -> str:
    head = " 12839 THE TEST               FL  -5 N 25 48 W  80 16     2"
    rows = []
    for n, month, day, hour in hours():
        beam, diffuse, level = lit(n)
        row = f" 62{month:02d}{day:02d}{hour + 1:02d}{'0' * 8}{level:04d}A7"
        row += f"{beam:04d}A7{diffuse:04d}A7"
        row = row.ljust(67, "0") + " 105A7" + "0" * 22 + "031A7" + "0" * 40
        rows.append(row)
    return "\n".join([head, *rows]) + "\n"


def pvgis() -> str:
    head = [
        "Latitude (decimal degrees): 45.000",
        "Longitude (decimal degrees): 8.000",
        "Elevation (m): 250.0",
        "Irradiance Time Offset (h): 0.1761",
        "month,year",
        "1,2018",
        "time(UTC),T2m,RH,G(h),Gb(n),Gd(h),IR(h),WS10m,WD10m,SP",
    ]
    rows = [
        f"2018{month:02d}{day:02d}:{hour:02d}00,10.5,90,{lit(n)[2]},{lit(n)[0]},"
        f"{lit(n)[1]},280,3.1,257,99870"
        for n, month, day, hour in hours()
    ]
    return "\n".join([*head, *rows, "", "T2m: 2-m air temperature"]) + "\n"


def epw() -> str:
    head = [
        "LOCATION,Nowhere,-,XYZ,made,000000,-12.50,28.60,2.0,1270.0",
        "DESIGN CONDITIONS,0",
        "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31",
    ]
    rows = [
        f"2005,{month},{day},{hour + 1},60,?9?9,10.5,5,70,87000,0,0,300,{lit(n)[2]},"
        f"{lit(n)[0]},{lit(n)[1]},0,0,0,0,180,3.1,0,0,9999,77777,9,999999999,0,0,0,0,0.2"
        for n, month, day, hour in hours()
    ]
    return "\n".join([*head, *rows]) + "\n"


MAKERS: dict[str, Callable[[], str]] = {
    "tmy3": tmy3,
    "tmy2": tmy2,
    "pvgis": pvgis,
    "epw": epw,
}
kinds = pytest.mark.parametrize("kind", MAKERS)


def kept(folder: Path, text: str | bytes, name: str = "year.any") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


@kinds
def test_each_kind_is_told_by_its_content_and_read_hour_by_hour(
    kind: str, tmp_path: Path
) -> None:
    weather = read_weather(kept(tmp_path, MAKERS[kind]()))
    beam = np.array([lit(n)[0] for n in range(8760)], dtype=float)
    if kind == "pvgis":
        beam = np.roll(beam, 1)  # universal time read as the zone of 8 degrees east
        assert weather.utc_offset_h == 1
        assert weather.sun_h == pytest.approx(0.1761)
    assert (weather.beam_w_m2 == beam).all()
    assert weather.diffuse_w_m2.max() == 100
    assert weather.global_w_m2.max() == 400
    assert weather.air_degc == pytest.approx(10.5)
    assert weather.wind_m_s == pytest.approx(3.1)
    assert not weather.synthetic
    assert weather.step_s == 3600


def test_places_and_zones_are_read_with_their_signs(tmp_path: Path) -> None:
    found = {
        kind: read_weather(kept(tmp_path, make())) for kind, make in MAKERS.items()
    }
    miami = found["tmy2"]
    assert miami.lat_deg == 25.8
    assert miami.lon_deg == pytest.approx(-80 - 16 / 60)
    assert miami.place == "The Test, FL"
    assert found["tmy3"].utc_offset_h == -5
    assert found["epw"].lat_deg == -12.5
    assert found["epw"].elevation_m == 1270
    assert found["epw"].albedo_fraction is not None
    assert found["tmy2"].albedo_fraction is None


@pytest.mark.parametrize(
    ("file", "kwh_m2", "mean_degc", "mean_wind"),
    [
        # Sunshine: notes to the files; air and wind: pvlib 0.16.1, tenths minded
        ("723170TYA.CSV", 1566.2, 14.42, 3.05),
        ("703165TY.csv", 829.2, 4.42, 5.07),
        ("12839.tm2", 1792.6, 24.31, 4.34),
        ("tmy_45.000_8.000_2005_2023.csv", 1435.9, 13.56, 1.21),
    ],
)
def test_true_years_hold_their_sunshine_air_and_wind(
    file: str, kwh_m2: float, mean_degc: float, mean_wind: float
) -> None:
    weather = read_weather(shared("solar", file))
    assert weather.global_kwh_m2 == pytest.approx(kwh_m2, abs=0.1)
    assert weather.air_degc.mean() == pytest.approx(mean_degc, abs=0.01)
    assert weather.wind_m_s.mean() == pytest.approx(mean_wind, abs=0.01)


def test_an_albedo_of_nothing_but_zeros_was_not_measured() -> None:
    assert read_weather(shared("solar", "723170TYA.CSV")).albedo_fraction is None
    measured = read_weather(shared("solar", "703165TY.csv")).albedo_fraction
    assert measured is not None
    assert 0.1 < measured.mean() < 0.3


def test_hours_on_a_tilted_plane_are_no_weather_and_it_says_what_is_needed() -> None:
    name = "pvgis_hourly_Timeseries_45.000_8.000_SA_30deg_0deg_2016_2016.csv"
    with pytest.raises(InvalidInput, match="beam Gb"):
        read_weather(shared("solar", name))


@kinds
def test_a_file_cut_anywhere_is_refused(kind: str, tmp_path: Path) -> None:
    text = MAKERS[kind]()
    for share in (0.0001, 0.001, 0.3, 0.7, 0.98):
        path = kept(tmp_path, text[: int(len(text) * share)])
        with pytest.raises(InvalidInput, match=r"year\.any"):
            read_weather(path)


@kinds
@pytest.mark.parametrize("word", ["nan", "inf", "-999", "9999", "x", ""])
def test_a_value_that_is_none_is_named_with_its_line(
    kind: str, word: str, tmp_path: Path
) -> None:
    lines = MAKERS[kind]().splitlines()
    at = 5000
    spot = "10.5" if kind != "tmy2" else " 105"
    fill = word.rjust(4)[:4] if kind == "tmy2" else word
    lines[at] = lines[at].replace(spot, fill, 1)
    with pytest.raises(InvalidInput, match=f"line {at + 1}"):
        read_weather(kept(tmp_path, "\n".join(lines)))


@kinds
def test_hours_out_of_order_or_too_many_are_refused(kind: str, tmp_path: Path) -> None:
    lines = MAKERS[kind]().rstrip("\n").splitlines()
    if kind == "pvgis":
        lines = lines[:-2]
    swapped = [*lines]
    swapped[4000], swapped[4001] = swapped[4001], swapped[4000]
    with pytest.raises(InvalidInput, match="line 4001"):
        read_weather(kept(tmp_path, "\n".join(swapped)))
    with pytest.raises(InvalidInput, match="more hours"):
        read_weather(kept(tmp_path, "\n".join([*lines, lines[-1]])))


@kinds
def test_a_29_february_is_left_out(kind: str, tmp_path: Path) -> None:
    lines = MAKERS[kind]().splitlines()
    marks = {
        "tmy3": ("02/28/", "02/29/"),
        "tmy2": (" 620228", " 620229"),
        "pvgis": ("20180228:", "20180229:"),
        "epw": ("2005,2,28,", "2005,2,29,"),
    }
    mark, leap = marks[kind]
    found = [at for at, line in enumerate(lines) if line.startswith(mark)]
    more = [lines[at].replace(mark, leap, 1) for at in found]
    lines[found[-1] + 1 : found[-1] + 1] = more
    assert read_weather(kept(tmp_path, "\n".join(lines))).steps == 8760


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\0\1\2" * 100, "no text"),
        ("a,b,c\n1,2,3\n".encode("utf-16"), "no text"),
        (b"a,b,c\n1,2,3\n", "no TMY3, TMY2, PVGIS or EPW"),
        (b"x" * 30_000, "longer than"),
        (b"LOCATION,a,b\n", "10"),
        (b"LOCATION,a,b,c,d,e,91,0,0,0\n", "latitude"),
        (b'"a\nLOCATION', "no TMY3"),
        (b"Latitude (decimal degrees): 45\n", "PVGIS"),
    ],
)
def test_files_that_are_no_weather_say_what_is_wrong(
    raw: bytes, why: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput, match=why):
        read_weather(kept(tmp_path, raw))


def test_a_huge_file_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weather_files, "MOST_BYTES", 1000)
    with pytest.raises(InvalidInput, match="larger than"):
        read_weather(kept(tmp_path, tmy3()))


def test_a_file_that_is_not_there_and_a_folder_are_not_found(tmp_path: Path) -> None:
    for path in (tmp_path / "none.epw", tmp_path):
        with pytest.raises(NotFound):
            read_weather(path)


def test_names_in_latin_1_are_read(tmp_path: Path) -> None:
    text = epw().replace("Nowhere", "Zürich").encode("latin-1")
    assert read_weather(kept(tmp_path, text)).place == "Zürich, XYZ"


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="Wspd"):
        read_weather(kept(tmp_path, tmy3().replace("Wspd (m/s)", "Breeze", 1)))
    with pytest.raises(InvalidInput, match="WS10m"):
        read_weather(kept(tmp_path, pvgis().replace("WS10m", "Breeze", 1)))


@pytest.fixture(scope="module")
def texts() -> dict[str, bytes]:
    return {kind: make().encode() for kind, make in MAKERS.items()}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(sorted(MAKERS)),
    at=st.floats(0, 1),
    junk=st.binary(min_size=1, max_size=12),
)
def test_junk_anywhere_is_read_or_refused_and_never_breaks(
    kind: str, at: float, junk: bytes, texts: dict[str, bytes], tmp_path: Path
) -> None:
    raw = texts[kind]
    # Mostly in the head, where the kinds differ most.
    spot = int(at**4 * len(raw))
    path = kept(tmp_path, raw[:spot] + junk + raw[spot + len(junk) :])
    try:
        weather = read_weather(path)
    except NearmadeError:
        return
    assert weather.steps == 8760


def a_day(**changes: object) -> Weather:
    ones = np.ones(24)
    figures: dict[str, object] = {
        "place": "x",
        "lat_deg": 0.0,
        "lon_deg": 0.0,
        "utc_offset_h": 0.0,
        "step_s": 3600,
        "beam_w_m2": ones,
        "diffuse_w_m2": ones,
        "global_w_m2": ones,
        "air_degc": np.arange(24.0),
        "wind_m_s": ones,
        "source": "x",
    }
    return Weather(**(figures | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"lat_deg": 91.0},
        {"lon_deg": 181.0},
        {"utc_offset_h": 15.0},
        {"step_s": 7},
        {"step_s": 0},
        {"wind_m_s": np.ones(23)},
        {"air_degc": np.full(24, math.nan)},
        {"beam_w_m2": np.full(24, -1.0)},
        {"global_w_m2": np.full(24, 1e5)},
        {"albedo_fraction": np.full(24, 2.0)},
        {"step_s": 1800},
    ],
)
def test_weather_that_cannot_be_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        a_day(**changes)


def test_weather_moves_between_zones_by_whole_steps() -> None:
    east = moved_to(a_day(albedo_fraction=np.arange(24.0) / 24), 2.0)
    assert east.air_degc[2] == 0
    assert east.albedo_fraction is not None
    assert east.albedo_fraction[2] == 0
    with pytest.raises(InvalidInput):
        moved_to(a_day(), 0.5)
