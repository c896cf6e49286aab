"""A process that ingests, to be killed: ``python -m tests.crash.worker FOLDER FILE [MILLISECONDS A REPORT]``."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from histor.capture.inputs import InputOptions, read_captures
from histor.jobs.coding import Reading
from histor.jobs.ingest import Ingest
from histor.model.records import Report
from histor.store.project import open_project
from tests.stores import QuickCoder


class SlowCoder(QuickCoder):
    """Takes its time, so that there is a middle to be killed in."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def read(self, report: Report) -> Reading:
        time.sleep(self._seconds)
        return super().read(report)


def main(folder: str, file: str, milliseconds: str = "0") -> None:
    with open_project(Path(folder)) as project:
        print("open", flush=True)
        job = Ingest(
            project, SlowCoder(float(milliseconds) / 1000), advanced=lambda: print(job.counts.coded, flush=True)
        )
        counts = job.run(read_captures([file], InputOptions()))
    print("end", counts.coded, counts.known, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
