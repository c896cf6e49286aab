"""Schemas move forward: an upgrade that is killed at any of its statements leaves the old tables whole."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from histor.store.migrate import SCRIPTS
from histor.store.schema import HEAD
from tests.reliability import Figure, environment

RELEASED = [f"{number:04d}" for number in range(1, int(HEAD))]


def test_each_revision_has_a_number_of_its_own_and_follows_the_one_before() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(SCRIPTS.glob("versions/r*.py"))]
    found = [re.findall(r'^(?:down_)?revision(?:: [^=]+)? = (?:"(\d+)"|None)$', text, re.MULTILINE) for text in texts]
    numbers = ["", *RELEASED, HEAD]
    assert found == [[number, before] for before, number in pairwise(numbers)]


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
