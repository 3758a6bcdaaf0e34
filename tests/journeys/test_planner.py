"""The planner's page in a browser: a plan sent, one made there, its files checked."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import Eyes
from tests.journeys.platform_host import PlatformHost, nearmade

pytestmark = [
    pytest.mark.journey,
    pytest.mark.outside,
    pytest.mark.database,
    pytest.mark.timeout(900),
]

#: A plan is made or read by a worker that may have other things to do. [s]
MADE_S = 120.0


def run(*arguments: str) -> str:
    done = subprocess.run(
        nearmade(*arguments), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Plan an invented network with more orders than its machines have hours for."""
    folder = tmp_path_factory.mktemp("sample")
    run(
        "plan", "sample", "--facilities", "20", "--orders", "60", "--seed", "4",
        "--load", "1.4", "--out", str(folder),
    )  # fmt: skip
    network, orders = (str(folder / f"{name}.json") for name in ("NETWORK", "ORDERS"))
    run(
        "plan", "network", network, orders, "--seconds", "2",
        "--out", str(folder / "PLAN.json"),
    )  # fmt: skip
    return folder


def open_desk(chromium: Eyes, platform: PlatformHost) -> Page:
    page = chromium.person().new_page()
    page.goto("/accounts/login/?next=/plan%3Fall")
    page.fill("input[name=login]", "planner@demo.invalid")
    page.fill("input[name=password]", platform.password)
    page.locator("main button").click()
    expect(page.get_by_role("heading", name="Look at a plan of files")).to_be_visible()
    return page


def wait_for_plan(page: Page) -> None:
    """The page looks again by itself until the plan is there."""
    expect(page.get_by_role("heading", name="Sites by day")).to_be_visible(
        timeout=MADE_S * 1000
    )


def test_a_plan_of_files_is_drawn_from_all_sides(
    chromium: Eyes, platform: PlatformHost, sample: Path
) -> None:
    page = open_desk(chromium, platform)
    page.get_by_label("What to call it").fill("Twenty sites")
    for name in ("network", "orders", "plan"):
        page.set_input_files(f"#plan-{name}", sample / f"{name.upper()}.json")
    page.get_by_role("button", name="Read and check it").click()
    wait_for_plan(page)
    main = page.locator("main")
    expect(page.get_by_role("heading", name="Twenty sites")).to_be_visible()
    expect(main).to_contain_text("Checked from the data and its prices alone")
    ways = page.get_by_role("table", name=re.compile("weighed otherwise"))
    assert ways.get_by_role("row").count() >= 5
    made = json.loads((sample / "PLAN.json").read_text())
    reason = made["reasons"][0]["words"]
    late = page.locator("section", has=page.locator("#late"))
    expect(late).to_contain_text(reason.split(";")[0][:30])
    assert page.locator("svg .leg").count() > 0
    assert page.locator("section", has=page.locator("#days")).locator("svg").count() > 5
    page.get_by_role("navigation", name="Colours of the map").get_by_role(
        "link"
    ).first.click()
    expect(page).to_have_url(re.compile("show="))
    chromium.look(page, "planner")


def test_the_platforms_own_plan_is_checked_by_who_downloads_it(
    chromium: Eyes, platform: PlatformHost, tmp_path: Path
) -> None:
    platform.ask("order_couplings", count=3)
    page = open_desk(chromium, platform)
    page.get_by_role("button", name="Plan the open orders now").click()
    wait_for_plan(page)
    expect(page.locator("main")).to_contain_text("3 orders of 9 components")
    with page.expect_download() as begun:
        page.get_by_role("link", name=re.compile("Its files")).click()
    begun.value.save_as(tmp_path / "plan.zip")
    with zipfile.ZipFile(tmp_path / "plan.zip") as folder:
        folder.extractall(tmp_path)
    verdict = json.loads(run("plan", "verify", str(tmp_path / "PLAN.json"), "--json"))
    assert verdict["faults"] == []
    assert verdict["cost_usd"] >= verdict["bound_usd"] > 0
