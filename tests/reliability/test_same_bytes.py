"""Same input, same version, same bytes: whatever the hash seed, the locale, the time zone, the order, the processes."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability import Figure, environment

DEMO = Path(__file__).parents[2] / "src" / "histor" / "jobs" / "data" / "demo.jsonl"
SETTINGS: list[tuple[dict[str, str], list[str]]] = [
    ({"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC", "PYTHONUTF8": "0"}, []),
    ({"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "Pacific/Kiritimati"}, ["-w", "2"]),
    ({"PYTHONHASHSEED": "4294967295", "LC_ALL": "tr_TR.UTF-8", "TZ": "America/Anchorage"}, []),
    ({"PYTHONHASHSEED": "77", "LANG": "ar_EG.UTF-8", "TZ": "Asia/Kathmandu"}, ["-w", "8"]),
    ({"PYTHONHASHSEED": "78", "LC_ALL": "de_DE@euro", "OMP_NUM_THREADS": "4"}, []),
    ({"PYTHONHASHSEED": "79", "PYTHONOPTIMIZE": "2", "TZ": "Europe/Kyiv"}, ["-w", "3"]),
]


def coded(file: Path, variables: dict[str, str], options: list[str]) -> list[bytes]:
    command = [sys.executable, "-m", "histor", "code", str(file), *options]
    return subprocess.run(command, env=environment(**variables), capture_output=True, check=True).stdout.splitlines()


@pytest.mark.promise("same-bytes")
def test_one_digest_under_every_setting(tmp_path: Path, long: bool, figure: Figure) -> None:
    lines = DEMO.read_bytes().splitlines()[: None if long else 10]
    file = tmp_path / "in.jsonl"
    chosen = SETTINGS if long else SETTINGS[:3]
    digests = set()
    for k, (variables, options) in enumerate(chosen):
        order = list(range(len(lines)))
        if k:
            random.Random(k).shuffle(order)
        file.write_bytes(b"\n".join(lines[i] for i in order) + b"\n")
        found = coded(file, variables, options)
        assert len(found) == len(lines)
        back = [line for _, line in sorted(zip(order, found, strict=True))]
        digests.add(hashlib.sha256(b"\n".join(back)).hexdigest())
    assert len(digests) == 1
    figure(f"{len(chosen)} settings of hash seed, locale, time zone, order and processes: 1 SHA-256")
