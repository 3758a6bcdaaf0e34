"""Nearmade: made near where it is needed. See ``docs/tour.md`` for the way in."""

__version__ = "0.1.0"
