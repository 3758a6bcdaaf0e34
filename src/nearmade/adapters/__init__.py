"""Doors to outside programs and services.

Knows: OpenSCAD, slicers, printers, sandbox, blobs, databases.
Leaves to others: every decision (the rooms).
Public: one package a door.
"""
