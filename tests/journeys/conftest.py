"""One browser and one demo platform for all journeys that can share them.

Both live as long as the journeys of one process; every process has its own, with free
ports and a data folder of its own. Journeys keep apart by the names that they use.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser import Eyes, chromium_browser, eyes
from tests.journeys.platform_host import PlatformHost, platform_host

#: What the journeys that share a platform open: each design is drawn once.
DESIGNS = ("citrus-juicer", "pv-module-mount")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start the one Chromium of this process."""
    with chromium_browser() as found:
        yield found


@pytest.fixture(scope="package")
def platform() -> Iterator[PlatformHost]:
    """Start the demo, ten minutes a second, for journeys that need no other."""
    wanted = [word for design in DESIGNS for word in ("--design", design)]
    with platform_host("--demo", "--speed", "600", *wanted) as host:
        yield host


@pytest.fixture
def chromium(browser: Browser, platform: PlatformHost) -> Iterator[Eyes]:
    """Look at the platform; afterwards no other host was asked and axe is content.

    What a form refuses with 422 the console tells too: that is no complaint.
    """
    with eyes(browser, platform.url) as found:
        yield found
    assert found.asked
    assert found.elsewhere() == []
    assert found.faults == []
    assert [said for said in found.complaints if "422" not in said] == []
