"""Does everything answer to its words: each row against its digest, its words, its identifier and its links."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, RowMapping, Table, func, select, text

from histor.coding.claims import claim_id, ruled_claims
from histor.model.canonical import digest
from histor.model.errors import StoreError
from histor.model.incidents import Decision, Estimate, Incident
from histor.model.ledger import GENESIS, check_chain
from histor.model.records import Claim, EventMention, Relation
from histor.store import incidents as incident_rows
from histor.store import schema
from histor.store.codings import claim_of, columns_of, content_of
from histor.store.decisions import decision_of
from histor.store.project import Project, Transaction
from histor.store.rows import dump, load
from histor.store.schema import seal
from histor.text.sentences import Segment

_SEALED = (
    schema.codings, schema.runs, schema.successors, schema.match_decisions, schema.copies, schema.origins,
    schema.sketches,
    schema.incident_aliases,
)  # fmt: skip
"""Tables whose rows answer to no more than their digest and links; those of others are checked with more."""


class Finding(NamedTuple):
    """Something that is not as it should be: in which table, which row, and what."""

    table: str
    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.what}"


def verify_project(project: Project) -> Iterator[Finding]:
    """What is wrong with a project, nothing if it is sound; nothing is changed. Raises StoreError."""
    with project.read() as transaction:
        yield from verify(transaction)


def verify(transaction: Transaction) -> Iterator[Finding]:
    """The same within a transaction."""
    connection = transaction.connection
    if connection.dialect.name == "sqlite":
        yield from _file(connection)
    yield from _sources(connection)
    for coding in _rows(connection, schema.codings, schema.codings.c.seq):
        yield from _guarded("codings", coding["seq"], _coding, connection, coding)
    yield from _currency(connection)
    for table in _SEALED:
        yield from _seals(connection, table)
    for name, check in (("runs", _runs), ("decisions", _ledger), ("links", _links), ("incidents", _incidents)):
        yield from _guarded(name, "all", check, transaction)


# --- tools ---------------------------------------------------------------------------------------


def _rows(connection: Connection, table: Table, *order: Any, where: Any = None) -> Iterator[RowMapping]:
    query = select(table).order_by(*(order or table.primary_key.columns))
    yield from connection.execute(query if where is None else query.where(where)).mappings().all()


def _guarded(table: str, key: object, check: Callable[..., Iterable[Finding]], *given: Any) -> Iterator[Finding]:
    """The findings of a check; that a row cannot even be read is one."""
    try:
        yield from list(check(*given))
    except (StoreError, TypeError, ValueError, KeyError, msgspec.MsgspecError, zlib.error) as error:
        yield Finding(table, _short(key), f"it cannot be read ({error})")


def _short(key: object) -> str:
    return str(key)[:64]


def _key(table: Table, row: RowMapping) -> str:
    named = row["id"] if "id" in row else " ".join(str(row[c.name]) for c in table.primary_key.columns)
    return _short(named)


def _seals(connection: Connection, table: Table) -> Iterator[Finding]:
    for row in _rows(connection, table):
        yield from _guarded(table.name, _key(table, row), _seal, table, row)


def _seal(table: Table, row: RowMapping) -> Iterator[Finding]:
    if seal(table, dict(row)) != row["digest"]:
        yield Finding(table.name, _key(table, row), "the row is not what its digest says")


# --- the file, reports, texts --------------------------------------------------------------------


def _file(connection: Connection) -> Iterator[Finding]:
    """SQLite's own checks, and its indexes of words and places."""
    for (said,) in connection.exec_driver_sql("pragma integrity_check(20)"):
        if said != "ok":
            yield Finding("file", "pages", str(said))
    for table, row, parent, _ in connection.exec_driver_sql("pragma foreign_key_check"):
        yield Finding(str(table), f"row {row}", f"it refers to a row of {parent} that is not there")
    m = schema.event_mentions.c
    located = select(func.count()).where(m.current, m.latitude.is_not(None), m.longitude.is_not(None))
    for name, index, rows in (
        ("places", "mention_places", located),
        ("words", "report_search_docsize", select(func.count()).select_from(schema.reports)),
    ):
        if connection.scalar(text(f"select count(*) from {index}")) != connection.scalar(rows):
            yield Finding("index", name, "it does not hold as many rows as it should")


def _sources(connection: Connection) -> Iterator[Finding]:
    c = schema.captures
    for sha256 in connection.scalars(select(c.c.sha256).order_by(c.c.sha256)).all():
        row = connection.execute(select(c).where(c.c.sha256 == sha256)).mappings().one()
        yield from _guarded("captures", sha256, _capture, row)
    t = schema.texts
    for sha256 in connection.scalars(select(t.c.sha256).order_by(t.c.sha256)).all():
        words = connection.scalar(select(t.c.text).where(t.c.sha256 == sha256))
        if not isinstance(words, str) or hashlib.sha256(words.encode()).hexdigest() != sha256:
            yield Finding("texts", _short(sha256), "the text is not the one that was stored")
    for row in _rows(connection, schema.reports):
        yield from _guarded("reports", row["id"], _report, connection, row)


def _capture(row: RowMapping) -> Iterator[Finding]:
    content = zlib.decompress(row["content"])
    if hashlib.sha256(content).hexdigest() != row["sha256"] or len(content) != row["size"]:
        yield Finding("captures", row["sha256"], "the captured bytes are not the ones that were stored")


def _report(connection: Connection, row: RowMapping) -> Iterator[Finding]:
    yield from _seal(schema.reports, row)
    if digest("report", [row["captured_sha256"], row["source"] or "", row["url"] or ""]) != row["id"]:
        yield Finding("reports", row["id"], "its id is not that of its captured bytes, source and URL")
    c = schema.captures.c.sha256
    for sha256 in (row["recaptured"] or "").split():
        if connection.scalar(select(c).where(c == sha256)) is None:
            yield Finding("reports", row["id"], "the bytes of a later version of it are not there")


# --- one coding ----------------------------------------------------------------------------------


def _coding(connection: Connection, coding: RowMapping) -> Iterator[Finding]:
    """The sentences, event mentions, claims and relations of a coding, each and together."""
    seq, key = coding["seq"], f"{coding['seq']} of report {coding['report_id'][:12]}"
    words = connection.scalar(select(schema.texts.c.text).where(schema.texts.c.sha256 == coding["text_sha256"])) or ""
    rows = {
        table.name: list(_rows(connection, table, *order, where=table.c.coding == seq))
        for table, order in (
            (schema.sentences, (schema.sentences.c.position,)),
            (schema.event_mentions, (schema.event_mentions.c.position,)),
            (schema.claims, (schema.claims.c.seq,)),
            (schema.relations, (schema.relations.c.position,)),
        )
    }
    mentions = [load(row["record"], EventMention, f"event mention {row['id'][:12]}") for row in rows["event_mentions"]]
    claims = [claim_of(row) for row in rows["claims"]]
    stated = [load(row["record"], Relation, f"relation {row['position']}") for row in rows["relations"]]
    by_id = {mention.id: mention for mention in mentions}
    for row, mention in zip(rows["event_mentions"], mentions, strict=True):
        yield from _mention(coding, row, mention, by_id.keys(), words)
    for row, claim in zip(rows["claims"], claims, strict=True):
        yield from _claim(coding, claim, by_id, words)
        if (row["value"], row["attribution"]) != (dump(claim.value), dump(claim.attribution)):
            yield Finding("claims", _short(claim.id), "its value or attribution is not written as it was")
    for row, relation in zip(rows["relations"], stated, strict=True):
        if row["type"] != relation.type or row["record"] != dump(relation):
            yield Finding("relations", f"{row['position']} of coding {seq}", "its columns are not those of its record")
    for name in ("sentences", "event_mentions", "relations"):
        if [row["position"] for row in rows[name]] != list(range(len(rows[name]))):
            yield Finding("codings", key, f"its {name.replace('_', ' ')} are not numbered one after the other")
    segments = [Segment(row["start"], row["end"], row["kind"]) for row in rows["sentences"]]
    if content_of(segments, mentions, claims, stated) != coding["content"]:
        yield Finding("codings", key, "what it says is not what its digest says: something was changed, added or lost")


def _mention(
    coding: RowMapping, row: RowMapping, mention: EventMention, known: Iterable[str], words: str
) -> Iterator[Finding]:
    def found(what: str) -> Finding:
        return Finding("event_mentions", _short(row["id"]), what)

    yield from _seal(schema.event_mentions, row)
    identity = [coding["report_id"], "event_type", mention.event_type, list(mention.trigger.span), mention.coder]
    if not row["id"] == mention.id == digest("event_mention", identity):
        yield found("its id is not that of its report, type, span and coder")
    if mention.coder != coding["coder"]:
        yield found("its coder is not its coding's")
    if row["report_id"] != coding["report_id"] or bool(row["current"]) != bool(coding["current"]):
        yield found("it does not belong to its coding")
    if any(row[name] != value for name, value in columns_of(mention).items()):
        yield found("its columns are not those of its record")
    if mention.retells is not None and mention.retells not in known:
        yield found("it retells an event mention that is not in this coding")
    for said, (a, b) in _quotes(msgspec.to_builtins(mention)):
        if words[a:b] != said or not 0 <= a <= b:
            yield found(f"the words at {a} to {b} are not the ones that it quotes")


def _quotes(value: Any) -> Iterator[tuple[str, tuple[int, int]]]:
    """Every text of a record with the span beside it."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str) and value.get("span"):
            yield value["text"], tuple(value["span"])
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _quotes(item)


def _claim(coding: RowMapping, claim: Claim, mentions: dict[str, EventMention], words: str) -> Iterator[Finding]:
    def found(what: str) -> Finding:
        return Finding("claims", _short(claim.id), what)

    said = claim_id(claim.report_id, claim.event_mention_id, claim.property, claim.value, claim.span, claim.coder)
    if claim.id != said:
        yield found("its id is not that of its mention, property, value, span and coder")
    if (claim.span is None) != (claim.text is None) or (claim.span and words[slice(*claim.span)] != claim.text):
        yield found("the words at its span are not the ones that it quotes")
    if claim.report_id != coding["report_id"] or claim.coder != coding["coder"]:
        yield found("it does not belong to its coding")
    mention = mentions.get(claim.event_mention_id)
    if claim.property == "relation":
        return
    if mention is None:
        yield found("its event mention is not in this coding")
    elif (claim.attribution, claim.factuality, claim.confidence) != (
        mention.attribution, mention.factuality, mention.confidence,
    ):  # fmt: skip
        yield found("its attribution, factuality or confidence is not its event mention's")


def _currency(connection: Connection) -> Iterator[Finding]:
    """Each coded report has one current coding: the last."""
    c = schema.codings.c
    current = func.max(c.seq).filter(c.current)
    query = select(c.report_id).group_by(c.report_id).having(current.is_distinct_from(func.max(c.seq)))
    for report_id in connection.scalars(query.order_by(c.report_id)):
        yield Finding("codings", report_id, "its current coding is not the last one of this report")


# --- runs, ledger, links -------------------------------------------------------------------------


def _runs(transaction: Transaction) -> Iterator[Finding]:
    c = schema.codings.c
    counted = transaction.connection.execute(select(c.run_id, func.count()).group_by(c.run_id)).all()
    coded: dict[str, int] = dict(counted)
    for run in transaction.runs.all():
        said = transaction.runs.counts(run.id).get("coded", 0) if run.kind == "ingest" and run.finished_at else None
        if said is not None and said != coded.get(run.id, 0):
            yield Finding("runs", run.id, f"it coded {said} reports, but {coded.get(run.id, 0)} codings are its own")


def _ledger(transaction: Transaction) -> Iterator[Finding]:
    rows: list[Decision] = []
    for row in _rows(transaction.connection, schema.decisions):
        try:
            rows.append(decision_of(row))
        except (StoreError, msgspec.MsgspecError) as error:
            yield Finding("decisions", _short(row["id"]), f"it cannot be read ({error})")
    for name, what in check_chain(rows):
        yield Finding("decisions", _short(name), what)
    head = rows[-1].digest if rows else GENESIS
    if transaction.decisions.anchor() != (len(rows), head):
        yield Finding("decisions", "ledger", "its length or end is not the one that was counted when rows were added")
    known = {row.id for row in rows}
    for decision in rows:
        if decision.action == "undo" and decision.subject not in known:
            yield Finding("decisions", decision.id, "it takes back a decision that is not there")


def _links(transaction: Transaction) -> Iterator[Finding]:
    """Links by id that the database does not watch over."""
    connection = transaction.connection
    m = schema.event_mentions.c
    of_report: dict[str, str] = dict(connection.execute(select(m.id, m.report_id)).all())
    current = set(connection.scalars(select(m.id).where(m.current)))
    later = transaction.codings.successors()
    for old in sorted(of_report.keys() - current - later.keys()):
        yield Finding("event_mentions", _short(old), "it is superseded, and nothing says by which")
    for old, new in later.items():
        if old not in of_report or (new is not None and of_report.get(new) != of_report[old]):
            yield Finding("successors", _short(old), "it leads to or from an event mention that is not in the report")
    known = _Known(transaction).mentions
    for row in _rows(connection, schema.match_decisions):
        key = f"{row['left'][:12]} and {row['right'][:12]}"
        if not {row["left"], row["right"]} <= known:
            yield Finding("match_decisions", key, "it judges an event mention that is not there")
        if row["judgement"] not in {"positive", "negative", "unsure"}:
            yield Finding("match_decisions", key, f"there is no judgement {row['judgement']!r}")


# --- incidents -----------------------------------------------------------------------------------


def _incidents(transaction: Transaction) -> Iterator[Finding]:
    connection = transaction.connection
    known = _Known(transaction)
    ids = set()
    for row in _rows(connection, schema.incidents):
        ids.add(row["id"])
        yield from _guarded("incidents", row["id"], _incident, connection, row, known)
    for row in _rows(connection, schema.estimates):
        yield from _guarded("estimates", _key(schema.estimates, row), _estimate, row, known)
    for alias, incident_id in transaction.incidents.aliases().items():
        if alias in ids or (incident_id is not None and incident_id not in ids):
            yield Finding("incident_aliases", _short(alias), "it is alive, or leads to an incident that is not there")


class _Known:
    """The event mentions and claims that there are, those among them that people made."""

    def __init__(self, transaction: Transaction) -> None:
        m, c = schema.event_mentions.c, schema.claims.c
        self.mentions = set(transaction.connection.scalars(select(m.id)))
        self.claims = set(transaction.connection.scalars(select(c.id)))
        try:
            coders = {d.id: d.coder for d in transaction.decisions.all()}
            rulings = transaction.decisions.rulings()
            ruled = [*rulings.additions()]
            ruled += [
                rulings.apply(s.report_id, s.mention) for s in transaction.mentions.many(list(rulings.by_mention))
            ]
        except (StoreError, msgspec.MsgspecError, KeyError, TypeError, ValueError):
            return  # the ledger is damaged, which is found above
        self.mentions |= {ruling.mention.id for ruling in ruled}
        self.claims |= {claim.id for ruling in ruled for claim in ruled_claims(ruling, coders)}


def _incident(connection: Connection, row: RowMapping, known: _Known) -> Iterator[Finding]:
    def found(what: str) -> Finding:
        return Finding("incidents", _short(row["id"]), what)

    yield from _seal(schema.incidents, row)
    incident = load(row["record"], Incident, f"incident {row['id'][:12]}")
    columns = {"id": incident.id, **incident_rows.columns_of(incident)}
    if any(row[name] != value for name, value in columns.items()):
        yield found("its columns are not those of its record")
    i = schema.incident_mentions.c
    members = select(i.position, i.event_mention_id).where(i.incident_id == row["id"]).order_by(i.position)
    if [tuple(member) for member in connection.execute(members)] != list(enumerate(incident.event_mentions)):
        yield found("its members are not those of its record")
    for mention in incident.event_mentions:
        if mention not in known.mentions:
            yield found(f"its member {mention[:12]} is not there")
    e = schema.estimates.c
    kept = connection.execute(select(e.property, e.rule).where(e.incident_id == row["id"])).all()
    for one in incident.estimates.values():
        if (one.property, one.rule) not in kept:
            yield found(f"its estimate of {one.property} by {one.rule} is not there")


def _estimate(row: RowMapping, known: _Known) -> Iterator[Finding]:
    def found(what: str) -> Finding:
        return Finding("estimates", f"{row['property']} of incident {row['incident_id'][:12]}", what)

    yield from _seal(schema.estimates, row)
    estimate = load(row["record"], Estimate, f"an estimate of incident {row['incident_id'][:12]}")
    figures = {name: incident_rows.in_column(getattr(estimate, name)) for name in ("low", "best", "high")}
    columns = {"property": estimate.property, "rule": estimate.rule, **figures}
    if any(row[name] != value for name, value in columns.items()):
        yield found("its columns are not those of its record")
    stated = [figure for figure in (estimate.low, estimate.best, estimate.high) if figure is not None]
    if stated != sorted(stated):
        yield found("low, best and high are not in order")
    for claim in (*estimate.claims_used, *(left.claim for left in estimate.claims_left_out)):
        if claim not in known.claims:
            yield found(f"the claim {claim[:12]} that it names is not there")
