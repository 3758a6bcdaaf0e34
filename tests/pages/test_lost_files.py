"""Designs whose files a power cut took: left out, told, and healed by publishing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.test import Client

from nearmade.adapters.examples import designs_dir
from nearmade.cloud.catalogue import services
from nearmade.cloud.catalogue.models import DesignVersion, Instance
from nearmade.cloud.moderation.models import Case
from nearmade.cloud.orders.models import Order
from nearmade.vocabulary.errors import Unavailable
from tests.cloud.workshop import NOON, a_person, an_order, the_lyon_fablab

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def the_sleeve(tmp_path: Path) -> Path:
    """A coupling under another name, so that losing it harms no other test."""
    folder = tmp_path / "sleeve"
    shutil.copytree(designs_dir() / "pipe-coupling", folder)
    manifest = folder / "okh.toml"
    words = manifest.read_text(encoding="utf-8")
    manifest.write_text(
        words.replace('id = "pipe-coupling"', 'id = "sleeve"'), encoding="utf-8"
    )
    return folder


def in_the_cache(version: DesignVersion) -> Path:
    folder: Path = settings.CONFIGURATION.cache_dir / "designs" / version.sha256
    return folder


def after_a_power_cut(version: DesignVersion) -> None:
    """Forget what memory and cache held, and lose the manifest itself."""
    services._load.cache_clear()
    shutil.rmtree(in_the_cache(version), ignore_errors=True)
    sha256 = version.files["okh.toml"]
    storages["blobs"].delete(f"{sha256[:2]}/{sha256}")


def test_a_design_whose_files_are_lost_is_left_out_and_told(
    the_sleeve: Path, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    version = services.publish_folder(the_sleeve, now=NOON)
    whole = services.publish_folder(designs_dir() / "pipe-coupling", now=NOON)
    after_a_power_cut(version)
    assert services.listed_versions() == [whole]
    assert "okh.toml is lost" in caplog.text
    for address in ("/", "/designs"):
        page = client.get(address)
        assert page.status_code == 200
        assert "/designs/sleeve" not in page.content.decode()
    assert [one["design_id"] for one in client.get("/api/designs").json()] == [
        whole.design_id
    ]
    with pytest.raises(Unavailable, match="lost"):
        services.load_version(version)
    left = [*in_the_cache(version).parent.glob("tmp*")]
    assert left == []


def test_an_order_of_such_a_design_still_shows(
    the_sleeve: Path, client: Client
) -> None:
    version = services.publish_folder(the_sleeve, now=NOON)
    customer = a_person(is_moderator=True)
    order = an_order(the_lyon_fablab(), customer, state=Order.State.REVIEW)
    Case.objects.create(order=order, verdict={}, opened_at=NOON)
    Instance.objects.filter(pk=order.instance.pk).update(design_version=version)
    after_a_power_cut(version)
    client.force_login(customer)
    for address in ("/orders", f"/orders/{order.pk}", "/review"):
        assert client.get(address).status_code == 200


def test_publishing_the_same_again_heals_it(the_sleeve: Path) -> None:
    version = services.publish_folder(the_sleeve, now=NOON)
    after_a_power_cut(version)
    assert services.publish_folder(the_sleeve, now=NOON) == version
    assert services.load_version(version).sha256 == version.sha256


def test_a_half_written_cache_is_written_anew(the_sleeve: Path) -> None:
    version = services.publish_folder(the_sleeve, now=NOON)
    services.load_version(version)
    services._load.cache_clear()
    for file in in_the_cache(version).glob("*.scad"):
        file.write_bytes(b"")
    assert services.load_version(version).sha256 == version.sha256
