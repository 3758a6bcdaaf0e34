"""The child: read STEP from stdin, write triangles to stdout, end.

Run by path with the Python of the environment that holds OpenCASCADE, in the sandbox;
it can import nothing of ours. What it writes is one line of JSON, then the corners as
64-bit floats and the faces as 64-bit integers, little-endian; see ``tessellation.py``.

References
----------
Open CASCADE Technology, "STEP Translator" and "Mesh" user's guides,
https://dev.opencascade.org/doc/overview/html/
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from array import array
from importlib import import_module
from pathlib import Path
from typing import Any

#: Corners nearer than this are one, within a solid. [mm]
GRID_MM = 1e-6
#: Largest turn between neighbouring triangles on a curve. [rad]
TURN_RAD = 0.25


class Refused(Exception):
    """The file cannot be read; the words are a code and a sentence."""


def main() -> None:
    """Read, mesh, write."""
    # The C++ library talks on stdout: give it stderr instead.
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    chord_mm = float(sys.argv[1])
    try:
        shape, units = read_shape(sys.stdin.buffer.read())
        corners, faces, solids = mesh_solids(shape, chord_mm)
        told: dict[str, object] = {
            "units": units,
            "solids": solids,
            "vertices": len(corners) // 3,
            "faces": len(faces) // 3,
        }
    except Refused as refusal:
        code, message = refusal.args
        told = {"refused": code, "message": message}
        corners, faces = array("d"), array("q")
    if sys.byteorder == "big":
        corners.byteswap()
        faces.byteswap()
    with answer:
        answer.write(json.dumps(told).encode() + b"\n")
        answer.write(corners.tobytes())
        answer.write(faces.tobytes())


def read_shape(data: bytes) -> tuple[Any, list[str]]:
    """Give the shape in millimetres, and the units of length that the file names."""
    control = import_module("OCP.STEPControl")
    select = import_module("OCP.IFSelect")
    sequence = import_module("OCP.collections").Sequence_TCollection_AsciiString
    reader = control.STEPControl_Reader()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "part.step")
        file.write_bytes(data)
        done = reader.ReadFile(str(file))
    if done != select.IFSelect_ReturnStatus.IFSelect_RetDone:
        raise Refused("step-malformed", "the file is not well-formed STEP")
    lengths, angles, solid_angles = sequence(), sequence(), sequence()
    reader.FileUnits(lengths, angles, solid_angles)
    units = [lengths.Value(at + 1).ToCString() for at in range(lengths.Length())]
    reader.TransferRoots()
    shape = reader.OneShape()
    if reader.NbShapes() == 0 or shape is None or shape.IsNull():
        raise Refused("step-no-shape", "the file holds no shape")
    return shape, sorted(set(units))


def mesh_solids(shape: Any, chord_mm: float) -> tuple[array[float], array[int], int]:
    """Give corners and faces of all solids, corners joined within each."""
    mesher = import_module("OCP.BRepMesh").BRepMesh_IncrementalMesh
    mesher(shape, chord_mm, False, TURN_RAD, False)  # noqa: FBT003
    kinds = import_module("OCP.TopAbs").TopAbs_ShapeEnum
    corners, faces = array("d"), array("q")
    solids = 0
    for solid in explored(shape, kinds.TopAbs_SOLID):
        add_faces(explored(solid, kinds.TopAbs_FACE), corners, faces)
        solids += 1
    loose = explored(shape, kinds.TopAbs_FACE, avoid=kinds.TopAbs_SOLID)
    add_faces(loose, corners, faces)
    return corners, faces, solids


def explored(shape: Any, kind: Any, avoid: Any = None) -> list[Any]:
    """Give the parts of a kind, those within a part of another kind left out."""
    explorer = import_module("OCP.TopExp").TopExp_Explorer
    walk = explorer(shape, kind) if avoid is None else explorer(shape, kind, avoid)
    found = []
    while walk.More():
        found.append(walk.Current())
        walk.Next()
    return found


def add_faces(given: list[Any], corners: array[float], faces: array[int]) -> None:
    """Add the triangles of faces; equal corners become one."""
    tool = import_module("OCP.BRep").BRep_Tool
    location_kind = import_module("OCP.TopLoc").TopLoc_Location
    to_face = import_module("OCP.TopoDS").TopoDS.Face
    reversed_kind = import_module("OCP.TopAbs").TopAbs_Orientation.TopAbs_REVERSED
    known: dict[tuple[int, int, int], int] = {}
    for one in given:
        location = location_kind()
        mesh = tool.Triangulation_s(to_face(one), location)
        if mesh is None:
            continue
        move = location.Transformation()
        places = [0]
        for at in range(1, mesh.NbNodes() + 1):
            point = mesh.Node(at).Transformed(move)
            triple = (point.X(), point.Y(), point.Z())
            key = (
                round(triple[0] / GRID_MM),
                round(triple[1] / GRID_MM),
                round(triple[2] / GRID_MM),
            )
            place = known.get(key)
            if place is None:
                place = known[key] = len(corners) // 3
                corners.extend(triple)
            places.append(place)
        mirrored = move.IsNegative()
        turned = (one.Orientation() == reversed_kind) != mirrored
        for at in range(1, mesh.NbTriangles() + 1):
            a, b, c = mesh.Triangle(at).Get()
            triangle = (places[a], places[b], places[c])
            faces.extend(triangle[::-1] if turned else triangle)


if __name__ == "__main__":
    main()
