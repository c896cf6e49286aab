"""``histor codebook``: what each code means, and the check of a user's codebook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from histor.codebook.codebook import Codebook, Definition, load_codebook

SCHEMES = {
    "types": "event types (PLOVER)",
    "contexts": "contexts (PLOVER)",
    "sectors": "sectors of actors (PLOVER)",
    "sub_events": "sub-event types (ACLED), in order of precedence",
    "types_of_violence": "types of violence (UCDP)",
    "where_prec": "precision of places (UCDP)",
    "date_prec": "precision of dates (UCDP)",
    "geo_precision": "precision of places (ACLED)",
    "time_precision": "precision of dates (ACLED)",
    "factuality": "factuality",
    "wording": "wording of numbers",
    "casualties": "kinds of casualties",
    "speakers": "kinds of speakers",
    "relations": "relations",
}


@click.group(name="codebook", context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Show what each code means, and check a codebook of your own."""


@command.command()
@click.argument("code", required=False)
@click.option(
    "--codebook",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A codebook of your own, laid over ours.",
)
@click.option("--json", "as_json", is_flag=True, help="Definitions as JSON.")
def show(code: str | None, codebook: Path | None, as_json: bool) -> None:
    """Print definitions with examples.

    CODE is an event type (ASSAULT), a mode (aerial), a sub-event type ("Armed clash"), a sector (REB) or any
    other code, or a scheme (sectors); without it the whole codebook is printed.
    """
    book = load_codebook(codebook)
    found = _asked(book, code)
    if not found:
        raise click.BadParameter(
            f"{code!r} is no code and no scheme. Schemes: {', '.join(SCHEMES)}.", param_hint="CODE"
        )
    if as_json:
        import msgspec

        rows = [
            {"scheme": d.scheme, "of": d.of, "code": d.code, "definition": d.text, "example": d.example} for d in found
        ]
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=1).decode())
        return
    click.echo("\n".join(_printed(book, found, whole=code is None)))


def _asked(book: Codebook, code: str | None) -> list[Definition]:
    """Definitions of a scheme, of a code in any case, or of everything; an event type brings its modes."""
    if code is None or code in {*SCHEMES, "modes"}:
        return [d for d in book.definitions if code in {None, d.scheme}]
    found = [d for d in book.definitions if d.code.lower() == code.lower()]
    return found + [d for d in book.definitions if d.of is not None and d.of.lower() == code.lower()]


def _printed(book: Codebook, found: list[Definition], whole: bool) -> Iterator[str]:
    if whole:
        yield f"Codebook {book.version}"
    scheme = None
    for definition in found:
        name = "types" if definition.of else definition.scheme
        if name != scheme:
            scheme = name
            yield ""
            yield SCHEMES.get(name, name)
        code = f"  · {definition.code}" if definition.of else definition.code
        of = f" (mode of {definition.of})" if definition.of and not whole and len(found) == 1 else ""
        yield f"  {code:<16} {definition.text} E.g. {definition.example}{of}"
        if definition.scheme == "types" and not whole:
            sub = sorted(book.allowed_sub_events(definition.code), key=list(book.acled).index)
            yield f"  {'':<16} ACLED sub-event types: {', '.join(sub) or 'none'}."


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def validate(file: Path) -> None:
    """Check a codebook of your own; what is wrong is said with its place and what to do.

    FILE is a TOML text with version = "…" and any of [types], [contexts], [[crosswalk]], [define.…].
    """
    book, ours = load_codebook(file), load_codebook()
    types = [t for t in book.modes if t not in ours.modes]
    modes = sum(len(m) for m in book.modes.values()) - sum(len(m) for m in ours.modes.values())
    rows = len(book.crosswalk) - len(ours.crosswalk)
    words = len(book.contexts) - len(ours.contexts)
    click.echo(
        f"{file}: a sound codebook ({book.version}). It adds {len(types)} types, {modes} modes, {rows} rows of the "
        f"crosswalk, {words} context words, {len(book.definitions) - len(ours.definitions)} definitions."
    )
    for name, modes_ in book.modes.items():
        for code, of in [(name, None), *((m, name) for m in modes_)]:
            if book.defined("modes" if of else "types", code, of) is None:
                click.echo(f"{file}: {f'{of} ' if of else ''}{code} has no definition yet.")
