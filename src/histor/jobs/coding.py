"""Coding reports: one text, or a stream of inputs with what had to be set aside."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

from histor.capture.inputs import InputOptions, Item, Problem, make_report
from histor.codebook.codebook import load_codebook
from histor.coding.coder import Coder
from histor.coding.explain import SentenceExplained
from histor.coding.lexicon import load_lexicon
from histor.coding.voices import ReportStance
from histor.engines.protocol import Engine, Metered
from histor.engines.settings import EngineSettings
from histor.engines.table import load_engine
from histor.model.annotation import Annotation
from histor.model.errors import CoderError, ConfigError, StopError
from histor.model.records import CodedReport, Report
from histor.resolve.actor_index import ActorIndex, load_actors, shipped_index
from histor.resolve.gazetteer import Gazetteer
from histor.resolve.places import PlaceResolver
from histor.store.gazetteer import SqliteGazetteer, open_gazetteer
from histor.text.sentences import Kind, Segment


class Reading(NamedTuple):
    """A coded report with its sentences."""

    coded: CodedReport
    segments: tuple[Segment, ...]


_T = TypeVar("_T")


class Coding:
    """An engine and a coder, loaded once and used for many reports."""

    def __init__(self, engine: Engine, coder: Coder) -> None:
        self.engine = engine
        self.coder = coder

    @classmethod
    def load(
        cls,
        engine: str = "embedded",
        lexicon: Path | None = None,
        actors: Path | None = None,
        gazetteer: Gazetteer | None = None,
        codebook: Path | None = None,
        settings: EngineSettings | None = None,
    ) -> Coding:
        """Open the named engine, the lexicon, the actors file, the gazetteer and the codebook.

        `actors` extends or overrides the shipped actors; without `gazetteer` the user's is opened, and
        built first where there is none. `settings` are the engine's. Raises ConfigError if one of them is unusable.
        """
        book = load_codebook(codebook)
        index = ActorIndex(load_actors(actors)) if actors else shipped_index()
        found = gazetteer or open_gazetteer()
        versions = [*_version_of("actors", actors), *_version_of_gazetteer(found)]
        try:
            coder = Coder(load_lexicon(lexicon, book), book, PlaceResolver(found), index, versions=versions)
            return cls(load_engine(engine, settings, book), coder)
        except ImportError as error:
            raise ConfigError(
                "engine.import", f"the engine cannot be loaded ({error}).", where=engine,
                do="See what is broken: histor doctor.",
            ) from error  # fmt: skip

    @property
    def stamp(self) -> str:
        """What coded: engine, lexicon, codebook and whatever of the user's own, with their versions."""
        return f"{self.engine.coder} {self.coder.stamp}"

    def spent(self) -> dict[str, int]:
        """What an engine that costs something has used so far; empty for others."""
        return self.engine.meter.counts() if isinstance(self.engine, Metered) else {}

    @property
    def bill(self) -> str | None:
        """The same in a line for people."""
        return self.engine.meter.summary() if isinstance(self.engine, Metered) else None

    def code(self, report: Report) -> CodedReport:
        """Event mentions of one report. Raises CoderError if a component fails on it, StopError where the run has to end."""
        return self.read(report).coded

    def read(self, report: Report) -> Reading:
        """The same with the sentences that the engine cut."""
        return self._run(self._read, report)

    def stance(self, report: Report) -> ReportStance:
        """What one report says in its outlet's own voice. Raises CoderError if a component fails on it."""
        return self._run(self.coder.stance, report)

    def explain(self, report: Report) -> list[SentenceExplained]:
        """How each sentence of a report was read. Raises CoderError if a component fails on it."""
        return self._run(self.coder.explain, report)

    def _read(self, report: Report, annotation: Annotation) -> Reading:
        segments = tuple(Segment(s.start, s.end, cast(Kind, s.kind)) for s in annotation.sentences)
        return Reading(self.coder.code(report, annotation), segments)

    def _run(self, what: Callable[[Report, Annotation], _T], report: Report) -> _T:
        try:
            return what(report, self.engine.annotate(report.text, report.title))
        except (ConfigError, StopError):
            raise
        except CoderError as error:
            raise error.at(name_of(report)) from error
        except Exception as error:
            raise CoderError(
                "coder.failed", f"coding failed ({type(error).__name__}: {error}).",
                where=name_of(report), do="Please report it with the text; the other reports go on.",
            ) from error  # fmt: skip

    def code_all(self, items: Iterable[Item]) -> Iterator[CodedReport | Problem]:
        """Coded reports and problems in the order of `items`; nothing is held. Raises StopError where the run has to end."""
        for item in items:
            if isinstance(item, Problem):
                yield item
                continue
            try:
                yield self.code(item)
            except CoderError as error:
                yield Problem(error)


def _version_of(kind: str, path: Path | None) -> list[str]:
    """A version that changes with the content of a file of the user's."""
    return [f"{kind}/+{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"] if path else []


def _version_of_gazetteer(gazetteer: Gazetteer) -> list[str]:
    """A version that changes with what the user added to the gazetteer; none for the one that ships."""
    added = gazetteer.added if isinstance(gazetteer, SqliteGazetteer) else None
    return [f"gazetteer/+{hashlib.sha256(added.encode()).hexdigest()[:8]}"] if added else []


def name_of(report: Report) -> str:
    """What messages call a report: the id that its input gave it, else the first digits of ours."""
    external = report.external_id
    return f"report {external if isinstance(external, str) else report.id[:12]}"


@cache
def default_coding() -> Coding:
    """The shipped engine and lexicon, loaded at first use."""
    return Coding.load()


def code_text(
    text: str, *, source: str | None = None, published: str | None = None, title: str | None = None
) -> CodedReport:
    """Code one text with the shipped engine: the whole of histor in one call.

    `published` is a date such as ``2021-08-24``. Raises InputError for a text that cannot be coded and
    for a date that cannot be read.
    """
    fields = {"text": text, "title": title}
    options = InputOptions(source=source, published=published)
    captured = text.encode("utf-8", "surrogatepass")
    return default_coding().code(make_report(fields, captured, options, "text"))
