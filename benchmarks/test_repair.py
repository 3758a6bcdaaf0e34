"""Repair and orientation on published meshes."""

from __future__ import annotations

import pytest

from benchmarks.conftest import Report
from benchmarks.geometry import orient_poses, repair_meshes
from tests.shared_data import shared


@pytest.mark.outside
def test_broken_meshes_are_mended_or_refused_with_a_reason(report: Report) -> None:
    rows = repair_meshes.found([shared("designs"), shared("bad_inputs")])
    report("repair_found", repair_meshes.found_table(rows), {"meshes": rows})
    mended = [row for row in rows if row["verdict"] == "repaired"]
    assert len(mended) >= 15
    assert all(row["code"] for row in rows if row["verdict"] == "refused")


def test_damaged_meshes_hold_again_what_they_held(report: Report) -> None:
    rows = repair_meshes.damaged([shared("designs")])
    report("repair_damaged", repair_meshes.damaged_table(rows), rows)
    for name, row in rows.items():
        assert row["repaired"] >= 0.95 * row["meshes"], name
        assert row["p90_error"] <= 0.01, name


def test_no_part_is_laid_worse_than_its_author_laid_it(report: Report) -> None:
    figures = orient_poses.poses(shared("designs"))
    report("orient_poses", orient_poses.table([dict(figures)]), figures)
    assert figures["worst_score_ratio"] <= 1
    assert figures["support_after_mm3"] < figures["support_before_mm3"]
    assert figures["max_cpu_s_to_20k_faces"] < 1


@pytest.mark.outside
@pytest.mark.timeout(3600)
def test_support_columns_go_with_what_the_slicer_adds(report: Report) -> None:
    rows = [
        orient_poses.supports(shared("designs"), profile)
        for profile in ("mk3s-pla-0.20", "mini-petg-0.20", "ender3-pla-0.20")
    ]
    report("orient_supports", orient_poses.table(rows), {"profiles": rows})
    for row in rows:
        assert isinstance(row["correlation_of_feedstock"], float)
        assert row["correlation_of_feedstock"] >= 0.9
        assert isinstance(row["max_cpu_ms"], float)
        assert row["max_cpu_ms"] < 500


@pytest.mark.outside
@pytest.mark.timeout(3600)
def test_turned_parts_are_cheaper_by_the_slicer_too(report: Report) -> None:
    figures = orient_poses.turned(shared("designs"), "mk3s-pla-0.20")
    report("orient_turned", orient_poses.table([figures]), figures)
    assert isinstance(figures["median_price_ratio"], float)
    assert figures["median_price_ratio"] < 0.95
