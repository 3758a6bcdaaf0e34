"""The quote on the design page: it refines, and says what it rests on and why."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from nearmade.cloud.catalogue import estimating, slicing
from nearmade.cloud.catalogue.models import InstancePart, MeshEstimate, PartSlice
from nearmade.cloud.pages import panel
from nearmade.cloud.throttling import PerClient
from nearmade.quoting.level2 import SliceFigures
from tests.cloud.workshop import the_lyon_fablab
from tests.pages.bench import a_drawn_coupling, words_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]

DESIGN = "/designs/pipe-coupling"
TAKES = f"{DESIGN}/takes"
#: What PrusaSlicer 2.5.0 said of a 20 mm cube on an MK3S.
SLICED = SliceFigures(
    filament_mm=1373.0,
    filament_mm3=3302.5,
    mass_g=4.1,
    time_s=1500.0,
    layers=100,
    slicer_version="PrusaSlicer 2.5.0",
    max_nozzle_degc=215.0,
    max_bed_degc=60.0,
    low_mm=(0.0, 0.0, 0.0),
    high_mm=(20.0, 20.0, 20.0),
)


def slice_all() -> None:
    """The slicer has counted whatever was asked of it."""
    PartSlice.objects.update(figures=asdict(SLICED))


def test_the_first_page_shows_level_0_at_once_and_asks_for_the_next(
    client: Client,
) -> None:
    a_drawn_coupling()
    page = words_of(client.get(DESIGN))
    assert 'data-level="0"' in page
    assert "estimate from the shape" in page
    assert f'hx-get="{TAKES}?' in page or f'hx-get="{TAKES}"' in page
    assert "Measuring its layers" in page
    assert not MeshEstimate.objects.exists()


def test_level_1_is_measured_once_and_the_slicer_is_asked_ahead(
    client: Client,
) -> None:
    a_drawn_coupling()
    for _ in range(2):
        answer = words_of(client.get(TAKES))
        assert 'data-level="1"' in answer
        assert "The slicer is counting" in answer
    # Three equal cubes of one material are one mesh on one profile.
    assert MeshEstimate.objects.filter(level=1).count() == 1
    assert PartSlice.objects.count() == 3
    asked = ProcrastinateJob.objects.filter(task_name="catalogue.slice_part")
    assert asked.count() == 3
    assert 'data-level="1"' in words_of(client.get(DESIGN))  # known from now on


def test_level_2_shows_as_soon_as_every_part_is_sliced(client: Client) -> None:
    a_drawn_coupling()
    client.get(TAKES)
    slice_all()
    answer = words_of(client.get(TAKES, {"quote-try": "1"}))
    assert 'data-level="2"' in answer
    assert "hx-get" not in answer.split('class="gauges"')[1]
    # 3 cubes of 3302.5 mm3 at 1.24 g/cm3: 12.3 g, less the skirts of two builds that
    # sharing a plate spares, some tenths of a gram.
    (mass_g,) = re.findall(r'class="value">([\d.]+) <small>g<', answer)
    assert 11.5 < float(mass_g) < 12.3


def interval_g(page: str) -> float:
    """Width of the interval of the mass. [g]"""
    low, high = re.findall(r'class="interval">([\d.]+) – ([\d.]+) g<', page)[0]
    return float(high) - float(low)


def test_the_interval_narrows_from_the_shape_to_the_slicer(client: Client) -> None:
    a_drawn_coupling()
    first = interval_g(words_of(client.get(DESIGN)))
    client.get(TAKES)
    slice_all()
    assert interval_g(words_of(client.get(TAKES))) < first


def test_a_part_that_the_slicer_refuses_stays_at_its_layers_and_says_so(
    client: Client,
) -> None:
    a_drawn_coupling()
    client.get(TAKES)
    PartSlice.objects.update(problem="the part is thinner than a layer")
    answer = words_of(client.get(TAKES, {"quote-try": "3"}))
    assert 'data-level="1"' in answer
    assert "It stays at the estimate from layers" in answer
    assert "The part is thinner than a layer" in answer
    assert "quote-try" not in answer


def test_the_page_stops_looking_for_a_slicer_that_is_busy(client: Client) -> None:
    a_drawn_coupling()
    answer = words_of(client.get(TAKES, {"quote-try": "99"}))
    assert "The slicer has much to do" in answer
    assert "quote-try" not in answer


@pytest.mark.parametrize("tries", ["", "-1", "x", "9" * 40, "\0", "١"])
def test_an_odd_number_of_tries_does_no_harm(client: Client, tries: str) -> None:
    a_drawn_coupling()
    assert client.get(TAKES, {"quote-try": tries}).status_code == 200


def test_without_a_place_the_price_is_from_a_plain_list_and_says_so(
    client: Client,
) -> None:
    a_drawn_coupling()
    the_lyon_fablab()
    page = words_of(client.get(DESIGN))
    assert "from a plain price list" in page
    assert "assumed" in page


def test_near_a_workshop_its_own_prices_are_itemised(client: Client) -> None:
    a_drawn_coupling()
    the_lyon_fablab()
    page = words_of(client.get(DESIGN, {"near": "Lyon, FR"}))
    assert "Prices of Lyon fab lab, Lyon, FR" in page
    # The lab's list: 1.50 an hour, 0.03 a gram, 2 for the one build of all, 10 %.
    for words in ("h × 1.50 EUR/h", "g × 0.03 EUR/g", "1 build × 2 EUR/build", "10 %"):
        assert words in page
    shares = [
        float(x)
        for x in re.findall(r'class="of-[a-z-]+" style="inline-size: ([\d.]+)%', page)
    ]
    assert sum(shares) == pytest.approx(100, abs=0.1)


def test_another_machine_and_number_are_quoted_and_kept_in_the_address(
    client: Client,
) -> None:
    a_drawn_coupling()
    chosen = {"make-machine": "MINI", "make-sets": "4"}
    answer = client.get(TAKES, chosen, headers={"HX-Trigger": "takes-choice"})
    assert answer["HX-Replace-Url"] == f"{DESIGN}?make-machine=MINI&make-sets=4"
    row = MeshEstimate.objects.get(level=1)
    assert (row.profile_id, row.quantity) == ("mini-pla-0.20", 4)
    # Several sets are sliced beside the single set that offers rest on.
    assert MeshEstimate.objects.filter(level=2, quantity=4).count() == 1
    assert not PartSlice.objects.exists()


@pytest.mark.parametrize(
    "chosen",
    [
        {"make-machine": "no such"},
        {"make-material": "<b>"},
        {"make-sets": "-3"},
        {"make-sets": "1e9"},
        {"make-sets": "9" * 300},
        {"make-sets": "\0"},
    ],
)
def test_a_choice_that_makes_no_sense_is_the_usual(
    client: Client, chosen: dict[str, str]
) -> None:
    a_drawn_coupling()
    page = words_of(client.get(DESIGN, chosen))
    assert 'value="MK3S" selected' in page
    assert "<b>" not in page


def test_a_material_that_the_machine_has_no_profile_for_is_refused_in_words(
    client: Client,
) -> None:
    a_drawn_coupling(("PLA", "PLA", "TPU"))
    page = words_of(client.get(DESIGN, {"make-machine": "MINI"}))
    assert "wants TPU; there is no profile of it for Prusa MINI+" in page


def test_without_scripts_a_link_measures_the_layers(client: Client) -> None:
    a_drawn_coupling()
    page = words_of(client.get(DESIGN))
    assert "quote-refine=1#takes" in page
    refined = words_of(client.get(DESIGN, {"quote-refine": "1"}))
    assert 'data-level="1"' in refined


def test_one_client_has_only_so_many_estimates_made_in_a_minute(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_drawn_coupling()
    monkeypatch.setattr(panel, "NEW_LAYERS", PerClient("test-layers", "1/m"))
    asked = [{"make-sets": number} for number in ("1", "2", "1")]
    answers = [client.get(TAKES, one).status_code for one in asked]
    assert answers == [200, 503, 200]  # what is known may be looked at again


def test_one_client_has_only_so_much_sliced_in_a_minute(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_drawn_coupling()
    monkeypatch.setattr(panel, "NEW_SLICES", PerClient("test-slices", "1/m"))
    client.get(TAKES)
    answer = words_of(client.get(TAKES, {"make-machine": "MINI"}))
    assert "It is sliced when it is ordered" in answer
    assert not PartSlice.objects.filter(profile_id="mini-pla-0.20").exists()


def test_pages_ask_ahead_only_while_the_slicer_has_room(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_drawn_coupling()
    monkeypatch.setattr(slicing, "MOST_AHEAD", 2)
    client.get(TAKES)  # three parts: the queue is full now
    assert PartSlice.objects.count() == 3
    answer = words_of(client.get(TAKES, {"make-machine": "MINI"}))
    assert "It is sliced when it is ordered" in answer
    assert PartSlice.objects.count() == 3


def test_too_many_at_once_are_sent_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_drawn_coupling()
    monkeypatch.setattr(estimating, "WAIT_S", 0.01)
    for _ in range(estimating.AT_ONCE):
        estimating._places.acquire()
    try:
        assert client.get(TAKES).status_code == 503
    finally:
        for _ in range(estimating.AT_ONCE):
            estimating._places.release()
    assert client.get(TAKES).status_code == 200


def test_a_mesh_that_is_no_solid_stays_at_its_shape(client: Client) -> None:
    instance = a_drawn_coupling()
    facts = instance.parts.first().facts  # type: ignore[union-attr]
    InstancePart.objects.update(facts={**facts, "volume_mm3": 0.0})
    page = words_of(client.get(DESIGN))
    assert "No quote for this choice" in page
    assert client.get(TAKES).status_code == 200


def test_the_price_is_the_one_that_the_same_workshop_offers(client: Client) -> None:
    a_drawn_coupling()
    the_lyon_fablab()
    here = {"near": "Lyon, FR"}
    page = words_of(client.get(DESIGN, here))
    offers = words_of(client.get(f"{DESIGN}/offers", here))
    receipt = r"<div><dt>{}.*?</dt><dd>([\d.]+ EUR)</dd>"
    panel_setup = re.search(receipt.format("<i[^>]*></i>Set-up"), page)
    offer_setup = re.search(receipt.format("Set-up"), offers)
    assert panel_setup
    assert offer_setup
    assert panel_setup[1] == offer_setup[1] == "2.00 EUR"
    panel_time = re.search(receipt.format("<i[^>]*></i>Machine time"), page)
    offer_time = re.search(receipt.format("Machine time"), offers)
    assert panel_time
    assert offer_time
    assert panel_time[1] == offer_time[1]
