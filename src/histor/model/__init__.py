"""Frozen types, identifiers and errors. No I/O, no clock, no randomness."""
