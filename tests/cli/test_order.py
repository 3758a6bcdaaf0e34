"""``nearmade order`` carries a wish to its impact card, and says why it cannot."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from nearmade.adapters.places import one_place
from nearmade.impact.case_record import case_from_record
from tests.journeys.platform_host import clean_environment, nearmade, short_folder

pytestmark = [pytest.mark.journey, pytest.mark.outside, pytest.mark.database]


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """One data folder for all: the second order begins where the first ended."""
    with short_folder() as folder:
        yield folder


def order(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        nearmade("order", *arguments, "--json"),
        capture_output=True,
        text=True,
        env=clean_environment(data_dir),
        timeout=150,
        check=False,
    )


def test_an_order_ends_with_its_impact_card_and_json_alone_on_stdout(
    data_dir: Path,
) -> None:
    done = order(data_dir, "citrus-juicer", "--to", "Nairobi, KE")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)  # nothing else stands there
    assert told["state"] == "accepted"
    assert told["simulated"] is True
    numbers = [event["number"] for event in told["events"]]
    assert numbers == list(range(1, len(numbers) + 1))
    kinds = [event["kind"] for event in told["events"]]
    assert kinds[0] == "ordered"
    assert kinds[-1] == "accepted-by-customer"
    card = told["impact"]
    for side in (card["here"], card["central"]):
        for figure in ("price_usd", "days", "electricity_kwh", "kgco2e"):
            span = side[figure]
            assert 0 <= span["low"] <= span["value"] <= span["high"]
    case = case_from_record(told["case"], one_place)  # to be compared anew
    assert set(case.ways) == {"here", "central"}
    assert "ordered" in done.stderr
    assert not list(data_dir.glob("**/*.pid"))


def test_an_unknown_place_ends_with_3(data_dir: Path) -> None:
    done = order(data_dir, "citrus-juicer", "--to", "Atlantis, XX")
    assert done.returncode == 3
    assert "Atlantis" in json.loads(done.stdout)["refused"]["message"]
    assert "Atlantis" in done.stderr


def test_a_parameter_out_of_range_ends_with_2(data_dir: Path) -> None:
    done = order(
        data_dir, "spectacles", "--set", "pupillary_distance=500", "--to", "Nairobi, KE"
    )
    assert done.returncode == 2
    refused = json.loads(done.stdout)["refused"]
    assert "pupillary_distance" in refused["message"]
    assert "pupillary_distance" in done.stderr.splitlines()[-1]


def test_an_unknown_parameter_ends_with_2(data_dir: Path) -> None:
    done = order(data_dir, "spectacles", "--set", "wings=2", "--to", "Nairobi, KE")
    assert done.returncode == 2
    assert "wings" in json.loads(done.stdout)["refused"]["message"]


def test_an_unknown_design_ends_with_3(data_dir: Path) -> None:
    done = order(data_dir, "perpetuum-mobile", "--to", "Nairobi, KE")
    assert done.returncode == 3
    assert "perpetuum-mobile" in json.loads(done.stdout)["refused"]["message"]
