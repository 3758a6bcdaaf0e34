"""Power cuts in the middle of an order: it completes, nothing is made twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nearmade.adapters.printers.simulated import SimulatedPrinter
from nearmade.energy.load.machine_ratings import MACHINE_POWERS
from tests.journeys.api_customer import ApiCustomer
from tests.journeys.platform_host import PlatformHost, eventually, platform_host

pytestmark = [pytest.mark.journey, pytest.mark.outside, pytest.mark.database]

SITE = "nairobi-print-farm"
AGENT = f"agent-{SITE}"
#: The front of the spectacles, 40 minutes of printing, takes about 10 s.
SPEED = "240"
#: Events of an order that belong to one job each.
OF_A_JOB = ("offered", "accepted", "printing", "printed", "checked")


@pytest.fixture(scope="module")
def platform() -> Iterator[PlatformHost]:
    """The demo, with a short patience for silent workers."""
    with platform_host(
        "--demo",
        "--speed",
        SPEED,
        "--design",
        "spectacles",
        NEARMADE_STALLED_AFTER_S="3",
        NEARMADE_OFFER_TIMEOUT_S="600",
    ) as host:
        yield host


def test_kills_at_every_step_lose_nothing_and_make_nothing_twice(
    platform: PlatformHost,
) -> None:
    customer = ApiCustomer(platform.url)
    with customer.http:
        customer.sign_in("customer@demo.invalid", platform.password)
        key = _rendered_through_a_kill(platform, customer)
        order = customer.order(key, "Nairobi, KE", SITE)["id"]

        def seen(kind: str) -> bool:
            events = customer.look(order)["events"]
            return any(event["kind"] == kind for event in events)

        eventually(lambda: seen("planned"), "planned", every_s=0.05)
        assert not seen("offered"), "slicing was over before the kill"
        platform.kill("worker")  # while slicing
        eventually(lambda: seen("offered"), "sliced all the same", within_s=90)
        eventually(lambda: seen("printing"), "printing", every_s=0.05)
        for name in (AGENT, "web"):  # while printing
            assert not seen("assembled")
            _wait_until_again(platform, name, platform.kill(name))
        eventually(lambda: seen("printed"), "printed", every_s=0.05)
        for name in ("worker", AGENT):  # between printed and checked
            platform.kill(name)
        eventually(lambda: seen("accounted"), "the order completes", within_s=90)
        story = platform.ask("story", order=order)
    assert story["state"] == "delivered"
    _check_trail(story)
    _check_printers(platform.data_dir, story)
    _check_agents(story)


def _wait_until_again(platform: PlatformHost, name: str, old: int) -> None:
    eventually(lambda: platform.pid(name) != old, f"{name} starts again")


def _rendered_through_a_kill(platform: PlatformHost, customer: ApiCustomer) -> str:
    """Kill the worker while it draws; the drawing comes nevertheless."""
    values = {"pupillary_distance": 57, "engraved_name": f"K{time.time_ns() % 9999}"}

    key = str(customer.instance("spectacles", values)["key"])

    def now() -> dict[str, Any]:
        answer = customer.patiently("GET", f"/api/instances/{key}")
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    assert now()["state"] == "rendering"
    eventually(lambda: now()["parts_done"] > 0, "a first part", every_s=0.05)
    assert now()["state"] == "rendering", "drawing was over before the kill"
    platform.kill("worker")
    eventually(lambda: now()["state"] == "ready", "drawn all the same", within_s=90)
    return key


def _check_trail(story: dict[str, Any]) -> None:
    """No line is missing, none is there twice."""
    trail = story["trail"]
    assert [event["number"] for event in trail] == list(range(1, len(trail) + 1))
    told = Counter((e["kind"], e["body"].get("job", "")) for e in trail)
    assert not [line for line, times in told.items() if times > 1]
    for job in story["jobs"]:
        for kind in OF_A_JOB:
            assert (kind, job["id"]) in told
    for kind in (
        "ordered", "screened", "planned", "assembled", "ready-to-collect", "delivered",
        "accounted",
    ):  # fmt: skip
        assert (kind, "") in told


def _check_printers(data_dir: Path, story: dict[str, Any]) -> None:
    """Every file was started once, on its own machine, and has one evidence."""
    printers = data_dir / "agents" / SITE / "state" / "printers"
    power = MACHINE_POWERS["MK3S"]
    for job in story["jobs"]:
        assert job["state"] == "checked"
        assert job["evidence"]["job_id"] == job["id"]
        assert job["evidence"]["simulated"] is True
        file_name = f"nm-{job['id']}-{job['generation']}.gcode"
        starts = {
            folder.name: SimulatedPrinter(folder, power).starts_of(file_name)
            for folder in printers.iterdir()
        }
        assert sum(starts.values()) == 1
        assert starts[job["machine"].replace("/", "_")] == 1


def _check_agents(story: dict[str, Any]) -> None:
    """Every number of every agent's life is there once; each effect once."""
    applied: Counter[tuple[str, str]] = Counter()
    for agent in story["agents"]:
        numbers = [event["seq"] for event in agent["events"]]
        assert numbers == list(range(1, agent["acknowledged"] + 1))
        for event in agent["events"]:
            if event["kind"] != "job.progress" and event["effect"] == "applied":
                body = event["body"]
                applied[event["kind"], body.get("command_id") or body["job_id"]] += 1
    assert set(applied.values()) == {1}
    for job in story["jobs"]:
        for kind in ("job.starting", "job.printing", "job.printed"):
            assert applied[kind, job["id"]] == 1
