"""The sheet that maps are drawn on: Equal Earth, 1000 wide, as the build draws land."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

SHEET_WIDTH = 1000.0
SHEET_HEIGHT = 487.0
#: Polynomial of the Equal Earth projection. Source: Savric, Patterson, Jenny,
#: International Journal of Geographical Information Science 33 (2018),
#: doi:10.1080/13658816.2018.1504949.
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
_SCALE = SHEET_WIDTH / (2 * (2 * math.sqrt(3) * math.pi) / (3 * A1))
#: Mean radius of the earth. Source: IUGG, R1 of the GRS 80 ellipsoid. [km]
EARTH_KM = 6371.0


def on_sheet(lat_deg: float, lon_deg: float) -> tuple[float, float]:
    """Place a point of the earth on the sheet, x to the east, y to the south."""
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat_deg)))
    t2 = theta * theta
    t6 = t2**3
    slope = 9 * A4 * t6 * t2 + 7 * A3 * t6 + 3 * A2 * t2 + A1
    x = 2 * math.sqrt(3) * math.radians(lon_deg) * math.cos(theta) / (3 * slope)
    y = theta * (A4 * t6 * t2 + A3 * t6 + A2 * t2 + A1)
    return (
        round(SHEET_WIDTH / 2 + _SCALE * x, 2),
        round(SHEET_HEIGHT / 2 - _SCALE * y, 2),
    )


@dataclass(frozen=True, slots=True)
class View:
    """The part of the sheet that a map shows.

    Parameters
    ----------
    x, y, width, height
        The view box, in units of the sheet.
    """

    x: float = 0.0
    y: float = 0.0
    width: float = SHEET_WIDTH
    height: float = SHEET_HEIGHT

    @property
    def box(self) -> str:
        """The value of SVG's ``viewBox``."""
        return f"{self.x:g} {self.y:g} {self.width:g} {self.height:g}"

    @property
    def unit(self) -> float:
        """What one unit of a whole-world map is here: dots keep their size by it."""
        return round(self.width / SHEET_WIDTH, 4)

    def sized(self, on_world: float) -> float:
        """Scale a radius or a letter's height from the whole world to this view."""
        return round(on_world * self.width / SHEET_WIDTH, 4)


#: The whole world as maps frame it: from Svalbard to Cape Horn, without Antarctica.
WHOLE_WORLD = View(x=10.0, y=4.0, width=980.0, height=420.0)


def view_around(
    points: Iterable[tuple[float, float]], *, aspect: float = 0.75, least: float = 40.0
) -> View:
    """Frame points of the sheet with some room, at least ``least`` wide."""
    marks = list(points)
    if not marks:
        return WHOLE_WORLD
    xs, ys = [x for x, _ in marks], [y for _, y in marks]
    width = max((max(xs) - min(xs)) * 1.3, (max(ys) - min(ys)) * 1.3 / aspect, least)
    width = min(width, SHEET_WIDTH)
    height = width * aspect
    middle_x, middle_y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    return View(
        round(middle_x - width / 2, 2),
        round(middle_y - height / 2, 2),
        round(width, 2),
        round(height, 2),
    )


def leg_path(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Draw a leg as a shallow bow, so that ways there and back can be told apart."""
    (x0, y0), (x1, y1) = start, end
    bend_x = (x0 + x1) / 2 + (y1 - y0) * 0.14
    bend_y = (y0 + y1) / 2 - (x1 - x0) * 0.14
    return f"M{x0:g} {y0:g}Q{bend_x:.2f} {bend_y:.2f} {x1:g} {y1:g}"


def radius_on_sheet(lat_deg: float, lon_deg: float, reach_km: float) -> float:
    """Give the length on the sheet of so many kilometres to the north of a point."""
    toward = -1.0 if lat_deg > 0 else 1.0
    step_deg = math.degrees(reach_km / EARTH_KM)
    _, y0 = on_sheet(lat_deg, lon_deg)
    _, y1 = on_sheet(lat_deg + toward * step_deg, lon_deg)
    return round(abs(y1 - y0), 3)
