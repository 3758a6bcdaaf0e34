"""Facts of parts as JSON and back; the room knows the form."""

from nearmade.geometry.facts_record import facts_from, facts_record

__all__ = ["facts_from", "facts_record"]
