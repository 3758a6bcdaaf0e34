"""Meshes as numbers.

Knows: formats, facts, hashes, pictures of a mesh.
Leaves to others: files and processes (adapters), prices (quoting).
Public: the modules named after what they give.
"""
