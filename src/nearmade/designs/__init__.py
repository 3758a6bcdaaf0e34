"""What can be made: design, parameters, parts, bill of materials, licence, manifest.

Knows: the OpenSCAD customizer syntax, OKH, SPDX.
Leaves to others: rendering (adapters), shapes (geometry).
Public: see the modules.
"""
