"""The reference of the command line leaves no command out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from histor.cli.main import COMMANDS

DOCS = Path(__file__).parents[3] / "docs"


def test_the_reference_lists_every_command() -> None:
    page = DOCS / "reference" / "cli.md"
    if not page.exists():
        pytest.skip("the documentation does not lie beside the tests")
    text = page.read_text(encoding="utf-8")
    listed = re.findall(r":module: histor\.cli\.(\w+)\n\s*:command: command\n\s*:prog_name: histor (\S+)", text)
    assert all(module.rstrip("_") == name for module, name in listed)
    assert sorted(name for _, name in listed) == sorted(COMMANDS)
