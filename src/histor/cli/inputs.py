"""The options by which commands that read reports are told of their inputs, and what they load for them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from histor.capture.inputs import InputOptions
    from histor.jobs.coding import Coding
    from histor.jobs.gate import Sieve
    from histor.jobs.own import OwnFiles
    from histor.jobs.parallel import CoderSetup, ParallelCoding

HELP = {"help_option_names": ["-h", "--help"]}


@dataclass(frozen=True)
class Given:
    """What the caller said of the inputs and of the coder."""

    published: str | None
    date_order: str | None
    source: str | None
    encoding: str
    columns: dict[str, str]
    lexicon: Path | None
    actors: Path | None
    codebook: Path | None
    max_characters: int
    fetch: bool
    engine: str
    model: str | None
    language: str
    send_reports: bool
    max_cost: float | None
    price_in: float | None
    price_out: float | None

    @property
    def options(self) -> InputOptions:
        from histor.capture.inputs import InputOptions

        return InputOptions(
            self.source,
            self.published,
            self.encoding,
            self.columns,
            self.max_characters,
            self.date_order,
            self.fetch,
            self.language,
        )

    def setup(self, own: OwnFiles | None = None) -> CoderSetup:
        """What the coder is loaded from; `own` is what holds unless given."""
        from histor.cli.engines import settings_of
        from histor.jobs.parallel import CoderSetup

        return CoderSetup(self.engine, *self._files(own), settings_of(self))

    def _files(self, own: OwnFiles | None) -> tuple[Path | None, Path | None, Path | None]:
        given = (self.lexicon, self.actors, self.codebook)
        return given if own is None else (given[0] or own.lexicon, given[1] or own.actors, given[2] or own.codebook)

    def alone(self, option: str) -> None:
        """Refuses `option` for an engine whose budget holds for one process only."""
        if self.engine == "llm":
            raise click.UsageError(f"--engine llm sends one request after the other: leave {option} out.")

    def sieve(self, own: OwnFiles | None = None) -> Sieve:
        """The relevance gate; words that only the user's lexicon has are words of interest too."""
        from histor.jobs.gate import sieve_of

        lexicon, _, codebook = self._files(own)
        return sieve_of(lexicon, codebook)

    def coding(self, own: OwnFiles | None = None) -> Coding:
        """The coder, with the gazetteer (built first where there is none); `own` is what holds unless given."""
        from histor.cli.engines import bill_at_end

        setup = self.setup(own)
        build_gazetteer()
        coding = setup.load()
        bill_at_end(coding)
        return coding

    @contextmanager
    def parallel(
        self, workers: int, *, sentences: bool = False, own: OwnFiles | None = None
    ) -> Iterator[ParallelCoding]:
        """The same, shared in by `workers` processes for the length of the context."""
        from histor.jobs.parallel import ParallelCoding

        self.alone("--workers")
        build_gazetteer()
        with ParallelCoding.open(self.setup(own), workers, sentences=sentences) as coding:
            yield coding


def build_gazetteer() -> None:
    """Build the user's gazetteer where there is none, with word of it: once, before many processes want it."""
    from histor.cli.gazetteer import building
    from histor.store.gazetteer import open_gazetteer

    with building() as report:
        open_gazetteer(report=report)


def _columns(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    from histor.capture.inputs import FIELDS

    found = {}
    for value in values:
        name, sign, column = value.partition("=")
        if not sign or name not in FIELDS or not column:
            raise click.BadParameter(f"{value!r}: write FIELD=NAME with a FIELD of {', '.join(FIELDS)}.")
        found[name] = column
    return found


def _date(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    from histor.resolve.dates import parse_date

    if value is None:
        return None
    found = parse_date(value)
    if found is None:
        raise click.BadParameter(f"{value!r} is not a date; write YYYY-MM-DD.")
    return found.isoformat()


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_PRICE = click.FloatRange(min=0)
_OPTIONS = (
    click.option(
        "--published", callback=_date, metavar="DATE", help="Publication date of reports that have none of their own."
    ),
    click.option(
        "--date-order", type=click.Choice(["dmy", "mdy"]), help="How publication dates such as 4/5/2017 are to be read."
    ),
    click.option("--source", metavar="NAME", help="Outlet of reports that name none."),
    click.option("--encoding", default="utf-8", show_default=True, help="Encoding of text files and tables."),
    click.option(
        "--column", "columns", multiple=True, callback=_columns, metavar="FIELD=NAME",
        help="Column or key that holds a field (id, title, text, published, source, url).",
    ),
    click.option("--lexicon", type=_FILE, help="A lexicon of your own, laid over ours."),
    click.option("--actors", type=_FILE, help="An actors file of your own, laid over ours."),
    click.option("--codebook", type=_FILE, help="A codebook of your own, laid over ours."),
    click.option(
        "--max-characters", type=click.IntRange(1, 100_000_000), default=2_000_000, show_default=True,
        help="Longest text that is coded.",
    ),
    click.option("--fetch", is_flag=True, help="Fetch web addresses among the inputs; nothing is fetched without."),
    click.option(
        "--engine", type=click.Choice(["embedded", "llm", "stanza"]), default="embedded", show_default=True,
        help="What reads the sentences; llm asks an OpenAI-compatible endpoint (HISTOR_LLM_URL, HISTOR_LLM_KEY).",
    ),
    click.option("--model", metavar="NAME", help="llm: the model's name; stanza: the folder of its models."),
    click.option("--language", default="en", show_default=True, help="Code of the reports' language; others than en need --engine stanza."),
    click.option("--send-reports", is_flag=True, help="llm: yes, the texts of my reports may be sent to the endpoint."),
    click.option("--max-cost", type=_PRICE, help="llm: stop before more than this is spent."),
    click.option("--price-in", type=_PRICE, help="llm: price of a million tokens that are sent."),
    click.option("--price-out", type=_PRICE, help="llm: price of a million tokens that come back."),
)  # fmt: skip
_NAMES = tuple(Given.__dataclass_fields__)


def kept_out(number: int) -> str:
    """How many reports the gate kept out, as the end of a message."""
    return f", {number:,} kept out by the gate"


GATE = click.option(
    "--gate/--no-gate", default=False, show_default=True,
    help="Leave out reports that can hold no event of interest, told by their words alone: for mixed news.",
)  # fmt: skip


def input_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options above; it gets them together as `given`."""

    @functools.wraps(command)
    def gathered(**values: Any) -> Any:
        given = Given(**{name: values.pop(name) for name in _NAMES})
        return command(given=given, **values)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


WORKERS = click.option(
    "-w", "--workers", type=click.IntRange(1, 1024), default=1, show_default=True,
    help="Processes that code; each takes a core and about 0.4 GB. The result is the same.",
)  # fmt: skip
