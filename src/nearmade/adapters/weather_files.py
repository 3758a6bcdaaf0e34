"""Read a year of weather from files: TMY3, TMY2, PVGIS and EPW, told by content.

Whatever is wrong with a file (cut short, empty, huge, no text, a value that is none or
out of range) is said with its line; nothing is guessed.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from nearmade.energy.sky.weather import SECONDS_PER_HOUR, Weather, moved_to
from nearmade.vocabulary.errors import InvalidInput, NotFound

#: Ten times the largest file of the kinds that are read. [bytes]
MOST_BYTES: Final = 20_000_000
#: The longest line of the kinds that are read is a header of EPW. [characters]
MOST_LINE: Final = 20_000
HOURS: Final = 8760
DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(slots=True)
class _Table:
    """What the lines of a file gave, hour by hour, and where it lies."""

    place: str
    lat_deg: float
    lon_deg: float
    utc_offset_h: float
    elevation_m: float
    source: str
    sun_after_s: float | None = None
    rows: list[tuple[float, float, float, float, float, float]] = field(
        default_factory=list
    )

    def weather(self) -> Weather:
        """Give the year; columns are beam, diffuse, global, air, wind, albedo."""
        if len(self.rows) != HOURS:
            raise InvalidInput(
                f"weather file: {len(self.rows)} hours; a year has {HOURS}"
            )
        columns = np.array(self.rows).T
        albedo = columns[5]
        return Weather(
            self.place,
            self.lat_deg,
            self.lon_deg,
            self.utc_offset_h,
            SECONDS_PER_HOUR,
            beam_w_m2=columns[0].copy(),
            diffuse_w_m2=columns[1].copy(),
            global_w_m2=columns[2].copy(),
            air_degc=columns[3].copy(),
            wind_m_s=columns[4].copy(),
            source=self.source,
            elevation_m=self.elevation_m,
            sun_after_s=self.sun_after_s,
            albedo_fraction=None if np.isnan(albedo).any() else albedo.copy(),
        )


def read_weather(path: Path) -> Weather:
    """Read a typical year from a file.

    Parameters
    ----------
    path
        A file of TMY3, TMY2, PVGIS (typical year, CSV) or EPW, whatever its name.

    Returns
    -------
    Weather
        8760 hours in local standard time, or in the nearest zone by longitude when
        the file counts in universal time.

    Raises
    ------
    NotFound
        When there is no such file.
    InvalidInput
        When it is no weather file that is known, or a wrong one.
    """
    text = _text(path)
    lines = text.splitlines()
    try:
        table = _reader(lines)(lines)
        weather = table.weather()
    except InvalidInput as error:
        raise InvalidInput(f"{path.name}: {error.message}") from error
    if table.sun_after_s is not None:
        weather = moved_to(weather, float(round(weather.lon_deg / 15)))
    return weather


def _text(path: Path) -> str:
    """Read the file as text of an encoding in which such files come."""
    if not path.is_file():
        raise NotFound(f"no weather file {path.name}")
    if path.stat().st_size > MOST_BYTES:
        raise InvalidInput(f"{path.name}: larger than {MOST_BYTES} bytes")
    raw = path.read_bytes()
    if not raw.strip():
        raise InvalidInput(f"{path.name}: the file is empty")
    if b"\0" in raw:
        raise InvalidInput(f"{path.name}: no text in UTF-8 or Latin-1")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    if max(map(len, text.splitlines()), default=0) > MOST_LINE:
        raise InvalidInput(f"{path.name}: a line is longer than {MOST_LINE} characters")
    return text


def _reader(lines: Sequence[str]) -> Callable[[Sequence[str]], _Table]:
    """Tell the kind of file by its first lines."""
    first = lines[0]
    second = lines[1] if len(lines) > 1 else ""
    if first.startswith("LOCATION,"):
        return _epw
    if second.startswith("Date (MM/DD/YYYY),Time (HH:MM)"):
        return _tmy3
    if first.startswith("Latitude (decimal degrees)"):
        return _pvgis
    if len(first) >= 59 and first[1:6].strip().isdigit() and first[37:38] in "NS":
        return _tmy2
    raise InvalidInput("no TMY3, TMY2, PVGIS or EPW file, by its first lines")


def _number(text: str, line: int, name: str, *, low: float, high: float) -> float:
    """Read a number; refuse what is none, absent or out of range."""
    word = text.strip()
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise InvalidInput(
            f"line {line}: {name} is {word[:20]!r}, not in {low:g} to {high:g}"
        )
    return value


def _sun(text: str, line: int, name: str) -> float:
    # PVGIS writes -0.0 and, where its sums round, a little below it.
    return max(0.0, _number(text, line, name, low=-1.0, high=2000.0))


def _air(text: str, line: int) -> float:
    return _number(text, line, "air temperature", low=-95.0, high=65.0)


def _wind(text: str, line: int) -> float:
    return _number(text, line, "wind", low=0.0, high=150.0)


def _albedo(text: str) -> float:
    """Read the ground's albedo; not a number where it was not measured (0 says so)."""
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if 0 < value <= 1 else math.nan


def _calendar() -> Iterator[tuple[int, int, int]]:
    """Give month, day and hour of each hour of a year."""
    for month, days in enumerate(DAYS, start=1):
        for day in range(1, days + 1):
            for hour in range(24):
                yield month, day, hour


def _in_order(
    moments: Iterator[tuple[int, int, int]], found: tuple[int, int, int], line: int
) -> bool:
    """Check that an hour is the next; give False on 29 February, which is left out."""
    if found[:2] == (2, 29):
        return False
    due = next(moments, None)
    if due is None:
        raise InvalidInput(f"line {line}: more hours than a year has")
    if found != due:
        raise InvalidInput(f"line {line}: month, day, hour {found} where {due} is due")
    return True


def _whole(text: str, line: int, name: str) -> int:
    return int(_number(text, line, name, low=0, high=9999))


def _cells(line_text: str, line: int, at_least: int) -> list[str]:
    try:
        cells = next(csv.reader([line_text]), [])
    except csv.Error as error:
        raise InvalidInput(f"line {line}: {error}") from error
    if len(cells) < at_least:
        raise InvalidInput(f"line {line}: {len(cells)} columns, at least {at_least}")
    return cells


def _tmy3(lines: Sequence[str]) -> _Table:
    """Read NREL's TMY3; an hour is named by its end, 01:00 to 24:00."""
    head = _cells(lines[0], 1, 7)
    names = _cells(lines[1], 2, 8)
    columns = {name.split(" (")[0].strip(): at for at, name in enumerate(names)}
    wanted = ("DNI", "DHI", "GHI", "Dry-bulb", "Wspd")
    missing = [name for name in wanted if name not in columns]
    if missing:
        raise InvalidInput(f"line 2: no column {', '.join(missing)}")
    table = _Table(
        f"{head[1].title()}, {head[2]}" if head[2] else head[1].title(),
        _number(head[4], 1, "latitude", low=-90, high=90),
        _number(head[5], 1, "longitude", low=-180, high=180),
        _number(head[3], 1, "time zone", low=-14, high=14),
        _number(head[6], 1, "elevation", low=-500, high=9000),
        f"TMY3 {head[0].strip()}",
    )
    moments = _calendar()
    most = max(columns[name] for name in wanted)
    beam, diffuse, level, air, wind = (columns[name] for name in wanted)
    albedo = columns.get("Alb")
    for line, text in enumerate(lines[2:], start=3):
        if not text.strip():
            continue
        cells = _cells(text, line, most + 1)
        month, day = cells[0][:2], cells[0][3:5]
        found = (
            _whole(month, line, "month"),
            _whole(day, line, "day"),
            _whole(cells[1][:2], line, "hour") - 1,
        )
        if _in_order(moments, found, line):
            table.rows.append(
                (
                    _sun(cells[beam], line, "DNI"),
                    _sun(cells[diffuse], line, "DHI"),
                    _sun(cells[level], line, "GHI"),
                    _air(cells[air], line),
                    _wind(cells[wind], line),
                    _albedo(cells[albedo]) if albedo is not None else math.nan,
                )
            )
    return table


def _tmy2(lines: Sequence[str]) -> _Table:
    """Read NREL's TMY2: fixed columns, temperature and wind in tenths."""
    head = lines[0]
    degrees = [
        _number(head[a:b], 1, "position", low=0, high=180)
        for a, b in ((39, 41), (42, 44), (47, 50), (51, 53))
    ]
    north = -1 if head[37] == "S" else 1
    east = -1 if head[45] == "W" else 1
    table = _Table(
        f"{head[7:29].strip().title()}, {head[30:32].strip()}",
        north * (degrees[0] + degrees[1] / 60),
        east * (degrees[2] + degrees[3] / 60),
        _number(head[33:36], 1, "time zone", low=-14, high=14),
        _number(head[54:59], 1, "elevation", low=-500, high=9000),
        f"TMY2 {head[1:6].strip()}",
    )
    moments = _calendar()
    for line, text in enumerate(lines[1:], start=2):
        if not text.strip("\x1a "):
            continue
        if len(text) < 98:
            raise InvalidInput(f"line {line}: {len(text)} characters; cut short")
        found = (
            _whole(text[3:5], line, "month"),
            _whole(text[5:7], line, "day"),
            _whole(text[7:9], line, "hour") - 1,
        )
        if _in_order(moments, found, line):
            table.rows.append(
                (
                    _sun(text[23:27], line, "DNI"),
                    _sun(text[29:33], line, "DHI"),
                    _sun(text[17:21], line, "GHI"),
                    _number(text[67:71], line, "air", low=-950, high=650) / 10,
                    _number(text[95:98], line, "wind", low=0, high=998) / 10,
                    math.nan,
                )
            )
    return table


def _pvgis(lines: Sequence[str]) -> _Table:
    """Read a typical year of PVGIS: samples in universal time, some minutes after."""
    head: dict[str, str] = {}
    start = 0
    for number, text in enumerate(lines):
        if text.startswith("time"):
            start = number
            break
        name, _, value = text.partition(":")
        head[name.strip()] = value.strip()
    names = [name.strip() for name in lines[start].split(",")]
    if names[0] != "time(UTC)" or "Gb(n)" not in names:
        raise InvalidInput(
            "no typical year of PVGIS: beam Gb(n), diffuse Gd(h) and G(h) are needed"
        )
    at = {name: names.index(name) for name in names}
    missing = [n for n in ("Gb(n)", "Gd(h)", "G(h)", "T2m", "WS10m") if n not in at]
    if missing:
        raise InvalidInput(f"line {start + 1}: no column {', '.join(missing)}")

    def of_head(name: str, low: float, high: float, default: str) -> float:
        return _number(head.get(name, default), 1, name, low=low, high=high)

    table = _Table(
        f"{head.get('Latitude (decimal degrees)')} N "
        f"{head.get('Longitude (decimal degrees)')} E",
        of_head("Latitude (decimal degrees)", -90, 90, ""),
        of_head("Longitude (decimal degrees)", -180, 180, ""),
        0.0,
        of_head("Elevation (m)", -500, 9000, "0"),
        "PVGIS typical year",
        of_head("Irradiance Time Offset (h)", 0, 1, "0") * SECONDS_PER_HOUR,
    )
    moments = _calendar()
    for line, text in enumerate(lines[start + 1 :], start=start + 2):
        if not text[:1].isdigit():
            break
        cells = _cells(text, line, len(names))
        stamp = cells[0]
        found = (
            _whole(stamp[4:6], line, "month"),
            _whole(stamp[6:8], line, "day"),
            _whole(stamp[9:11], line, "hour"),
        )
        if _in_order(moments, found, line):
            table.rows.append(
                (
                    _sun(cells[at["Gb(n)"]], line, "Gb(n)"),
                    _sun(cells[at["Gd(h)"]], line, "Gd(h)"),
                    _sun(cells[at["G(h)"]], line, "G(h)"),
                    _air(cells[at["T2m"]], line),
                    _wind(cells[at["WS10m"]], line),
                    math.nan,
                )
            )
    return table


def _epw(lines: Sequence[str]) -> _Table:
    """Read EnergyPlus weather; an hour is named by its end, 1 to 24."""
    head = _cells(lines[0], 1, 10)
    table = _Table(
        f"{head[1].strip()}, {head[3].strip()}",
        _number(head[6], 1, "latitude", low=-90, high=90),
        _number(head[7], 1, "longitude", low=-180, high=180),
        _number(head[8], 1, "time zone", low=-14, high=14),
        _number(head[9], 1, "elevation", low=-500, high=9000),
        f"EPW {head[5].strip()}",
    )
    moments = _calendar()
    for line, text in enumerate(lines, start=1):
        if not text[:4].isdigit():
            continue
        cells = _cells(text, line, 22)
        found = (
            _whole(cells[1], line, "month"),
            _whole(cells[2], line, "day"),
            _whole(cells[3], line, "hour") - 1,
        )
        if _in_order(moments, found, line):
            table.rows.append(
                (
                    _sun(cells[14], line, "direct normal radiation"),
                    _sun(cells[15], line, "diffuse horizontal radiation"),
                    _sun(cells[13], line, "global horizontal radiation"),
                    _air(cells[6], line),
                    _wind(cells[21], line),
                    _albedo(cells[32]) if len(cells) > 32 else math.nan,
                )
            )
    return table
