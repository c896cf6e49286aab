"""``python -m benchmarks NAME --data PATH [--predictions FILE]``."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

NAMES = (
    "parse",
    "mentions",
    "written",
    "gold",
    "load",
    "eventplace",
    "casualties",
    "geoparse",
    "start",
    "muc4",
    "contexts",
    "neutrality",
    "attribution",
    "types",
    "relevance",
    "reliability",
    "plan",
    "bundles",
    "copies",
    "coref",
    "matching",
    "review",
    "gate",
    "speed",
    "fuzz",
    "pages",
    "compare",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--data", type=Path, required=True, help="the data set's file or folder")
    parser.add_argument("--predictions", type=Path, help="write the predictions here")
    parser.add_argument("--part", default=None, help="train, dev or test, where a set has parts; fuzz: short")
    parser.add_argument("--only", metavar="PROMISE", help="reliability: the tests of this promise alone")
    parser.add_argument("--slots", action="store_true", help="muc4: date, location, stage and the like as well")
    parser.add_argument(
        "--limit", type=int, default=None, help="speed, compare: so many reports at most, for a short run"
    )
    parser.add_argument("--cache", type=Path, help="compare: keep the spaCy pipeline that it trains in this folder")
    args = parser.parse_args()
    importlib.import_module(f"benchmarks.{args.name}").run(args)


if __name__ == "__main__":
    main()
