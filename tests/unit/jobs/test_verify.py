"""A release is checked beyond its sums: identifiers of claims and the chain of decisions."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest

from histor.export.release import Content, Imprint, write_release
from histor.jobs.verify import verify_release
from histor.model.errors import InputError
from tests.stores import filled


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    project = filled(folder / "p", 3)
    with project.write() as t:
        ids = [s.mention.id for s in t.mentions.find()]
        t.decisions.add("accept", ids[0], coder="ann", made_at="2024-01-01T00:00:00", reason="read twice, =1+1")
        t.decisions.add("merge", "i", coder="ann", made_at="2024-01-01T00:00:01", payload={"event_mentions": ids[:2]})
    with project.read() as t, (folder / "r.zip").open("wb") as out:
        content = Content([], t.reports.all(), list(t.mentions.claims_of(ids)), t.decisions.all())
        write_release(out, content, Imprint("Test", "1", "2024-01-02"), with_text=True)
    return folder / "r.zip"


def forged(release: Path, target: Path, name: str, old: str, new: str) -> Path:
    """The release with one member changed and its sum made to fit."""
    with zipfile.ZipFile(release) as source, zipfile.ZipFile(target, "w") as out:
        members = {n: source.read(n) for n in source.namelist()}
        assert old.encode() in members[name]
        members[name] = members[name].replace(old.encode(), new.encode(), 1)
        sums = [
            f"{hashlib.sha256(data).hexdigest()}  {n}\n" for n, data in sorted(members.items()) if n != "SHA256SUMS"
        ]
        members["SHA256SUMS"] = "".join(sums).encode()
        for n, data in members.items():
            out.writestr(n, data)
    return target


def test_a_sound_release(release: Path) -> None:
    assert list(verify_release(release)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "table"),
    [
        ("data/claims.csv", '""best"":', '""best"":1', "claims"),
        ("data/claims.csv", "killed", "injured", "claims"),
        ("data/decisions.csv", "read twice", "read once", "decisions"),
        ("data/decisions.csv", ",merge,", ",split,", "decisions"),
        ("data/decisions.csv", "2024-01-01T00:00:01", "2023-01-01T00:00:01", "decisions"),
        ("data/decisions.csv", "{}", "{", "decisions"),
    ],
)
def test_whoever_forges_the_sums_too_is_found(
    release: Path, tmp_path: Path, name: str, old: str, new: str, table: str
) -> None:
    found = list(verify_release(forged(release, tmp_path / "r.zip", name, old, new)))
    assert any(f.table == table for f in found), found


def test_what_is_no_release(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK")
    with pytest.raises(InputError):
        list(verify_release(tmp_path / "x.zip"))
