"""A comparison as one self-contained HTML page that prints well on A4.

No script, no font and no picture from elsewhere; every picture has a text alternative
and a table beside it, and every number that went in is listed with its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape
from typing import Final

import numpy as np

from nearmade.impact.break_even import BreakEven, figure
from nearmade.impact.case import CASE_BATCH, CASE_FIGURE
from nearmade.impact.compare import CUTOFF_FRACTION, LIMITS, Comparison, activities_of
from nearmade.impact.economics import LifeCycleCost
from nearmade.impact.household import Household
from nearmade.impact.order_study import OWN_FIGURES
from nearmade.impact.pictures import (
    Crossing,
    Curve,
    TornadoBar,
    curves_svg,
    flows_of,
    sankey_svg,
    tornado_svg,
)
from nearmade.impact.report_style import STYLE
from nearmade.impact.report_ways import (
    Facts,
    facts_section,
    materials,
    money_and_time,
    water_and_dust,
)
from nearmade.impact.report_words import (
    definitions,
    dollars,
    grams,
    maybe,
    megajoules,
    number_words,
    percent,
    spread,
    table,
)
from nearmade.impact.sankey import ROOT, Sankey

#: Swings in a tornado.
MOST_SWINGS: Final = 10
MOST_ROWS: Final = 12
#: Sources of what the case itself says, measured or estimated by its author.
OWN: Final = (OWN_FIGURES, CASE_FIGURE, CASE_BATCH)
#: Width of pictures; A4 without its margins is 180 mm. [px]
WIDE_PX: Final = 680.0


def report_html(
    comparison: Comparison,
    *,
    break_evens: Sequence[BreakEven] = (),
    cost: tuple[Household, LifeCycleCost] | None = None,
    facts: Facts = (),
    back: tuple[str, str] | None = None,
    made_on: str,
    version: str,
) -> str:
    """Write the report of a comparison.

    Parameters
    ----------
    comparison
        Solved.
    break_evens
        Of the same case.
    cost
        Who makes instead of buying, and what it comes to; None where not asked.
    facts
        Of the order that it is of, by name.
    back
        Where it was asked for: words and address; None for a file.
    made_on
        Day of the report, for its foot.
    version
        Of the program, for its foot.
    """
    case = comparison.case
    sections = [
        _head(comparison),
        facts_section(facts),
        _goal(comparison),
        _scores(comparison),
        *(_way(comparison, name) for name in case.ways),
        _tornado(comparison),
        _break_evens(break_evens),
        _cost(cost) if cost is not None else "",
        materials(comparison),
        _interpretation(comparison),
        _sources(comparison),
        _foot(comparison, made_on, version, back),
    ]
    title = escape(case.functional_unit)
    sections = list(_numbered(filter(None, sections)))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<link rel="icon" href="data:,">'  # else a browser asks the server for one
        f"<title>{title}: footprint</title><style>{STYLE}</style></head>\n"
        f"<body><main>\n{chr(10).join(sections)}\n</main></body></html>\n"
    )


def _numbered(sections: Iterable[str]) -> Iterator[str]:
    """Number the headings in their order, as ISO 14044 reports have them."""
    number = 0
    for one in sections:
        head, heading, rest = one.partition("<h2>")
        if heading:
            number += 1
            yield f"{head}<h2>{number}. {rest}"
        else:
            yield one


# --- sections


def _head(comparison: Comparison) -> str:
    case = comparison.case
    best = comparison.best("gwp100")
    lead = ""
    if len(case.ways) > 1:
        score = grams(comparison.score(best, "gwp100").value)
        others = [name for name in case.ways if name != best]
        result = comparison.result
        rival = min(others, key=lambda name: result.score[name]["gwp100"])
        chance = result.chance_below(best, rival, "gwp100")
        lead = (
            f"<p class=lead>{escape(best.capitalize())} emits least: {score} CO₂e, "
            f"less than {escape(rival)} in {chance:.0%} of draws.</p>"
        )
    return f"<h1>{escape(case.functional_unit)}</h1>{lead}"


def _goal(comparison: Comparison) -> str:
    case, study = comparison.case, comparison.result.study
    rows = [
        ("Functional unit", case.functional_unit),
        ("Goal", case.goal or "To compare the ways below for those who choose."),
        ("Where it is used", str(case.to)),
        ("System boundary", study.boundary),
        ("Ways compared", "; ".join(case.ways)),
        ("Framework", "ISO 14040:2006 and ISO 14044:2006; not critically reviewed"),
    ]
    return "<h2>Goal and scope</h2>" + definitions(rows)


def _scores(comparison: Comparison) -> str:
    rows = [
        (
            escape(name),
            spread(comparison.score(name, "gwp100"), grams),
            spread(comparison.score(name, "ced"), megajoules),
            f"{comparison.result.score[name]['electricity']:.3f} kWh",
            f"{comparison.result.assumed_fraction(name, 'gwp100'):.0%}",
        )
        for name in comparison.case.ways
    ]
    heads = ("way", "climate, CO₂e", "cumulative energy", "at machines", "assumed")
    text = "<h2>Results</h2>" + table(heads, rows, "Score of each way, 5 to 95 %")
    pairs = [
        (
            escape(pair.first),
            escape(pair.second),
            grams(pair.difference.median),
            f"{grams(pair.difference.low)} to {grams(pair.difference.high)}",
            f"{pair.difference.chance_below:.0%}",
        )
        for pair in comparison.pairs("gwp100")
    ]
    more = money_and_time(comparison) + water_and_dust(comparison)
    if not pairs:
        return text + more
    heads = ("way", "less", "difference", "5 to 95 %", "emits less in")
    return text + table(heads, pairs, "Ways two by two, over paired draws") + more


def _way(comparison: Comparison, name: str) -> str:
    rows = activities_of(comparison, name, "gwp100")
    whole = comparison.result.score[name]["gwp100"]
    told = "; ".join(f"{title} {grams(value)}" for title, value in rows[:5])
    picture = sankey_svg(
        flows_of(_short(comparison.result.sankey(name, "gwp100", CUTOFF_FRACTION)), ""),
        title=f"Where the climate score of {name} comes from",
        described=told,
        write=grams,
        wide_px=WIDE_PX,
    )
    energy = dict(activities_of(comparison, name, "ced"))
    cells = [
        (
            escape(title),
            grams(value),
            f"{value / whole:.0%}" if whole else "",
            megajoules(energy[title]) if title in energy else "",
        )
        for title, value in rows[:MOST_ROWS]
    ]
    heads = ("activity, all upstream in it", "CO₂e", "share", "energy")
    return (
        f"<section class=way><h2>{escape(name.capitalize())}</h2>"
        f"<figure>{picture}<figcaption>From process to process, CO₂e; below "
        f"{CUTOFF_FRACTION:.0%} is drawn as one.</figcaption></figure>"
        + table(heads, cells, f"Contributions to {name}")
        + "</section>"
    )


def _short(sankey: Sankey) -> Sankey:
    """Call the whole by a short name: the page's title says what it is."""
    nodes = tuple(
        replace(node, label="In all") if node.id == ROOT else node
        for node in sankey.nodes
    )
    return replace(sankey, nodes=nodes)


def _tornado(comparison: Comparison) -> str:
    names = [*comparison.case.ways, ""]
    first, minus = names[0], names[1]
    for asked in comparison.case.meetings[:1]:
        first, minus = asked.first, asked.second
    swings = comparison.result.tornado(
        first, "gwp100", minus=minus, largest=MOST_SWINGS
    )
    if not swings:
        return ""
    score = comparison.result.score
    base = score[first]["gwp100"] - (score[minus]["gwp100"] if minus else 0.0)
    what = f"{first} less {minus}" if minus else first
    widest = number_words(swings[0].number)
    picture = tornado_svg(
        [
            TornadoBar(
                number_words(one.number), one.at_low, one.at_high, assumed=one.assumed
            )
            for one in swings
        ],
        base=base,
        title=f"What moves {what} most",
        described=f"One number at a time from its 5th to its 95th percentile; {widest} "
        "moves it most.",
        write=grams,
        zero=f"left of this {first} emits less" if minus else "",
        wide_px=WIDE_PX,
    )
    rows = [
        (
            escape(number_words(one.number)),
            grams(one.at_low),
            grams(one.at_high),
            "assumed" if one.assumed else "",
            escape(one.source),
        )
        for one in swings
    ]
    heads = ("number", "at 5&nbsp;%", "at 95&nbsp;%", "how known", "source")
    return (
        f"<section><h2>What moves the result</h2><figure>{picture}<figcaption>"
        f"{escape(what.capitalize())}, CO₂e; a star marks what is assumed."
        "</figcaption></figure>"
        + table(heads, rows, f"Sensitivity of {what}")
        + "</section>"
    )


def _break_evens(found: Sequence[BreakEven]) -> str:
    if not found:
        return ""
    return "<h2>Break-even</h2>" + "".join(_break_even(one) for one in found)


def _break_even(found: BreakEven) -> str:
    axis = found.axis
    unit = f", {axis.unit}" if axis.unit else ""
    write = grams if found.unit == "gCO2e" else megajoules
    marks = []
    if found.crossing is not None:
        at = _value_at(found, found.crossing)
        marks = [Crossing(found.crossing, at, figure(found.crossing))]
    picture = curves_svg(
        axis.places,
        [
            Curve(band.name, kind, band.values, band.low, band.high)
            for band, kind in ((found.first, "here"), (found.second, "central"))
        ],
        crossings=marks,
        x_title=axis.title + unit,
        y_title="CO₂e" if found.unit == "gCO2e" else found.unit,
        title=f"Break-even over {axis.title.lower()}",
        described=found.sentence(),
        write_y=write,
        write_x=figure,
        log_x=axis.log,
        log_y=axis.log,
        wide_px=WIDE_PX,
    )
    rows = [
        (figure(place), write(one), write(two))
        for place, one, two in zip(
            axis.places, found.first.values, found.second.values, strict=True
        )
    ]
    step = -(-len(rows) // MOST_ROWS)
    heads = (axis.title + unit, escape(found.first.name), escape(found.second.name))
    return (
        f"<section><figure>{picture}<figcaption>{escape(found.sentence())}"
        "</figcaption></figure>"
        + table(heads, rows[::step], f"Scores along {axis.title.lower()}")
        + "</section>"
    )


def _value_at(found: BreakEven, crossing: float) -> float:
    """Read the first curve at the crossing, straight in the axis's coordinate."""
    inverse = found.axis.straight_in == "inverse"
    t, values = found.axis.coordinates(), np.array(found.first.values)
    order = np.argsort(t)
    at = 1 / crossing if inverse else crossing
    return float(np.interp(at, t[order], values[order]))


def _cost(given: tuple[Household, LifeCycleCost]) -> str:
    household, cost = given
    rows = [
        ("Bought at the start", spread(cost.assets_usd, dollars)),
        ("Bought over the years, worn things again", spread(cost.bought_usd, dollars)),
        ("Making, a year", spread(cost.making_usd_per_year, dollars)),
        ("The same bought, a year", spread(cost.retail_usd_per_year, dollars)),
        ("Saved a year", spread(cost.saved_usd_per_year, dollars)),
        ("Paid back after", maybe(cost.payback_years, "years")),
        (
            f"Net present value over {household.years:g} years",
            spread(cost.net_present_value_usd, dollars),
        ),
        ("Return over the years", percent(cost.return_fraction)),
        ("Return a year", percent(cost.yearly_return_fraction)),
        ("Each product over its life", spread(cost.usd_per_product, dollars)),
        ("Worth it in", f"{cost.worth_it_fraction:.0%} of draws"),
    ]
    made = "; ".join(
        f"{one.made_per_year:g} of {one.name} a year" for one in household.products
    )
    return (
        "<section><h2>Cost to those who make for themselves</h2>"
        + table(("figure", "10 to 90 %"), rows, "Life-cycle cost")
        + f"<p>{escape(made)}. Method of Wittbrodt et al. 2013 (yearly return, "
        "compounded without pause) and Petersen &amp; Pearce 2017 (return in all)."
        "</p></section>"
    )


def _interpretation(comparison: Comparison) -> str:
    lines = []
    for name in comparison.case.ways:
        rows = activities_of(comparison, name, "gwp100")
        if rows:
            share = rows[0][1] / comparison.result.score[name]["gwp100"]
            lines.append(
                f"{escape(name.capitalize())}: {escape(rows[0][0].lower())} leads, "
                f"with {share:.0%} of its CO₂e."
            )
    lines += [escape(one) for one in (*comparison.case.all_notes, *LIMITS)]
    return "<h2>Reading the result</h2><ul>" + "".join(
        f"<li>{line}</li>" for line in lines
    ) + "</ul>"  # fmt: skip


def _sources(comparison: Comparison) -> str:
    every = comparison.sources()
    own = [one for one in every if one.source in OWN]
    rows = [
        (
            escape(one.id),
            f"{one.value:.4g}",
            escape(one.unit),
            f"{one.geometric_sd:.2f}" if one.geometric_sd > 1 else "",
            str(one.year) if one.year else "",
            "assumed" if one.assumed else "",
            escape(one.source),
        )
        for one in every
        if one.source not in OWN
    ]
    heads = ("number", "value", "unit", "spread", "year", "how known", "source")
    note = (
        "<p>Spread is the geometric standard deviation of a lognormal number; its "
        "value is the median.</p>"
    )
    text = "<section class=sources><h2>Sources</h2>" + note
    text += table(heads, rows, "Every number of the process database that is reached")
    if own:
        cells = [(escape(x.id), f"{x.value:.4g}", escape(x.unit)) for x in own]
        text += table(("who takes &lt; what", "amount", "unit"), cells, "Own figures")
    return text + "</section>"


def _foot(
    comparison: Comparison, made_on: str, version: str, back: tuple[str, str] | None
) -> str:
    result = comparison.result
    way = ""
    if back is not None:
        words, address = back
        way = f'<p><a href="{escape(address)}">{escape(words)}</a></p>'
    return (
        f"<footer><p>Nearmade {escape(version)}, {escape(made_on)}; seed "
        f"{result.seed}, process database SHA-256 {result.database.sha256[:16]}.</p>"
        f"{way}</footer>"
    )
