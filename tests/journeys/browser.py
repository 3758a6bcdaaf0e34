"""A headless Chromium that writes down what it asks for, and looks with axe."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PICTURES = ROOT / "build" / "journey"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
#: A page in software needs its time on a busy machine. [ms]
PATIENCE_MS = 30_000.0

#: With motion reduced every change of style is a transition of 0.01 ms, and what
#: inherits begins its own after its parent's: wait until the last has ended.
CALM = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  for (let still = 0; still < 5; still += 1) {
    await frame();
    const moving = document.getAnimations().some((one) => one instanceof CSSTransition);
    if (moving) still = -1;
  }
}"""


def axe_source() -> str:
    """Give axe-core's script, or skip."""
    folder = Path(os.environ.get("NEARMADE_NODE_MODULES") or ROOT / "web/node_modules")
    script = folder / "axe-core" / "axe.min.js"
    if not script.exists():
        pytest.skip("no axe-core in web/node_modules: run `make setup`")
    return script.read_text(encoding="utf-8")


@dataclass(slots=True)
class Eyes:
    """A browser, what it asked the network for, and what its pages complained of.

    Parameters
    ----------
    browser
        Chromium.
    url
        Of the platform.
    """

    browser: Browser
    url: str
    axe: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    windows: list[BrowserContext] = field(default_factory=list)

    def person(self, *, scripts: bool = True) -> BrowserContext:
        """Open a window of a person's own."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": DESK["width"], "height": DESK["height"]},
            java_script_enabled=scripts,
            reduced_motion="reduce",
            bypass_csp=True,  # axe is put in from here
        )
        self.windows.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", lambda request: self.asked.append(request.url))
        context.on(
            "console",
            lambda said: (
                self.complaints.append(said.text) if said.type == "error" else None
            ),
        )
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        return context

    def elsewhere(self) -> list[str]:
        """Give what was asked of any other host."""
        own = urlsplit(self.url).netloc
        return [
            url
            for url in self.asked
            if urlsplit(url).scheme not in ("data", "blob")
            and urlsplit(url).netloc != own
        ]

    def look(self, page: Page, name: str) -> None:
        """Take pictures at two widths and note what axe says, light and dark."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.evaluate("document.fonts.ready.then(() => true)")
        faults = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate(CALM)
            faults += [f"{scheme}: {fault}" for fault in self._faults(page)]
            for width, size in (("1440", DESK), ("390", PHONE)):
                page.set_viewport_size(
                    {"width": size["width"], "height": size["height"]}
                )
                if scheme == "light" or width == "1440":
                    page.screenshot(
                        path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=True
                    )
                if width == "390":
                    wide = page.evaluate("document.documentElement.scrollWidth")
                    if wide > size["width"]:
                        faults.append(f"{scheme}: {wide} px wide on a phone")
            page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self.faults += [f"{name} ({page.url}): {fault}" for fault in faults]

    def _faults(self, page: Page) -> list[str]:
        page.evaluate(self.axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {one['help']}: "
            + json.dumps([node["html"][:200] for node in one["nodes"][:3]])
            + " "
            + "; ".join(
                node.get("failureSummary", "")[:300] for node in one["nodes"][:1]
            )
            for one in found["violations"]
        ]


@contextmanager
def chromium_browser() -> Iterator[Browser]:
    """Start Chromium on a profile of its own; a process can have one at a time."""
    if not CHROMIUM.exists():
        pytest.skip("no /usr/bin/chromium: install Debian's chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=FLAGS, env={**os.environ, "HOME": home}
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def eyes(browser: Browser, url: str) -> Iterator[Eyes]:
    """Look at one platform with a browser; its windows are shut afterwards."""
    found = Eyes(browser, url, axe_source())
    try:
        yield found
    finally:
        for context in found.windows:
            context.close()
