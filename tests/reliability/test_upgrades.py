"""Schemas move forward: an upgrade that is killed at any of its statements leaves the old tables whole."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from histor.store.schema import HEAD
from tests.reliability import Figure, environment

RELEASED = [f"{number:04d}" for number in range(1, int(HEAD))]


@pytest.mark.promise("migrations")
@pytest.mark.parametrize("revision", RELEASED)
def test_an_upgrade_killed_at_each_statement_loses_nothing(revision: str, tmp_path: Path, figure: Figure) -> None:
    command = [sys.executable, "-m", "tests.reliability.migrating", str(tmp_path), revision, "1"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True, timeout=600)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["kills"] == found["statements"] > 0
    assert found["rows"] > 50
    assert (found["lost"], found["half"]) == (0, 0)
    figure(f"{revision} to {HEAD}: killed at {found['kills']} statements, 0 of {found['rows']} rows lost, 0 half-made")
