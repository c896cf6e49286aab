"""Weights are data: every file is pinned, none can run anything, and one that was changed is not opened."""

from __future__ import annotations

import json
import pickletools
import shutil
from pathlib import Path

import pytest

from histor.engines.embedded.weights import WEIGHTS, load_weights
from histor.model.errors import ConfigError
from tests.reliability import Figure

ENGINES = WEIGHTS.parents[1]
DATA = {".onnx", ".json", ".md", ".toml", ".safetensors", ".gz", ".tsv", ".npy"}


def is_pickle(path: Path) -> bool:
    try:
        for _ in pickletools.genops(path.read_bytes()[:100_000]):
            pass
    except Exception:
        return False
    return True


@pytest.mark.promise("weights")
def test_every_file_is_data_and_pinned(figure: Figure) -> None:
    folders = sorted(p for p in ENGINES.glob("*/weights") if p.is_dir())
    assert WEIGHTS in folders
    count = 0
    for folder in folders:
        pinned = json.loads((folder / "manifest.json").read_text())["files"]
        files = {p.name for p in folder.iterdir() if p.is_file()} - {"manifest.json", "MODEL_CARD.md"}
        assert files == set(pinned)
        for name in files:
            assert Path(name).suffix in DATA
            assert not is_pickle(folder / name)
        count += len(files)
    figure(f"{count} files pinned by SHA-256, 0 pickles")


@pytest.mark.promise("weights")
def test_a_changed_file_is_not_opened(tmp_path: Path, figure: Figure) -> None:
    names = sorted(json.loads((WEIGHTS / "manifest.json").read_text())["files"])
    shutil.copytree(WEIGHTS, tmp_path / "weights")
    for name in names:
        path = tmp_path / "weights" / name
        content = path.read_bytes()
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        with pytest.raises(ConfigError, match="not the one that was shipped"):
            load_weights(tmp_path / "weights")
        path.write_bytes(content)
    figure(f"one bit changed in each of {len(names)} files: {len(names)} refused")
