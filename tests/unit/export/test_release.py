"""A release: sound when made, the same bytes each time, and each tampering is found."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from histor.export.cells import escape_formula, unescape_formula
from histor.export.check_release import check_release
from histor.export.dossier import Dossier, Telling
from histor.export.release import TABLES, Content, Imprint, read_table, write_release
from histor.model.errors import InputError
from histor.model.incidents import Decision
from histor.model.records import Claim
from tests.dossiers import estimate, incident, mention, report

IMPRINT = Imprint("War in Baghlan: a test", "1.0", "2021-09-01", ("A. Coder",), "CC-BY-4.0", coders=("test/1",))


def content(numbers: range = range(1, 4), **changes: object) -> Content:
    reports, claims, dossiers = [], [], []
    for n in numbers:
        telling, told = mention(n), report(n, title="=1+1")
        claim = Claim(
            f"c{n}", told.id, telling.id, "killed", {"low": 14}, "At least 14 people", (0, 18), telling.attribution, "claimed", 0.9, "test/1", "x"
        )  # fmt: skip
        estimates = {"killed": estimate("killed", 14, 14, 20, claims_used=(f"c{n}",))}
        reports.append(told)
        claims.append(claim)
        dossiers.append(Dossier(incident(n, estimates=estimates, **changes), (Telling(telling, told),)))
    decisions = [Decision("d1", "accept", dossiers[0].incident.id, {}, None, "ann", "2021-09-01T00:00:00Z", "", "x")]
    return Content(dossiers, reports, claims, decisions)


def made(path: Path, found: Content | None = None, **options: object) -> Path:
    with path.open("wb") as out:
        write_release(out, found or content(), IMPRINT, **options)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize("with_text", [True, False])
def test_a_release_is_sound_and_the_same_twice(tmp_path: Path, with_text: bool) -> None:
    one = made(tmp_path / "a.zip", with_text=with_text)
    two = made(tmp_path / "b.zip", with_text=with_text)
    assert list(check_release(one)) == []
    assert one.read_bytes() == two.read_bytes()


def test_it_says_what_it_holds(tmp_path: Path) -> None:
    with zipfile.ZipFile(made(tmp_path / "a.zip")) as release:
        package = json.loads(release.read("datapackage.json"))
        assert [r["name"] for r in package["resources"]] == [name.replace("_", "-") for name in TABLES]
        for resource, (name, columns) in zip(package["resources"], TABLES.items(), strict=True):
            header = release.read(f"data/{name}.csv").decode().splitlines()[0]
            assert header.split(",") == [c for c, _ in columns] == [f["name"] for f in resource["schema"]["fields"]]
        assert 'title: "War in Baghlan: a test"' in release.read("CITATION.cff").decode()
        assert next(read_table(release, "reports"))["title"] == "=1+1"
        assert b"'=1+1" in release.read("data/reports.csv")
        assert next(read_table(release, "reports"))["text"] == ""


def test_changes_against_the_release_before(tmp_path: Path) -> None:
    before = made(tmp_path / "1.zip", content(range(1, 4)))
    after = made(tmp_path / "2.zip", content(range(2, 5), factuality="actual"), previous=before)
    with zipfile.ZipFile(after) as release:
        log = release.read("CHANGELOG.md").decode()
    assert "Added: 1" in log
    assert "Merged or withdrawn: 1" in log
    assert "Changed: 2" in log
    assert "factuality claimed → actual" in log


def test_a_previous_release_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK")
    with pytest.raises(InputError, match="not a release"):
        made(tmp_path / "2.zip", previous=tmp_path / "x.zip")


def rewritten(path: Path, name: str, old: bytes, new: bytes) -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(path) as release, zipfile.ZipFile(out, "w") as copy:
        for member in release.namelist():
            data = release.read(member)
            copy.writestr(member, data.replace(old, new) if member == name else data)
    target = path.with_name("tampered.zip")
    target.write_bytes(out.getvalue())
    return target


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("data/claims.csv", b"At least 14", b"At least 15", "the words are not"),
        ("data/reports.csv", b"At least 14", b"At least 15", "not the one of text_sha256"),
        ("data/estimates.csv", b",14,", b",15,", "SHA-256"),
        ("data/estimates.csv", b"c2", b"c9", "claim c9 is not in claims"),
        ("data/decisions.csv", b"accept", b"reject", "SHA-256"),
        ("SHA256SUMS", b"README.md", b"README.txt", "missing"),
    ],
)
def test_tampering_is_found(tmp_path: Path, name: str, old: bytes, new: bytes, words: str) -> None:
    found = list(check_release(rewritten(made(tmp_path / "a.zip", with_text=True), name, old, new)))
    assert any(words in f for f in found), found


def test_what_is_no_release_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as release:
        release.writestr("a", "b")
    with pytest.raises(InputError):
        list(check_release(path))


@given(st.text(alphabet="'=+-@\t\r\n ab＝", max_size=6))
def test_escaping_is_undone(text: str) -> None:
    assert unescape_formula(escape_formula(text)) == text
