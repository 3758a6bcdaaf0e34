"""The gate admits what is right, refuses the rest, and leaves nothing behind."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from nearmade.adapters.gate import GATE_LIMITS, admission, admit
from nearmade.adapters.gate.answer import NonsenseAnswer, read_answer, write_mesh
from nearmade.adapters.sandbox import Limits, Outcome
from nearmade.geometry.fingerprint import canonical_hash
from nearmade.geometry.stl import write_stl
from nearmade.geometry.survey import measure_all
from nearmade.vocabulary.errors import InvalidInput
from tests.geometry.solids import cube
from tests.shared_data import shared

#: Five seconds and 1 GiB: a child that takes more is ended, which is another verdict
#: than those below.
HURRIED = replace(GATE_LIMITS, wall_s=5, cpu_s=5, memory_bytes=2**30)

#: Verdict by hand for every file of the hostile corpus: the code of the refusal, or
#: the codes of the findings of one that is admitted.
REFUSED = {
    "3mf_50k_entries.3mf": "zip-too-many-entries",
    "3mf_billion_laughs.3mf": "xml-document-type",
    "3mf_component_self.3mf": "3mf-cycle",
    "3mf_deep_xml_200k.3mf": "zip-bomb",
    "3mf_index_out_of_range.3mf": "index-out-of-range",
    "3mf_is_actually_stl.3mf": "format-mismatch",
    "3mf_nan_coord.3mf": "not-finite",
    "3mf_negative_index.3mf": "3mf-index",
    "3mf_truncated.3mf": "zip-broken",
    "3mf_unit_unknown.3mf": "3mf-unit",
    "3mf_xxe_file.3mf": "xml-document-type",
    "3mf_zipbomb_2GiB.3mf": "zip-too-large",
    "3mf_zipslip.3mf": "zip-unsafe-name",
    "glb_bad_lengths.glb": "gltf-lengths",
    "gltf_uri_file.gltf": "gltf-outside-reference",
    "obj_face_oob.obj": "index-out-of-range",
    "obj_mtllib_traversal.obj": "obj-outside-reference",
    "obj_neg_face.obj": "index-out-of-range",
    "off_counts_4e9.off": "off-malformed",
    "stl_79_bytes.stl": "stl-too-short",
    "stl_ascii_long_name_4MB.stl": "stl-ascii-malformed",
    "stl_count_4e9_empty.stl": "stl-count-mismatch",
    "stl_degenerate_all.stl": "mostly-degenerate",
    "stl_empty.stl": "empty-file",
    "stl_huge_coord_1e38.stl": "extent-out-of-range",
    "stl_inf_vertex.stl": "not-finite",
    "stl_nan_vertex.stl": "not-finite",
    "stl_truncated.stl": "stl-count-mismatch",
    "stl_zero_tris.stl": "no-faces",
    "parts/empty_binary.stl": "no-faces",
    "parts/empty_file.stl": "empty-file",
    "parts/garbage.stl": "stl-count-mismatch",
    "parts/nan.stl": "not-finite",
}
ADMITTED = {
    "3mf_valid_tetra.3mf": set(),
    # Two equal triangles of 1 mm: readable on purpose, of no use as a part.
    "stl_binary_starting_solid.stl": {
        "no-volume:error", "clashing-winding:error", "tiny:warning",
    },
    "parts/ok_sphere_float.stl": set(),
    "parts/floating_part.stl": {"floating-bodies:warning", "several-bodies:note"},
    "parts/hole_missing2tri.stl": {"open-edges:error"},
    "parts/inches.stl": {"tiny:warning"},
    "parts/inverted_normals.stl": {"inverted:warning"},
    "parts/metres_units_0.02mm.stl": {"tiny:error", "thinner-than-layer:error"},
    "parts/self_intersecting.stl": {"several-bodies:note"},
    "parts/thinner_than_layer.stl": {"thinner-than-layer:error"},
    "parts/too_large_xy.stl": {"huge:warning"},
    "parts/too_tall.stl": {"huge:warning"},
    "parts/wall_0.2mm.stl": {"thin:warning"},
    "parts/zero_thickness_flat.stl": {"no-volume:error", "open-edges:error"},
    "parts/zero_thickness_vertical.stl": {"no-volume:error", "open-edges:error"},
}  # fmt: skip


def test_the_table_of_verdicts_names_every_file() -> None:
    folder = shared("bad_inputs")
    files = {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SOURCES.md"
    }
    assert files == {*REFUSED, *ADMITTED}


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_a_hostile_file_is_refused_in_time(name: str, code: str) -> None:
    file = shared("bad_inputs", name)
    with pytest.raises(InvalidInput) as caught:
        admit(file.read_bytes(), file.name, limits=HURRIED)
    assert caught.value.code == code
    assert caught.value.message


@pytest.mark.parametrize(("name", "findings"), ADMITTED.items())
def test_a_readable_file_is_admitted_with_its_findings(
    name: str, findings: set[str]
) -> None:
    file = shared("bad_inputs", name)
    admitted = admit(file.read_bytes(), file.name, limits=HURRIED)
    found = {f"{one.code}:{one.severity}" for one in admitted.facts.findings}
    assert found == findings


def test_what_is_admitted_equals_what_the_room_says() -> None:
    data = write_stl(cube(10, at=(1, 2, 3)))
    admitted = admit(data, "part.stl")
    assert (
        admitted.mesh.triangles_mm.tolist() == cube(10, (1, 2, 3)).triangles_mm.tolist()
    )
    assert admitted.facts == measure_all(admitted.mesh)
    assert admitted.canonical_sha256 == canonical_hash(cube(10))


def test_a_reader_that_takes_too_long_is_stopped_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    short = Limits(wall_s=0.05, cpu_s=5, memory_bytes=2**30, file_bytes=2**28)
    with pytest.raises(InvalidInput, match="stopped") as caught:
        admit(write_stl(cube()), "part.stl", limits=short)
    assert caught.value.code == "gate-could-not-decide"
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_wants_too_much_memory_is_stopped() -> None:
    tight = Limits(wall_s=5, cpu_s=5, memory_bytes=2**25, file_bytes=2**28)
    with pytest.raises(InvalidInput) as caught:
        admit(write_stl(cube()), "part.stl", limits=tight)
    assert caught.value.code == "gate-could-not-decide"


def test_a_file_over_the_cap_is_not_even_looked_at() -> None:
    with pytest.raises(InvalidInput) as caught:
        admit(bytes(admission.MAX_FILE_BYTES + 1), "part.stl")
    assert caught.value.code == "file-too-large"


def test_a_name_cannot_lead_anywhere() -> None:
    admitted = admit(write_stl(cube()), "../../../etc/cron.d/évil\n\0name.stl")
    assert admitted.facts.watertight


def test_the_gate_works_without_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nearmade.adapters.sandbox.bubblewrap", lambda: None)
    assert admit(write_stl(cube()), "part.stl").facts.volume_mm3 == pytest.approx(1000)


def test_a_child_that_dies_or_says_nothing_is_no_approval(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for returncode in (139, 0):
        ended = Outcome(returncode, b"", b"", timed_out=False, wall_s=0.1)
        monkeypatch.setattr(admission, "_run_child", lambda *_, e=ended: e)
        with pytest.raises(InvalidInput) as caught:
            admit(write_stl(cube()), "part.stl", limits=GATE_LIMITS)
        assert caught.value.code == "gate-could-not-decide"


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    """A true answer, to be spoilt."""
    write_mesh(tmp_path, cube(), measure_all(cube()), canonical_hash(cube()))
    read_answer(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"volume_mm3": 1000.0', '"volume_mm3": NaN'),
        ('"volume_mm3": 1000.0', '"volume_mm3": -1'),
        ('"volume_mm3": 1000.0', '"volume_mm3": "1000"'),
        ('"triangles": 12', '"triangles": 13'),
        ('"triangles": 12', '"triangles": true'),
        ('"watertight": true', '"watertight": 1'),
        ('"bodies"', '"others"'),
        ('"canonical": "', '"canonical": "x'),
        (
            '"findings": []',
            '"findings": [{"code":"A b","severity":"note","message":""}]',
        ),
        ("{", "["),
    ],
)
def test_a_verdict_that_breaks_a_rule_is_not_believed(
    answer: Path, old: str, new: str
) -> None:
    verdict = answer / "verdict.json"
    text = verdict.read_text()
    assert old in text
    verdict.write_text(text.replace(old, new, 1))
    with pytest.raises(NonsenseAnswer):
        read_answer(answer)


@pytest.mark.parametrize("name", ["vertices.f64", "faces.i64", "verdict.json"])
def test_an_array_that_is_missing_or_a_link_is_not_believed(
    answer: Path, name: str
) -> None:
    kept = (answer / name).rename(answer / "kept")
    with pytest.raises(NonsenseAnswer):
        read_answer(answer)
    (answer / name).symlink_to(kept)
    with pytest.raises(NonsenseAnswer):
        read_answer(answer)


def test_arrays_that_do_not_fit_each_other_are_not_believed(answer: Path) -> None:
    for name, size in (("vertices.f64", 24), ("faces.i64", 20), ("vertices.f64", 13)):
        whole = (answer / name).read_bytes()
        (answer / name).write_bytes(whole[:size])
        with pytest.raises(NonsenseAnswer):
            read_answer(answer)
        (answer / name).write_bytes(whole)


def test_a_refusal_keeps_its_words_on_one_line(tmp_path: Path) -> None:
    refused = {"code": "zip-bomb", "message": "a\nb\x1b[31m", "remedy": ""}
    (tmp_path / "verdict.json").write_text(json.dumps({"refused": refused}))
    with pytest.raises(InvalidInput) as caught:
        read_answer(tmp_path)
    assert caught.value.message == "a b [31m"
