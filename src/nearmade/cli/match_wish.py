"""What a call of ``nearmade match`` asks beside shape, material and number."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypedDict, TypeVar

import click

from nearmade.cli.figures import Figure
from nearmade.matching.material_gates import AT_LEAST, AT_MOST, check_properties
from nearmade.matching.verdict import Requirement, Wishes
from nearmade.planning.site_work import PartDemand
from nearmade.vocabulary.countries import country_meant
from nearmade.vocabulary.errors import InvalidInput
from nearmade.vocabulary.place import Place

Command = TypeVar("Command", bound=Callable[..., Any])

#: Longest name of a certificate or colour.
MOST_SIGNS: Final = 200


class Wish(TypedDict):
    """The options, as click hands them over; see their help."""

    non_commercial: bool
    colour: str | None
    tolerance_mm: float | None
    detail_mm: float | None
    certificates: tuple[str, ...]
    needed_by: datetime | None
    within_km: float | None
    visit: bool
    barred: tuple[str, ...]


class Moment(click.DateTime):
    """A day, by its end, or a minute, UTC.

    Click itself would tell the signs of strftime.
    """

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Any:
        """Read it, or tell how it is written."""
        try:
            moment: datetime = super().convert(value, param, ctx)
            if isinstance(value, str) and "T" not in value:
                moment = moment.replace(hour=23, minute=59)
            return moment
        except click.BadParameter:
            self.fail(
                f"{str(value)[:40]!r} is no date: write it as YYYY-MM-DD, such as "
                "2027-01-31, or with the hour as 2027-01-31T16:30",
                param,
                ctx,
            )


def now_utc() -> datetime:
    """Give the present."""
    return datetime.now(UTC)


_OPTIONS: Final = (
    click.option(
        "--non-commercial", is_flag=True, help="The licence forbids paid production."
    ),
    click.option("--colour", help="Of the feedstock; any when left out."),
    click.option(
        "--tolerance",
        "tolerance_mm",
        type=Figure(0, min_open=True),
        metavar="MM",
        help="Widest deviation allowed.",
    ),
    click.option(
        "--detail",
        "detail_mm",
        type=Figure(0, min_open=True),
        metavar="MM",
        help="Narrowest wall, hole or pin that must come out.",
    ),
    click.option(
        "--certificate",
        "certificates",
        multiple=True,
        help='Such as "ISO 13485"; may be repeated.',
    ),
    click.option(
        "--by",
        "needed_by",
        type=Moment(),
        metavar="DATE",
        help="Needed at the door by then (UTC): by the end of 2027-01-31, or by "
        "2027-01-31T16:30.",
    ),
    click.option(
        "--within",
        "within_km",
        type=Figure(0),
        metavar="KM",
        help="How far from PLACE it may be made.",
    ),
    click.option("--visit", is_flag=True, help="The customer comes to the site."),
    click.option(
        "--not-in",
        "barred",
        multiple=True,
        metavar="COUNTRY",
        help="Where it may not be made, such as FR; may be repeated.",
    ),
)


def wish_options(command: Command) -> Command:
    """Give a command the options of ``Wish``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def requirement_of(demand: PartDemand, wishes: Wishes) -> Requirement:
    """Join the part and what the call asks; its feedstock is left to be estimated."""
    return wishes.of(
        Requirement(
            part=demand.title,
            facts=demand.facts,
            process=demand.process,
            materials=demand.materials,
            quantity=demand.quantity,
            mass_g=0.0,
        )
    )


def wishes_of(place: Place, properties: Sequence[str], wish: Wish) -> Wishes:
    """Read what the call asks beside the part.

    Parameters
    ----------
    place
        Where it is wanted.
    properties
        Values of ``--property``.
    wish
        The options of this module.

    Raises
    ------
    InvalidInput
        When a country is not known, a text is blank, or a moment is past.
    """
    needed_by = _moment(wish["needed_by"])
    for one in wish["certificates"]:
        _check_text("--certificate", one, 'name one, such as "ISO 13485"')
    colour = "" if wish["colour"] is None else wish["colour"].strip()
    if wish["colour"] is not None:
        _check_text("--colour", colour, "name one, such as white, or leave it out")
    must_be = read_properties(properties)
    check_properties(must_be)
    return Wishes(
        non_commercial=wish["non_commercial"],
        needed_by=needed_by,
        properties=must_be,
        tolerance_mm=wish["tolerance_mm"],
        certifications=wish["certificates"],
        detail_mm=wish["detail_mm"],
        colour=colour,
        near=place,
        within_km=wish["within_km"],
        visits=wish["visit"],
        barred_countries=tuple(map(_country, wish["barred"])),
    )


def _moment(given: datetime | None) -> datetime | None:
    """Give a moment of ``--by`` in UTC; what is past can no longer be kept."""
    if given is None:
        return None
    moment = given.replace(tzinfo=UTC)
    if moment <= now_utc():
        raise InvalidInput(
            f"--by {moment:%Y-%m-%d %H:%M} UTC is past",
            code="date-past",
            remedy="name a later one; a day alone counts until its last minute",
        )
    return moment


def _check_text(option: str, text: str, remedy: str) -> None:
    """Refuse a text that says nothing, or more than a name."""
    if not text.strip():
        raise InvalidInput(f"{option} is blank", remedy=remedy)
    if len(text) > MOST_SIGNS:
        raise InvalidInput(
            f"{option}: {len(text)} signs, at most {MOST_SIGNS}", remedy=remedy
        )


def _country(text: str) -> str:
    code = country_meant(text)
    if not code:
        raise InvalidInput(
            f"country {text[:40]!r}: not known",
            code="country-unknown",
            remedy="name it by its ISO 3166 code, such as FR",
        )
    return code


def read_properties(texts: Sequence[str]) -> dict[str, object]:
    """Read each ``--property``; what is asked twice must be asked alike.

    Raises
    ------
    InvalidInput
        When one cannot be read, or two contradict each other.
    """
    asked: dict[str, object] = {}
    for name, value in map(read_property, texts):
        if asked.setdefault(name, value) != value:
            raise InvalidInput(
                f"property {name} is asked twice, and not alike",
                code="property-unknown",
                remedy="ask for it once",
            )
    return asked


def read_property(text: str) -> tuple[str, bool | float]:
    """Read ``NAME``, ``NAME=yes``, ``NAME=no`` or ``NAME=NUMBER``.

    For people ``>=`` and ``<=`` may stand for ``=`` where the property counts so.

    Raises
    ------
    InvalidInput
        When the value is none of these, or the property counts the other way.
    """
    found = _PROPERTY.fullmatch(text.strip())
    name, sign, value = found.groups() if found else (text, None, None)
    if (sign == "<=" and name in AT_LEAST) or (sign == ">=" and name in AT_MOST):
        way = "at least" if name in AT_LEAST else "at most"
        raise InvalidInput(
            f"property {name}: counts as {way}, {sign} asks the contrary",
            code="property-unknown",
            remedy=f"write {name}={value} for {way} that",
        )
    if value is None or value.casefold() in {"yes", "true"}:
        return name, True
    if value.casefold() in {"no", "false"}:
        return name, False
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidInput(
            f"property {name} {value!r}: must be yes, no or a number",
            code="property-unknown",
            remedy="write it so, such as flexible=no or heat_deflection_degc=80",
        )
    return name, number


_PROPERTY: Final = re.compile(r"([^<>=]*?)\s*(?:([<>]?=)\s*(.*))?", re.DOTALL)
