"""What the first view of each page weighs over the wire, before the 3-D viewer.

Run: ``python -m benchmarks.page_budget.first_view``. It starts a platform with the demo
network, opens each page in headless Chromium with an empty cache and counts the bytes
that came, compressed as they came: page, styles, scripts and fonts. The viewer's
script, meshes and pictures load after the first view and stand apart.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.journeys.platform_host import eventually, platform_host

#: Decision 14: the first view without the viewer. [bytes]
BUDGET_BYTES = 150_000

KINDS = {"Document": "page", "Stylesheet": "styles", "Font": "fonts"}
COLUMNS = ("page", "styles", "scripts", "fonts", "first view", "later")

NEAR = "near=Nairobi%2C+KE"
PAGES = {
    "home": "/",
    "catalogue": "/designs",
    "design": f"/designs/spectacles?{NEAR}",
    "quotes": f"/designs/spectacles/quotes?{NEAR}",
    "own file": "/quote",
    "sites": "/sites",
    "where": "/designs/spectacles/where",
    "site": "/sites/nairobi-print-farm",
    "solar site": "/sites/nairobi-van",
    "compare": f"/compare?the-design=spectacles&{NEAR}",
    "report": f"/compare/report?the-design=spectacles&{NEAR}",
    "sign in": "/accounts/login/",
}


@dataclass  # no slots: Playwright hangs a mark on the object
class Wire:
    """What came over the wire for one page.

    Parameters
    ----------
    told
        Kind and address of each request, by Chromium's id.
    sizes
        Bytes by column.
    """

    told: dict[str, tuple[str, str]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COLUMNS, 0))

    def begin(self, event: dict[str, Any]) -> None:
        """Note what kind of thing is asked for."""
        kind = event.get("type", "Other")
        self.told[event["requestId"]] = kind, event["request"]["url"]

    def finish(self, event: dict[str, Any]) -> None:
        """Count what came, headers included."""
        kind, url = self.told.get(event["requestId"], ("Other", ""))
        size = int(event["encodedDataLength"])
        column = KINDS.get(kind, "later")
        if url.partition("?")[0].endswith(".js") and "/viewer-" not in url:
            column = "scripts"
        self.sizes[column] += size
        if column != "later":
            self.sizes["first view"] += size


def weigh(page: Page, address: str) -> dict[str, int]:
    """Open one page with nothing cached and give its bytes by column."""
    wire = Wire()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.requestWillBeSent", wire.begin)
    session.on("Network.loadingFinished", wire.finish)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1500)  # what scripts ask for by themselves
    session.detach()
    return wire.sizes


def first_views() -> Iterator[tuple[str, dict[str, int]]]:
    """Weigh every page of a platform of its own."""
    with (
        platform_host("--demo", NEARMADE_OFFER_TIMEOUT_S="600") as host,
        sync_playwright() as play,
    ):
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = browser.new_page()
        ready = f"{host.url}{PAGES['quotes']}"
        eventually(
            lambda: page.goto(ready) and page.locator("table").count(),
            "quotes for spectacles",
            within_s=300.0,
            every_s=1.0,
        )
        for name, path in PAGES.items():
            with browser.new_context() as fresh:
                yield name, weigh(fresh.new_page(), host.url + path)
        browser.close()


def table(rows: dict[str, dict[str, int]]) -> str:
    """Lay the figures out for people. [kB]"""
    lines = ["kB over the wire".ljust(18) + "".join(f"{name:>12}" for name in COLUMNS)]
    for page, sizes in rows.items():
        figures = "".join(f"{sizes[name] / 1000:12.1f}" for name in COLUMNS)
        lines.append(f"{page:<18}{figures}")
    return "\n".join(lines)


if __name__ == "__main__":
    import sys

    sys.stdout.write(table(dict(first_views())) + "\n")
