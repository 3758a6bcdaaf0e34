"""What `nearmade impact` reads: a case, a quote, a plan, the record of an order."""

from __future__ import annotations

import functools
import json
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar
from uuid import UUID

import click

from nearmade.adapters.places import one_place
from nearmade.cli.figures import Figure
from nearmade.cli.impact_network import case_of_network_plan
from nearmade.cli.impact_order import order_named, order_on_platform
from nearmade.cli.main import no_such_file
from nearmade.impact.case import Case, case_of
from nearmade.impact.case_record import SCHEMA, case_from_record
from nearmade.impact.freight import FreightLeg
from nearmade.impact.inventory import (
    PARCEL_BOARD_G,
    MadePart,
    OrderInventory,
    SiteElectricity,
    central_alternative,
)
from nearmade.impact.polymers import filament
from nearmade.quoting.profiles import PROFILES
from nearmade.vocabulary.countries import country_meant
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.estimate import Estimate
from nearmade.vocabulary.identity import ProfileId
from nearmade.vocabulary.place import Place

#: Largest file that is read, in bytes.
MAX_BYTES: Final = 50_000_000
SECONDS_PER_HOUR: Final = 3600

T = TypeVar("T", bound=Callable[..., None])

FORMS: Final = (
    "a CASE.json, the --json of nearmade quote, plan order or order, the PLAN.json of "
    "nearmade plan, or the id of an order on a running platform"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the file does not say of itself.

    Parameters
    ----------
    to
        Where it is used; empty: as the file says.
    country
        Where it is made; empty: as the file says, or the country of ``to``.
    solar
        Whether the sun drives the machines of a quote.
    distance_km
        By van to the user, for a quote. [km]
    plan
        Which plan of several, 1 the best.
    machine
        Which machine of a network's quote; empty: the first.
    stand_ins
        Materials without figures and what each is counted as, in lower case.
    """

    to: str = ""
    country: str = ""
    solar: bool = False
    distance_km: float = 10.0
    plan: int = 1
    machine: str = ""
    stand_ins: Mapping[str, str] = field(default_factory=dict)

    def counted(self, material: str) -> str:
        """Give the material that another is counted as, itself unless one was named.

        Raises
        ------
        InvalidInput
            When there are no figures for it.
        """
        name = self.stand_ins.get(material.strip().lower(), material)
        try:
            filament(name)
        except InvalidInput as error:
            raise InvalidInput(
                error.message,
                code=error.code,
                remedy=f"count it as one of them, such as --as {material}=ABS",
            ) from error
        return name

    def notes(self) -> tuple[str, ...]:
        """Tell what is counted as what."""
        return tuple(
            f"{one.upper()} is counted as {other}."
            for one, other in self.stand_ins.items()
        )


def source_options(*, optional: bool = False) -> Callable[[T], T]:
    """Add SOURCE and what completes a quote or a plan; calls with both.

    Parameters
    ----------
    optional
        Whether SOURCE may be missing.
    """

    def decorate(command: T) -> T:
        @functools.wraps(command)
        def wrapped(
            source: Path | None,
            to: str,
            country: str,
            solar: bool,
            distance_km: float,
            plan: int,
            machine: str,
            stand_ins: tuple[str, ...],
            **rest: Any,
        ) -> None:
            asked = Asked(
                to,
                _country(country),
                solar,
                distance_km,
                plan,
                machine,
                _pairs(stand_ins),
            )
            command(source=source, asked=asked, **rest)

        found: Any = wrapped
        for option in reversed(_options(optional)):
            found = option(found)
        result: T = found
        return result

    return decorate


def _options(optional: bool) -> tuple[Callable[[Any], Any], ...]:
    return (
        click.argument(
            "source",
            required=not optional,
            type=click.Path(path_type=Path),
        ),
        click.option("--to", default="", help="Where it goes, such as 'Nairobi, KE'."),
        click.option("--country", default="", help="Where it is made, such as KE."),
        click.option(
            "--solar", is_flag=True, help="A quoted part is made in sunshine."
        ),
        click.option(
            "--distance-km",
            type=Figure(0, 40_000),
            default=10.0,
            show_default=True,
            help="Of a quoted part by van to its user.",
        ),
        click.option(
            "--plan",
            type=click.IntRange(1, 1000),
            default=1,
            show_default=True,
            help="Which of an order's plans, 1 the best.",
        ),
        click.option(
            "--machine", default="", help="Which machine of a quote over a network."
        ),
        click.option(
            "--as",
            "stand_ins",
            multiple=True,
            metavar="MATERIAL=OTHER",
            help="Count a material without figures as another; may be repeated.",
        ),
    )


def _country(given: str) -> str:
    """Give the code of a country told by code or name; empty stays empty."""
    code = country_meant(given)
    if given.strip() and not code:
        raise InvalidInput(
            f"--country {given!r} is no country",
            remedy="give its two letters of ISO 3166-1, such as KE",
        )
    return code


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for one in given:
        name, equals, other = one.partition("=")
        if not (name.strip() and equals and other.strip()):
            raise InvalidInput(
                f"--as {one!r} is not MATERIAL=OTHER", remedy="such as --as ASA=ABS"
            )
        pairs[name.strip().lower()] = other.strip()
    return pairs


def read_case(path: Path, asked: Asked | None = None) -> Case:
    """Read a file that may be accounted.

    Raises
    ------
    NotFound
        When the file, or a place that it names, is not there.
    InvalidInput
        When it is too large, no JSON, none of the known forms, or a field is refused.
    """
    asked = asked or Asked()
    order_id = order_named(path)
    if order_id is not None:
        return _ordered(order_id, asked)
    record = read_json(path)
    if not isinstance(record, dict):
        raise _unknown(path)
    if record.get("schema") == "nearmade/plan/plan/1":
        return case_of_network_plan(
            path, asked.to, asked.country, asked.counted, asked.notes()
        )
    if isinstance(record.get("case"), dict):  # the record of an order
        record = record["case"]
    if "ways" in record or "schema" in record:
        if asked != Asked():
            raise InvalidInput(
                f"{path.name}: a case says where it is made, of what and where it goes",
                remedy="change the case itself; such options complete a quote or plan",
            )
        return case_from_record(record, one_place)
    try:
        if "plans" in record and "design" in record:
            return _planned(record, asked)
        if "machines" in record and "part" in record:
            return _quoted_over_network(record, asked)
        if "mass_g" in record and ("profile" in record or "process" in record):
            return _quoted(record, asked)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput(
            f"{path.name}: a field is missing or of the wrong kind ({error!r})",
            remedy="write it anew with the command that wrote it",
        ) from error
    raise _unknown(path)


def _ordered(order_id: UUID, asked: Asked) -> Case:
    """Account an order of a running platform."""
    if asked != Asked():
        raise InvalidInput(
            f"order {order_id}: itself says where it is made, of what and for whom",
            remedy="leave such options out; they complete a quote or plan",
        )
    order = order_on_platform(order_id)
    from nearmade.cloud.orders.accounting import case_of_order

    return case_of_order(order)


def example_case() -> str:
    """Give a sample CASE.json, as text."""
    return files("nearmade.impact").joinpath("examples/case.json").read_text("utf-8")


def read_json(path: Path) -> Any:
    """Read a file of strict JSON of a sane size.

    Raises
    ------
    NotFound
        When it is not there.
    InvalidInput
        When it is no regular file, too large, or no JSON.
    """
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise InvalidInput(f"{path}: is no regular file", remedy=f"give {FORMS}")
        if state.st_size > MAX_BYTES:
            raise InvalidInput(f"{path.name}: larger than {MAX_BYTES} bytes")
        return json.loads(
            path.read_bytes(),
            parse_constant=_no_number,
            object_pairs_hook=_each_once,
        )
    except FileNotFoundError as error:
        raise no_such_file(path) from error
    except OSError as error:
        raise InvalidInput(f"{path.name}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            f"{path.name}: no JSON ({error})", remedy=f"give {FORMS}"
        ) from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Take the names of one object; one that stands twice hides what it held."""
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice[:60]!r} stands twice in one object")
    return table


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _unknown(path: Path) -> InvalidInput:
    return InvalidInput(
        f"{path.name}: none of the forms that may be accounted",
        remedy=f"give {FORMS}; a case starts with {{'schema': {SCHEMA!r}}}",
    )


def _destination(asked: Asked) -> Place:
    if not asked.to:
        raise InvalidInput(
            "impact: a quote does not say where the part goes",
            remedy="add --to, such as --to 'Nairobi, KE'",
        )
    return one_place(asked.to)


def one_part(
    asked: Asked,
    name: str,
    material: str,
    quantity: int,
    figures: tuple[Estimate, Estimate, Estimate | None],
    price_usd: Estimate | None = None,
) -> Case:
    """Give copies of one part beside moulding them as a case.

    Parameters
    ----------
    asked
        Where it is made and goes.
    name, material, quantity
        Of the part.
    figures
        Feedstock, electricity and machine hours of all copies. [g], [Wh], [h]
    price_usd
        Of all copies, carriage left out. [USD]

    Raises
    ------
    InvalidInput
        When the place is not given.
    """
    place = _destination(asked)
    mass_g, energy_wh, machine_h = figures
    inventory = OrderInventory(
        functional_unit=f"{quantity} of {name} in {material}, at {place}",
        parts=(MadePart(name, asked.counted(material), mass_g),),
        electricity=(
            SiteElectricity(
                "site",
                asked.country or place.country,
                asked.solar,
                energy_wh,
                machine_h,
            ),
        ),
        legs=(FreightLeg("van", mass_g.value + PARCEL_BOARD_G, asked.distance_km),),
        central=central_alternative(place),
        price_usd=price_usd,
        notes=asked.notes(),
    )
    return case_of(inventory, place)


def _quoted(record: dict[str, Any], asked: Asked) -> Case:
    """Account what `nearmade quote --json` wrote for one profile or process."""
    if "profile" in record:
        profile = PROFILES.get(ProfileId(record["profile"]))
        if profile is None:
            raise InvalidInput(
                f"quote: profile {record['profile']!r} is not known here",
                remedy="run nearmade profiles, then quote anew",
            )
        material, name = profile.material, f"the part quoted for {profile.id}"
    else:
        material = str(record["material"])
        name = f"the part quoted for {record['machine']}"
    hours = _estimate(record["time_s"]).times(1 / SECONDS_PER_HOUR)
    figures = _estimate(record["mass_g"]), _estimate(record["energy_wh"]), hours
    return one_part(
        asked,
        name,
        material,
        int(record["quantity"]),
        figures,
        _usd(record.get("price")),
    )


def _quoted_over_network(record: dict[str, Any], asked: Asked) -> Case:
    machines = record["machines"]
    if not machines:
        raise InvalidInput("quote: no machine of the network can make it")
    known = [one["machine_id"] for one in machines]
    if asked.machine and asked.machine not in known:
        raise InvalidInput(
            f"quote: no machine {asked.machine!r} in it",
            remedy=f"name one of {', '.join(known[:5])}",
        )
    one = machines[known.index(asked.machine) if asked.machine else 0]
    hours = _estimate(one["time_s"]).times(1 / SECONDS_PER_HOUR)
    price = Estimate.exact(float(one["price"]["usd"]))
    figures = _estimate(one["mass_g"]), _estimate(one["energy_wh"]), hours
    name = f"{record['part']} from {one['machine_id']}"
    return one_part(
        asked, name, str(one["material"]), int(record["quantity"]), figures, price
    )


def _planned(record: dict[str, Any], asked: Asked) -> Case:
    """Account one plan of what `nearmade plan order --json` wrote."""
    plans = record["plans"]
    if len(plans) < asked.plan:
        raise InvalidInput(
            f"plan: there are {len(plans)} plans, not {asked.plan}",
            remedy="ask for --plan 1" if plans else "plan over a larger network",
        )
    plan, row = plans[asked.plan - 1], record["to"]
    place = Place(row["name"], row["country"], row["lat_deg"], row["lon_deg"])
    quantity = int(record["quantity"])
    inventory = OrderInventory(
        functional_unit=f"{quantity} of {record['design']}, at {place}",
        parts=tuple(
            MadePart(
                str(one["part"]),
                asked.counted(str(one["material"])),
                _estimate(one["mass_g"]),
            )
            for one in plan["made"]
        ),
        electricity=_sites(plan["made"]),
        legs=tuple(
            FreightLeg(
                leg["mode"], leg["mass_g"], leg["distance_km"], _estimate(leg["gco2e"])
            )
            for leg in plan["legs"]
        ),
        central=central_alternative(place),
        price_usd=Estimate.exact(float(plan["price_usd"])),
        days=Estimate.exact(float(plan["days"])),
        notes=asked.notes(),
    )
    return case_of(inventory, place)


def _sites(made: list[dict[str, Any]]) -> tuple[SiteElectricity, ...]:
    """Add up what each site draws."""
    sites: dict[str, SiteElectricity] = {}
    for one in made:
        name = str(one["facility_id"])
        energy = _estimate(one["energy_wh"])
        hours = _estimate(one["time_s"]).times(1 / SECONDS_PER_HOUR)
        before = sites.get(name)
        if before is not None and before.machine_h is not None:
            energy, hours = before.energy_wh.plus(energy), before.machine_h.plus(hours)
        country, solar = str(one["country"]), bool(one["solar"])
        sites[name] = SiteElectricity(name, country, solar, energy, hours)
    return tuple(sites.values())


def _estimate(figure: Any) -> Estimate:
    value, low, high = (float(figure[key]) for key in ("value", "low", "high"))
    return Estimate(value, low, high)


def _usd(price: Any) -> Estimate | None:
    return _estimate(price) if price and price.get("currency") == "USD" else None
