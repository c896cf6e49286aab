"""Every format: the published columns, and a file in which the validator finds nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from histor.export.dossier import Dossier, Telling
from histor.export.formats import FORMATS
from histor.export.schemes import columns, schemes
from histor.export.validate import validate
from histor.model.records import Acled, Actor, Date, Place, Ucdp
from tests.dossiers import ANDARAB, POLICE, TALIBAN, dossier, estimate, incident, mention, report


def written(form: str, dossiers: Sequence[Dossier]) -> bytes:
    out = io.BytesIO()
    writer = FORMATS[form](out)
    for one in dossiers:
        writer.write(one)
    writer.close()
    return out.getvalue()


def rows(form: str, *dossiers: Dossier) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(form, dossiers).decode())))


@pytest.mark.parametrize("form", ["ucdp", "acled", "polecat", "gdelt", "gdelt-mentions", "csv", "plover", "geojson"])
def test_a_plain_incident_is_valid(form: str, tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(written(form, [dossier(1), dossier(2, place=None)]))
    assert [str(f) for f in validate(path, form)] == []


@pytest.mark.parametrize(("form", "scheme"), [("ucdp", "ucdp_ged_columns"), ("acled", "acled_columns")])
def test_columns_and_their_order(form: str, scheme: str) -> None:
    header = written(form, []).decode().splitlines()[0].split(",")
    assert tuple(header) == columns(scheme)


def test_ucdp_deaths_fall_to_the_sides() -> None:
    row = rows("ucdp", dossier())[0]
    # State-based: the government's police are side a, so the recipients' dead are deaths_a.
    assert (row["side_a"], row["side_b"]) == ("Afghan National Police", "Taliban")
    assert (row["deaths_a"], row["deaths_b"], row["best"], row["low"], row["high"]) == ("14", "0", "14", "14", "20")
    assert row["gwnoa"] == "700"
    assert row["country_id"] == "700"
    assert row["region"] == "Asia"
    assert row["geom_wkt"] == "POINT (69.250000 35.640000)"


def test_ucdp_takes_no_incident_without_a_death() -> None:
    out = io.BytesIO()
    writer = FORMATS["ucdp"](out)
    writer.write(dossier(estimates={}))
    writer.write(dossier(estimates={"killed": estimate("killed", 0, 0, 0)}))
    writer.write(dossier(ucdp=None))
    writer.close()
    assert writer.left_out == 3
    assert len(out.getvalue().splitlines()) == 1


def test_deaths_that_no_side_claims_are_unknown() -> None:
    row = rows("ucdp", dossier(estimates={"killed": estimate("killed", 10, 12, 15)}))[0]
    assert (row["deaths_unknown"], row["best"]) == ("12", "12")


def test_acled_names_crowds_and_civilians_by_country() -> None:
    villagers = Actor("villagers", (0, 1), None, None, "AFG", "CVL")
    row = rows("acled", dossier(acled=Acled("Violence against civilians", "Attack"), recipients=(villagers,)))[0]
    assert row["actor1"] == "Taliban"
    assert row["actor2"] == "Civilians (Afghanistan)"
    assert row["interaction"] == "Rebel group-Civilians"
    assert row["civilian_targeting"] == "Civilian targeting"
    protest = rows("acled", dossier(acled=Acled("Protests", "Peaceful protest"), recipients=(POLICE,)))[0]
    assert protest["actor1"] == "Protesters (Afghanistan)"
    assert protest["interaction"] == "State forces-Protesters"


def test_acled_forces_abroad_are_external() -> None:
    russians = Actor("Russian jets", (0, 1), None, "Russian Air Force", "RUS", "MIL")
    row = rows("acled", dossier(actors=(russians,), recipients=()))[0]
    assert row["inter1"] == "External/Other forces"
    assert row["interaction"] == "External/Other forces only"


def test_acled_takes_the_middle_day() -> None:
    row = rows("acled", dossier(date=Date("last week", (0, 1), "2021-08-16", "2021-08-22", 3, 2)))[0]
    assert row["event_date"] == "2021-08-19"


def test_geojson_without_a_place_has_no_geometry() -> None:
    found = json.loads(written("geojson", [dossier(place=None)]))
    assert found["features"][0]["geometry"] is None
    assert json.loads(written("geojson", []))["features"] == []


def test_gdelt_codes_follow_the_mode() -> None:
    cells = written("gdelt", [dossier()]).decode().rstrip("\n").split("\t")
    row = dict(zip(columns("gdelt2_events"), cells, strict=True))
    assert (row["EventCode"], row["EventRootCode"], row["QuadClass"]) == ("193", "19", "4")
    assert row["ActionGeo_CountryCode"] == "AF"
    assert row["Actor1Code"] == "AFGREB"


def test_parquet_reads_back_equal(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "incidents.parquet"
    path.write_bytes(written("parquet", [dossier(n) for n in range(1, 4)]))
    plain = rows("csv", *[dossier(n) for n in range(1, 4)])
    with duckdb.connect() as connection:
        found = connection.execute(f"select * from read_parquet('{path}')").fetchall()
        names = [d[0] for d in connection.description]
    again = [dict(zip(names, row, strict=True)) for row in found]
    assert [
        {k: "" if v is None else str(v).upper() if isinstance(v, bool) else str(v) for k, v in r.items()} for r in again
    ] == plain


HOSTILE = st.one_of(
    st.sampled_from(
        ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "a\tb\nc", '"', "'"]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30),
)


@st.composite
def hostile_dossiers(draw: st.DrawFn) -> Dossier:
    text = st.one_of(HOSTILE, st.none())
    sector = st.sampled_from([None, *schemes()["plover_sectors"]])
    actor = st.builds(
        Actor, HOSTILE, st.just((0, 1)), st.none(), text, st.sampled_from([None, "AFG", "USA", "PSE"]), sector
    )
    event_type = draw(st.sampled_from(sorted(schemes()["plover_modes"])))
    taxonomy = [Acled(event, sub) for event, sub, _ in schemes()["acled_taxonomy_in_hierarchical_order"]]
    low, best, high = sorted(draw(st.lists(st.integers(0, 10**6), min_size=3, max_size=3)))
    place = draw(st.one_of(st.none(), st.builds(
        Place, HOSTILE, st.just((0, 1)), text, st.none(), st.floats(-90, 90), st.floats(-180, 180),
        st.sampled_from([None, "AFG", "RUS"]), text, text, st.integers(1, 7), st.integers(1, 3), st.none(),
    )))  # fmt: skip
    first, last = sorted(draw(st.lists(st.dates(date(1946, 1, 1), date(2100, 1, 1)), min_size=2, max_size=2)))
    changes: dict[str, Any] = {
        "event_type": event_type, "acled": draw(st.sampled_from([None, *taxonomy])), "place": place,
        "ucdp": draw(st.sampled_from([None, Ucdp(1), Ucdp(2), Ucdp(3)])),
        "actors": tuple(draw(st.lists(actor, max_size=3))), "recipients": tuple(draw(st.lists(actor, max_size=3))),
        "date": Date("x", (0, 1), first.isoformat(), last.isoformat(), 2, 2),
        "estimates": {"killed": estimate("killed", low, best, high), "killed_civilians": estimate("killed_civilians", 0, draw(st.integers(0, 10**6)), None)},
    }  # fmt: skip
    modes = schemes()["plover_modes"][event_type]
    telling = mention(event_type=event_type, mode=draw(st.sampled_from([None, *modes])))
    return Dossier(incident(**changes), (Telling(telling, report(source=draw(text), title=draw(text))),))


@pytest.mark.parametrize("form", ["ucdp", "acled", "polecat", "gdelt", "gdelt-mentions", "csv", "plover", "geojson"])
@settings(max_examples=60, deadline=None)
@given(found=hostile_dossiers())
def test_hostile_words_make_valid_files(form: str, found: Dossier, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / f"hostile.{form}"
    path.write_bytes(written(form, [found]))
    assert [str(f) for f in validate(path, form)] == []


def test_turned_sides_keep_their_dead() -> None:
    estimates = {
        "killed": estimate("killed", 9, 9, 9),
        "killed_actors": estimate("killed_actors", 3, 3, 3),
        "killed_recipients": estimate("killed_recipients", 6, 6, 6),
    }
    row = rows("ucdp", dossier(actors=(TALIBAN,), recipients=(POLICE,), place=ANDARAB, estimates=estimates))[0]
    assert (row["side_a"], row["deaths_a"], row["deaths_b"]) == ("Afghan National Police", "6", "3")
