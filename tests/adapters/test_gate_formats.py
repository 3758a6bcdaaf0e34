"""Every format passes the gate when it is honest, and says what it left out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from nearmade.adapters.gate import admit
from nearmade.cli.inspect import command as inspect
from nearmade.geometry.glb import write_glb
from nearmade.geometry.threemf_writing import write_3mf
from tests.geometry.solids import cube
from tests.geometry.test_amf import amf, tetra, zipped
from tests.geometry.test_gltf import tetra as gltf
from tests.geometry.test_gltf import text
from tests.geometry.test_ply import PYRAMID, binary

#: File, volume by hand, what the gate says beyond the mesh. [mm3]
HONEST = {
    "part.3mf": (write_3mf([("cube", cube(10))]), 1000, set()),
    "part.amf": (amf(tetra()), 1000 / 6, set()),
    "zipped.amf": (zipped("a.amf"), 1000 / 6, set()),
    "part.ply": (PYRAMID, 300, set()),
    "binary.PLY": (binary("big"), 300, set()),
    "part.gltf": (text(gltf()), 1000 / 6, set()),
    "part.glb": (write_glb(cube(10)), 1000, {"materials-left-out"}),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_admitted_with_its_volume(name: str) -> None:
    data, volume_mm3, left_out = HONEST[name]
    facts = admit(data, name).facts
    assert facts.watertight
    assert facts.volume_mm3 == pytest.approx(volume_mm3, rel=1e-6)
    codes = {one.code for one in facts.findings}
    assert {code for code in codes if code.endswith("-left-out")} == left_out


def test_inspect_takes_a_glb_and_tells_of_its_materials(tmp_path: Path) -> None:
    file = tmp_path / "part.glb"
    file.write_bytes(write_glb(cube(10)))
    answer = CliRunner().invoke(inspect, [str(file), "--json"])
    told = json.loads(answer.output)
    assert told["volume_mm3"] == pytest.approx(1000, rel=1e-6)
    assert "materials-left-out" in {one["code"] for one in told["findings"]}


def test_inspect_refuses_compression_in_words(tmp_path: Path) -> None:
    file = tmp_path / "part.gltf"
    file.write_bytes(text(gltf(extensionsRequired=["KHR_draco_mesh_compression"])))
    answer = subprocess.run(
        [sys.executable, "-m", "nearmade.cli.main", "inspect", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 2
    assert "KHR_draco_mesh_compression" in answer.stderr
