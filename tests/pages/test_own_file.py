"""A visitor's own file: quoted, seen by nobody else, forgotten."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from nearmade.cloud.catalogue import estimating, layers, slicing
from nearmade.cloud.catalogue import upload_files as files
from nearmade.cloud.catalogue import uploads as desk
from nearmade.cloud.catalogue.models import InstancePart, MeshEstimate, UploadedMesh
from nearmade.cloud.catalogue.slicing import slice_mesh_now
from nearmade.cloud.catalogue.uploads import sweep
from nearmade.cloud.pages.views import uploads
from nearmade.cloud.throttling import PerClient
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import write_stl
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import sha256_of
from tests.cloud.workshop import a_rendered_instance, the_lyon_fablab
from tests.geometry.solids import cube, together, without
from tests.pages.bench import words_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]

HERE = {"near": "Lyon, FR"}


@pytest.fixture(autouse=True)
def _nobody_else_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests come from one address within one minute."""
    for name in ("NEW_UPLOADS", "NEW_OFFERS", "NEW_SLICES"):
        monkeypatch.setattr(uploads, name, PerClient(f"test-{uuid4()}", "900/m"))


def send(client: Client, content: bytes, name: str = "part.stl") -> Any:
    return client.post("/quote", {"file": SimpleUploadedFile(name, content)})


@pytest.fixture
def address(client: Client) -> str:
    """Where a sent cube of 20 mm is looked at."""
    answer = send(client, write_stl(cube(20.0)))
    assert answer.status_code == 302
    return str(answer["Location"])


def test_the_page_says_what_becomes_of_a_file_before_one_is_sent(
    client: Client,
) -> None:
    page = words_of(client.get("/quote"))
    for words in (
        "kept for 6 hours",
        "cannot be ordered yet",
        "Only this browser sees it",
        'enctype="multipart/form-data"',
        "csrfmiddlewaretoken",
    ):
        assert words in page
    assert "/quote" in words_of(client.get("/"))


def test_a_sent_part_is_drawn_measured_and_quoted(client: Client, address: str) -> None:
    page = words_of(client.get(address))
    for words in ("20 × 20 × 20 mm", "8 cm³", "viewer-sheet", 'data-level="0"'):
        assert words in page
    takes = words_of(client.get(f"{address}/takes"))
    assert 'data-level="1"' in takes
    assert "Have the slicer count every line" in takes
    figures = MeshEstimate.objects.get().figures
    # PrusaSlicer 2.5.0 says 4.10 g of such a cube; layers say so within 10 %.
    assert figures is not None
    assert figures["mass_g"]["value"] == pytest.approx(4.1, rel=0.1)
    assert "deleted at" in page


def test_its_files_come_to_who_sent_it_and_to_nobody_else(
    client: Client, address: str
) -> None:
    stranger = Client()
    for name, kind in (("part.glb", "model/gltf-binary"), ("part.webp", "image/webp")):
        mine = client.get(f"{address}/{name}")
        assert (mine.status_code, mine["Content-Type"]) == (200, kind)
        assert mine["Cache-Control"].startswith("private")
        assert stranger.get(f"{address}/{name}").status_code == 404
    for path in ("", "/takes", "/offers"):
        assert stranger.get(address + path).status_code == 404
    for path in ("/slice", "/forget"):
        assert stranger.post(address + path).status_code == 404
    assert UploadedMesh.objects.count() == 1
    mesh = UploadedMesh.objects.get().mesh_sha256
    assert client.get(f"/blobs/{mesh}.stl").status_code == 404
    assert client.get(f"{address}/part.stl").status_code == 404
    assert client.get(f"/quote/{uuid4()}").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "<script>alert(1)</script>.stl",
        "x" * 5000 + ".stl",
        "a\0.stl",
    ],
)
def test_the_name_of_a_file_is_kept_and_shown_nowhere(
    client: Client, name: str
) -> None:
    answer = send(client, write_stl(cube(20.0)), name)
    taken = answer.status_code == 302  # an ending that nobody knows is refused
    assert taken == name.endswith(".stl")
    page = words_of(client.get(answer["Location"]) if taken else answer)
    for piece in ("passwd", "alert(1)", "x" * 50):
        assert piece not in page
    stored = {
        path.name
        for path in Path(storages["blobs"].path("uploads")).rglob("*")
        if path.is_file()
    }
    assert stored <= {"part.stl", "part.glb", "part.webp", "marked.webp"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no-file"),
        (b"solid <script>alert(1)</script>", "stl"),
        (b"\x00" * 200, ""),
        (b"PK\x03\x04 not a package", ""),
    ],
)
def test_a_file_that_is_refused_says_why_and_what_helps(
    client: Client, content: bytes, code: str
) -> None:
    answer = send(client, content)
    page = words_of(answer)
    assert answer.status_code == 422
    assert "This file was not taken" in page
    assert code in page
    assert "alert(1)" not in page
    assert not UploadedMesh.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_BYTES", 100)
    answer = send(client, write_stl(cube(20.0)))
    assert answer.status_code == 422
    assert "file-too-large" in words_of(answer)


def test_a_form_from_elsewhere_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, write_stl(cube(20.0))).status_code == 403


def test_one_client_sends_only_so_many_files_in_a_minute(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "NEW_UPLOADS", PerClient("test-uploads", "1/m"))
    answers = [send(client, write_stl(cube(20.0))).status_code for _ in range(2)]
    assert answers == [302, 503]


def test_the_oldest_parts_make_room_when_too_much_is_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [send(client, write_stl(cube(20.0 + n)))["Location"] for n in range(2)]
    kept_bytes = sum(UploadedMesh.objects.values_list("size_bytes", flat=True))
    monkeypatch.setattr(desk, "ALL_TOGETHER_BYTES", round(kept_bytes * 1.4))
    newest = send(Client(), write_stl(cube(22.0)))
    assert newest.status_code == 302
    assert [client.get(place).status_code for place in places] == [404, 200]
    assert UploadedMesh.objects.count() == 2


def test_a_file_that_is_refused_ends_nobody_elses(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "ALL_TOGETHER_BYTES", 10)
    assert send(Client(), b"\x00" * 200).status_code == 422
    assert client.get(address).status_code == 200


def test_a_ninth_part_takes_the_place_of_the_oldest(client: Client) -> None:
    sides_mm = [10.0 + number for number in range(desk.OF_ONE_VISITOR + 1)]
    places = [send(client, write_stl(cube(side)))["Location"] for side in sides_mm]
    assert client.get(places[0]).status_code == 404
    assert client.get(places[1]).status_code == 200
    assert UploadedMesh.objects.count() == desk.OF_ONE_VISITOR


def test_a_part_is_forgotten_at_once_when_asked(client: Client, address: str) -> None:
    client.get(f"{address}/takes")
    folder = Path(storages["blobs"].path("uploads")) / address.split("/")[-1]
    assert folder.exists()
    assert client.post(f"{address}/forget").status_code == 302
    assert client.get(address).status_code == 404
    assert not folder.exists()
    assert not UploadedMesh.objects.exists()
    assert not MeshEstimate.objects.exists()


def test_a_part_is_swept_when_its_time_is_over(client: Client, address: str) -> None:
    now = timezone.now()
    folder = Path(storages["blobs"].path("uploads")) / address.split("/")[-1]
    assert sweep(now + timedelta(hours=5)) == 0
    assert client.get(address).status_code == 200
    assert sweep(now + timedelta(hours=7)) == 1
    assert client.get(address).status_code == 404
    assert not folder.exists()


def test_files_that_no_row_speaks_of_are_swept_too(client: Client) -> None:
    folder = Path(storages["blobs"].path("uploads")) / str(uuid4())
    folder.mkdir(parents=True)
    (folder / "part.stl").write_bytes(b"left by a power cut")
    sweep(timezone.now())
    assert not folder.exists()


def test_a_folder_that_is_nobodys_upload_is_left_alone(client: Client) -> None:
    folder = Path(storages["blobs"].path("uploads")) / "lost+found"
    folder.mkdir(parents=True)
    sweep(timezone.now())
    assert folder.exists()
    folder.rmdir()


def test_what_a_design_shares_stays_when_a_visitor_forgets(
    client: Client, address: str
) -> None:
    client.get(f"{address}/takes")
    mesh_sha256 = UploadedMesh.objects.get().mesh_sha256
    InstancePart.objects.create(
        instance=a_rendered_instance(),
        position=0,
        name="cube",
        title="Cube",
        quantity=1,
        materials=["PLA"],
        infill_fraction=0.2,
        mesh_sha256=mesh_sha256,
        canonical_sha256="d" * 64,
        facts={},
        glb_sha256="e" * 64,
    )
    client.post(f"{address}/forget")
    assert MeshEstimate.objects.get().mesh_sha256 == mesh_sha256


def test_layers_measured_while_their_part_was_forgotten_are_not_kept(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured = layers.ask_child

    def forgets_meanwhile(*asked: Any) -> Any:
        answer = measured(*asked)
        client.post(f"{address}/forget")
        return answer

    monkeypatch.setattr(estimating, "ask_child", forgets_meanwhile)
    client.get(f"{address}/takes")
    assert not UploadedMesh.objects.exists()
    assert not MeshEstimate.objects.exists()


def test_a_pose_found_while_its_part_was_forgotten_is_of_a_part_not_here(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgets_meanwhile(*_: Any) -> dict[str, Any]:
        client.post(f"{address}/forget")
        return {"better": False}

    monkeypatch.setattr(desk, "ask_pose", forgets_meanwhile)
    assert client.get(f"{address}/pose").status_code == 404


def test_the_slicer_counts_when_asked_and_not_before(
    client: Client, address: str
) -> None:
    client.get(f"{address}/takes")
    waiting = ProcrastinateJob.objects.filter(task_name="catalogue.slice_mesh")
    assert not waiting.exists()
    for _ in range(2):
        answer = client.post(f"{address}/slice", {"make-machine": "MINI"})
        assert answer.status_code == 302
        assert answer["Location"] == f"{address}?make-machine=MINI"
    assert waiting.count() == 1
    page = words_of(client.get(address, {"make-machine": "MINI"}))
    assert "The slicer is counting" in page or "Measuring its layers" in page


@pytest.mark.outside
def test_the_slicer_counts_a_visitors_part(client: Client, address: str) -> None:
    client.post(f"{address}/slice")
    upload = UploadedMesh.objects.get()
    slice_mesh_now(MeshEstimate.objects.get(level=2).pk, str(upload.pk))
    page = words_of(client.get(address))
    assert 'data-level="2"' in page
    assert "4.1" in page  # g, as PrusaSlicer 2.5.0 says


def test_a_slice_of_a_part_that_was_forgotten_meanwhile_ends_quietly(
    client: Client, address: str
) -> None:
    client.post(f"{address}/slice")
    row = MeshEstimate.objects.get(level=2)
    client.post(f"{address}/forget")
    slice_mesh_now(row.pk, address.split("/")[-1])
    assert not MeshEstimate.objects.exists()


def test_figures_of_a_part_that_was_forgotten_during_slicing_are_not_kept(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(f"{address}/slice")

    def forgets_meanwhile(*_: Any, **__: Any) -> Any:
        client.post(f"{address}/forget")
        raise InvalidInput("it does not fit")

    monkeypatch.setattr(slicing, "slice_copies", forgets_meanwhile)
    row = MeshEstimate.objects.get(level=2)
    slice_mesh_now(row.pk, address.split("/")[-1])
    assert not MeshEstimate.objects.exists()


def test_a_part_that_another_forgot_is_sliced_for_who_still_has_it(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post(f"{address}/slice")
    send(Client(), write_stl(cube(20.0)))
    client.post(f"{address}/forget")
    sliced: list[bytes] = []

    def slices(stl: bytes, *_: Any, **options: Any) -> Any:
        sliced.append(stl)
        assert options["cache"] is None
        raise InvalidInput("it does not fit")

    monkeypatch.setattr(slicing, "slice_copies", slices)
    row = MeshEstimate.objects.get(level=2)
    slice_mesh_now(row.pk, address.split("/")[-1])
    row.refresh_from_db()
    assert row.problem == "it does not fit"
    assert sha256_of(sliced[0]) == row.mesh_sha256


def test_a_mesh_that_nobody_has_any_more_leaves_no_problem_behind(
    client: Client, address: str
) -> None:
    client.post(f"{address}/slice")
    upload = UploadedMesh.objects.get()
    files.delete_files(upload.pk)
    slice_mesh_now(MeshEstimate.objects.get(level=2).pk, str(upload.pk))
    assert not MeshEstimate.objects.exists()


def test_one_client_has_only_so_much_sliced(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "NEW_SLICES", PerClient("test-upload-slices", "1/h"))
    chosen = [{"make-sets": number} for number in ("1", "2")]
    answers = [client.post(f"{address}/slice", one).status_code for one in chosen]
    assert answers == [302, 503]


def test_the_whole_network_is_asked_and_nothing_can_be_ordered(
    client: Client, address: str
) -> None:
    the_lyon_fablab()
    page = words_of(client.get(f"{address}/offers", HERE))
    assert "Lyon fab lab" in page
    assert "1 of 1 workshops could make it" in page
    assert "cannot be ordered" in page
    assert "orders/place" not in page
    whole = words_of(client.get(address, {**HERE, "offers": "1"}))  # without scripts
    assert "Lyon fab lab" in whole


def test_an_unknown_place_is_said(client: Client, address: str) -> None:
    page = words_of(client.get(f"{address}/offers", {"near": "Nowhereville"}))
    assert "We do not know a town" in page


def test_a_part_larger_than_every_bed_says_so(client: Client) -> None:
    the_lyon_fablab()
    place = send(client, write_stl(cube(400.0)))["Location"]
    page = words_of(client.get(f"{place}/offers", HERE))
    assert "No workshop can make it as it is" in page


def test_an_open_part_is_shown_with_its_holes_painted(client: Client) -> None:
    place = send(client, write_stl(without(cube(20.0), 2)))["Location"]
    page = words_of(client.get(place))
    assert 'data-code="open-edges"' in page
    assert "Cannot be printed" in page
    assert f"{place}/marked.webp" in page
    assert client.get(f"{place}/marked.webp").status_code == 200
    assert client.get(f"{place}/takes").status_code == 200


def test_a_flat_thing_has_no_quote_and_says_why(client: Client) -> None:
    flat = Mesh(np.array([[0.0, 0, 0], [9, 0, 0], [0, 9, 0]]), np.array([[0, 1, 2]]))
    answer = send(client, write_stl(flat))
    if answer.status_code == 302:
        page = words_of(client.get(answer["Location"]))
        assert "No quote for this choice" in page
        assert client.get(answer["Location"] + "/offers", HERE).status_code == 200
    else:
        assert answer.status_code == 422


def test_an_open_part_is_mended_into_a_new_one_that_says_what_changed(
    client: Client,
) -> None:
    place = send(client, write_stl(without(cube(20.0), 2, 3)))["Location"]
    page = words_of(client.get(place))
    assert f"{place}/change/mend" in page
    answer = client.post(f"{place}/change/mend")
    assert answer["Location"] != place
    mended = words_of(client.get(answer["Location"]))
    assert "This is the mended part" in mended
    # One side of 20 x 20 mm was missing; its rim is 80 mm long.
    assert "400" in mended
    assert "8 cm³" in mended
    assert client.get(place).status_code == 200  # the one that was sent stays


def test_a_sound_part_is_not_mended(client: Client, address: str) -> None:
    assert "change/mend" not in words_of(client.get(address))
    answer = client.post(f"{address}/change/mend", follow=True)
    assert "nothing was to be mended" in words_of(answer)


def test_a_part_that_would_better_lie_otherwise_is_turned_when_asked(
    client: Client,
) -> None:
    # A table on one leg, standing on the leg: upside down it needs no supports.
    leg = Mesh(cube(1.0).vertices_mm * [6, 6, 30] + [17, 17, 0], cube().faces)
    top = Mesh(cube(1.0).vertices_mm * [40, 40, 4] + [0, 0, 30], cube().faces)
    place = send(client, write_stl(together(leg, top)))["Location"]
    for _ in range(2):  # found once, kept
        hint = words_of(client.get(f"{place}/pose"))
        assert "On another side it would print about" in hint
    answer = client.post(f"{place}/change/turn")
    assert answer["Location"] != place
    turned = UploadedMesh.objects.get(pk=answer["Location"].split("/")[-1])
    assert turned.facts["contact_mm2"] == pytest.approx(1600, rel=0.01)


def test_a_cube_lies_well(client: Client, address: str) -> None:
    assert "It lies well" in words_of(client.get(f"{address}/pose"))
    answer = client.post(f"{address}/change/turn", follow=True)
    assert "lies well already" in words_of(answer)


def test_a_change_that_nobody_knows_is_not_there(client: Client, address: str) -> None:
    assert client.post(f"{address}/change/eat").status_code == 404
    assert client.get(f"{address}/change/mend").status_code == 405


def test_what_hangs_in_the_air_is_found_painted_and_pointed_at(client: Client) -> None:
    leg = Mesh(cube(1.0).vertices_mm * [10, 10, 20], cube().faces)
    arm = Mesh(cube(1.0).vertices_mm * [10, 40, 5] + [0, 0, 20], cube().faces)
    place = send(client, write_stl(together(leg, arm)))["Location"]
    page = words_of(client.get(place))
    found = re.findall(
        r'data-code="(\w+)" data-severity="(\w+)" data-spots="([^"]*)"', page
    )
    overhang = next(one for one in found if one[0] == "overhangs")
    assert overhang[1] == "warning"
    _x, y, z, radius = (float(value) for value in overhang[2].split(" ")[0].split(","))
    assert 10 <= y <= 40  # beyond the leg
    assert z == pytest.approx(20, abs=radius)
    assert "heed what is marked" in page
    assert f"{place}/marked.webp" in page
