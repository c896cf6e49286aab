"""`histor code --out` as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

OTHER = (
    "The bakery on the corner sells bread and cakes, and opens at seven on weekdays, said its owner, who likes baking."
)


def run(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "histor", "code", *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=dict(os.environ))


def test_a_run_over_shards_codes_what_a_plain_one_does(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    texts = [f"Rebels killed {n} soldiers near Goma on Monday, the army said." for n in range(2, 9)]
    rows = [json.dumps({"id": f"r{k}", "text": t}) for k, t in enumerate([*texts, OTHER])]
    file.write_text("\n".join([*rows, "{broken"]))
    plain = run(str(file), "-o", str(tmp_path / "plain.jsonl"))
    command = (
        str(file),
        "--out",
        str(tmp_path / "run"),
        "--slice",
        "3",
        "-w",
        "2",
        "-o",
        str(tmp_path / "merged.jsonl"),
    )
    done = run(*command)
    assert plain.returncode == done.returncode == 1, done.stderr
    assert (tmp_path / "merged.jsonl").read_bytes() == (tmp_path / "plain.jsonl").read_bytes()
    assert "8 coded" in done.stderr
    assert "in.jsonl:9: the line is not JSON" in done.stderr
    manifest = (tmp_path / "run" / "manifest.json").read_bytes()
    assert run(*command).returncode == 1
    assert (tmp_path / "run" / "manifest.json").read_bytes() == manifest
    gated = run(*command, "--gate")
    assert gated.returncode == 2
    assert "differs in its coder" in gated.stderr
    gated = run(str(file), "--out", str(tmp_path / "gated"), "--gate")
    assert "7 coded" in gated.stderr
    assert "1 kept out by the gate" in gated.stderr


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    assert "needs --out" in run("a.txt", "--runner", "ray").stderr
    done = run("-", "--out", str(tmp_path / "run"))
    assert done.returncode == 2
    assert "stream" in done.stderr
