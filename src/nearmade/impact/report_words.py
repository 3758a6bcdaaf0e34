"""Words, figures and tables of the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from nearmade.impact.palette import Write
from nearmade.vocabulary.estimate import Estimate

Cells = Sequence[str]


def number_words(number: str) -> str:
    """Say in words what a number of the study is, from its name."""
    room, _, rest = number.partition("/")
    if not rest:
        return number.replace("_", " ").replace("-", " ").capitalize()
    if room == "electricity" and len(rest) == 2:
        return f"Grid of {rest.upper()}"
    rest = rest.removesuffix("-gwp").removesuffix("-wtw").replace("-", " ")
    named = {
        "mass": f"Mass of {rest}",
        "energy": f"Energy at {rest}",
        "hours": f"Hours at {rest}",
        "leg": f"Carrier's figure, leg {rest}",
        "material": f"Resin, {rest}",
    }
    return named.get(room, f"{room.capitalize()}: {rest}")


def grams(value: float) -> str:
    """Write a mass of CO2e: grams, kilograms, tonnes."""
    if abs(value) >= 1e6:
        return f"{value / 1e6:,.3g} t"
    if abs(value) >= 1000:
        return f"{value / 1000:,.3g} kg"
    return f"{value:.3g} g"


def megajoules(value: float) -> str:
    """Write an energy."""
    return f"{value:,.3g} MJ"


def dollars(value: float) -> str:
    """Write money for comparison."""
    return f"{value:,.2f} USD"


def spread(figure: Estimate | None, write: Write) -> str:
    """Write an estimate with its two ends; ``not known`` for none."""
    if figure is None:
        return "not known"
    low, high = write(figure.low), write(figure.high)
    return f"{write(figure.value)} <small>({low} to {high})</small>"


def maybe(figure: Estimate | None, unit: str) -> str:
    """Write when something happens, or that it never does."""
    if figure is None:
        return "never, in one draw of ten or more"
    return (
        f"{figure.value:.2f} {unit} <small>({figure.low:.2f} to {figure.high:.2f})"
        "</small>"
    )


def percent(figure: Estimate | None) -> str:
    """Write a share with its two ends."""
    if figure is None:
        return "none to speak of"
    return f"{figure.value:.0%} <small>({figure.low:.0%} to {figure.high:.0%})</small>"


def definitions(rows: Iterable[tuple[str, str]]) -> str:
    """Write names and what they mean."""
    inside = "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in rows)
    return f"<dl>{inside}</dl>"


def table(heads: Cells, rows: Iterable[Cells], caption: str) -> str:
    """Write a table; cells are put in as they stand, heads escaped before."""
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    body = "".join(
        "<tr>"
        f'<th scope="row">{row[0]}</th>'
        + "".join(f"<td>{cell}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )
