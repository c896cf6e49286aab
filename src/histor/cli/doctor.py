"""``histor doctor``: what is installed, what is missing, what to do."""

from __future__ import annotations

import json
import platform
import sys
import time
from importlib import metadata, util
from typing import Any

import click

CORE = ("msgspec", "numpy", "onnxruntime", "tokenizers", "click", "rich", "py3langid", "trafilatura")
EXTRAS = {
    "web": (("fastapi", "uvicorn"), "the review application (`histor serve`)"),
    "postgres": (("psycopg",), "a shared project on PostgreSQL"),
    "ray": (("ray",), "coding on several machines"),
}


@click.command(name="doctor", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> None:
    """Say what is installed, what is missing and what to do. Exit status 1 if something is broken."""
    findings = examine()
    if as_json:
        click.echo(json.dumps(findings, indent=2))
    else:
        marks = {"ok": "ok     ", "missing": "missing", "broken": "BROKEN ", "optional": "not set"}
        for f in findings:
            line = f"{marks[f['state']]}  {f['what']}: {f['found']}"
            click.echo(line + (f"\n         → {f['do']}" if f["do"] else ""))
    sys.exit(1 if any(f["state"] == "broken" for f in findings) else 0)


def examine() -> list[dict[str, Any]]:
    """Findings in a fixed order: ``state`` (ok, optional, broken), ``what``, ``found``, ``do``."""
    findings = [_python()]
    findings += [_package(name) for name in CORE]
    findings.append(_weights())
    if findings[-1]["state"] == "ok":
        findings.append(_trial())
    findings += [_extra(name, *about) for name, about in EXTRAS.items()]
    return findings


def _finding(state: str, what: str, found: str, do: str = "") -> dict[str, Any]:
    return {"state": state, "what": what, "found": found, "do": do}


def _python() -> dict[str, Any]:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return _finding("ok", "Python", found)


def _package(name: str) -> dict[str, Any]:
    try:
        return _finding("ok", name, metadata.version(name))
    except metadata.PackageNotFoundError:
        return _finding("broken", name, "not installed", "Install histor again: pip install --force-reinstall histor")


def _weights() -> dict[str, Any]:
    from histor.engines.embedded.weights import WEIGHTS, check_digests, read_manifest
    from histor.model.errors import ConfigError

    try:
        manifest = read_manifest()
        check_digests(WEIGHTS, manifest["files"])
    except ConfigError as error:
        return _finding("broken", "model", error.what, error.do)
    size = sum((WEIGHTS / name).stat().st_size for name in manifest["files"]) / 1e6
    return _finding("ok", "model", f"embedded/{manifest['version']}, {size:.1f} MB, digests as pinned")


def _trial() -> dict[str, Any]:
    """Code one sentence, the way a user would."""
    from histor.jobs.coding import code_text

    began = time.perf_counter()
    coded = code_text("Rebels killed 12 soldiers near Goma on Monday, the army said.", published="2022-11-02")
    taken = time.perf_counter() - began
    mentions = coded.event_mentions
    if not mentions or mentions[0].event_type != "ASSAULT":
        return _finding("broken", "trial sentence", "was not coded as an assault", "Install histor again.")
    return _finding("ok", "trial sentence", f"coded as {mentions[0].event_type} in {taken:.1f} s, loading included")


def _extra(name: str, modules: tuple[str, ...], use: str) -> dict[str, Any]:
    missing = [m for m in modules if util.find_spec(m) is None]
    if missing:
        return _finding(
            "optional", f"extra {name}", f"not installed; only needed for {use}", f"pip install 'histor[{name}]'"
        )
    return _finding("ok", f"extra {name}", "installed")
