"""A project in which every string that the page shows is a script payload with a number of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from histor.capture.inputs import Capture, InputOptions
from histor.capture.reports import make_capture
from histor.coding.claims import mention_claims
from histor.jobs.clock import now
from histor.jobs.coding import Reading
from histor.jobs.ingest import Ingest
from histor.model.annotation import Span
from histor.model.canonical import digest
from histor.model.incidents import Copy, Estimate, Incident, LeftOut, MatchDecision
from histor.model.records import (
    Acled,
    Actor,
    Attribution,
    Casualties,
    CodedReport,
    Date,
    EventMention,
    LoadedTerm,
    Place,
    Relation,
    Report,
    Trigger,
    Ucdp,
    Weapon,
)
from histor.resolve.actor_file import COLUMNS
from histor.store.access import Account, Job
from histor.store.people import CoderRow
from histor.store.project import Transaction, init_project
from histor.store.settings import CodingSettings, ReviewSettings, Settings
from histor.text.sentences import split_sentences

FORMS = (
    "<script data-hit>hit={n};</script>",
    "<img data-hit src=x onerror=hit={n};>",
    '"><svg data-hit onload=hit={n};>',
    "'><details data-hit open ontoggle=hit={n};>x</details>",
    "javascript:hit={n};",
    "{{@html '<img data-hit src=x onerror=hit={n};>'}}",
    "<iframe data-hit srcdoc='<script>parent.hit={n};</script>'></iframe>",
    "<a data-hit autofocus tabindex=1 onfocus=hit={n}; href=javascript:hit={n};>x</a>",
    "<style data-hit>@import 'http://evil.example/hit={n};';</style>",
    "<base data-hit href=//evil.example/hit={n};/>",
    "</textarea></title><script data-hit>hit={n};</script>",
    "<img data-hit src=http://evil.example/hit={n};>",
    "<link data-hit rel=stylesheet href=http://evil.example/hit={n};>",
    "<meta data-hit http-equiv=refresh content='0;url=http://evil.example/hit={n};'>",
    "${{hit={n};}}{{{{hit={n};}}}}<%=hit={n};%>",
    "<math><mtext data-hit></p><style><img data-hit title='</style><img src=x onerror=hit={n};>'>",
    "<form data-hit action=//evil.example><input autofocus onfocus=hit={n};></form>",
    "<video data-hit><source onerror=hit={n};></video>",
    "<object data-hit data=javascript:hit={n};></object>",
    "';hit={n};//\";hit={n};//`;hit={n};//--><svg data-hit/onload=hit={n};>",
)
"""Of script, of markup and of requests; ``{n}`` is the payload's number, by which it is known in the page."""
IN_TEXT = (
    "trigger", "actor words", "recipient words", "place words", "date words", "toll words", "weapon words", "loaded words",
    "speaker words", "other words",
)  # fmt: skip
"""What the lines of a report's text are coded as."""


class Payloads:
    """Makes payloads; `fields` tells for each number what it stands in."""

    def __init__(self) -> None:
        self.fields: dict[int, str] = {}
        self._numbers = count(1)

    def __call__(self, field: str) -> str:
        n = next(self._numbers)
        self.fields[n] = field
        # The forms go round by field, so that each field meets them all.
        form = FORMS[(n * 7 + sum(f == field for f in self.fields.values())) % len(FORMS)]
        return form.format(n=n)


class HostileCoder:
    """Codes one event mention a report, from its lines."""

    stamp = "hostile/1"

    def __init__(self, payload: Payloads) -> None:
        self._payload = payload

    def read(self, report: Report) -> Reading:
        at = _lines(report.text)
        actor, recipient = self._actor("actor", report, at), self._actor("recipient", report, at)
        relation = Relation(self._payload("relation"), actor, recipient, (actor.span[0], recipient.span[1]))
        coded = CodedReport(report, (self._mention(report, at, actor, recipient),), (relation,))
        return Reading(coded, tuple(split_sentences(report.text, report.title)))

    def _actor(self, side: str, report: Report, at: dict[str, Span]) -> Actor:
        span, p = at[f"{side} words"], self._payload
        words = report.text[slice(*span)]
        return Actor(words, span, p("actor id"), p(f"{side} name"), p(f"{side} country"), p(f"{side} sector"))

    def _mention(self, report: Report, at: dict[str, Span], actor: Actor, recipient: Actor) -> EventMention:
        p = self._payload
        words = {name: report.text[a:b] for name, (a, b) in at.items()}
        number = int(str(report.external_id).partition(" ")[0])
        place = Place(
            words["place words"], at["place words"], p("place name"), None, 10.0 + number % 60, 20.0 + number % 60,
            p("place country"), p("admin1"), p("admin2"), 1, 1, p("place source"),
        )  # fmt: skip
        toll = Casualties(
            "killed" if number % 2 else p("toll kind"), 2, 3, 4, "about", p("who died"), words["toll words"],
            at["toll words"],
        )  # fmt: skip
        return EventMention(
            id=digest("event_mention", report.id), retells=None, sentence=0, trigger=Trigger(words["trigger"], at["trigger"]),
            event_type=p("event type"), mode=p("mode"), contexts=(p("context"),),
            acled=Acled(p("event type of ACLED"), p("sub-event type")), ucdp=Ucdp(1), actors=(actor,), recipients=(recipient,),
            place=place, date=Date(words["date words"], at["date words"], "2024-03-01", "2024-03-02", 1, 1),
            casualties=(toll,), weapons=(Weapon(words["weapon words"], at["weapon words"]),),
            attribution=(Attribution(p("speaker"), p("attribution type"), p("cue"), at["speaker words"]),),
            factuality=p("factuality"), loaded_terms=(LoadedTerm(words["loaded words"], at["loaded words"]),),
            confidence=0.9, coder=p("coder version"), why=(p("why of a mention"),),
        )  # fmt: skip


def _lines(text: str) -> dict[str, Span]:
    found: dict[str, Span] = {}
    start = 0
    for name, line in zip(IN_TEXT, text.split("\n"), strict=True):
        found[name] = (start, start + len(line))
        start += len(line) + 1
    return found


def captured(payload: Payloads, number: int) -> Capture:
    """A report all of whose fields are payloads."""
    fields = {
        "id": f"{number} {payload('external id')}", "source": payload("outlet"), "url": payload("url"),
        "title": payload("title"), "published": f"2024-03-{1 + number % 28:02}",
        "text": "\n".join([*(payload(name) for name in IN_TEXT[:-1]), f"Rebels fought the army, they said. {payload(IN_TEXT[-1])}"]),
    }  # fmt: skip
    if number % 5 == 4:  # so that the list of reports falls back on the id
        del fields["title"]
    return make_capture(fields, json.dumps(fields).encode(), InputOptions(), f"line {number}")


class Hostile:
    """The project with what a test asks for: ids of reports and incidents, and the names of its people."""

    def __init__(self, folder: Path, size: int) -> None:
        self.payload = Payloads()
        self.me, self.other = self.payload("own name"), self.payload("second coder")
        self.wanted = 0
        self.project = init_project(folder)
        captures = [captured(self.payload, k) for k in range(size)]
        Ingest(self.project, HostileCoder(self.payload), matching=False).run(captures)
        self.reports = [c.report.id for c in captures]
        self._settings()
        with self.project.write() as transaction:
            self.mentions = [s.mention for s in transaction.mentions.find()]
            self.incidents = self._incidents(transaction)
            self._people(transaction)
            self._work(transaction)
            self._codings(transaction)
            self._decisions(transaction)

    def _settings(self) -> None:
        name = f"{self.payload('name of a file')}.tsv".replace("/", "")
        row = (
            "xyz.guard",
            self.payload("known actor"),
            self.payload("alias").replace(";", ","),
            "COD",
            "REB",
            "armed_group",
        )
        table = "\n".join("\t".join(cells) for cells in (COLUMNS, row)) + "\n"
        (self.project.folder / name).write_text(table, encoding="utf-8")
        review = ReviewSettings(self.other, 0.0, None, self.payload("credit of the map"))
        self.project.change_settings(Settings(coding=CodingSettings(actors=name), review=review))

    def _incidents(self, transaction: Transaction) -> list[str]:
        """The first of two tellings, all others of one; what the matcher said between neighbours."""
        p, run = self.payload, transaction.runs.start("match", "hostile/1", {}, "", now())
        groups = [self.mentions[:2], *([m] for m in self.mentions[2:])]
        made = [self._incident(group) for group in groups]
        transaction.incidents.replace([], made, {}, run.id)
        pairs = zip(self.mentions, self.mentions[1:], strict=False)
        transaction.matches.put(
            (MatchDecision(min(a.id, b.id), max(a.id, b.id), p("judgement"), 0.6, ((p("feature"), 1.0, 0.5),), p("matcher"))
             for a, b in pairs), run.id,
        )  # fmt: skip
        transaction.matches.put_copies([Copy(self.reports[1], self.reports[0], 0.9, True, p("why a copy"))], run.id)
        transaction.runs.finish(run.id, now(), {"incidents": len(made)})
        return [i.id for i in made]

    def _incident(self, group: list[EventMention]) -> Incident:
        m = group[0]
        report = {n.id: r for n, r in zip(self.mentions, self.reports, strict=True)}
        claims = [c.id for n in group for c in mention_claims(report[n.id], n) if c.property == "killed"]
        left_out = tuple(LeftOut(c, self.payload("why left out")) for c in claims[1:])
        killed = Estimate(
            "killed", self.payload("rule of an estimate"), 2, 3, 4, tuple(claims[:1]), left_out, disputed=True
        )
        return Incident(
            digest("incident", m.id), m.event_type, m.acled, m.ucdp, m.place, m.date, m.actors, m.recipients,
            m.factuality, tuple(n.id for n in group), len(group), 1, {"killed": killed}, "machine",
            (self.payload("why an incident"),),
        )  # fmt: skip

    def _people(self, transaction: Transaction) -> None:
        p, access = self.payload, transaction.access
        access.add_account(Account(p("account"), "coder", "no hash", now(), False))
        transaction.people.put(CoderRow(p("id of a coder"), p("name of a coder"), "person", now()))
        access.note(now(), p("account of a deed"), p("deed"), p("subject of a deed"), p("address of a deed"))

    def _work(self, transaction: Transaction) -> None:
        p = self.payload
        for k, state in enumerate(("done", "failed", "cancelled")):
            job = Job(f"job-{k}", p("kind of a job"), state, 1, 2, p("message of a job"), {}, {p("result of a job"): 3},
                      p("who began a job"), now(), now(), now(), False)  # fmt: skip
            transaction.access.add_job(job)
            transaction.access.change_job(job.id, result=job.result)

    def _codings(self, transaction: Transaction) -> None:
        """One report for oneself to code blind; one that the other has coded otherwise than the machine."""
        access = transaction.access
        self.blind, self.doubly = self.reports[-1], self.reports[-2]
        access.assign([self.blind], self.me, now())
        access.save_second_coding(self.blind, self.me, [self.mentions[-1]], 5, None)
        access.assign([self.doubly], self.other, now())
        access.save_second_coding(self.doubly, self.other, [self._otherwise(self.mentions[-2])], 60, now())

    def _otherwise(self, mention: EventMention) -> EventMention:
        from msgspec.structs import replace

        p = self.payload
        return replace(
            mention, id=digest("event_mention", "otherwise"), mode=p("mode by another"), factuality=p("factuality by another"),
            event_type=p("event type by another"),
        )  # fmt: skip

    def _decisions(self, transaction: Transaction) -> None:
        p, first = self.payload, self.mentions[0].id
        for coder, action, payload in (
            (p("coder of a decision"), "unsure", {}),
            (self.other, "edit", {"property": "mode", "value": p("edited mode")}),
        ):
            row = transaction.decisions.add(
                action, first, coder=coder, made_at=now(), payload=payload, reason=p("reason")
            )
            transaction.access.took(row.id, 3.0)
        draft: dict[str, Any] = json.loads(_json(self.mentions[2]))
        draft["actors"][0] |= {"name": p("actor in a draft")}
        draft["place"] |= {"name": p("place in a draft")}
        transaction.people.save_draft(self.me, self.mentions[2].id, draft, now())

    def close(self) -> None:
        self.project.close()


def _json(mention: EventMention) -> bytes:
    import msgspec

    return msgspec.json.encode(mention)


def in_addresses(payload: Payloads) -> Iterator[str]:
    """Addresses whose parts are payloads."""
    from urllib.parse import quote

    for name in (
        "type",
        "country",
        "actor",
        "factuality",
        "box",
        "since",
        "deaths",
        "status",
        "sort",
        "columns",
        "at",
        "chosen",
    ):
        yield f"/incidents?{name}={quote(payload(f'?{name}'))}"
    for path in ("/incidents?view=", "/incidents?view=map&zoom=", "/incidents?view=timeline&since=", "/?type=", "/?report=",
                 "/?at=", "/reports?search=", "/release?country=", "/release?since=", "/agreement?second=", "/adjudication?second=",
                 "/nowhere?", "/settings?", "/jobs?", "/people?"):  # fmt: skip
        yield path + quote(payload(path))
    for path in ("/incidents/", "/reports/", "/agreement/", "/adjudication/", "/"):
        yield path + quote(payload(path), safe="")
