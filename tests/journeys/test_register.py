"""From a listed place to an open workshop, in a browser; axe and the phone content.

The register, the claim, its review and the first machine are done without scripts.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.cloud.listed import a_listed_lab
from tests.journeys.browser import Eyes
from tests.journeys.platform_host import PlatformHost

pytestmark = [
    pytest.mark.journey,
    pytest.mark.outside,
    pytest.mark.database,
    pytest.mark.timeout(900),
]

DRAWN_MS = 150_000.0
#: Enough for numbers on the map.
LABS = [
    a_listed_lab(f"Lab {n:03}", n, point=(41.15 + n / 1000, -8.61)) for n in range(240)
]


@pytest.fixture(scope="module", autouse=True)
def _listed(platform: PlatformHost) -> None:
    platform.ask("list_places", records=LABS)


def sign_in(page: Page, who: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", f"{who}@demo.invalid")
    page.fill("input[name=password]", password)
    page.locator("main button").click()
    expect(page.locator(".masthead")).to_contain_text("Sign out")


def test_the_register_leads_from_a_number_on_the_map_to_a_place(
    chromium: Eyes,
) -> None:
    page = chromium.person().new_page()
    page.goto("/sites?whose=unclaimed")
    chromium.look(page, "register")
    said = re.search(r"(\d+) unclaimed places match", page.inner_text("main"))
    assert said is not None
    dot = page.locator("svg.world a.site", has_text=re.compile(rf"^\s*{said[1]}\s*$"))
    dot.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("area="))
    page.get_by_label("Name or town").fill("Lab 007")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_role("link", name="Lab 007").first.click()
    expect(page.locator("main")).to_contain_text("Nobody has claimed this place yet")
    chromium.look(page, "place")
    page.context.close()


def test_a_place_is_claimed_reviewed_and_opened_without_scripts(
    chromium: Eyes, platform: PlatformHost
) -> None:
    maker = chromium.person(scripts=False).new_page()
    sign_in(maker, "customer", platform.password)
    maker.goto("/sites?q=Lab+011")
    maker.get_by_role("link", name="Lab 011").first.click()
    maker.get_by_label("Who are you there?").fill("I have led this lab since 2019.")
    maker.get_by_role("button", name="Claim this place").click()
    expect(maker.locator(".field.has-error")).to_contain_text("Link a page")
    maker.get_by_label("A page that shows it").fill("https://example.org/people")
    maker.get_by_role("button", name="Claim this place").click()
    expect(maker.locator("main")).to_contain_text("waits for a moderator")

    desk = chromium.person().new_page()
    sign_in(desk, "moderator", platform.password)
    desk.goto("/review")
    chromium.look(desk, "review-claims")
    desk.get_by_label("Your reason").first.fill("Their page names them.")
    desk.get_by_role("button", name="Approve").click()
    expect(desk.locator("main")).to_contain_text("Decided")
    desk.context.close()

    maker.goto("/claims")
    maker.get_by_role("link", name="Say what stands there").click()
    expect(maker.locator("main")).to_contain_text("No order reaches this site yet")
    maker.get_by_role("link", name="Edit: Machines").click()
    maker.get_by_label("Add machines of a known model").select_option("mk3s")
    maker.get_by_role("button", name="Save").click()
    maker.get_by_role("link", name="Edit: Materials in stock").click()
    maker.locator("[name=stock-0-material]").select_option("PETG")
    maker.locator("[name=stock-0-stock_kg]").fill("2")
    maker.get_by_role("button", name="Save").click()
    maker.get_by_role("link", name="Edit: Prices").click()
    maker.get_by_label("One hour of a machine").fill("1.5")
    maker.get_by_label("One kilogram of PETG").fill("25")
    maker.get_by_role("button", name="Save").click()
    maker.get_by_role("link", name="Edit: Name, place and state").click()
    maker.get_by_label("State").select_option("active")
    maker.get_by_role("button", name="Save").click()
    expect(maker.locator("main")).to_contain_text("This site is asked")
    maker.context.close()


def test_the_editor_and_the_world_of_a_design_please_axe_and_a_phone(
    chromium: Eyes, platform: PlatformHost
) -> None:
    page = chromium.person().new_page()
    sign_in(page, "operator", platform.password)
    site = "/sites/nairobi-print-farm"
    for part in ("", "/edit", "/edit/machines", "/edit/stock", "/edit/opening"):
        page.goto(site + part)
        chromium.look(page, f"site{part.replace('/', '-')}")
    page.goto("/designs/citrus-juicer")
    expect(page.locator("#fit-facts dl")).to_be_visible(timeout=DRAWN_MS)
    page.goto("/designs/citrus-juicer/where")
    expect(page.locator("main")).to_contain_text("Can make all of it")
    chromium.look(page, "where")
    page.goto("/designs/citrus-juicer/quotes?near=Nairobi%2C+KE")
    for fold in page.locator("#why-not, #why-not details").all():
        fold.evaluate("one => (one.open = true)")
    chromium.look(page, "why-not")
    page.goto(f"{site}/makeable")
    chromium.look(page, "makeable")
    page.context.close()
