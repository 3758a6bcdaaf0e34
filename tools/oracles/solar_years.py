"""Run typical years through pvlib and PySAM and write what they give.

Runs in ``.oracles-venv``, offline, over a folder of weather files:

    .oracles-venv/bin/python tools/oracles/solar_years.py FOLDER OUT.json

The same panels in both: -0.4 %/K in pvlib (PySAM has its own), 14.08 % losses, an
inverter as large as the panels. In PySAM's PVWatts a row of panels shades the next by
its ground coverage ratio of 0.3; a single row stands free, so it is 0.01 here.
"""

from __future__ import annotations

import hashlib
import json
import sys
import warnings
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

#: Files, the tilt that faces the equator [deg].
YEARS = {
    "723170TYA.CSV": 35,
    "703165TY.csv": 45,
    "12839.tm2": 26,
    "tmy_45.000_8.000_2005_2023.csv": 30,
}
RATED_WP = 220.0
ALBEDO = 0.2
LOSSES_PERCENT = 14.08
COLUMNS = ["ghi", "dni", "dhi", "temp_air", "wind_speed"]


def planes(tilt: int) -> list[tuple[int, int]]:
    """Give the planes of a file: tilt and azimuth. [deg], [deg]"""
    return [(tilt, 180), (10, 180), (tilt, 90), (60, 250)]


def frame(path: Path, pvlib: Any, pandas: Any) -> tuple[Any, dict[str, float]]:
    """Read a file with pvlib; moments are the sun's, in the middle of the hour."""
    half = pandas.Timedelta("30min")
    if path.suffix == ".tm2":
        table, head = pvlib.iotools.read_tmy2(str(path))
        names = dict(
            zip(("GHI", "DNI", "DHI", "DryBulb", "Wspd"), COLUMNS, strict=True)
        )
        table = table.rename(columns=names)
        table["temp_air"] /= 10  # pvlib leaves them in tenths
        table["wind_speed"] /= 10
        zone = f"Etc/GMT{-int(head['TZ']):+d}"
        table.index = (
            pandas.date_range("1990-01-01", periods=8760, freq="h", tz=zone) + half
        )
        place = {
            name: float(head[name]) for name in ("latitude", "longitude", "altitude")
        }
        return table[COLUMNS], place
    if path.name.startswith("tmy_"):
        table, meta = pvlib.iotools.read_pvgis_tmy(str(path), map_variables=True)[:2]
        after = pandas.Timedelta(hours=0.1761)  # its header's time offset
        table.index = (
            pandas.date_range("1990-01-01", periods=8760, freq="h", tz="UTC") + after
        )
        inputs = meta.get("inputs", meta)
        place = {
            name: float(inputs[name])
            for name in ("latitude", "longitude", "elevation")
            if name in inputs
        }
        place["altitude"] = place.pop("elevation", 250.0)
        return table[COLUMNS], place
    table, head = pvlib.iotools.read_tmy3(
        str(path), coerce_year=1990, map_variables=True
    )
    table.index = table.index - half
    place = {name: float(head[name]) for name in ("latitude", "longitude", "altitude")}
    # Greensboro's file has 0 throughout, which says that it was not measured.
    measured = ["albedo"] if (table["albedo"] > 0).all() else []
    return table[COLUMNS + measured], place


def digest(
    index: Any, ac_w: Any, plane_w_m2: Any, pandas: Any, *, hours: bool
) -> dict[str, Any]:
    """Give year, months and the mean day of each month. [kWh], [kWh/m2], [W]"""
    ac = pandas.Series(list(ac_w), index=index)
    by_month = ac.groupby(index.month).sum() / 1000
    by_hour = ac.groupby([index.month, index.hour]).mean() if hours else ()
    return {
        "ac_kwh": round(float(ac.sum()) / 1000, 4),
        "plane_kwh_m2": round(float(sum(plane_w_m2)) / 1000, 3),
        "months_kwh": [round(float(one), 4) for one in by_month],
        "mean_days_w": [round(float(one), 2) for one in by_hour],
    }


def with_pvlib(
    table: Any, place: dict[str, float], tilt: int, azimuth: int, pvlib: Any
) -> tuple[Any, Any]:
    """Run pvlib's chain of PVWatts: Perez sky, glass, King's open rack."""
    heat = pvlib.temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"]
    system = pvlib.pvsystem.PVSystem(
        [
            pvlib.pvsystem.Array(
                pvlib.pvsystem.FixedMount(tilt, azimuth),
                albedo=ALBEDO,
                module_parameters={"pdc0": RATED_WP, "gamma_pdc": -0.004},
                temperature_model_parameters=heat["open_rack_glass_polymer"],
            )
        ],
        inverter_parameters={"pdc0": RATED_WP},
        losses_parameters={},
    )
    where = pvlib.location.Location(
        place["latitude"], place["longitude"], altitude=place["altitude"]
    )
    chain = pvlib.modelchain.ModelChain.with_pvwatts(system, where)
    chain.run_model(table)
    return chain.results.ac, chain.results.total_irrad["poa_global"].fillna(0.0)


def with_pysam(
    path: Path, table: Any, place: dict[str, float], tilt: int, azimuth: int, sam: Any
) -> tuple[Any, Any]:
    """Run PVWatts version 8 on the file itself, or on its columns where it must."""
    model = sam.default("PVWattsNone")
    if path.name.startswith("tmy_"):
        at = table.index
        model.SolarResource.solar_resource_data = {
            "lat": place["latitude"],
            "lon": place["longitude"],
            "tz": 0,
            "elev": place["altitude"],
            "year": [1990] * 8760,
            "month": list(at.month),
            "day": list(at.day),
            "hour": list(at.hour),
            "minute": list(at.minute),
            "gh": list(table["ghi"]),
            "dn": list(table["dni"]),
            "df": list(table["dhi"]),
            "tdry": list(table["temp_air"]),
            "wspd": list(table["wind_speed"]),
        }
    else:
        model.SolarResource.solar_resource_file = str(path)
    model.SystemDesign.assign(
        {
            "system_capacity": RATED_WP / 1000,
            "tilt": tilt,
            "azimuth": azimuth,
            "array_type": 0,
            "module_type": 0,
            "dc_ac_ratio": 1,
            "losses": LOSSES_PERCENT,
            "inv_eff": 96,
            "gcr": 0.01,
        }
    )
    model.execute(0)
    return model.Outputs.ac, model.Outputs.poa


def main(folder: Path, out: Path) -> None:
    """Write the golden file."""
    warnings.simplefilter("ignore")
    pvlib: Any = import_module("pvlib")
    for part in ("iotools", "pvsystem", "modelchain", "location", "temperature"):
        import_module(f"pvlib.{part}")
    pandas: Any = import_module("pandas")
    sam: Any = import_module("PySAM.Pvwattsv8")
    years: dict[str, Any] = {}
    for name, usual in YEARS.items():
        path = folder / name
        table, place = frame(path, pvlib, pandas)
        runs = []
        for tilt, azimuth in planes(usual):
            one = {"tilt_deg": tilt, "azimuth_deg": azimuth}
            by_program = {
                "pvlib": with_pvlib(table, place, tilt, azimuth, pvlib),
                "pysam": with_pysam(path, table, place, tilt, azimuth, sam),
            }
            runs.append(
                one
                | {
                    program: digest(
                        table.index,
                        ac,
                        plane,
                        pandas,
                        hours=(tilt, azimuth) == (usual, 180),
                    )
                    for program, (ac, plane) in by_program.items()
                }
            )
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        years[name] = {"sha256": sha256, "runs": runs}
    golden = {
        "versions": {name: version(name) for name in ("pvlib", "NREL-PySAM")},
        "rated_wp": RATED_WP,
        "years": years,
    }
    out.write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
