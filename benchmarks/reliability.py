"""`reliability`: every promise of docs/reference/reliability.md with the tests that show it, and what they counted.

`--data` is the folder of the tests. Runs all tests that are marked ``promise(NAME)``; `--part long` repeats what chance
plays a part in and runs what takes minutes. `--only PROMISE` runs the tests of one promise. The table is Markdown;
`--predictions FILE` puts it into that file, between the two lines that mark its place
(docs/reference/reliability.md has them), and leaves the rows of promises that were not run as they were.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

PROMISES = {
    "in-or-out": "a report is in or out, never half",
    "again": "running a job again changes nothing",
    "writers": "writers do not lose each other's work",
    "same-bytes": "same input, same version, same bytes",
    "matching-laws": "matching obeys its laws",
    "words": "every value answers to its words",
    "migrations": "schemas move forward",
    "hostile-bytes": "hostile bytes do not bring it down",
    "ssrf": "fetching reaches no inner address",
    "patterns": "no rule can be made slow",
    "formulas": "a spreadsheet runs nothing",
    "payloads": "a hostile report runs nothing",
    "api": "the API never breaks",
    "injection": "a report cannot instruct the coder",
    "weights": "weights are data",
}
"""What a test may be marked with, and the promise it shows; a name that no test has yet is listed as such."""
_MARKER = re.compile(r"\| [^|]+ \| `([\w-]+)` \|")
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


class Shown(NamedTuple):
    """One test: how it ended (passed, failed, skipped), its figures, and seconds."""

    outcome: str
    figures: tuple[str, ...]
    seconds: float


def read_results(report: Path) -> dict[str, list[Shown]]:
    """Tests by promise, of a JUnit file whose test cases have the properties ``promise`` and ``figure``."""
    found: dict[str, list[Shown]] = defaultdict(list)
    for case in ElementTree.parse(report).iter("testcase"):
        said = [(p.get("name"), p.get("value", "")) for p in case.iter("property")]
        bad = case.find("failure") is not None or case.find("error") is not None
        outcome = "failed" if bad else "skipped" if case.find("skipped") is not None else "passed"
        shown = Shown(outcome, tuple(v for n, v in said if n == "figure"), float(case.get("time", 0)))
        for promise in dict.fromkeys(v for n, v in said if n == "promise"):
            found[promise].append(shown)
    return found


def rows(results: Mapping[str, Iterable[Shown]], only: str | None = None) -> dict[str, str]:
    """A row of a Markdown table for each promise, or for one `only`, in the order of `PROMISES`."""
    lines = {}
    for name in [only] if only else [*PROMISES, *sorted(set(results) - set(PROMISES))]:
        shown = list(results.get(name, ()))
        figures = "; ".join(dict.fromkeys(f for s in shown for f in s.figures)).replace("|", "\\|")
        seconds = sum(s.seconds for s in shown)
        lines[name] = f"| {PROMISES.get(name, name)} | `{name}` | {_counts(shown)} | {figures} | {seconds:.0f} |"
    return lines


def table(lines: Mapping[str, str]) -> str:
    """Rows of promises as a Markdown table, in the order of `PROMISES`."""
    head = ["| promise | marker | tests | what they counted | seconds |", "|---|---|---|---|---|"]
    names = [*PROMISES, *sorted(set(lines) - set(PROMISES))]
    return "\n".join([*head, *(lines[name] for name in names if name in lines)]) + "\n"


def _counts(shown: list[Shown]) -> str:
    if not shown:
        return "**none here**"
    counts = {kind: sum(s.outcome == kind for s in shown) for kind in ("passed", "failed", "skipped")}
    return ", ".join(f"{'**' * (k == 'failed')}{n} {k}{'**' * (k == 'failed')}" for k, n in counts.items() if n)


def put(page: Path, lines: Mapping[str, str]) -> None:
    """Put rows into the table between the marks of a page; its other rows stay. Raises ValueError if it has no marks."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    old, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page}: there is no {BEGIN} … {END} to put the table between.")
    kept = {found[1]: line for line in old.splitlines() if (found := _MARKER.match(line))}
    page.write_text(f"{before}{BEGIN}\n\n{table({**kept, **lines})}\n{END}{after}", encoding="utf-8")


def run(args: argparse.Namespace) -> dict[str, list[Shown]]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        long = ["--long"] if args.part == "long" else []
        long += ["--promise", args.only] if args.only else []
        command = [
            sys.executable, "-m", "pytest", str(args.data), "-m", "promise", f"--junitxml={report}", "-o",
            "junit_family=xunit1", *long,
        ]  # fmt: skip
        done = subprocess.run(command, check=False, stdout=sys.stderr)
        if done.returncode not in {0, 1}:  # nothing was shown: what is known stays
            raise SystemExit(done.returncode)
        results = read_results(report)
    lines = rows(results, args.only)
    print(table(lines))
    if args.predictions is not None:
        put(args.predictions, lines)
    if done.returncode:
        raise SystemExit(done.returncode)
    return results
