"""A machine of a model that nobody knows, and facts of one that is known, by a form."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from nearmade.cloud.network.models import Site, SiteVersion
from nearmade.cloud.network.services import facility_of
from nearmade.facilities.facility import Facility
from tests.cloud.workshop import the_lyon_fablab, the_oslo_fablab
from tests.pages.bench import a_drawn_coupling, an_operator, words_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]

NEW = "/sites/lyon/edit/new-machine"
KNOWN = "/sites/lyon/edit/machines/mk3s"
CUTTER: dict[str, Any] = {
    "make_model": "Own Build Cutter 2",
    "process": "LASER-CUTTING",
    "count": "2",
    "status": "ready",
    "x_mm": "600",
    "y_mm": "400",
    "z_mm": "12",
    "laser_w": "60",
    "tolerance_mm": "0.15",
    "enclosed": "yes",
    "materials": ["PLYWOOD", "ACRYLIC"],
    "certifications": "ISO 13485\n CE \n",
}


def send(client: Client, path: str, sent: dict[str, Any], act: str = "save") -> Any:
    seen = Site.objects.get(pk="lyon").updated_at.isoformat()
    return client.post(path, {"seen": seen, "act": act, **sent})


def now_at(site: Site) -> Facility:
    site.refresh_from_db()
    return facility_of(site)


def test_a_machine_of_an_unknown_model_is_written_down(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    page = words_of(client.get(NEW))
    assert f'action="{NEW}"' in page
    assert NEW in words_of(client.get("/sites/lyon/edit/machines"))
    assert send(client, NEW, CUTTER).status_code == 302
    _mk3s, one, two = now_at(site).machines
    assert (one.id, two.id) == (
        "lyon/own-build-cutter-2-1",
        "lyon/own-build-cutter-2-2",
    )
    assert (one.make_model, one.process) == ("Own Build Cutter 2", "LASER-CUTTING")
    assert one.build_volume_mm == (600, 400, 12)
    assert (one.laser_w, one.tolerance_mm, one.enclosed) == (60, 0.15, True)
    assert one.materials == ("ACRYLIC", "PLYWOOD")
    assert one.certifications == ("ISO 13485", "CE")
    assert one.profiles == ()
    assert one.nozzle_degc is None  # unknown, not zero
    assert site.processes == ["FDM", "LASER-CUTTING"]


def test_it_can_be_changed_and_the_change_undone(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    send(client, NEW, {**CUTTER, "count": "1"})
    path = "/sites/lyon/edit/machines/own-build-cutter-2-1"
    page = words_of(client.get(path))
    for kept in ('value="600"', 'value="0.15"', "ISO 13485", "Own Build Cutter 2"):
        assert kept in page
    assert path in words_of(client.get("/sites/lyon/edit/machines"))
    assert send(client, path, {**CUTTER, "x_mm": "900", "laser_w": ""}).status_code == (
        302
    )
    changed = now_at(site).machines[1]
    assert (changed.build_volume_mm[0], changed.laser_w) == (900, None)
    version = site.versions.first()
    assert version is not None
    client.post(f"/sites/lyon/versions/{version.pk}")
    assert now_at(site).machines[1].build_volume_mm[0] == 600


def test_of_a_known_model_size_stays_and_certificates_are_written(
    client: Client,
) -> None:
    """Print profiles are made for the model: its process, size and nozzle stay."""
    site = the_lyon_fablab()
    an_operator(client, site)
    before = now_at(site).machines[0]
    page = words_of(client.get(KNOWN))
    assert "come with the model" in page
    sent = {
        **CUTTER,
        "process": "FDM",
        "x_mm": "999",
        "materials": [],
        "laser_w": "",
        "tolerance_mm": "0.2",
    }
    assert send(client, KNOWN, sent).status_code == 302
    after = now_at(site).machines[0]
    assert after.certifications == ("ISO 13485", "CE")
    assert after.tolerance_mm == 0.2
    assert after.make_model == before.make_model
    assert after.build_volume_mm == before.build_volume_mm
    assert (after.process, after.nozzle_mm) == (before.process, before.nozzle_mm)
    assert (after.profiles, after.driver) == (before.profiles, before.driver)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"make_model": " "}, "required"),
        ({"process": "MAGIC"}, "Select a valid choice"),
        ({"process": "BOUGHT"}, "Select a valid choice"),
        ({"x_mm": "0"}, "greater than or equal to"),
        ({"x_mm": "1e9"}, "less than or equal to"),
        ({"z_mm": "NaN"}, "Enter a number"),
        ({"process": "FDM", "nozzle_mm": ""}, "needs its nozzle"),
        ({"layer_low_mm": "0.3"}, "Write both"),
        ({"layer_low_mm": "0.3", "layer_high_mm": "0.1"}, "not below the thinnest"),
        ({"nozzle_degc": "5000"}, "less than or equal to 3000"),
        ({"axes": "2.5"}, "Enter a whole number"),
        ({"tolerance_mm": "-1"}, "greater than or equal to"),
        ({"materials": ["GOLD"]}, "Select a valid choice"),
        ({"count": "51"}, "less than or equal to 50"),
        ({"certifications": "x" * 121}, "at most 120"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_is_saved(
    client: Client, sent: dict[str, Any], said: str
) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    answer = send(client, NEW, {**CUTTER, **sent})
    assert answer.status_code == 422
    assert said in words_of(answer)
    assert len(now_at(site).machines) == 1
    assert SiteVersion.objects.count() == 0


def test_a_preview_says_what_it_opens_and_saves_nothing(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    a_drawn_coupling()
    answer = send(client, NEW, CUTTER, act="preview")
    assert answer.status_code == 200
    assert "With this, not saved yet" in words_of(answer)
    assert len(now_at(site).machines) == 1


def test_two_people_do_not_write_over_each_other(client: Client) -> None:
    site = the_lyon_fablab()
    an_operator(client, site)
    seen = site.updated_at.isoformat()
    send(client, NEW, CUTTER)
    late = client.post(NEW, {**CUTTER, "seen": seen, "act": "save"})
    assert late.status_code == 409
    assert len(now_at(site).machines) == 3


def test_nobody_writes_machines_of_others(client: Client) -> None:
    the_lyon_fablab()
    an_operator(client, the_oslo_fablab())
    for path in (NEW, KNOWN):
        assert client.get(path).status_code == 404
        assert send(client, path, CUTTER).status_code == 404
    assert client.get("/sites/oslo/edit/machines/none").status_code == 404
    assert Client().get(NEW).status_code == 302
