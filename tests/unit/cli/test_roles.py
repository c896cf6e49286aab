"""``histor roles`` as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from histor.engines.document.head import available

TEXT = "Gunmen of the Dawn Front attacked the town hall of Lorica on Monday, the mayor said."


def run(*args: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "histor", "roles", *args], input=stdin, capture_output=True, text=True, timeout=120, check=False
    )  # fmt: skip


@pytest.mark.skipif(not available(), reason="the document head is left out of this installation")
def test_one_object_a_report_and_what_is_bad_set_aside() -> None:
    done = run("-", stdin=TEXT)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    (incident,) = report["incidents"]
    assert incident["incident_type"] == "attack"
    assert "town hall" in incident["targets"][0]["wordings"][0]["text"]
    assert report["head"].startswith("document/")
    nothing = run("-", stdin=" ")
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "set aside" in nothing.stderr
