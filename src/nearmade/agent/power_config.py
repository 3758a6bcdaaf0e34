"""What an agent is told of its site's electricity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, tzinfo
from math import inf
from pathlib import Path
from typing import Any, Literal

from nearmade.adapters.forecasts.open_meteo import OpenMeteo
from nearmade.energy.deciding.rules import RuleBook
from nearmade.energy.deciding.windows import Band, Windows
from nearmade.energy.panels.panel import Panel
from nearmade.energy.supply.battery import Battery
from nearmade.energy.supply.reserve import CUTOFF_FRACTION, OUT_FRACTION
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.zones import standard_offset_h, zone_of


@dataclass(frozen=True, slots=True)
class ForecastConfig:
    """A weather service that is asked for the sun ahead.

    Parameters
    ----------
    url
        Of its forecasts, in the shape of Open-Meteo's ensembles.
    models
        Which of its weather models.
    key
        Of the account, never shown; none when empty.
    refresh_h
        Pause between two answers. [h]
    timeout_s
        For one answer. [s]
    """

    url: str = ""
    models: str = "icon_seamless"
    key: str = field(default="", repr=False)
    refresh_h: float = 3.0
    timeout_s: float = 10.0

    def __post_init__(self) -> None:
        if not 0.5 <= self.refresh_h <= 12:
            raise InvalidInput("power.forecast: refresh_h must be in 0.5..12")


@dataclass(frozen=True, slots=True)
class PowerConfig:
    """Where the site's electricity comes from, and how it is decided on.

    Parameters
    ----------
    kind
        ``grid``, or ``solar``: panels and a battery.
    max_w
        The most the site can give at once. [W]
    standing_w
        What is always on beside the printers: a computer, a router. [W]
    pv_wp, tilt_deg, azimuth_deg
        Panels; towards the equator when no azimuth is named. [Wp] [deg]
    battery_wh
        Battery when full. [Wh]
    charge_fraction, discharge_fraction
        Efficiency into the battery, and from it to the plug.
    max_charge_w, max_discharge_w
        The most that flows in and out. [W]
    cutoff_fraction, reconnect_fraction
        State of charge at which the load is cut off, and comes back.
    first_fraction
        State of charge at the very first start, 0..1.
    lat_deg, lon_deg
        Where the panels are. [deg]
    zone, utc_offset_h
        The local clock: the IANA name of its zone, with summer time, or where none is
        named a fixed offset. [h]
    weather
        A file of a typical year for the modelled sun; made-up weather when None.
    weather_seed
        Which made-up weather.
    meter
        A file in which a charge controller's reader writes what it measures; without
        one sun and battery are modelled.
    speed_factor
        How much faster than true time the modelled sun and battery go.
    rules
        What is kept in the battery, quiet hours, storms.
    windows
        Tariff and carbon of the grid.
    forecast
        A weather service; None for the site's own forecast alone.
    """

    kind: Literal["grid", "solar"] = "grid"
    max_w: float = 3000.0
    standing_w: float = 0.0
    pv_wp: float = 0.0
    tilt_deg: float = 15.0
    azimuth_deg: float | None = None
    battery_wh: float = 0.0
    charge_fraction: float = OUT_FRACTION
    discharge_fraction: float = OUT_FRACTION
    max_charge_w: float = inf
    max_discharge_w: float = inf
    cutoff_fraction: float = CUTOFF_FRACTION
    reconnect_fraction: float = 0.2
    first_fraction: float = 0.9
    lat_deg: float = 0.0
    lon_deg: float = 0.0
    zone: str = ""
    utc_offset_h: float = 0.0
    weather: Path | None = None
    weather_seed: int = 1
    meter: Path | None = None
    speed_factor: float = 1.0
    rules: RuleBook = field(default_factory=RuleBook)
    windows: Windows = field(default_factory=Windows)
    forecast: ForecastConfig | None = None

    def __post_init__(self) -> None:
        if self.kind not in ("grid", "solar"):
            raise InvalidInput(f"power kind {self.kind!r}: must be grid or solar")
        if not (self.max_w > 0 and self.pv_wp >= 0 and self.speed_factor > 0):
            raise InvalidInput("power: max_w, pv_wp or speed_factor out of range")
        if not 0 <= self.standing_w < inf:
            raise InvalidInput("power: standing_w must be zero or more")
        if self.kind == "solar" and not self.battery_wh > 0:
            raise InvalidInput("power: a solar site needs battery_wh above zero")
        if not 0 <= self.first_fraction <= 1:
            raise InvalidInput("power: first_fraction must be in 0..1")
        if not -14 <= self.utc_offset_h <= 14:
            raise InvalidInput("power: utc_offset_h must be in -14..14")
        zone_of(self.zone, self.utc_offset_h)
        self.battery()
        self.panel()
        if self.forecast is not None:
            self._check_measured()
            self.service()

    @property
    def clock(self) -> tzinfo:
        """The clock on the site's wall."""
        return zone_of(self.zone, self.utc_offset_h)

    @property
    def standard_h(self) -> float:
        """What its standard time is ahead of UTC. [h]"""
        return standard_offset_h(self.clock, datetime.now(UTC).year)

    def service(self) -> OpenMeteo | None:
        """Give the weather service; None where none is asked."""
        if self.forecast is None:
            return None
        return OpenMeteo(
            self.forecast.url,
            self.lat_deg,
            self.lon_deg,
            models=self.forecast.models,
            key=self.forecast.key,
            timeout_s=self.forecast.timeout_s,
        )

    def _check_measured(self) -> None:
        """Let a forecast pass where the sun that it speaks of is measured.

        Panels beside a grid carry no decision here: their forecast is for the platform.
        """
        if self.kind == "grid" and self.pv_wp > 0:
            return
        if self.kind != "solar" or self.meter is None or self.speed_factor != 1:
            raise InvalidInput(
                "power.forecast: a forecast of the true sky says nothing of a modelled "
                "one",
                remedy="name a meter that measures pv_w at a solar site, or pv_wp at "
                "one on the grid",
            )

    def battery(self) -> Battery:
        """Give the battery."""
        return Battery(
            self.battery_wh,
            charge_fraction=self.charge_fraction,
            discharge_fraction=self.discharge_fraction,
            max_charge_w=self.max_charge_w,
            max_discharge_w=self.max_discharge_w,
            cutoff_fraction=self.cutoff_fraction,
            reconnect_fraction=self.reconnect_fraction,
        )

    def panel(self) -> Panel:
        """Give the panels."""
        return Panel(self.pv_wp, self.tilt_deg, azimuth_deg=self.azimuth_deg)


def power_config(values: Mapping[str, object], here: Path) -> PowerConfig:
    """Read the table ``[power]`` with its parts; paths in it start at a folder.

    Raises
    ------
    InvalidInput
        When a name is not known, or a value is of another kind or out of range.
    """
    given: dict[str, Any] = dict(values)
    for name in ("weather", "meter"):
        if name in given:
            if not isinstance(given[name], str):
                raise InvalidInput(f"power: {name} must be a path")
            given[name] = here / given[name]
    rules = _table(given.pop("rules", {}), "rules")
    told = given.pop("forecast", None)
    forecast = None if told is None else _forecast(_table(told, "forecast"), here)
    windows = _table(given.pop("windows", {}), "windows")
    for name in ("tariff", "carbon"):
        if name in windows:
            windows[name] = _bands(windows[name], name)
    try:
        return PowerConfig(
            **_checked(PowerConfig, given, "power"),
            rules=RuleBook(**_checked(RuleBook, rules, "power.rules")),
            windows=Windows(**_checked(Windows, windows, "power.windows")),
            forecast=forecast,
        )
    except TypeError as error:
        raise InvalidInput(f"power: {error}") from error


def _forecast(values: dict[str, Any], here: Path) -> ForecastConfig:
    """Read ``[power.forecast]``; ``key_file`` stands for ``key``."""
    file = values.pop("key_file", None)
    if file is not None:
        if not isinstance(file, str) or "key" in values:
            raise InvalidInput("power.forecast: key_file must be a path, without a key")
        try:
            values["key"] = (here / file).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput(f"power.forecast: key_file {file}: {error}") from error
    return ForecastConfig(**_checked(ForecastConfig, values, "power.forecast"))


def _bands(value: object, name: str) -> tuple[Band, ...]:
    if not isinstance(value, list):
        raise InvalidInput(f"power.windows: {name} must be a list of bands")
    place = f"power.windows.{name}"
    try:
        return tuple(
            Band(**_checked(Band, _table(entry, place), place)) for entry in value
        )
    except TypeError as error:
        raise InvalidInput(f"{place}: {error}") from error


def _checked(
    kind: type[PowerConfig | RuleBook | Windows | Band | ForecastConfig],
    values: Mapping[str, Any],
    place: str,
) -> dict[str, Any]:
    """Let known names pass whose values are of the kind that is asked for."""
    kinds = {entry.name: str(entry.type) for entry in fields(kind)}
    for name, value in values.items():
        if name not in kinds:
            raise InvalidInput(f"{place}: {name!r} is not known")
        wanted = kinds[name]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if wanted.startswith("float") and not number:
            raise InvalidInput(f"{place}: {name} must be a number")
        if wanted == "int" and not (number and isinstance(value, int)):
            raise InvalidInput(f"{place}: {name} must be a whole number")
        if wanted == "bool" and not isinstance(value, bool):
            raise InvalidInput(f"{place}: {name} must be true or false")
        if wanted == "str" and not isinstance(value, str):
            raise InvalidInput(f"{place}: {name} must be text")
    return dict(values)


def _table(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInput(f"{place}: must be a table")
    return dict(value)
