"""`histor code --out`: the options of a run over shards, and the run."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from histor.cli.inputs import Given, build_gazetteer, kept_out

if TYPE_CHECKING:
    from histor.jobs.runners.protocol import Runner
    from histor.jobs.sharded import Sharded


@dataclass(frozen=True)
class OverShards:
    """What the caller said of a run over shards."""

    out: Path
    runner: str
    slice: int
    ray_address: str | None

    def start(self, workers: int) -> Runner:
        """The runner that was asked for."""
        if self.runner == "ray":
            from histor.jobs.runners.ray import RayRunner

            return RayRunner(workers, self.ray_address)
        from histor.jobs.runners.local import LocalRunner

        return LocalRunner(workers)


_OPTIONS = (
    click.option(
        "--out", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
        help="Code over shards into this folder: Parquet parts and a manifest. Run again, it goes on where it was.",
    ),
    click.option(
        "--runner", type=click.Choice(["local", "ray"]), default="local", show_default=True,
        help="With --out: processes of this machine, or Ray.",
    ),
    click.option(
        "--slice", type=click.IntRange(1, 1_000_000), default=500, show_default=True, metavar="N",
        help="With --out: reports of a JSONL file or table that make a shard.",
    ),
    click.option("--ray-address", metavar="ADDRESS", help="With --runner ray: the cluster to join (auto, ray://…:10001)."),
)  # fmt: skip


def shard_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options above; it gets them together as `over`, None without ``--out``."""

    @functools.wraps(command)
    def gathered(out: Path | None, **values: Any) -> Any:
        over = OverShards(out or Path(), *(values.pop(name) for name in ("runner", "slice", "ray_address")))
        if out is None and over.runner != "local":
            raise click.UsageError("--runner ray needs --out FOLDER.")
        return command(over=over if out else None, **values)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


def code_shards(
    inputs: tuple[str, ...], form: str, output: str | None, workers: int, over: OverShards, given: Given, gate: bool
) -> int:
    """Code, say what became of it, and give the exit status; with `output` the result is written there as one file."""
    from histor.capture.slices import plan_shards
    from histor.cli.progress import progress
    from histor.jobs.gated import GatedSetup
    from histor.jobs.sharded import MANIFEST, Sharded, stamp_of

    given.alone("--out")
    build_gazetteer()
    setup = GatedSetup(given.setup()) if gate else given.setup()
    with progress() as bar:
        shards = plan_shards(inputs, given.options, over.slice)
        job = Sharded(over.out, setup, stamp_of(setup), given.options, shards, advanced=bar.advance)
        manifest = job.run(over.start(workers))
        for problem in manifest["set_aside"]:
            bar.message(f"set aside: {_line(problem)}")
    counts = manifest["counts"]
    out = kept_out(counts["kept_out"]) if gate else ""
    if output is not None:
        _write(job, form, output)
    click.echo(
        f"histor: {counts['reports']:,} coded ({counts['event_mentions']:,} event mentions), {counts['set_aside']:,} set "
        f"aside{out}; {over.out / MANIFEST}, SHA-256 of the result {manifest['result_sha256'][:16]}.",
        err=True,
    )
    return 0 if not counts["set_aside"] else 1 if counts["reports"] or counts["kept_out"] else 2


def _line(problem: dict[str, str]) -> str:
    from histor.text.printable import printable

    return printable(f"{problem['where']}: {problem['what']} {problem['do']}".strip())


def _write(job: Sharded, form: str, output: str) -> None:
    from histor.cli.files import writing
    from histor.export.coded import WRITERS

    if form == "table":
        raise click.UsageError("--format table goes to a terminal, not to a file.")
    with writing(output) as handle:
        writer = WRITERS[form](handle)
        for coded in job.coded():
            writer.write(coded)
        writer.close()
