"""Sun, battery and footprint in a browser: a solar site, a comparison, its report.

The comparison is asked for without scripts; its address is handed on and opened again.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Eyes
from tests.journeys.platform_host import eventually

pytestmark = [
    pytest.mark.journey,
    pytest.mark.outside,
    pytest.mark.database,
    pytest.mark.timeout(900),
]

SITE = "nairobi-van"
DESIGN = "citrus-juicer"
DRAWN_S = 200.0


def test_anybody_compares_without_scripts_and_hands_the_address_on(
    chromium: Eyes,
) -> None:
    plain = chromium.person(scripts=False)
    page = plain.new_page()
    page.goto(f"/compare?the-design={DESIGN}")
    ways = page.get_by_role("heading", name="Three ways")
    expect(ways).to_be_visible(timeout=DRAWN_S * 1000)  # it looks again by itself
    page.get_by_label("Printed in").fill("Lyon, FR")
    page.get_by_label("Needed in").fill("Nairobi, KE")
    page.get_by_label("Its electricity").select_option("sun")
    page.get_by_label("How many").fill("12")
    page.get_by_role("button", name="Compare").click()
    expect(page).to_have_url(re.compile("made-in=Lyon.*made-by=sun.*near=Nairobi"))
    expect(page.locator(".ways")).to_contain_text("at a door in Nairobi")
    figures = page.locator(".ways-bars").inner_text()
    address = page.get_by_label("The address of this comparison").input_value()
    plain.close()

    other = chromium.person().new_page()
    other.goto(address)
    expect(other.locator(".ways-bars")).to_have_text(re.compile("kg|g"))
    assert other.locator(".ways-bars").inner_text() == figures
    expect(other.locator("svg.sankey:visible")).to_have_count(3)
    expect(other.locator("svg.tornado:visible")).to_have_count(1)
    assert other.locator("svg.curves:visible").count() >= 2
    chromium.look(other, "compare")
    other.get_by_role("link", name="As a report to print").click()
    expect(other.get_by_role("heading", name="1. Goal and scope")).to_be_visible()
    chromium.look(other, "compare-report")
    other.context.close()


def test_a_solar_site_shows_its_day(chromium: Eyes) -> None:
    page = chromium.person().new_page()

    def told() -> bool:
        page.goto(f"/sites/{SITE}")
        return page.locator("svg.day").count() > 0

    eventually(told, "a day behind or ahead", within_s=DRAWN_S, every_s=2.0)
    expect(page.locator(".electricity")).to_contain_text("The battery holds")
    expect(page.locator("svg.day:visible")).to_have_count(1)
    chromium.look(page, "solar-site")
    page.context.close()
