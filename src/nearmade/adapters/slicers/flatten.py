"""Flatten a vendor bundle's presets into one plain configuration, at run time.

PrusaSlicer's command line takes a flat ini. The vendor bundles that come with the
program hold sections ``[print:NAME]``, ``[filament:NAME]`` and ``[printer:NAME]``, each
with ``inherits = A; B``. The bundles are AGPL-3.0, so nothing of them is kept here:
they are read from the installed program each time.
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from nearmade.quoting.profile import Profile, PrusaPresets
from nearmade.vocabulary.errors import InvalidInput, Unavailable

#: Where Debian's package puts the bundles.
BUNDLES = Path("/usr/share/PrusaSlicer/profiles")

#: Keys that choose among presets and mean nothing once one is chosen.
SELECTION_KEYS = frozenset(
    {
        "inherits",
        "compatible_printers",
        "compatible_printers_condition",
        "compatible_prints",
        "compatible_prints_condition",
        "renamed_from",
        "alias",
        "printer_variant",
        "printer_vendor",
        "default_print_profile",
        "default_filament_profile",
        "default_sla_print_profile",
        "default_sla_material_profile",
    }
)

#: Keys that let a configuration run or reach something; never passed on.
#: Source: CVE-2023-47268 (post-processing scripts run on export).
FORBIDDEN_KEYS = frozenset(
    {
        "post_process",
        "print_host",
        "printhost_apikey",
        "printhost_cafile",
        "printhost_user",
        "printhost_password",
    }
)

#: Start-up lines that ask the firmware about itself or set its motor drivers: left out
#: of what is sliced. Those that check model and nozzle are given back by
#: ``start_checks``, so that a printer refuses a file for another machine.
DROPPED_WORDS = ("M862", "M569", "M593")


def flat_settings(profile: Profile, *, bundles: Path = BUNDLES) -> dict[str, str]:
    """Give every slicer setting of a profile as the installed vendor bundle has it.

    Parameters
    ----------
    profile
        Names the bundle and the three presets.
    bundles
        Folder with the vendor bundles.

    Raises
    ------
    InvalidInput
        When no slicer has a profile of this machine.
    Unavailable
        When the bundle is not installed, or lacks a preset.
    """
    if profile.presets is None:
        raise InvalidInput(
            f"profile {profile.id}: no slicer at hand knows the "
            f"{profile.machine_model}, so it can be estimated but not sliced",
            code="no-slicer-profile",
            remedy="quote at level 0 or 1, or choose another machine",
        )
    kept = flatten(profile.presets, bundles=bundles)
    kept["fill_density"] = f"{profile.infill_fraction * 100:g}%"
    return kept


def flatten(names: PrusaPresets, *, bundles: Path = BUNDLES) -> dict[str, str]:
    """Give every setting of three presets, without what chooses, runs or reaches.

    Parameters
    ----------
    names
        Of the bundle and the presets.
    bundles
        Folder with the vendor bundles.

    Raises
    ------
    Unavailable
        When the bundle is not installed, or lacks a preset.
    """
    presets = _read_bundle(bundles / names.vendor_file)
    settings: dict[str, str] = {}
    for kind, name in (
        ("print", names.print_preset),
        ("filament", names.filament_preset),
        ("printer", names.printer_preset),
    ):
        settings |= _resolve(presets, kind, name, frozenset())
    kept = {
        key: value
        for key, value in settings.items()
        if key not in SELECTION_KEYS | FORBIDDEN_KEYS
    }
    for key in ("start_gcode", "start_filament_gcode", "end_gcode"):
        if key in kept:
            kept[key] = _without_dropped_words(kept[key])
    kept["thumbnails"] = ""
    return _made_plain(kept)


def _made_plain(settings: dict[str, str]) -> dict[str, str]:
    """Mend what a flat file cannot say, or our readers of G-code do not take.

    The command line takes the share in a first layer's height for millimetres. Where
    the extruder counts absolutely it is told to count from each line's end instead;
    the slicer then wants it set to nothing at each layer.
    """
    first = settings.get("first_layer_height", "")
    if first.endswith("%"):
        height_mm = float(first[:-1]) / 100 * float(settings["layer_height"])
        settings["first_layer_height"] = f"{height_mm:g}"
    if settings.get("use_relative_e_distances", "0") == "0":
        settings["use_relative_e_distances"] = "1"
        settings["layer_gcode"] = settings.get("layer_gcode", "") + "\\nG92 E0"
    return settings


#: A check that the G-code gate lets pass, with at most one value to be filled in.
_CHECK = re.compile(r'M862\.[123] P *("?)(?:\[(\w+)\]|([A-Z0-9.+]+))\1')


def start_checks(profile: Profile, *, bundles: Path = BUNDLES) -> tuple[str, ...]:
    """Give the maker's start-up checks of model and nozzle, values written out.

    Parameters
    ----------
    profile
        Names the bundle and the printer's preset.
    bundles
        Folder with the vendor bundles.

    Raises
    ------
    Unavailable
        When the bundle is not installed, or lacks the preset.
    """
    names = profile.presets
    if names is None:
        return ()
    presets = _read_bundle(bundles / names.vendor_file)
    printer = _resolve(presets, "printer", names.printer_preset, frozenset())
    checks = []
    for line in printer.get("start_gcode", "").replace('\\"', '"').split("\\n"):
        found = _CHECK.match(line)
        if found is None:
            continue
        key, quote = found[2], found[1]
        value = printer.get(key, "").split(",")[0] if key else found[3]
        if value:
            space = " " if quote else ""
            word = found[0].partition(" ")[0]
            checks.append(f"{word} P{space}{quote}{value}{quote}")
    return tuple(checks)


def flat_ini(settings: Mapping[str, str]) -> bytes:
    """Write settings as the ini that ``--load`` takes, sorted by name."""
    lines = [f"{key} = {value}" for key, value in sorted(settings.items())]
    return ("\n".join(lines) + "\n").encode()


@lru_cache(maxsize=8)
def _read_bundle(path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(
        delimiters=("=",), comment_prefixes=("#",), strict=False, default_section=""
    )
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        raise Unavailable(
            f"slicer bundle {path.name}: cannot be read",
            code="slicer-missing",
            remedy="apt-get install prusa-slicer",
        ) from error
    return parser


def _resolve(
    presets: configparser.RawConfigParser, kind: str, name: str, seen: frozenset[str]
) -> dict[str, str]:
    """Merge a preset's parents from left to right, then its own keys."""
    section = f"{kind}:{name}"
    if section in seen or not presets.has_section(section):
        raise Unavailable(
            f"slicer bundle: preset {section!r} is missing or inherits itself",
            code="slicer-preset-missing",
        )
    own = dict(presets.items(section))
    settings: dict[str, str] = {}
    for parent in own.get("inherits", "").split(";"):
        if parent.strip():
            settings |= _resolve(presets, kind, parent.strip(), seen | {section})
    return settings | own


def _without_dropped_words(gcode: str) -> str:
    lines = gcode.split("\\n")
    return "\\n".join(line for line in lines if not line.startswith(DROPPED_WORDS))
