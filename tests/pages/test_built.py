"""What the build takes in, and that every template can be read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import django
import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "src" / "nearmade" / "cloud"


def names() -> list[str]:
    found = [
        *TEMPLATES.glob("templates/**/*.html"),
        *TEMPLATES.glob("pages/templates/**/*.html"),
    ]
    return [str(path).split("templates/", 1)[1] for path in found]


@pytest.fixture(scope="module", autouse=True)
def _django() -> None:
    django.setup()


@pytest.mark.parametrize("name", sorted(names()))
def test_every_template_can_be_read(name: str) -> None:
    get_template(name)


def test_every_icon_that_a_template_asks_for_is_in_the_set() -> None:
    listed = (ROOT / "web" / "build" / "icons.ts").read_text(encoding="utf-8")
    known = set(re.findall(r'"([a-z0-9-]+)"', listed))
    for path in TEMPLATES.glob("**/*.html"):
        for icon in re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text("utf-8")):
            assert icon in known, f"{path.name}: {icon}"


def test_the_lock_file_names_no_download_address() -> None:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text(encoding="utf-8"))
    assert [
        name for name, entry in lock["packages"].items() if "resolved" in entry
    ] == []


def test_no_template_or_style_asks_another_host() -> None:
    files = [*TEMPLATES.glob("**/*.html"), *(ROOT / "web" / "src").glob("**/*.*")]
    for path in files:
        text = path.read_text(encoding="utf-8")
        outside = [
            url
            for url in re.findall(r"https?://[^\s\"'`)>]+", text)
            if not url.startswith("http://www.w3.org/")
        ]
        assert outside == [], path.name
