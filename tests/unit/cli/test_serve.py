"""What `histor serve` says where its page was not built."""

from __future__ import annotations

from pathlib import Path

import pytest
import uvicorn
from click.testing import CliRunner

from histor.cli.serve import command
from histor.store.project import init_project


@pytest.mark.parametrize("built", [False, True])
def test_a_missing_page_is_said(built: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    init_project(tmp_path / "project").close()
    if built:
        (tmp_path / "index.html").write_text("<!doctype html>", encoding="utf-8")
    monkeypatch.setattr("histor.web.app.PAGE", tmp_path)
    monkeypatch.setattr(uvicorn.Server, "run", lambda _, sockets: [s.close() for s in sockets])
    done = CliRunner().invoke(command, ["--project", str(tmp_path / "project"), "--port", "0", "--no-open"])
    assert done.exit_code == 0, done.output
    assert ("the page is not built" in done.stderr) is not built
    assert "serving" in done.stderr


@pytest.mark.parametrize(
    "tiles", ["https://x.org/tiles.png", "https://x.org/{z}/{x}/{y}.png; script-src *", "ftp://x.org/{z}/{x}/{y}.png"]
)
def test_what_is_no_tile_address_is_refused_before_anything_is_served(tiles: str, tmp_path: Path) -> None:
    init_project(tmp_path / "project").close()
    done = CliRunner().invoke(command, ["--project", str(tmp_path / "project"), "--no-open", "--tiles", tiles])
    assert done.exit_code == 2
    assert "write a tile address such as" in done.output
