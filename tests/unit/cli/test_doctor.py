"""The doctor works where something is broken: that is when it is needed."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from histor.cli import doctor


def _states(findings: list[dict[str, str]]) -> dict[str, str]:
    return {f["what"]: f["state"] for f in findings}


def test_a_runtime_that_cannot_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in sys.modules if n.startswith("histor.engines.embedded")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)  # makes `import onnxruntime` raise ImportError
    result = CliRunner().invoke(doctor.command)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert "BROKEN  onnxruntime" in result.output
    assert "BROKEN  model" in result.output
    assert "pip install --force-reinstall histor" in result.output


def test_a_trial_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ImportError("libstdc++.so.6")

    monkeypatch.setattr("histor.jobs.coding.code_text", fail)
    found = doctor._trial()
    assert (found["state"], "libstdc++" in found["found"]) == ("broken", True)


def test_every_dependency_is_looked_at_and_nothing_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    required = {r.split(">")[0] for r in metadata.requires("histor") or [] if "extra" not in r}
    assert set(doctor.CORE) == required
    monkeypatch.setattr(doctor, "_weights", lambda: doctor._finding("broken", "model", ""))
    assert list(_states(doctor.examine())) == [
        "Python",
        *doctor.CORE,
        "model",
        "gazetteer",
        "document head",
        "page of histor serve",
    ]


def test_an_installation_without_the_document_head_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("histor.engines.document.head.available", lambda: False)
    found = doctor._document()
    assert found["state"] == "ok"
    assert "histor roles" in found["found"]


def test_a_document_head_with_a_changed_file_is_broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"version": "1", "files": {"spans.onnx": "00"}}')
    (tmp_path / "spans.onnx").write_bytes(b"something else")
    monkeypatch.setattr("histor.engines.document.head.DOCUMENT_WEIGHTS", tmp_path)
    monkeypatch.setattr("histor.engines.document.head.available", lambda: True)
    assert doctor._document()["state"] == "broken"


def test_a_package_that_is_not_installed() -> None:
    found = doctor._package("no-such-package", "no_such_package")
    assert (found["state"], found["found"]) == ("broken", "not installed")
