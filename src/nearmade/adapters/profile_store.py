"""Fits that were made on this machine, kept beside those of the package.

One JSON file for each profile, in the folder of the user's data. A fit holds only for
the print settings that it was made with, and for the terms that level 1 counts: when
these change it is passed over.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import platformdirs

from nearmade.quoting.calibration_fits import ProfileFit, with_fit
from nearmade.quoting.print_settings import PrintSettings
from nearmade.quoting.profile import (
    FitErrors,
    Level0Fit,
    Level1Fit,
    Profile,
    SizedSpread,
    Spread,
)
from nearmade.quoting.profiles import find_profile
from nearmade.quoting.terms import TIMES, VOLUMES
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.identity import sha256_of

#: Of the file's layout; another number is another program's.
VERSION = 3

#: Coefficients of the closed form.
LEVEL0_FIGURES = tuple(
    field.name for field in fields(Level0Fit) if field.type in {"float", float}
)


def fits_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Give the folder of the user's fits: below ``NEARMADE_DATA_DIR`` where set."""
    data = environ.get("NEARMADE_DATA_DIR") or platformdirs.user_data_dir(
        "nearmade", appauthor=False
    )
    return Path(data).expanduser().absolute() / "profiles"


def known_profile(profile_id: str, *, folder: Path | None = None) -> Profile:
    """Give a profile with the user's own fits where there are any.

    Parameters
    ----------
    profile_id
        Such as ``mk3s-pla-0.20``.
    folder
        Where fits are kept; the user's data folder when None.

    Raises
    ------
    NotFound
        When there is no such profile.
    """
    profile = find_profile(profile_id)
    place = folder or fits_dir()
    plain = load_fit(place, profile)
    supported = load_fit(place, profile, supports=True)
    if plain is not None:
        profile = with_fit(profile, plain)
    if supported is not None:
        profile = replace(profile, level1_supported=supported.level1)
    return profile


def store_fit(path: Path, profile: Profile, fit: ProfileFit) -> None:
    """Write a fit, whole or not at all.

    Raises
    ------
    InvalidInput
        When the file cannot be written.
    """
    content = json.dumps(
        {
            "version": VERSION,
            "profile": profile.id,
            "settings_sha256": _sha256_of(profile.settings),
            "volumes": VOLUMES,
            "times": TIMES,
            "level0": asdict(fit.level0),
            "level1": asdict(fit.level1),
        },
        indent=2,
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content + "\n")
        Path(name).replace(path)
    except OSError as error:
        raise InvalidInput(f"{path}: cannot be written ({error})") from error


def fit_path(folder: Path, profile: Profile, *, supports: bool = False) -> Path:
    """Name the file of a profile's fit."""
    return folder / f"{profile.id}{'-supports' if supports else ''}.json"


def load_fit(
    folder: Path, profile: Profile, *, supports: bool = False
) -> ProfileFit | None:
    """Give the stored fit of a profile; None when there is none that still holds."""
    try:
        kept = json.loads(
            fit_path(folder, profile, supports=supports).read_text(encoding="utf-8")
        )
        fits = (
            kept["version"] == VERSION
            and kept["profile"] == profile.id
            and kept["settings_sha256"] == _sha256_of(profile.settings)
            and kept["volumes"] == list(VOLUMES)
            and kept["times"] == list(TIMES)
        )
        if not fits:
            return None
        fit = ProfileFit(
            level0=Level0Fit(**_with_classes(kept["level0"])),
            level1=Level1Fit(**_with_classes(kept["level1"])),
        )
        return fit if _is_usable(fit) else None
    except (
        OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError,
        RecursionError, InvalidInput,
    ):  # fmt: skip
        return None


def _is_usable(fit: ProfileFit) -> bool:
    """Tell whether a fit read from a file has all factors, each a usable number."""
    level1 = fit.level1
    whole = (len(level1.volume_factors), len(level1.time_factors)) == (
        len(VOLUMES),
        len(TIMES),
    )
    return whole and all(map(_is_figure, _figures_of(fit)))


def _figures_of(fit: ProfileFit) -> Iterator[object]:
    """Give all that must be a number; None where a class is missing."""
    yield from (*fit.level1.volume_factors, *fit.level1.time_factors)
    for name in LEVEL0_FIGURES:
        yield getattr(fit.level0, name)
    for level in (fit.level0, fit.level1):
        spreads: list[object] = [level.volume_spread, level.time_spread]
        for sizes in (level.volume_sizes, level.time_sizes):
            if isinstance(sizes, SizedSpread):
                yield from sizes.edges
                spreads += sizes.spreads
            elif sizes is not None:
                yield None
        for spread in spreads:
            yield from (
                (spread.low, spread.high) if isinstance(spread, Spread) else (None,)
            )
        errors = level.errors
        if isinstance(errors, FitErrors):
            for shares in (errors.volume, errors.time):
                yield from shares if len(shares) == 3 else (None,)
            yield from (errors.parts, errors.groups)
        elif errors is not None:
            yield None


def _is_figure(value: object) -> bool:
    """Tell numbers of zero or more from all else, truth values too."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return math.isfinite(value) and value >= 0


def _with_classes(record: dict[str, Any]) -> dict[str, Any]:
    """Give the spreads and errors of a record their classes again, lists as tuples."""
    found: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, list):
            found[key] = tuple(value)
        elif not isinstance(value, dict):
            found[key] = value
        elif key == "errors":
            found[key] = FitErrors(**_with_classes(value))
        elif "edges" in value:
            spreads = tuple(Spread(**each) for each in value["spreads"])
            found[key] = SizedSpread(tuple(value["edges"]), spreads)
        else:
            found[key] = Spread(**value)
    return found


def _sha256_of(settings: PrintSettings) -> str:
    return sha256_of(json.dumps(asdict(settings), sort_keys=True).encode())
