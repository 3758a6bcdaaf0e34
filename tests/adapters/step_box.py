"""A box as STEP, written by hand after ISO 10303-21 and AP214: planes and polygons."""

from __future__ import annotations

from itertools import pairwise

#: Corners of a box, and its faces counter-clockwise seen from outside.
BOX = [(x, y, z) for z in (0, 1) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
SIDES = [(0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6),
         (3, 0, 4, 7)]  # fmt: skip

MILLIMETRE = "( LENGTH_UNIT() NAMED_UNIT(*) SI_UNIT(.MILLI.,.METRE.) )"
METRE = "( LENGTH_UNIT() NAMED_UNIT(*) SI_UNIT($,.METRE.) )"
HEAD = """ISO-10303-21;
HEADER;
FILE_DESCRIPTION((''),'2;1');
FILE_NAME('box','2026-01-01T00:00:00',(''),(''),'','','');
FILE_SCHEMA(('AUTOMOTIVE_DESIGN'));
ENDSEC;
DATA;
"""

Point = tuple[float, float, float]


class _Writer:
    """Numbers the rows as they are added."""

    def __init__(self) -> None:
        self.rows: list[str] = []

    def __call__(self, kind: str, *values: object) -> str:
        inside = ",".join(str(value) for value in values)
        return self.row(f"{kind}({inside})")

    def row(self, text: str) -> str:
        self.rows.append(f"#{len(self.rows) + 1}={text};")
        return f"#{len(self.rows)}"

    def direction(self, way: Point) -> str:
        return self("DIRECTION", "''", "({:.1f},{:.1f},{:.1f})".format(*way))


def step_box(
    sides: tuple[float, float, float] = (10, 20, 30), unit: str = MILLIMETRE
) -> bytes:
    """A box with a corner at the origin."""
    add = _Writer()
    solid = add("MANIFOLD_SOLID_BREP", "''", _shell(add, sides))
    context = _context(add, unit)
    shape = add("ADVANCED_BREP_SHAPE_REPRESENTATION", "''", f"({solid})", context)
    use = add("APPLICATION_CONTEXT", "'automotive design'")
    kind = add("PRODUCT_CONTEXT", "''", use, "'mechanical'")
    product = add("PRODUCT", "'box'", "'box'", "''", f"({kind})")
    formation = add("PRODUCT_DEFINITION_FORMATION", "''", "''", product)
    stage = add("PRODUCT_DEFINITION_CONTEXT", "'part definition'", use, "'design'")
    definition = add("PRODUCT_DEFINITION", "''", "''", formation, stage)
    defined = add("PRODUCT_DEFINITION_SHAPE", "''", "''", definition)
    add("SHAPE_DEFINITION_REPRESENTATION", defined, shape)
    body = "\n".join(add.rows)
    return f"{HEAD}{body}\nENDSEC;\nEND-ISO-10303-21;\n".encode()


def _context(add: _Writer, unit: str) -> str:
    length = add.row(unit)
    angle = add.row("( NAMED_UNIT(*) PLANE_ANGLE_UNIT() SI_UNIT($,.RADIAN.) )")
    space = add.row("( NAMED_UNIT(*) SI_UNIT($,.STERADIAN.) SOLID_ANGLE_UNIT() )")
    near = add(
        "UNCERTAINTY_MEASURE_WITH_UNIT", "LENGTH_MEASURE(1.E-07)", length, "''", "''"
    )
    return add.row(
        "( GEOMETRIC_REPRESENTATION_CONTEXT(3) "
        f"GLOBAL_UNCERTAINTY_ASSIGNED_CONTEXT(({near})) "
        f"GLOBAL_UNIT_ASSIGNED_CONTEXT(({length},{angle},{space})) "
        "REPRESENTATION_CONTEXT('','') )"
    )


def _shell(add: _Writer, sides: Point) -> str:
    corners = [(x * sides[0], y * sides[1], z * sides[2]) for x, y, z in BOX]
    points = [
        add("CARTESIAN_POINT", "''", "({:.6f},{:.6f},{:.6f})".format(*corner))
        for corner in corners
    ]
    ends = [add("VERTEX_POINT", "''", point) for point in points]
    edges: dict[tuple[int, int], str] = {}
    faces: list[str] = []
    for side in SIDES:
        turned: list[str] = []
        for a, b in pairwise((*side, side[0])):
            forward = (b, a) not in edges
            if forward:
                way = [float(BOX[b][n] - BOX[a][n]) for n in range(3)]
                along = add.direction((way[0], way[1], way[2]))
                vector = add("VECTOR", "''", along, "1.")
                line = add("LINE", "''", points[a], vector)
                edges[a, b] = add("EDGE_CURVE", "''", ends[a], ends[b], line, ".T.")
            edge = edges[(a, b) if forward else (b, a)]
            sign = ".T." if forward else ".F."
            turned.append(add("ORIENTED_EDGE", "''", "*", "*", edge, sign))
        loop = add("EDGE_LOOP", "''", f"({','.join(turned)})")
        bound = add("FACE_OUTER_BOUND", "''", loop, ".T.")
        plane = add("PLANE", "''", _placement(add, points[side[0]], side))
        faces.append(add("ADVANCED_FACE", "''", f"({bound})", plane, ".T."))
    return add("CLOSED_SHELL", "''", f"({','.join(faces)})")


def _placement(add: _Writer, point: str, side: tuple[int, ...]) -> str:
    flat = next(n for n in range(3) if len({BOX[corner][n] for corner in side}) == 1)
    outward = 1.0 if BOX[side[0]][flat] else -1.0
    normal = [0.0, 0.0, 0.0]
    normal[flat] = outward
    across = [0.0, 0.0, 0.0]
    across[(flat + 1) % 3] = 1.0
    first = add.direction((normal[0], normal[1], normal[2]))
    second = add.direction((across[0], across[1], across[2]))
    return add("AXIS2_PLACEMENT_3D", "''", point, first, second)
