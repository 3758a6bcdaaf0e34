"""Designs as cards, and the catalogue's facets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from nearmade.adapters.places import fold
from nearmade.cloud.catalogue.models import DesignVersion, Instance
from nearmade.cloud.catalogue.services import load_version
from nearmade.cloud.pages import reading
from nearmade.cloud.pages.figures import significant
from nearmade.cloud.pages.fit import blob_url
from nearmade.designs.licence import read_licence


@dataclass(frozen=True, slots=True)
class Thing:
    """A design as a card; ``pages/parts/thing.html`` says what is shown."""

    id: str
    title: str
    summary: str
    picture: str
    purpose: str
    licence: str
    materials: tuple[str, ...]
    parts: int
    fits: int
    sellable: bool
    published: float
    words: str
    width_text: str = ""
    price: str = ""


@dataclass(frozen=True, slots=True)
class FacetEntry:
    """One value of a facet and how many designs have it."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow the catalogue down."""

    name: str
    title: str
    entries: tuple[FacetEntry, ...]


def things_of(versions: Sequence[DesignVersion]) -> list[Thing]:
    """Lay out designs as cards."""
    drawn = reading.standard_instances(versions)
    return [_thing(version, drawn.get(version.pk)) for version in versions]


def _thing(version: DesignVersion, instance: Instance | None) -> Thing:
    design = load_version(version).design
    widths = [
        max(part.facts["extents_mm"])
        for part in (instance.parts.all() if instance else ())
    ]
    materials = dict.fromkeys(m for part in design.parts for m in part.materials)
    return Thing(
        id=version.design_id,
        title=version.title,
        summary=version.summary,
        picture=blob_url(instance.picture_sha256, "webp") if instance else "",
        purpose=version.purpose,
        licence=version.licence,
        materials=tuple(materials),
        parts=sum(part.quantity for part in design.parts),
        fits=len(design.parameters),
        sellable=read_licence(version.licence).commercial_use,
        published=version.published_at.timestamp(),
        words=fold(
            f"{version.title} {version.summary} {version.purpose} {design.function}"
        ),
        width_text=f"{significant(max(widths), 3)} mm" if widths else "",
    )


def search(things: Iterable[Thing], text: str) -> list[Thing]:
    """Keep what has a word that begins like each word asked for."""
    asked = fold(text).split()
    return [
        thing
        for thing in things
        if all(
            any(word.startswith(part) for word in thing.words.split()) for part in asked
        )
    ]


_FACETS: tuple[tuple[str, Callable[[Thing], tuple[str, ...]]], ...] = (
    ("purpose", lambda thing: (thing.purpose,)),
    ("material", lambda thing: thing.materials),
    ("licence", lambda thing: (thing.licence,)),
    ("fits", lambda thing: ("yes",) if thing.fits else ("no",)),
)


def _facet_title(name: str) -> str:
    titles = {
        "purpose": _("For"),
        "material": _("Material"),
        "licence": _("Licence"),
        "fits": _("Can be fitted"),
    }
    return titles[name]


def narrow(
    things: Sequence[Thing], asked: QueryDict
) -> tuple[list[Thing], list[Facet]]:
    """Keep what fits every facet, and count what each entry would still show."""
    kept = list(things)
    for name, values_of in _FACETS:
        wanted = set(asked.getlist(name))
        if wanted:
            kept = [thing for thing in kept if wanted & set(values_of(thing))]
    facets = []
    for name, values_of in _FACETS:
        counts = Counter(value for thing in things for value in values_of(thing))
        if len(counts) < 2:
            continue
        chosen = set(asked.getlist(name))
        entries = tuple(
            FacetEntry(value, _entry_label(name, value), count, value in chosen)
            for value, count in sorted(counts.items())
        )
        facets.append(Facet(name, _facet_title(name), entries))
    return kept, facets


def _entry_label(name: str, value: str) -> str:
    if name == "fits":
        return _("yes") if value == "yes" else _("as it is")
    return value.capitalize() if name == "purpose" else value
