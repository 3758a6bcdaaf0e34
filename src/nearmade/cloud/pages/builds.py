"""Builds as the pages show them, each with the proof that its printer gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from nearmade.cloud.orders.models import Order
from nearmade.cloud.pages.figures import number_in, plain_name
from nearmade.cloud.pages.fit import blob_url
from nearmade.cloud.shopfloor.models import Job


@dataclass(frozen=True, slots=True)
class Proof:
    """What a printer said when a build was done; empty or None where it did not say.

    Parameters
    ----------
    gcode_sha256
        Hash of the file that was printed.
    same_file
        True when that is the file which we sliced and signed.
    energy_wh
        Metered, or simulated. [Wh]
    filament_mm
        As the gate counted it in the file. [mm]
    words
        The printer's last state in its own words.
    started_at, ended_at
        As the agent saw them.
    speed_factor
        How much faster than true time a simulated printer ran; 1 for a real one.
    """

    gcode_sha256: str
    same_file: bool
    energy_wh: float | None
    filament_mm: float | None
    words: str
    started_at: datetime | None
    ended_at: datetime | None
    speed_factor: float


@dataclass(frozen=True, slots=True)
class JobView:
    """A build; ``pages/parts/job.html`` says what is shown."""

    id: str
    parts_text: str
    title: str
    machine: str
    site: str
    state: str
    material: str
    progress: Mapping[str, Any]
    figures: Mapping[str, Any]
    energy_wh: float | None
    metered: bool
    simulated: bool
    problem: str
    picture: str = ""
    order_id: str = ""
    started_at: datetime | None = None
    printed_at: datetime | None = None
    checked_at: datetime | None = None
    proof: Proof | None = None

    @property
    def expected_s(self) -> float | None:
        """How long the slicer says that it takes. [s]"""
        return number_in(self.figures, "time_s")


def job_view(
    job: Job, titles: Mapping[str, str], pictures: Mapping[str, str] | None = None
) -> JobView:
    """Lay out one job; parts are called and drawn as their design says."""
    snapshot = job.site.snapshot or {}
    evidence = job.evidence or {}
    figures = job.figures or {}
    metered = number_in(evidence, "energy_wh")
    texts = []
    for part in job.parts:
        many = f" × {part['quantity']}" if part["quantity"] > 1 else ""
        texts.append(titles.get(part["name"], part["name"].replace("_", " ")) + many)
    return JobView(
        id=str(job.pk),
        parts_text=", ".join(texts),
        title=job.order.instance.design_version.title,
        machine=job.machine_id.rsplit("/", 1)[-1],
        site=plain_name(job.site.name),
        state=job.state,
        material=job.material,
        progress=job.progress or {},
        figures=figures,
        energy_wh=metered if metered is not None else figures.get("energy_wh"),
        metered=metered is not None,
        simulated=bool(snapshot.get("simulated")),
        problem=job.problem,
        picture=(pictures or {}).get(job.parts[0]["name"], "") if job.parts else "",
        order_id=str(job.order_id),
        started_at=job.started_at,
        printed_at=job.printed_at,
        checked_at=job.checked_at,
        proof=_proof(job),
    )


def _proof(job: Job) -> Proof | None:
    said = job.evidence
    if not said:
        return None
    sha256 = str(said.get("gcode_sha256", ""))
    return Proof(
        gcode_sha256=sha256,
        same_file=bool(sha256) and sha256 == job.gcode_sha256,
        energy_wh=number_in(said, "energy_wh"),
        filament_mm=number_in(said, "filament_mm"),
        words=str(said.get("printer_words") or "")[:200],
        started_at=_moment(said.get("started_at")),
        ended_at=_moment(said.get("ended_at")),
        speed_factor=number_in(said, "speed_factor") or 1.0,
    )


def _moment(text: object) -> datetime | None:
    try:
        return parse_datetime(str(text))
    except ValueError:
        return None


def part_titles(order: Order) -> dict[str, str]:
    """Give the parts' names for people."""
    return {part.name: part.title for part in order.instance.parts.all()}


def part_pictures(order: Order) -> dict[str, str]:
    """Give the addresses of the parts' pictures."""
    parts = order.instance.parts.all()
    return {part.name: blob_url(part.picture_sha256, "webp") for part in parts}
