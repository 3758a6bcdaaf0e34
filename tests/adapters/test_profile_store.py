"""Fits kept on disk, found again, and passed over when they no longer hold."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nearmade.adapters.profile_store import (
    fit_path,
    fits_dir,
    known_profile,
    load_fit,
    store_fit,
)
from nearmade.quoting.calibration_fits import ProfileFit
from nearmade.quoting.profile import FitErrors, Profile, SizedSpread, Spread
from nearmade.quoting.profiles import find_profile
from nearmade.vocabulary.errors import InvalidInput, NotFound

MK3S = find_profile("mk3s-pla-0.20")
WIDE, NARROW = Spread(0.8, 1.3, "by hand"), Spread(0.97, 1.02, "by hand")
ERRORS = FitErrors(60, 15, (0.02, 0.05, 0.8), (0.03, 0.08, 0.81))
FIT = ProfileFit(
    replace(MK3S.level0, shell_mm3=2.5, errors=ERRORS, source="by hand"),
    replace(
        MK3S.level1,
        errors=ERRORS,
        source="by hand",
        volume_sizes=SizedSpread((1000.0,), (WIDE, NARROW)),
    ),
)


def test_a_stored_fit_is_found_again_as_it_was(tmp_path: Path) -> None:
    store_fit(fit_path(tmp_path, MK3S), MK3S, FIT)
    assert load_fit(tmp_path, MK3S) == FIT
    found = known_profile("mk3s-pla-0.20", folder=tmp_path)
    assert found.level0.shell_mm3 == 2.5
    assert found.level1.volume_sizes == FIT.level1.volume_sizes
    assert found.settings == MK3S.settings


def test_without_a_fit_of_ones_own_the_packages_holds(tmp_path: Path) -> None:
    assert known_profile("mk3s-pla-0.20", folder=tmp_path) is MK3S
    with pytest.raises(NotFound):
        known_profile("abacus-pla-0.20", folder=tmp_path)


def test_a_fit_with_supports_stands_beside_the_other(tmp_path: Path) -> None:
    store_fit(fit_path(tmp_path, MK3S, supports=True), MK3S, FIT)
    assert load_fit(tmp_path, MK3S) is None
    assert load_fit(tmp_path, MK3S, supports=True) == FIT
    found = known_profile("mk3s-pla-0.20", folder=tmp_path)
    assert found.level1_supported == FIT.level1
    assert (found.level0, found.level1) == (MK3S.level0, MK3S.level1)


def test_a_fit_for_other_settings_is_passed_over(tmp_path: Path) -> None:
    store_fit(fit_path(tmp_path, MK3S), MK3S, FIT)
    settings = MK3S.settings
    faster = replace(settings, speeds=replace(settings.speeds, outer=99.0))
    assert load_fit(tmp_path, replace(MK3S, settings=faster)) is None


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", "not json", json.dumps({"version": 3}), '{"version": 1}'],
)
def test_what_is_no_fit_is_passed_over(tmp_path: Path, content: str) -> None:
    fit_path(tmp_path, MK3S).write_text(content)
    assert load_fit(tmp_path, MK3S) is None


LEVEL0, LEVEL1 = "level0", "level1"
FACTORS = [1.0] * len(FIT.level1.time_factors)


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ((LEVEL0,), []),
        ((LEVEL0, "shell_mm3"), "2.5"),
        ((LEVEL0, "shell_mm3"), float("nan")),
        ((LEVEL0, "start_s"), float("inf")),
        ((LEVEL0, "start_s"), -1.0),
        ((LEVEL0, "wall_s"), True),
        ((LEVEL0, "wall_s"), None),
        ((LEVEL0, "layer_s"), 10**400),
        ((LEVEL0, "fitted_infill_fraction"), "a fifth"),
        ((LEVEL0, "volume_spread"), 1.0),
        ((LEVEL0, "volume_spread", "high"), float("inf")),
        ((LEVEL0, "volume_spread", "low"), "0.9"),
        ((LEVEL0, "errors"), []),
        ((LEVEL0, "errors", "volume"), [0.1]),
        ((LEVEL1, "errors", "parts"), "60"),
        ((LEVEL1, "volume_factors"), []),
        ((LEVEL1, "volume_factors"), None),
        ((LEVEL1, "time_factors"), FACTORS[1:]),
        ((LEVEL1, "time_factors"), [*FACTORS, 1.0]),
        ((LEVEL1, "time_factors"), [*FACTORS[1:], "1"]),
        ((LEVEL1, "time_factors"), [*FACTORS[1:], float("nan")]),
        ((LEVEL1, "volume_sizes"), "wide"),
        ((LEVEL1, "volume_sizes", "spreads"), []),
        ((LEVEL1, "unheard_of"), 1.0),
    ],
)
def test_a_fit_with_one_thing_wrong_is_passed_over(
    tmp_path: Path, keys: tuple[str, ...], value: object
) -> None:
    assert load_fit(tmp_path, changed(tmp_path, keys, value)) is None
    assert known_profile(MK3S.id, folder=tmp_path) is MK3S


@pytest.mark.parametrize("kind", ["volumes", "times"])
def test_a_fit_for_other_terms_is_passed_over(tmp_path: Path, kind: str) -> None:
    store_fit(fit_path(tmp_path, MK3S), MK3S, FIT)
    names = json.loads(fit_path(tmp_path, MK3S).read_text())[kind]
    # As many, in another order.
    assert load_fit(tmp_path, changed(tmp_path, (kind,), names[::-1])) is None
    assert load_fit(tmp_path, changed(tmp_path, (kind,), names)) == FIT


def changed(folder: Path, keys: tuple[str, ...], value: object) -> Profile:
    """Store the fit with one thing put elsewise, and give its profile."""
    path = fit_path(folder, MK3S)
    store_fit(path, MK3S, FIT)
    record: dict[str, Any] = json.loads(path.read_text())
    inner = record
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    path.write_text(json.dumps(record))
    return MK3S


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    with pytest.raises(InvalidInput, match="cannot be written"):
        store_fit(tmp_path / "file" / "fit.json", MK3S, FIT)


def test_fits_lie_in_the_users_data(tmp_path: Path) -> None:
    assert fits_dir({"NEARMADE_DATA_DIR": str(tmp_path)}) == tmp_path / "profiles"
    assert fits_dir({}).name == "profiles"
