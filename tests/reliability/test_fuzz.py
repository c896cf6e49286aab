"""Hostile bytes do not bring the reader down: the short form of ``python -m benchmarks fuzz``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.fuzz import KINDS, measure
from tests.archives import TEXT
from tests.reliability import Figure


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    path = tmp_path / "seeds.jsonl"
    path.write_text(
        "".join(json.dumps({"text": "\n".join(TEXT.format(k + j) for j in range(8))}) + "\n" for k in range(6))
    )
    return path


@pytest.mark.promise("hostile-bytes")
def test_no_input_breaks_stalls_or_escapes(seeds: Path, long: bool, figure: Figure) -> None:
    found = measure(seeds, 10_000 if long else 90)
    assert found["status"] == 0, found["said"]
    assert found["escapes"] == []
    assert max(found["memory"]) < 1024
    assert max(found["longest"].values()) < 60
    assert set(found["became"]) == set(KINDS)
    assert found["became"]["wacz"]["input.path"] >= 10  # the packages whose names lead out
    assert sum(found["became"][kind].get("report", 0) for kind in KINDS) > 20  # and it does read what can be read
    figure(
        f"{found['inputs']:,} inputs: 0 crashes of the reader, longest {max(found['longest'].values()):.1f} s, "
        f"memory {max(found['memory']):.0f} MiB at most, 0 escapes"
    )
