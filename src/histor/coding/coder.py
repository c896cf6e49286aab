"""The coder: an annotated report to event mentions, each with its claims and its reasons."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence, Set

from histor.codebook.codebook import (
    ARMED,
    Codebook,
    contexts_of,
    controller_of,
    load_codebook,
    sides_of,
    type_of_violence,
)
from histor.coding.arguments import settle_arguments
from histor.coding.calibration import UNCALIBRATED, Calibration, shipped
from histor.coding.candidates import Candidate, attach_outcomes, find_candidates
from histor.coding.context import Context, make_context
from histor.coding.deaths import with_deaths
from histor.coding.deeds import BY_FORCE
from histor.coding.explain import SentenceExplained, explain
from histor.coding.figurative import without_figures
from histor.coding.identify import Identifier, identified
from histor.coding.lexicon import Lexicon, load_lexicon
from histor.coding.locate import Locator, located
from histor.coding.parties import parties, tellers_of
from histor.coding.parts import Parts
from histor.coding.phrases import trim
from histor.coding.relations import relations_of
from histor.coding.retellings import Telling, link
from histor.coding.roles import date_of, place_of, scored_spans, weapons_of
from histor.coding.settle import settle
from histor.coding.sides import parted
from histor.coding.speakers import chain_of, others_words, outlets_of, speakers_of, with_parties
from histor.coding.subevents import as_first_told, by_whom_taken, from_the_air, ruled_out
from histor.coding.tellings import as_retelling, merge_tellings, with_shared
from histor.coding.told import told_candidates, told_parts
from histor.coding.toll import Toll
from histor.coding.tolls import casualties_of, hang_tolls
from histor.coding.verdict import factuality_of
from histor.coding.victims import with_victims
from histor.coding.voices import ReportStance, observe
from histor.model.annotation import Annotation, Span
from histor.model.canonical import digest
from histor.model.records import Acled, Actor, CodedReport, EventMention, LoadedTerm, Report, Trigger, Ucdp
from histor.resolve.actor_index import ActorIndex
from histor.resolve.actors import country_of
from histor.resolve.places import PlaceResolver

GRENADE, CHEMICAL = "Grenade", "Chemical weapon"
SUICIDE = re.compile(r"\b(?:suicide|martyrdom|kamikaze)\b", re.IGNORECASE)
# Arrests have their sub-event type even where the head gives none; soldiers taken in battle are not arrested.
ALWAYS = frozenset({("COERCE", "arrest")})
UNREAL = frozenset({"planned", "threatened", "hypothetical", "forecast"})  # nobody demonstrates yet
# What the crosswalk's rows add to the head's probabilities; settled on written/dev.jsonl.
MODE_WEIGHT = 0.1
SIDES_WEIGHT = 0.5
HOME_FIGHTERS = frozenset({"REB", "UAF", "PRM", "CRM"})  # sectors of those who mostly fight in their own country
NEXT_BEST = 0.1  # least probability of a sub-event type that the head gives


class Coder:
    """Codes annotated reports; holds the lexicon and the codebook, and no state between reports."""

    def __init__(
        self,
        lexicon: Lexicon | None = None,
        codebook: Codebook | None = None,
        places: PlaceResolver | None = None,
        actors: ActorIndex | None = None,
        calibration: Calibration | None = None,
        versions: Sequence[str] = (),
    ) -> None:
        self.lexicon = lexicon or load_lexicon()
        self.codebook = codebook or load_codebook()
        self.places = places
        self.actors = actors
        self.calibration = calibration or shipped()
        # `versions` of what else decides what is coded (a user's actors file, say) make another coder.
        self.stamp = " ".join((f"lexicon/{self.lexicon.version}", f"plover/{self.codebook.version}", *versions))

    def code(self, report: Report, annotation: Annotation) -> CodedReport:
        """Event mentions and relations of `report` in text order."""
        context = make_context(report, annotation, self.lexicon)
        identifier = self._identifier(context)
        tellings = self._tellings(context, identifier)
        mentions = [t.mention for t in tellings]
        linked = [
            as_retelling(mention, mentions[first].id if first >= 0 else None)
            for mention, first in zip(mentions, link(tellings), strict=True)
        ]
        by_id = {m.id: m for m in linked}
        linked = [as_first_told(m, by_id.get(m.retells or "")) for m in linked]
        linked = with_shared(linked)
        return CodedReport(report, tuple(linked), tuple(relations_of(context, mentions, identifier)))

    def stance(self, report: Report, annotation: Annotation) -> ReportStance:
        """What `report` says in its outlet's own voice."""
        coded = self.code(report, annotation)
        context = make_context(report, annotation, self.lexicon)
        return observe(context, coded, self._identifier(context))

    def explain(self, report: Report, annotation: Annotation) -> list[SentenceExplained]:
        """Every sentence of `report` with what was read in it and why."""
        return explain(report, annotation, self.code(report, annotation), self.lexicon)

    def tellings(self, report: Report, annotation: Annotation) -> list[Telling]:
        """Event mentions in text order before the tellings of one event are linked."""
        context = make_context(report, annotation, self.lexicon)
        return self._tellings(context, self._identifier(context))

    def _identifier(self, context: Context) -> Identifier | None:
        """Who the parties of a report are, if there is an actors file."""
        if self.actors is None:
            return None
        annotation = context.annotation
        return Identifier(self.actors, context.text, context.published, annotation.sentences, annotation.mentions)

    def _tellings(self, context: Context, identifier: Identifier | None) -> list[Telling]:
        if context.annotation.tellings is not None:
            return self._read_out(context, identifier)
        annotation = context.annotation
        candidates = find_candidates(annotation, context.clauses, self.lexicon, context.tolls)
        candidates = settle(context.clauses, candidates, self.lexicon)
        attach_outcomes(context.clauses, candidates)
        candidates = without_figures(context.clauses, merge_tellings(candidates))
        candidates = with_deaths(context, candidates)
        for candidate in candidates:
            settle_arguments(context, candidate)
        tolls = hang_tolls(context, candidates)
        mentions = [self._mention(context, candidate, tolls[k], identifier) for k, candidate in enumerate(candidates)]
        sure = [
            candidate.proposal is not None or candidate.alone or not annotation.proposals for candidate in candidates
        ]
        return self._linkable(context, candidates, parted(context, candidates, mentions), sure)

    def _read_out(self, context: Context, identifier: Identifier | None) -> list[Telling]:
        """The same for what the engine reads out whole."""
        told = told_candidates(context)
        mentions = [self._assembled(context, told_parts(context, *pair, identifier)) for pair in told]
        return self._linkable(context, [candidate for candidate, _ in told], mentions, [True] * len(told))

    def _linkable(
        self, context: Context, candidates: list[Candidate], mentions: list[EventMention], sure: list[bool]
    ) -> list[Telling]:
        mentions = self._located(context, with_parties(mentions))
        return [
            Telling(
                mentions[k],
                context.clauses[candidate.sentence],
                candidate.head,
                {candidate.retells: candidate.retells_score} if candidate.retells >= 0 else {},
                context.clauses[candidate.sentence].sentence.kind == "headline",
                sure[k],
                candidate.retells if context.annotation.tellings is not None else -1,
            )
            for k, candidate in enumerate(candidates)
        ]

    def _located(self, context: Context, mentions: list[EventMention]) -> list[EventMention]:
        """The mentions with their places looked up, if there is a gazetteer."""
        if self.places is None:
            return mentions
        report = context.report
        outlet = self.actors.named(report.source, context.published) if self.actors and report.source else None
        home = outlet.role.country[0] if outlet and outlet.role.country else None
        phrases = [m.place for m in mentions if m.place is not None]
        groups = {
            a.id: a.country
            for m in mentions
            for a in (*m.actors, *m.recipients)
            if a.id
            and a.country
            and (a.sector in HOME_FIGHTERS or (m.event_type in BY_FORCE and not country_of(a.text)))
        }
        locator = Locator.of(self.places, report.text, context.annotation, phrases, home, sorted(groups.values()))
        return [located(locator, m) for m in mentions]

    # --- one event mention ---------------------------------------------------------------------

    def _mention(
        self, context: Context, candidate: Candidate, tolls: list[Toll], identifier: Identifier | None
    ) -> EventMention:
        """The event mention of a candidate: roles, speakers, factuality and tolls found for it."""
        mode, mode_why = self._mode(candidate)
        sources = speakers_of(context, candidate)
        outlets = [*outlets_of(candidate, sources), *tellers_of(candidate, sources)]
        actors = parties(context, candidate, "actor", outlets)
        taken = [*outlets, *(a.span for a in actors)]
        recipients = parties(context, candidate, "recipient", taken, actors)
        recipients = with_victims(context, candidate, tolls, actors, recipients)
        who: list[str] = []
        if identifier is not None:
            # Before all that follows from sectors: crosswalk, type of violence, whose dead they were.
            actors, recipients, who = identified(identifier, actors, recipients)
        sources = others_words(candidate, sources, actors)
        factuality, fact_why = factuality_of(context, candidate, sources)
        casualties = casualties_of(context, candidate, tolls, recipients, actors, factuality == "denied")
        why = [*candidate.why, *filter(None, (mode_why, fact_why))]
        return self._assembled(
            context,
            Parts(
                candidate, mode, actors, recipients, sources, factuality, casualties, place_of(context, candidate),
                date_of(context, candidate, factuality), weapons_of(context, candidate), why, who,
                candidate.score * (0.5 + 0.5 * candidate.type_score),
            ),
        )  # fmt: skip

    def _assembled(self, context: Context, parts: Parts) -> EventMention:
        """The event mention with all that follows from its parts: codes of other schemes, contexts, chain of speakers."""
        text, candidate = context.text, parts.candidate
        span = trim(text, candidate.span)
        actors, recipients = parts.actors, parts.recipients
        sectors = [frozenset(p.sector for p in side if p.sector) for side in (actors, recipients)]
        acled, acled_why = None, None
        if candidate.type != "PROTEST" or parts.factuality not in UNREAL:
            acled, acled_why = self._acled(context, parts, sectors[0], sectors[1])
        ucdp = type_of_violence(candidate.type, *sectors)
        coder = f"{context.annotation.engine} {self.stamp}"
        identity = [context.report.id, "event_type", candidate.type, list(span), coder]
        speakers = [s.span for s in parts.sources]
        return EventMention(
            id=digest("event_mention", identity),
            retells=None,
            sentence=candidate.sentence,
            trigger=Trigger(text[span[0] : span[1]], span),
            event_type=candidate.type,
            mode=parts.mode,
            contexts=self._contexts(context, candidate, parts.mode, speakers, actors, recipients),
            acled=acled,
            ucdp=Ucdp(ucdp) if ucdp else None,
            actors=tuple(actors),
            recipients=tuple(recipients),
            place=parts.place,
            date=parts.date,
            casualties=tuple(parts.casualties),
            weapons=tuple(parts.weapons),
            attribution=tuple(chain_of(context, parts.sources, [*actors, *recipients])),
            factuality=parts.factuality,
            loaded_terms=tuple(LoadedTerm(text[a:b], (a, b)) for (a, b), _ in context.loaded[candidate.sentence]),
            confidence=UNCALIBRATED if parts.raw is None else round(self.calibration(parts.raw), 3),
            coder=coder,
            why=(*parts.why, *filter(None, (acled_why,)), *parts.who),
        )

    def _mode(self, candidate: Candidate) -> tuple[str | None, str | None]:
        """The likeliest mode that the type allows; the frame's where no head speaks."""
        allowed = self.codebook.modes.get(candidate.type, ())
        framed = candidate.match.frame.mode if candidate.match else None
        if candidate.proposal is None:
            return framed, None
        scores = {m: p for m, p in candidate.proposal.modes.items() if m in allowed or m == ""}
        if not scores:
            return framed, None
        best = max(scores, key=lambda m: scores[m])
        if framed and framed != best and scores.get(framed, 0.0) > 0.5 * scores[best]:
            best = framed
        return (best or None), (f"mode head: {best} {scores.get(best, 0):.2f}" if best else None)

    def _acled(
        self, context: Context, parts: Parts, actors: frozenset[str], recipients: frozenset[str]
    ) -> tuple[Acled | None, str | None]:
        """The sub-event type: the head's likeliest that the type allows, else the crosswalk's first fitting row."""
        candidate, mode = parts.candidate, parts.mode
        sides = {sides_of(actors, recipients), controller_of(actors)} - {None}
        deaths = any(c.kind == "killed" for c in parts.casualties)
        scores = self._weighed(candidate, mode, sides, deaths)
        impossible = ruled_out(context, candidate, actors, recipients)
        scores = {sub: score for sub, score in scores.items() if sub not in impossible}
        told = self._told(context, candidate, parts.actors)
        if told is not None and scores:
            return Acled(self.codebook.acled[told], told), f"sub-event: {told}, by its words and actors"
        always = (candidate.type, mode) in ALWAYS and not recipients & ARMED
        if scores and max(scores, key=lambda s: scores[s]) == "" and not always:
            return None, None
        allowed = self.codebook.allowed_sub_events(candidate.type)
        best = max((s for s in scores if s in allowed), key=lambda s: scores[s], default="")
        if best and scores[best] >= NEXT_BEST:
            share = scores[best] / max(1.0, sum(scores.values()))  # modes and sides add beyond the head's whole
            return Acled(self.codebook.acled[best], best), f"sub-event head: {best} {share:.2f}"
        words = set(context.clauses[candidate.sentence].lemmas)
        for rule in self.codebook.crosswalk_of.get(candidate.type, ()):
            if not rule.fits(candidate.type, mode, deaths) or (rule.sides is not None and rule.sides not in sides):
                continue
            if rule.words and not rule.words & words:
                continue
            return Acled(self.codebook.acled[rule.sub], rule.sub), f"crosswalk: {rule.sub}"
        return None, None

    def _weighed(
        self, candidate: Candidate, mode: str | None, sides: Set[str | None], deaths: bool
    ) -> dict[str, float]:
        """The head's probabilities of sub-event types with what the modes and the sides add to them."""
        proposal = candidate.proposal
        if proposal is None:
            return {}
        scores = dict(proposal.sub_events)
        for name, probability in proposal.modes.items():
            subs = self.codebook.sub_events_of_mode.get((candidate.type, name), ())
            for sub in subs:
                scores[sub] = scores.get(sub, 0.0) + MODE_WEIGHT * probability / len(subs)
        for rule in self.codebook.crosswalk_of.get(candidate.type, ()):
            if rule.sides in sides and rule.sub in proposal.sub_events and rule.fits(candidate.type, mode, deaths):
                scores[rule.sub] += SIDES_WEIGHT
        return scores

    def _told(self, context: Context, candidate: Candidate, actors: Sequence[Actor]) -> str | None:
        """A sub-event type that the words or the actors leave no doubt of, whatever the head says."""
        scores = candidate.proposal.sub_events if candidate.proposal is not None else {}
        if candidate.type == "ASSAULT":
            clause = context.clauses[candidate.sentence]
            near = clause.dependents(candidate.head, "amod", "compound", "nmod:desc")
            spans = [candidate.span, *((clause.tokens[c].start, clause.tokens[c].end) for c in near)]
            spans += [span for role in ("actor", "weapon") for span, _ in scored_spans(candidate, role)]
            if any(SUICIDE.search(context.text, a, b) for a, b in spans) and GRENADE not in scores:
                return "Suicide bomb"
            if from_the_air(context, candidate) and scores.get(CHEMICAL, 0.0) < 0.5:
                return "Air/drone strike"
        likeliest = max(scores, key=lambda s: scores[s], default="")
        taken = by_whom_taken(likeliest, actors)
        return taken if taken != likeliest else None

    def _contexts(
        self, context: Context, candidate: Candidate, mode: str | None, speakers: list[Span], *sides: list[Actor]
    ) -> tuple[str, ...]:
        """PLOVER contexts by the sentence's words, the mode and the sides, in order.

        Loaded words and the names of speakers ("the Observatory for Human Rights") give none.
        """
        off = [*(span for span, _ in context.loaded[candidate.sentence]), *speakers]
        clause = context.clauses[candidate.sentence]
        lemmas = [
            "" if off and any(t.start < b and t.end > a for a, b in off) else lemma
            for t, lemma in zip(clause.tokens, clause.lemmas, strict=True)
            if t.text != "-"
        ]
        pairs = [f"{a} {b}" for a, b in itertools.pairwise(lemmas)]
        actors, recipients = ([(p.sector, p.country) for p in side] for side in sides)
        found = set(contexts_of(candidate.type, actors, recipients))
        found.update(self.codebook.context_of_mode.get(f"{candidate.type} {mode}", ()))
        found |= {c for w in (*lemmas, *pairs) for c in self.codebook.contexts.get(w, ())}
        return tuple(c for c in self.codebook.context_names if c in found)
