"""A weather service on this machine: answers in the shape of Open-Meteo's ensembles.

The figures are made up here (synthetic): a clear sky times a share for each member.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

from nearmade.energy.sky.clear import clear_year

NAMES = (
    "shortwave_radiation",
    "direct_normal_irradiance",
    "diffuse_radiation",
    "temperature_2m",
)
UNITS = ("W/m²", "W/m²", "W/m²", "°C")


def made_up_answer(
    day: datetime,
    *,
    lat_deg: float = -1.3,
    lon_deg: float = 36.8,
    members: int = 20,
    days: int = 3,
) -> dict[str, Any]:
    """Make an answer that begins at midnight UTC of a day.

    Each figure stands at the end of its hour; member n has the clear sky's sun times a
    share between 0.3 and 1.
    """
    midnight = day.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    year = clear_year("x", lat_deg, lon_deg, utc_offset_h=0.0)
    first = (midnight - datetime(midnight.year, 1, 1, tzinfo=UTC)) // timedelta(hours=1)
    hours = (first - 1 + np.arange(24 * days)) % year.steps
    shares = np.linspace(0.3, 1.0, members)
    series = (year.global_w_m2, year.beam_w_m2, year.diffuse_w_m2)
    hourly: dict[str, Any] = {
        "time": [int(midnight.timestamp()) + 3600 * n for n in range(24 * days)]
    }
    for member, share in enumerate(shares):
        end = "" if member == 0 else f"_member{member:02d}"
        for name, values in zip(NAMES[:3], series, strict=True):
            hourly[name + end] = [round(float(w), 1) for w in values[hours] * share]
        hourly[NAMES[3] + end] = [20.0] * len(hours)
    names = [key for key in hourly if key != "time"]
    return {
        "latitude": round(lat_deg * 4) / 4,
        "longitude": round(lon_deg * 4) / 4,
        "generationtime_ms": 0.5,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "timezone_abbreviation": "GMT",
        "elevation": 1600.0,
        "hourly_units": {
            "time": "unixtime",
            **{key: UNITS[NAMES.index(key.partition("_member")[0])] for key in names},
        },
        "hourly": hourly,
    }


@dataclass
class ForecastService:
    """What the service says, and what it was asked."""

    url: str = ""
    status: int = 200
    body: bytes = b""
    answer: Callable[[], bytes] | None = None
    asked: list[dict[str, str]] = field(default_factory=list)

    def say(self, answer: object) -> None:
        """Answer with this as JSON from now on."""
        self.body = json.dumps(answer, ensure_ascii=False).encode()


@contextmanager
def forecast_service() -> Iterator[ForecastService]:
    """Run the service on a free port of this machine."""
    service = ForecastService()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            service.asked.append({key: values[0] for key, values in query.items()})
            body = service.body if service.answer is None else service.answer()
            self.send_response(service.status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            if 300 <= service.status < 400:
                self.send_header("Location", service.url)
            self.end_headers()
            # The other side may have heard enough.
            with suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}/v1/ensemble"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
