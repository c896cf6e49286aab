"""Shared helpers: parsed sentences written by hand, and the shipped model loaded once."""

from __future__ import annotations

import pytest

from histor.jobs.coding import Coding, default_coding


@pytest.fixture(scope="session")
def coding() -> Coding:
    """The shipped engine and lexicon."""
    return default_coding()
