"""Matching and estimating a project: all of it, what is new, or what a decision touches; each in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict

import msgspec

from histor.estimates.accounts import Source
from histor.estimates.rules import DEFAULT, RULES, estimates
from histor.jobs.clock import now
from histor.jobs.match import Matched, all_estimates, match_all, match_new, running_totals
from histor.jobs.matching_store import MatchingStore
from histor.matching.score import shipped
from histor.model.canonical import digest
from histor.model.errors import ConfigError
from histor.model.incidents import Estimate, Incident
from histor.model.records import Claim
from histor.store.project import Project, Transaction

Clock = Callable[[], str]


def match_project(project: Project, clock: Clock = now) -> Matched:
    """Match the whole project anew; what people decided and the ids of incidents stay."""
    with project.write() as transaction:
        store, rule, finish = _begin(transaction, "match", clock)
        done = match_all(store, rule=rule)
        transaction.codings.matched(transaction.reports.ids(), store.run)
        finish(done)
    return done


def match_waiting(project: Project, clock: Clock = now) -> Matched | None:
    """Match what is coded and not matched yet, with its neighbourhood; None where nothing waits."""
    with project.read() as transaction:
        if not transaction.codings.unmatched():
            return None
    with project.write() as transaction:
        waiting = transaction.codings.unmatched()
        if not waiting:
            return None
        store, rule, finish = _begin(transaction, "match", clock)
        gone = transaction.mentions.superseded(waiting)
        done = match_new(store, waiting, gone, rule=rule)
        transaction.codings.matched(waiting, store.run)
        finish(done)
    return done


def refresh(project: Project, mention_ids: Collection[str], clock: Clock = now) -> Matched | None:
    """Match anew the reports of event mentions that a person decided on; None where nothing is matched there yet."""
    with project.write() as transaction:
        members = transaction.incidents.of(sorted(mention_ids))
        known = list(transaction.incidents.many(sorted({*members.values(), *mention_ids})))
        told = [m for incident in known for m in incident.event_mentions]
        stored = {s.mention.id: s.report_id for s in transaction.mentions.many(sorted({*mention_ids, *told}))}
        added = transaction.decisions.about(sorted({*mention_ids, *told} - stored.keys()))
        # Of an addition that was taken back the ledger alone knows the report.
        reports = {*stored.values(), *(d.payload["report_id"] for d in added if d.action == "add")}
        if not reports:
            return None
        store, rule, finish = _begin(transaction, "review", clock)
        done = match_new(store, sorted(reports), sorted({*mention_ids, *told}), reread=False, rule=rule)
        transaction.codings.matched(sorted(reports), store.run)
        finish(done)
    return done


def restate(project: Project, mention_ids: Collection[str], clock: Clock = now) -> bool:
    """Give the incidents of event mentions the status that decisions on these make, where no telling comes or goes.

    False, and nothing is done, where one of them is in no incident, is rejected or superseded.
    """
    with project.write() as transaction:
        rulings = transaction.decisions.rulings()
        members = transaction.incidents.of(sorted(mention_ids))
        stored = transaction.mentions.many(sorted(mention_ids))
        # One that is superseded is a member as long as it is accepted.
        going = any(not s.current or rulings.apply(s.report_id, s.mention).status == "rejected" for s in stored)
        going |= any(r.status == "rejected" for r in rulings.additions() if r.mention.id in mention_ids)
        if going or len(members) < len(set(mention_ids)):
            return False
        store, _, finish = _begin(transaction, "review", clock)
        found = list(transaction.incidents.many(sorted(set(members.values()))))
        told = [m for incident in found for m in incident.event_mentions]
        reports = {s.report_id for s in transaction.mentions.many(told)}
        reports |= {r.report_id for r in rulings.additions() if r.mention.id in told}
        for _ in store.coded(sorted(reports)):
            pass  # the store reads what was decided on their event mentions along with them
        store.put_incidents([i.id for i in found], found, {}, {})
        transaction.codings.matched(sorted(reports), store.run)
        finish(Matched(incidents=len(found)))
    return True


def _begin(transaction: Transaction, kind: str, clock: Clock) -> tuple[MatchingStore, str, Callable[[Matched], None]]:
    """A store for a run, the rule that holds, and what notes the run's end."""
    model, rule = shipped(), rule_of(transaction)
    run = transaction.runs.start(
        kind, f"{model.version} {rule}", {}, digest("configuration", [model.version, rule]), clock()
    )
    store = MatchingStore(transaction, run.id, model)

    def finish(done: Matched) -> None:
        counts = {name: value for name, value in asdict(done).items() if isinstance(value, int)}
        transaction.runs.finish(run.id, clock(), counts)

    return store, rule, finish


# --- estimates -------------------------------------------------------------------------------------

_RUN = "estimate"


def rule_of(transaction: Transaction) -> str:
    """The rule by which the project estimates: the one chosen last, else the default."""
    chosen = [run.coder for run in transaction.runs.all() if run.kind == _RUN]
    return chosen[-1].removeprefix("rule/") if chosen else DEFAULT


def choose_rule(project: Project, rule: str, clock: Clock = now) -> int:
    """Estimate every incident by a rule, and those to come too; the number of incidents. Raises ConfigError."""
    check_rule(rule)
    with project.write() as transaction:
        run = transaction.runs.start(_RUN, f"rule/{rule}", {}, digest("configuration", [_RUN, rule]), clock())
        changed = []
        for incident in list(transaction.incidents.all()):
            claims, sources, totals = _evidence(transaction, incident)
            found = all_estimates(claims, sources, rule=rule, totals=totals)
            changed.append(msgspec.structs.replace(incident, estimates=found))
        transaction.incidents.replace([], changed, {}, run.id)
        transaction.runs.finish(run.id, clock(), {"incidents": len(changed)})
    return len(changed)


def check_rule(rule: str) -> None:
    """Raises ConfigError for a rule that there is not."""
    if rule not in RULES:
        raise ConfigError("estimate.rule", f"there is no rule {rule!r}.", do=f"Choose among {', '.join(RULES)}.")


def estimates_of(
    transaction: Transaction, incident: Incident, rules: Sequence[str] = tuple(RULES)
) -> dict[str, dict[str, Estimate]]:
    """Estimates of an incident by each of some rules: rule → property → estimate."""
    claims, sources, totals = _evidence(transaction, incident)
    return {rule: estimates(claims, sources, rule=rule, totals=totals) for rule in rules}


def _evidence(transaction: Transaction, incident: Incident) -> tuple[list[Claim], dict[str, Source], list[str]]:
    """What an incident's estimates rest on: its claims, its reports as sources, and the claims that count a period."""
    store = MatchingStore(transaction, "")
    claims = list(store.claims(incident.event_mentions))
    reports = {r.id: r for r in transaction.reports.many(sorted({c.report_id for c in claims}))}
    origins = store.origins(sorted(reports))
    sources = {i: Source(origins.get(i, i), r.published, r.source) for i, r in reports.items()}
    return claims, sources, list(running_totals(claims, reports))


def compare_rules(
    project: Project, one: str, other: str
) -> Iterator[tuple[Incident, str, Estimate | None, Estimate | None]]:
    """Incidents and properties for which two rules give other numbers, by first day. Raises ConfigError."""
    check_rule(one)
    check_rule(other)
    with project.read() as transaction:
        for incident in transaction.incidents.all():
            found = estimates_of(transaction, incident, [one, other])
            for name in sorted(found[one].keys() | found[other].keys()):
                a, b = found[one].get(name), found[other].get(name)
                if _ends(a) != _ends(b):
                    yield incident, name, a, b


def _ends(found: Estimate | None) -> tuple[int | None, int | None, int | None] | None:
    return (found.low, found.best, found.high) if found is not None else None
