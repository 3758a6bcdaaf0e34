"""What the survey of a part costs, and what a machine is told of published parts.

Run with ``python benchmarks/geometry/facts_survey.py [DESIGNS]``, a folder of mesh
files. Times are CPU time. Each part is a published one that people print, so a warning
on it is either true or a false alarm: the table shows how often each is given.
"""

from __future__ import annotations

import json
import lzma
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import trimesh

from benchmarks.geometry.read_stl import sphere
from nearmade.geometry.facts import PartFacts
from nearmade.geometry.formats import read_mesh
from nearmade.geometry.measure import measure
from nearmade.geometry.mesh import Mesh
from nearmade.geometry.stl import write_stl
from nearmade.geometry.survey import survey
from nearmade.quoting.limits import limits_named
from nearmade.screening.machine_verdict import judge
from nearmade.vocabulary.errors import InvalidInput

MACHINE = "mk3s-pla-0.20"
#: Folders of files that try readers; nobody prints them.
NOT_PRINTED = ("test-meshes", "openscad-examples", "o3dv", "3mf-samples", "derived")
KINDS = {".stl", ".3mf", ".obj", ".off"}
#: A part of this many triangles is called usual.
USUAL = (3_000, 7_000)

FRESH = """
import resource, sys, time
from nearmade.geometry.measure import measure
from nearmade.geometry.stl import read_stl
from nearmade.geometry.survey import survey
mesh = read_stl(open(sys.argv[1], "rb").read())
began = time.process_time()
facts = measure(mesh)
halfway = time.process_time()
survey(mesh, facts)
done = time.process_time()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(halfway - began, done - halfway, peak)
"""


@dataclass(frozen=True)
class Row:
    """One part."""

    name: str
    triangles: int
    measure_s: float
    survey_s: float
    facts: PartFacts
    mesh: Mesh


def parts(folder: Path) -> list[Row]:
    """Measure and survey every part that can be read."""
    rows = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in KINDS:
            continue
        try:
            mesh = read_mesh(path.read_bytes(), path.name)
        except InvalidInput:
            continue
        began = time.process_time()
        facts = measure(mesh)
        halfway = time.process_time()
        full = survey(mesh, facts)
        done = time.process_time()
        rows.append(
            Row(
                str(path.relative_to(folder)), len(mesh.faces), halfway - began,
                done - halfway, full, mesh,
            )
        )  # fmt: skip
    return rows


def large(data: bytes) -> dict[str, float]:
    """Give seconds and peak memory of a fresh process that surveys a large mesh."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "part.stl")
        file.write_bytes(data)
        done = subprocess.run(
            [sys.executable, "-c", FRESH, str(file)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    measure_s, survey_s, peak_kib = map(float, done.stdout.split())
    return {
        "triangles": (len(data) - 84) // 50,
        "measure_s": measure_s,
        "survey_s": survey_s,
        "peak_mib": peak_kib / 1024,
    }


def witness(rows: list[Row]) -> dict[str, float]:
    """Give the largest difference from trimesh over watertight parts, as a share."""
    worst = {"volume": 0.0, "area": 0.0, "hull": 0.0}
    for row in rows:
        found = row.facts.survey
        if not row.facts.watertight or found is None or not found.solid:
            continue
        other = trimesh.Trimesh(row.mesh.vertices_mm, row.mesh.faces, process=False)
        other.remove_unreferenced_vertices()  # they are no part of the surface
        pairs = {
            "volume": (row.facts.volume_mm3, abs(other.volume)),
            "area": (row.facts.area_mm2, other.area),
            "hull": (found.hull_mm3, other.convex_hull.volume),
        }
        for name, (ours, theirs) in pairs.items():
            worst[name] = max(worst[name], abs(ours / theirs - 1))
    return worst


def told(rows: list[Row]) -> tuple[dict[str, float], dict[str, float]]:
    """Give the share of printed parts by verdict, and with each finding."""
    limits = limits_named(MACHINE)
    printed = [row for row in rows if not row.name.startswith(NOT_PRINTED)]
    verdicts = [judge(row.facts, limits) for row in printed]
    answers = Counter(verdict.makeable for verdict in verdicts)
    codes: Counter[str] = Counter()
    for verdict in verdicts:
        codes.update({f"{one.severity} {one.code}" for one in verdict.findings})
    count = max(len(printed), 1)
    return (
        {"parts": len(printed)} | {key: n / count for key, n in answers.items()},
        {key: n / count for key, n in sorted(codes.items())},
    )


def figures(folder: Path) -> dict[str, object]:
    """Run everything on a folder of designs."""
    rows = parts(folder)
    whole = [row.measure_s + row.survey_s for row in rows]
    usual = [
        row.measure_s + row.survey_s
        for row in rows
        if USUAL[0] <= row.triangles <= USUAL[1]
    ]
    packed = next(iter(sorted(folder.rglob("*335k*.stl.xz"))), None)
    data = lzma.decompress(packed.read_bytes()) if packed else write_stl(sphere(290))
    answers, codes = told(rows)
    return {
        "parts": len(rows),
        "measure_s": _spread([row.measure_s for row in rows]),
        "measure_and_survey_s": _spread(whole),
        "usual_parts_s": _spread(usual),
        "large": large(data),
        "difference_from_trimesh": witness(rows),
        "verdicts": answers,
        "findings": codes,
    }


def _spread(values: list[float]) -> dict[str, float]:
    return {
        "median": statistics.median(values),
        "p90": float(np.quantile(values, 0.9)),
        "most": max(values),
    }


def table(found: dict[str, object]) -> str:
    """Write the figures for people."""
    lines = [f"{found['parts']} meshes, CPU ms    median      p90     most"]
    for name in ("measure_s", "measure_and_survey_s", "usual_parts_s"):
        spread = found[name]
        assert isinstance(spread, dict)
        values = "".join(f"{spread[key] * 1000:9.1f}" for key in spread)
        lines.append(f"  {name[:-2]:22}{values}")
    one = found["large"]
    assert isinstance(one, dict)
    lines.append(
        f"  {one['triangles']:,} triangles, fresh process: measure "
        f"{one['measure_s']:.2f} s, survey {one['survey_s']:.2f} s, peak "
        f"{one['peak_mib']:.0f} MiB"
    )
    difference = found["difference_from_trimesh"]
    assert isinstance(difference, dict)
    worst = ", ".join(f"{name} {value:.1e}" for name, value in difference.items())
    lines.append(f"  largest difference from trimesh: {worst}")
    answers, codes = found["verdicts"], found["findings"]
    assert isinstance(answers, dict)
    assert isinstance(codes, dict)
    shares = ", ".join(
        f"{name} {share:.0%}" for name, share in answers.items() if name != "parts"
    )
    lines.append(f"  {MACHINE} on {answers['parts']} published parts: {shares}")
    lines += [f"    {share:5.0%}  {code}" for code, share in codes.items()]
    return "\n".join(lines)


def main() -> None:
    here = Path(__file__).resolve().parents[2]
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here / "../shared/data/designs"
    found = figures(folder)
    sys.stdout.write(table(found) + "\n")
    out = here / "build" / "bench" / "facts_survey.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
