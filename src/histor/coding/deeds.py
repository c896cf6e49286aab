"""Kinds of deeds that several steps of coding tell apart, by PLOVER type."""

from __future__ import annotations

BY_FORCE = frozenset({"ASSAULT", "COERCE"})
"""Done by one side to another against its will: who does it and to whom are two sides."""

BODILY = frozenset({"ASSAULT", "COERCE", "RETREAT", "MOBILIZE", "PROTEST"})
"""Done with bodies in a place, not with words."""

DEADLY = frozenset({"ASSAULT", "COERCE", "PROTEST"})
"""May leave dead, and so may be what the dead of its sentence died of."""

TOLLED = frozenset({"ASSAULT", "PROTEST"})
"""Has a toll of its own in the ledger of a report; the dead of a seizure are those of the fight for it."""
