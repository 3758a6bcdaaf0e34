"""The first order: spectacles from click to doorstep, on real parts.

A stranger signs up in a browser, fits spectacles, orders them at a workshop whose agent
drives a real OctoPrint, follows the print, and reads the impact card; the operator does
the hand work in another browser.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import tomli_w
from playwright.sync_api import Browser, Page, expect

from tests.cloud.workshop import facility_in_words
from tests.journeys.browser import PATIENCE_MS, PICTURES, Eyes, eyes
from tests.journeys.platform_host import PlatformHost, eventually, platform_host
from tests.octoprint_host import OctoPrintHost, octoprint

pytestmark = [
    pytest.mark.journey,
    pytest.mark.outside,
    pytest.mark.database,
    pytest.mark.timeout(900),
]

SITE = "kibera-workshop"
OPERATOR = "wanjiku@example.org"
CUSTOMER = "achieng@example.org"
PASSWORD = "plough-lantern-42"
#: Four parts, behind the catalogue's first pictures, on a busy machine. [ms]
DRAWN_MS = 150_000.0
#: Everything on the virtual printer, on a busy machine. [ms]
PRINTED_MS = 240_000.0


def workshop_in_words() -> dict[str, Any]:
    """A workshop in Nairobi with one printer; no demo, so people do the hand work."""
    record = facility_in_words(SITE, "Nairobi")
    record["name"] = "Kibera workshop"
    record["location"] = {
        "address": {"city": "Nairobi", "country": "KE"},
        "gps_coordinates": "-1.3133, 36.7876",
    }
    own = record["nearmade"]
    own["opening"]["utc_offset_h"] = 3
    own["tariff"] |= {"currency": "USD", "machine_hour": "0.5", "setup": "0.6"}
    own["tariff"] |= {"material_gram": {"PLA": "0.03"}, "labour_hour": "4"}
    own["tariff"] |= {"minimum": "2"}
    record["equipment"][0]["nearmade"]["driver"] = "octoprint"
    return record


def start_agent(platform: PlatformHost, printer: OctoPrintHost) -> None:
    """Put the workshop into the network and start its agent beside the printer."""
    told = platform.ask(
        "add_site", record=workshop_in_words(), operator=OPERATOR, password=PASSWORD
    )
    folder = platform.data_dir / "agents" / SITE
    folder.mkdir(parents=True)
    (folder / "token").write_text(told["token"])
    (folder / "key").write_text(printer.api_key)
    config = {
        "platform_url": platform.url,
        "site": SITE,
        "token_file": "token",
        "state_dir": "state",
        "platform_key": told["platform_key"],
        "poll_s": 0.5,
        "printer": [
            {
                "machine_id": f"{SITE}/mk3s",
                "driver": "octoprint",
                "clear_before_next": False,
                "clear_reason": "virtual printer",
                "settings": {"url": printer.url, "api_key_file": "key"},
            }
        ],
    }
    (folder / "agent.toml").write_text(tomli_w.dumps(config))
    platform.start_beside("agent", "agent", "--config", str(folder / "agent.toml"))


@contextmanager
def in_a_hurry(printer: OctoPrintHost) -> Iterator[None]:
    """Turn the printer's feed rate up, as a hand at its knob would; a job resets it."""
    done = threading.Event()

    def turn() -> None:
        headers = {"X-Api-Key": printer.api_key}
        with httpx.Client(
            base_url=printer.url, headers=headers, trust_env=False, timeout=10.0
        ) as http:
            while not done.wait(1.0):
                command = {"commands": ["M220 S10000"]}
                http.post("/api/printer/command", json=command)

    thread = threading.Thread(target=turn)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.fixture(scope="module")
def printer() -> Iterator[OctoPrintHost]:
    with octoprint(room_degc=180.0) as host:
        yield host


@pytest.fixture(scope="module")
def platform(printer: OctoPrintHost) -> Iterator[PlatformHost]:
    """A platform with the demo network, whose people do not act for the workshop."""
    with platform_host("--demo", "--speed", "600") as host:
        start_agent(host, printer)
        yield host
        PICTURES.mkdir(parents=True, exist_ok=True)
        for name in ("web", "worker", "agent"):
            (PICTURES / f"{name}.log").write_text(host.log(name))
        left = json.dumps(host.ask("unfinished"), indent=1)
        (PICTURES / "unfinished.json").write_text(left)


@pytest.fixture(scope="module")
def chromium(browser: Browser, platform: PlatformHost) -> Iterator[Eyes]:
    with eyes(browser, platform.url) as found:
        yield found


def sign_up(page: Page, email: str) -> None:
    page.goto("/accounts/signup/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_spectacles_from_click_to_doorstep(
    platform: PlatformHost, printer: OctoPrintHost, chromium: Eyes
) -> None:
    customer = chromium.person()
    page = customer.new_page()
    page.goto("/")
    chromium.look(page, "01-home")
    page.goto("/accounts/signup/")
    chromium.look(page, "02-sign-up")
    sign_up(page, CUSTOMER)

    fit(chromium, page)
    order_at_the_workshop(chromium, page)
    order = page.url.rstrip("/").rpartition("/")[2]

    with in_a_hurry(printer):
        shown = page.locator("[data-live-content]")
        expect(shown.locator("[data-job] progress")).to_be_visible(timeout=DRAWN_MS)
        chromium.look(page, "05-order-printing")
        operator = chromium.person()
        desk = operator.new_page()
        desk.goto(f"/accounts/login/?next=/sites/{SITE}")
        chromium.look(desk, "06-sign-in")
        desk.get_by_label("Email").fill(OPERATOR)
        desk.get_by_label("Password").fill(PASSWORD)
        desk.get_by_role("button", name="Sign in").click()
        expect(desk.get_by_role("heading", name="To do now")).to_be_visible()
        hand_work(chromium, desk, platform, order)

    # the customer's page has followed by itself
    here = page.get_by_role("button", name="It is here and it is right")
    expect(here).to_be_visible()
    chromium.look(page, "08-order-travelling")
    here.click()
    card = page.locator(".card-sheet")
    expect(card).to_be_visible(timeout=60_000)
    expect(card).to_contain_text("CO₂e")
    expect(card.locator(".dumbbell")).to_have_count(4)
    chromium.look(page, "09-impact-card")
    page.goto("/orders")
    chromium.look(page, "10-orders")

    check_story(platform, printer, order)
    assert not chromium.elsewhere()
    assert not chromium.complaints
    assert not chromium.faults, "\n".join(chromium.faults)
    operator.close()
    customer.close()


def fit(chromium: Eyes, page: Page) -> None:
    """Fit the spectacles to a face and see them drawn anew."""
    page.goto("/designs/spectacles?near=Nairobi%2C+KE")
    page.get_by_label("Distance between the pupils").first.fill("58")
    page.get_by_label("Name engraved").fill("ACHIENG")
    expect(page).to_have_url(re.compile("ACHIENG"), timeout=DRAWN_MS)
    expect(page.locator("[data-viewer]:not([aria-busy])")).to_be_visible()
    assert len(json.loads(page.locator("#viewer-sheet").text_content() or "{}"))
    expect(page).to_have_url(re.compile("pupillary_distance=58"))
    expect(page.locator("[data-viewer] canvas")).to_be_visible()
    expect(page.locator("#fit-near .offer").first).to_be_visible()
    chromium.look(page, "03-design")


def order_at_the_workshop(chromium: Eyes, page: Page) -> None:
    """Find the workshop on the map and in the table, and order there."""
    page.get_by_role("link", name=re.compile("offers? on the map")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("near Nairobi")
    row = page.locator(f"tr[data-site='{SITE}']")
    if row.count() == 0:  # dearer than the first dozen
        page.get_by_role("link", name=re.compile("Show all")).click()
    expect(row).to_contain_text("Kibera workshop")
    expect(row.get_by_role("cell").first).to_contain_text("USD")
    expect(page.locator(f"svg.world a[data-site='{SITE}']")).to_have_count(1)
    chromium.look(page, "04-quotes")
    row.get_by_role("button", name="Order at Kibera workshop").click()
    page.wait_for_url(re.compile("/orders/[0-9a-f-]{36}"))


def hand_work(chromium: Eyes, desk: Page, platform: PlatformHost, order: str) -> None:
    """Take off and check every build, put together, hand over."""
    todo = desk.locator(".todo")
    first = todo.get_by_role("button", name="It is right").first
    expect(first).to_be_visible(timeout=PRINTED_MS)
    chromium.look(desk, "07-site")
    assembled = todo.get_by_role("button", name="It is assembled")

    def checked() -> bool:
        """Press for the next build, until there is something to assemble."""
        expect(first.or_(assembled).first).to_be_visible(timeout=PRINTED_MS)
        if assembled.is_visible():
            return True
        first.click()
        return False

    eventually(checked, "every build is checked", within_s=PRINTED_MS / 1000)
    assembled.click()
    todo.get_by_role("button", name="It is handed over").click()
    expect(desk.get_by_text("Nothing waits for your hands")).to_be_visible()


def check_story(platform: PlatformHost, printer: OctoPrintHost, order: str) -> None:
    """The trail is whole, and OctoPrint itself tells of the same prints."""
    story = platform.ask("story", order=order)
    assert story["state"] == "accepted"
    trail = story["trail"]
    assert [event["number"] for event in trail] == list(range(1, len(trail) + 1))
    by = {event["kind"]: event["by"] for event in trail}
    for kind in ("checked", "assembled", "handed-to-carrier"):
        assert by[kind] == OPERATOR
    assert by["printed"] == f"agent of {SITE}"
    headers = {"X-Api-Key": printer.api_key}
    for job in story["jobs"]:
        assert job["state"] == "checked"
        assert job["evidence"]["simulated"] is False
        assert "OctoPrint" in job["evidence"]["printer_words"]
        name = f"nm-{job['id']}-{job['generation']}.gcode"
        told = httpx.get(
            f"{printer.url}/api/files/local/{name}", headers=headers, trust_env=False
        )
        prints = told.raise_for_status().json()["prints"]
        assert (prints["success"], prints["failure"]) == (1, 0)


def test_an_order_can_be_placed_without_scripts(chromium: Eyes) -> None:
    plain = chromium.person(scripts=False)
    page = plain.new_page()
    sign_up(page, "njeri@example.org")
    page.goto("/")
    page.get_by_label("Where are you?").fill("Nairobi, KE")
    page.get_by_label("What do you need?").fill("finger")  # soon printed
    page.get_by_role("button", name="Find").click()
    page.locator(".thing a").first.click()

    def drawn() -> bool:
        return page.get_by_role("link", name="See the offers").is_visible()

    def look_again() -> bool:
        if not drawn():
            page.reload()
        return drawn()

    eventually(look_again, "drawn", within_s=90, every_s=1)
    page.get_by_role("link", name="See the offers").click()
    expect(page.locator("table tr[data-site]").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Order at")).first.click()
    expect(page).to_have_url(re.compile("/orders/[0-9a-f-]{36}"), timeout=PATIENCE_MS)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    plain.close()
