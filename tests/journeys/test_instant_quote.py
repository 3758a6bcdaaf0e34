"""The instant quote in a browser: it refines by itself, findings turn the part.

Nothing is asked of another host, axe is content, and all of it works without scripts.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import write_stl
from tests.geometry.solids import cube, together, without
from tests.journeys.browser import Eyes

pytestmark = [
    pytest.mark.journey,
    pytest.mark.outside,
    pytest.mark.database,
    pytest.mark.timeout(900),
]

#: Clamps with ledges that stand out over air.
DESIGN = "/designs/pv-module-mount?near=Nairobi%2C+KE"
#: Two parts drawn and sliced behind nothing else, on a busy machine. [ms]
DRAWN_MS, SLICED_MS = 150_000.0, 240_000.0


def a_table(folder: Path) -> Path:
    """A plate on one leg, which hangs over."""
    leg = Mesh(cube(1.0).vertices_mm * [10, 10, 20], cube().faces)
    arm = Mesh(cube(1.0).vertices_mm * [12, 40, 6] - [1, 1, -19], cube().faces)
    file = folder / "table.stl"
    file.write_bytes(write_stl(together(leg, arm)))
    return file


def width_of(page: Page, key: str) -> float:
    """How wide the interval of a figure is drawn, in percent of its line."""
    style = page.locator(f"#bar-{key}").get_attribute("style") or ""
    found = re.search(r"inline-size: ([\d.]+)%", style)
    assert found
    return float(found[1])


def test_a_designs_quote_refines_and_its_findings_turn_the_part(
    chromium: Eyes,
) -> None:
    context = chromium.person()
    page = context.new_page()
    page.goto(DESIGN)
    expect(page.locator("#takes-figures")).to_be_visible(timeout=DRAWN_MS)
    refined = page.locator("#takes-figures[data-level='1'], [data-level='2']")
    expect(refined).to_be_visible(timeout=SLICED_MS)
    layers = width_of(page, "time")
    chromium.look(page, "quote-layers")
    sliced = page.locator("#takes-figures[data-level='2']")
    expect(sliced).to_be_visible(timeout=SLICED_MS)
    assert width_of(page, "time") <= layers
    expect(page.locator("#takes-said")).to_contain_text("Sliced")
    page.locator("#why-price > summary").click()
    page.locator("#why-figures > summary").click()
    page.locator("#make-machine").select_option("MINI")
    expect(page.locator("#findings-head")).to_contain_text("MINI")
    expect(page).to_have_url(re.compile("make-machine=MINI"))
    expect(page.locator("#why-price")).to_have_attribute("open", "")  # stays unfolded
    finding = page.locator("li.is-warning [data-finding]").first
    expect(page.locator(".viewer.is-awake")).to_be_visible()
    finding.focus()
    page.keyboard.press("Enter")
    expect(finding).to_have_attribute("aria-pressed", "true")
    apart = page.locator('[data-viewer-do="apart"]')
    expect(apart).to_have_attribute("aria-pressed", "true")  # as it lies on the bed
    chromium.look(page, "quote-findings")
    page.locator("[data-marks-shown]").uncheck()
    context.close()


def test_an_own_file_is_quoted_judged_mended_and_forgotten(
    chromium: Eyes, tmp_path: Path
) -> None:
    context = chromium.person()
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Have your own file?").click()
    chromium.look(page, "own-file-form")
    page.set_input_files("#file", a_table(tmp_path))
    page.get_by_role("button", name="Show and quote it").click()
    layers = page.locator("#takes-figures[data-level='1']")
    expect(layers).to_be_visible(timeout=SLICED_MS)
    expect(page.locator(".viewer.is-awake")).to_be_visible()
    page.locator("li.is-warning [data-finding]").first.click()
    page.locator("#near-place").fill("Nairobi, KE")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("workshops could make it")).to_be_visible()
    chromium.look(page, "own-file")
    page.get_by_role("button", name="Have the slicer count every line").click()
    expect(page.locator("#takes-figures[data-level='2']")).to_be_visible(
        timeout=SLICED_MS
    )
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete it now").click()
    expect(page).to_have_url(re.compile("/quote$"))
    holed = tmp_path / "holed.stl"
    holed.write_bytes(write_stl(without(cube(20.0), 2, 3)))
    page.set_input_files("#file", holed)
    page.get_by_role("button", name="Show and quote it").click()
    page.get_by_role("button", name="Mend it").click()
    expect(page.get_by_text("This is the mended part")).to_be_visible()
    bad = tmp_path / "bad.stl"
    bad.write_bytes(b"this is no part at all")
    page.goto("/quote")
    page.set_input_files("#file", bad)
    page.get_by_role("button", name="Show and quote it").click()
    expect(page.get_by_text("This file was not taken")).to_be_visible()
    chromium.look(page, "own-file-refused")
    context.close()


def test_all_of_it_works_without_scripts(chromium: Eyes, tmp_path: Path) -> None:
    context = chromium.person(scripts=False)
    page = context.new_page()
    page.goto(DESIGN)  # loads itself anew until the parts are drawn
    expect(page.locator("#takes-figures")).to_be_visible(timeout=DRAWN_MS)
    page.locator("#make-machine").select_option("MINI")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#findings-head")).to_contain_text("MINI")
    link = page.get_by_role("link", name="Estimate it from its layers")
    if link.count():
        link.click()
    expect(page.locator("#takes-figures")).not_to_have_attribute("data-level", "0")
    expect(page.locator(".marked-still img").first).to_be_visible()
    page.goto("/quote")
    page.set_input_files("#file", a_table(tmp_path))
    page.get_by_role("button", name="Show and quote it").click()
    expect(page.locator("#takes-figures")).to_be_visible()
    page.locator("#near-place").fill("Nairobi, KE")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("workshops could make it")).to_be_visible()
    context.close()
