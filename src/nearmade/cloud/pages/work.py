"""What is to be made and on what: pieces, machines offered, the visitor's choice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from nearmade.cloud.catalogue.estimating import Asked
from nearmade.cloud.catalogue.models import Instance, InstancePart, UploadedMesh
from nearmade.cloud.catalogue.records import facts_from
from nearmade.designs.design import Design
from nearmade.geometry.facts import PartFacts
from nearmade.quoting.profile import Profile
from nearmade.quoting.profiles import PROFILES

#: The machine that stands for "a common printer" until one is chosen.
USUAL_MACHINE = "MK3S"
#: The layer height that is quoted where a machine has several. [mm]
USUAL_LAYER_MM = 0.2
#: Sets that may be asked for at once.
MOST_SETS = 50
#: Names of the choice in forms and addresses; no design's parameter can have them,
#: since they are no names in OpenSCAD.
MACHINE, MATERIAL, SETS = "make-machine", "make-material", "make-sets"
SUPPORTS = "make-supports"


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of what is to be made.

    Parameters
    ----------
    title
        For people.
    quantity
        How many one set needs.
    materials
        Allowed feedstocks, best first; empty when every one will do.
    facts, mesh_sha256
        Of the mesh.
    infill_fraction, supports
        As the author asks; None and False when nobody does.
    name
        Unique among the pieces.
    marked
        Address of the picture that shows its findings; empty without any.
    """

    title: str
    quantity: int
    materials: tuple[str, ...]
    facts: PartFacts
    mesh_sha256: str
    infill_fraction: float | None = None
    supports: bool = False
    name: str = ""
    marked: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """All pieces of one set, and where their meshes lie.

    Parameters
    ----------
    pieces
        At least one.
    rows
        The rows of a design's parts, in the order of the pieces; empty for an upload.
    upload
        Id of a visitor's own part; empty for a design.
    bought_usd, assembly_s
        Bought things and hands that one set needs.
    """

    pieces: tuple[Piece, ...]
    rows: tuple[InstancePart, ...] = ()
    upload: str = ""
    bought_usd: float = 0.0
    assembly_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Choice:
    """What the visitor chose.

    Parameters
    ----------
    machine
        A machine model that has profiles.
    material
        A feedstock, or empty: as the design asks.
    sets
        How many, 1 to ``MOST_SETS``.
    supports
        Whether a visitor's own part is held up; of designs the author decides.
    """

    machine: str = USUAL_MACHINE
    material: str = ""
    sets: int = 1
    supports: bool = False

    @property
    def address(self) -> dict[str, str]:
        """What an address must carry; nothing for the usual choice."""
        usual = Choice()
        pairs = [
            (MACHINE, self.machine, usual.machine),
            (MATERIAL, self.material, usual.material),
            (SETS, str(self.sets), str(usual.sets)),
            (SUPPORTS, "1" if self.supports else "", ""),
        ]
        return {name: value for name, value, common in pairs if value != common}


@dataclass(frozen=True, slots=True)
class Planned:
    """The pieces with a profile each, or why the machine cannot."""

    lines: tuple[tuple[Piece, Profile], ...] = ()
    problem: str = ""
    sets: int = 1
    supports: bool = False

    @property
    def asked(self) -> list[Asked]:
        """What the estimators are asked, one for each piece."""
        return [
            Asked(
                mesh_sha256=piece.mesh_sha256,
                facts=piece.facts,
                profile=profile,
                quantity=piece.quantity * self.sets,
                infill_fraction=piece.infill_fraction,
                supports=piece.supports or self.supports,
            )
            for piece, profile in self.lines
        ]


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a select."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """What may be chosen, with what is; no word of supports where nobody is asked."""

    machines: tuple[Option, ...]
    materials: tuple[Option, ...]
    sets: int
    supports: bool | None = None
    most_sets: int = MOST_SETS
    names: Mapping[str, str] = field(
        default_factory=lambda: {
            "machine": MACHINE,
            "material": MATERIAL,
            "sets": SETS,
            "supports": SUPPORTS,
        }
    )


def work_of(instance: Instance, design: Design, marked: Mapping[int, str]) -> Work:
    """Lay out a drawn instance; ``marked`` gives the pictures by the rows' keys."""
    rows = tuple(instance.parts.all())
    supports = {str(part.name): part.supports for part in design.parts}
    return Work(
        pieces=tuple(
            Piece(
                title=row.title,
                quantity=row.quantity,
                materials=tuple(row.materials),
                facts=facts_from(row.facts),
                mesh_sha256=row.mesh_sha256,
                infill_fraction=row.infill_fraction,
                supports=supports.get(row.name, False),
                name=row.name,
                marked=marked.get(row.pk, ""),
            )
            for row in rows
        ),
        rows=rows,
        bought_usd=sum(
            (line.price_usd or 0.0) * line.quantity
            for line in design.bom
            if line.kind == "bought"
        ),
        assembly_s=design.assembly_minutes * 60.0,
    )


def work_of_upload(upload: UploadedMesh, marked: str) -> Work:
    """Lay out a visitor's own part."""
    piece = Piece(
        title=_("Your part"),
        quantity=1,
        materials=(),
        facts=facts_from(upload.facts),
        mesh_sha256=upload.mesh_sha256,
        name="part",
        marked=marked,
    )
    return Work(pieces=(piece,), upload=str(upload.pk))


def choice_in(sent: QueryDict) -> Choice:
    """Read what was chosen; what makes no sense is the usual."""
    machine = sent.get(MACHINE, "")
    known = {profile.machine_model for profile in PROFILES.values()}
    materials = {profile.material for profile in PROFILES.values()}
    material = sent.get(MATERIAL, "")
    number = sent.get(SETS, "1")
    sets = (
        int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    )
    return Choice(
        machine if machine in known else USUAL_MACHINE,
        material if material in materials else "",
        min(max(sets, 1), MOST_SETS),
        sent.get(SUPPORTS) == "1",
    )


def menu_of(work: Work, choice: Choice) -> Menu:
    """Give the machines that can take every piece's material, and the materials."""
    titles = {
        profile.machine_model: machine_title(profile) for profile in PROFILES.values()
    }
    machines = [
        Option(model, title, model == choice.machine)
        for model, title in sorted(titles.items(), key=lambda entry: entry[1])
        if plan(work, Choice(model)).lines or model == choice.machine
    ]
    allowed = dict.fromkeys(m for piece in work.pieces for m in piece.materials)
    here = {p.material for p in _profiles_of(choice.machine)}
    free = any(not piece.materials for piece in work.pieces)
    offered = [m for m in (sorted(here) if free else allowed) if m in here]
    as_asked = [] if free else [Option("", _("as designed"), not choice.material)]
    chosen = choice.material or ("" if not free else _usual_material(here))
    return Menu(
        machines=tuple(machines),
        materials=(*as_asked, *(Option(m, m, m == chosen) for m in offered)),
        sets=choice.sets,
        supports=choice.supports if work.upload else None,
    )


def machine_title(profile: Profile) -> str:
    """Name the machine of a profile, for people."""
    return profile.title.split(",", maxsplit=1)[0]


def _profiles_of(machine: str) -> list[Profile]:
    """Give a machine's profiles, those of the usual layer first."""
    mine = [p for p in PROFILES.values() if p.machine_model == machine]
    return sorted(mine, key=lambda p: abs(p.layer_mm - USUAL_LAYER_MM))


def _usual_material(here: Iterable[str]) -> str:
    known = sorted(here)
    return "PLA" if "PLA" in known else (known[0] if known else "")


def plan(work: Work, choice: Choice) -> Planned:
    """Give each piece a profile of the chosen machine, in the chosen material."""
    mine = _profiles_of(choice.machine)
    lines = []
    for piece in work.pieces:
        profile = _profile_for(piece, mine, choice.material)
        if profile is None:
            wanted = ", ".join(piece.materials) or choice.material
            machine = machine_title(mine[0]) if mine else choice.machine
            problem = _("%(part)s wants %(m)s; there is no profile of it for %(on)s.")
            words = {"part": piece.title, "m": wanted, "on": machine}
            return Planned(problem=problem % words, sets=choice.sets)
        lines.append((piece, profile))
    held_up = bool(work.upload) and choice.supports
    return Planned(tuple(lines), sets=choice.sets, supports=held_up)


def _profile_for(
    piece: Piece, mine: Sequence[Profile], material: str
) -> Profile | None:
    by_material: dict[str, Profile] = {}
    for profile in mine:
        by_material.setdefault(profile.material, profile)
    allowed = piece.materials or ((material,) if material else ())
    allowed = allowed or (_usual_material(by_material),)
    if material in allowed and material in by_material:
        return by_material[material]
    return next((by_material[m] for m in allowed if m in by_material), None)
