"""Who did it, and to whom: the learned spans made whole and sorted by the parse, else what the frame finds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from histor.codebook.codebook import ARMED
from histor.coding.candidates import Candidate
from histor.coding.context import Context
from histor.coding.deeds import BODILY
from histor.coding.grammar import Clause
from histor.coding.history import WARS
from histor.coding.kinds import speaker_type
from histor.coding.nominals import accused, is_deed, national, pointing
from histor.coding.phrases import actor, is_pronoun_phrase
from histor.coding.roles import near_spans
from histor.coding.sides import doers, of_own_clause
from histor.coding.speakers import Source
from histor.model.annotation import Mention, Span
from histor.model.records import Actor
from histor.resolve.actors import capital_of, is_country, sector_of

FAR_NOUN = 4  # words between a count and the noun that it counts
RIVAL = 0.75  # share of the likeliest span's score that a further party of the same role must reach


def parties(
    context: Context, candidate: Candidate, role: str, taken: list[Span] | None = None, others: Sequence[Actor] = ()
) -> list[Actor]:
    """Actors or recipients: the learned spans, else what the frame finds in the parse.

    Spans that touch `taken`, parties that stand among `others`, the other side, and whoever stands in a
    dateline or a stamp, are left out.
    """
    near = near_spans(context, candidate, role)
    scores = dict(candidate.roles.get(role, []))
    least = RIVAL * max((scores[span] for span in near), default=0.0)
    spans = [w for span in near if scores[span] >= least and (w := snapped(context, span)) is not None]
    if candidate.type in {"ASSAULT", "COERCE"}:
        spans = swapped(context, candidate, role, spans)
    spans = joined(context, with_conjuncts(context, candidate, role, of_own_clause(context, candidate, spans)))
    if candidate.type == "ACCUSE" and role == "recipient":
        spans = accused(context, candidate, spans)
    spans = doers(context, candidate, role, _living(context, candidate, role, spans))
    spans = spans or _living(context, candidate, role, framed(context, candidate, role))
    if not spans and role == "recipient" and candidate.type in ADDRESSED:
        spans = addressed(context, candidate)
    found: list[Actor] = []
    for span in spans:
        if any(span[0] < b and span[1] > a for a, b in taken or []) or _outside_the_story(context, span):
            continue
        row = context.loaded[context.sentence_of(span[0])]
        loaded = [item for item in row if item[0][0] >= span[0] and item[0][1] <= span[1]]
        record = actor(context.text, span, loaded)
        if record is not None and candidate.type != "PROTEST":
            record = national(context, record)
        if record is not None and not any(same_party(record, other) for other in (*found, *others)):
            if _of_the_others(record, others):
                continue
            found.append(record)
    return found


def with_conjuncts(context: Context, candidate: Candidate, role: str, spans: list[Span]) -> list[Span]:
    """The spans with the names joined to one of them by *and* ("Iran | and Turkey") that no other role has."""
    others = [s for r in ("actor", "recipient") if r != role for s in near_spans(context, candidate, r)]
    found = list(spans)
    for span in spans:
        sentence = context.sentence_of(span[0])
        clause = context.clauses[sentence]
        named = _named_in(context, sentence)
        head = clause.head_of(span)
        if head is None or not _party_at(context, clause, head, named):
            continue
        by = clause.relation(head) == "obl:agent" or any(
            clause.lemma(c) == "by" for c in clause.dependents(head, "case")
        )
        for k in clause.conjuncts(head)[1:]:
            a, b = clause.phrase(k)
            free = not any(a < y and b > x for x, y in (*found, *others))
            told = _party_at(context, clause, k, named) or (by and _force_at(clause, k))
            if free and told and not _outside_the_story(context, (a, b)):
                found.append((a, b))
    return sorted(found)


def _force_at(clause: Clause, word: int) -> bool:
    """Whether a common noun is one for a government or armed men."""
    return clause.tokens[word].upos == "NOUN" and sector_of(clause.tokens[word].text) in ARMED | {"GOV"}


def _named_in(context: Context, sentence: int) -> list[Mention]:
    """The names of parties, and the nationalities, of a sentence."""
    mentions = context.mentions[sentence]
    return [m for m in mentions if (m.kind in _PARTIES and m.layer == "name") or m.kind == "nationality"]


def swapped(context: Context, candidate: Candidate, role: str, spans: list[Span]) -> list[Span]:
    """`spans` of a deed that a noun names without those that the parse has on the other side, and with its own.

    Who stands behind "by" or "against", or under a verb above that kills, is told by the grammar. Verbs are
    left to the heads: a parse takes too many an active for a passive.
    """
    clause = context.clauses[candidate.sentence]
    if clause.tokens[candidate.head].upos != "NOUN":
        return spans
    if candidate.match is not None and {*candidate.match.frame.noun["actor"]} & {
        *candidate.match.frame.noun["recipient"]
    }:
        return spans  # of a clash either side may be told first
    sides = _sides(context, clause, candidate)
    other = "recipient" if role == "actor" else "actor"
    ours, theirs = sides[role] - sides[other], sides[other] - sides[role]

    def head(span: Span) -> int | None:
        inside = clause.sentence.start <= span[0] < clause.sentence.end
        return clause.head_of(span) if inside else None

    kept = [span for span in spans if head(span) not in theirs]
    learned = [whole for span in near_spans(context, candidate, other) if (whole := snapped(context, span)) is not None]
    more = [s for s in learned if head(s) in ours and not any(s[0] < b and s[1] > a for a, b in kept)]
    return sorted({*kept, *more})


def _sides(context: Context, clause: Clause, candidate: Candidate) -> dict[str, set[int]]:
    """Heads of the phrases that the frame's slots, or the verb above a deed, put on either side."""
    slots = candidate.match.roles if candidate.match is not None and not candidate.match.frame.weak else {}
    sides = {role: set(slots.get(role, ())) for role in ("actor", "recipient")}
    token = clause.tokens[candidate.head]
    above = context.lexicon.verbs.get(clause.lemma(token.head), ()) if token.relation == "nsubj" else ()
    if any(len(words) == 1 and frame.type == "ASSAULT" for words, frame in above):
        # "The strike killed the guards": they are no strikers.
        sides["recipient"] |= set(clause.logical_objects(token.head))
    return sides


def framed(context: Context, candidate: Candidate, role: str) -> list[Span]:
    """Phrases that the frame has for a role; of what is said or given in politics those whose it is."""
    if candidate.match is None:
        return []
    clause = context.clauses[candidate.sentence]
    spans = []
    for head in candidate.match.roles.get(role, []):
        if clause.tokens[head].upos not in {"NOUN", "PROPN", "PRON", "ADJ", "NUM"}:
            continue
        if candidate.type in BODILY or clause.tokens[head].upos == "PRON":
            spans.append(clause.phrase(head))
            continue
        owner = _nearest_party(context, candidate.sentence, head)
        if owner is not None:
            spans.append(owner)
    spans = [span for span in spans if not _dated(context, span)]
    named = [span for span in spans if not is_pronoun_phrase(context.text, span)]  # "the Alliance … its onslaught"
    return list(dict.fromkeys(named or spans))


_PARTIES = frozenset({"person", "organisation", "armed_group", "place", "nationality"})


def _nearest_party(context: Context, sentence: int, head: int) -> Span | None:
    """The phrase of `head` if it names a party, else the nearest name below it ("calls by Mr Annan")."""
    clause = context.clauses[sentence]
    named = [m for m in context.mentions[sentence] if m.kind in _PARTIES]
    layer, seen = [head], 0
    while layer and seen < 3:
        for word in layer:
            token = clause.tokens[word]
            if any(m.start <= token.start < m.end for m in named):
                return clause.phrase(word)
        layer = [c for word in layer for c in clause.children[word] if clause.relation(c) not in _CLAUSES]
        seen += 1
    return None


ADDRESSED = frozenset(
    {
        "AGREE",
        "CONSULT",
        "SUPPORT",
        "CONCEDE",
        "COOPERATE",
        "AID",
        "REQUEST",
        "ACCUSE",
        "REJECT",
        "THREATEN",
        "SANCTION",
        "PROTEST",
        "MOBILIZE",
        "RETREAT",
    }
)


def addressed(context: Context, candidate: Candidate) -> list[Span]:
    """Whom words are for where no slot says so: the nearest name below the trigger, its own subject left out.

    "Refused to lift the curfew on Gaza", "said that the council must meet": to Gaza, to the council. Names
    joined to it are meant as well.
    """
    clause = context.clauses[candidate.sentence]
    named = _named_in(context, candidate.sentence)
    if obliged := _obliged(clause, candidate.head):
        return obliged
    layer = [c for c in clause.children[candidate.head] if clause.relation(c) not in _OWN or _purpose(clause, c)]
    for _ in range(5):
        for word in layer:
            spans = [clause.phrase(k) for k in clause.conjuncts(word) if _party_at(context, clause, k, named)]
            if spans and _party_at(context, clause, word, named):
                return [span for span in spans if not _dated(context, span)]
        below = [c for word in layer for c in clause.children[word]]
        layer = [c for c in below if clause.relation(c) not in _CLAUSES or _purpose(clause, c)]
    return []


def _obliged(clause: Clause, head: int) -> list[Span]:
    """Who must do what somebody says has to be done ("said that the government and the rebels must agree")."""
    for c in clause.dependents(head, "ccomp", "parataxis"):
        bound = any(clause.lemma(k) in _MODALS for k in clause.dependents(c, "aux"))
        for subject in clause.dependents(c, "nsubj") if bound else []:
            if clause.tokens[subject].upos in {"NOUN", "PROPN"}:
                return [clause.phrase(k) for k in clause.conjuncts(subject)]
    return []


_MODALS = frozenset({"must", "should", "shall", "ought"})


def _purpose(clause: Clause, word: int) -> bool:
    """Whether a clause says what for ("to demand that …")."""
    return clause.relation(word) == "advcl" and any(clause.lemma(c) == "to" for c in clause.dependents(word, "mark"))


def _party_at(context: Context, clause: Clause, word: int, named: list[Mention]) -> bool:
    token = clause.tokens[word]
    name = next((m for m in named if m.start <= token.start < m.end), None)
    return name is not None and (name.kind != "place" or _state(context, name, clause, word))


def _state(context: Context, name: Mention, clause: Clause, word: int) -> bool:
    """Whether a place name may stand for a party: a country, or a capital that nothing is said to be in."""
    words = context.text[name.start : name.end]
    inside = any(clause.lemma(c) in _LOCATIVE for c in clause.dependents(word, "case"))
    return is_country(words) or (capital_of(words) is not None and not inside)


_LOCATIVE = frozenset({"in", "at", "near", "from", "through", "outside", "inside", "around", "across", "via"})
_CLAUSES = frozenset({"acl:relcl", "advcl", "conj", "parataxis", "appos"})
_OWN = _CLAUSES | {"nsubj", "nsubj:pass", "obl:agent"}


def _dated(context: Context, span: Span) -> bool:
    """Whether a phrase is a time expression, which is nobody."""
    return any(d.start <= span[0] and span[1] <= d.end for d in context.dates[context.sentence_of(span[0])])


def joined(context: Context, spans: list[Span]) -> list[Span]:
    """Spans of one phrase as one ("opposition leader" "Jane Roe"), times left out."""
    found: list[Span] = []
    for span in sorted(spans):
        if _dated(context, span):
            continue
        gap = span[0] - found[-1][1] if found else 9
        if gap < 0 or (gap <= 3 and _one_phrase(context, found[-1], span)):
            found[-1] = (found[-1][0], max(found[-1][1], span[1]))
        else:
            found.append(span)
    return found


def _one_phrase(context: Context, a: Span, b: Span) -> bool:
    """Whether two spans side by side are one noun phrase: one hangs on the other, and nothing but a blank parts them."""
    if context.text[a[1] : b[0]].strip() not in {"", "'s", "’s"}:
        return False
    clause = context.clauses[context.sentence_of(a[0])]
    first, second = clause.head_of(a), clause.head_of(b)
    if first is None or second is None:
        return False
    return clause.tokens[first].head == second or clause.tokens[second].head == first


def _outside_the_story(context: Context, span: Span) -> bool:
    return context.clauses[context.sentence_of(span[0])].sentence.kind in {"stamp", "dateline"}


_EDGES = frozenset({"ADP", "AUX", "ADV", "CCONJ", "SCONJ", "PART", "PUNCT", "VERB", "INTJ"})
_NAMING = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "X"})


def _cut_off(clause: Clause, words: list[int]) -> int | None:
    """The noun that a span leaves out of which it is the modifier ("northern" of "northern Syria")."""
    inside = set(words)
    head = next((w for w in words if clause.tokens[w].head not in inside), None)
    if head is None or clause.tokens[head].upos not in {"ADJ", "NOUN"} or not clause.tokens[head].text.islower():
        return None
    above = clause.tokens[head].head
    modifies = clause.relation(head) in {"amod", "compound", "nmod:desc"}
    return above if modifies and above >= 0 and clause.tokens[above].upos in {"NOUN", "PROPN"} else None


def _cut_name(clause: Clause, words: list[int]) -> int | None:
    """The name that a span leaves out of which it is a part or the owner ("Lebanon" of "Lebanon's President Hrawi")."""
    inside = set(words)
    head = next((w for w in words if clause.tokens[w].head not in inside), None)
    if head is None or not clause.tokens[head].text[:1].isupper() or clause.relation(head) not in _IN_NAMES:
        return None
    above = clause.tokens[head].head
    return above if clause.tokens[above].upos == "PROPN" and clause.tokens[above].text[:1].isupper() else None


_IN_NAMES = frozenset({"compound", "flat", "nmod:poss", "amod"})


_TELLERS = frozenset({"ngo", "un", "medical", "witness", "expert"})


def tellers_of(candidate: Candidate, sources: Sequence[Source]) -> list[Span]:
    """Speakers on violence who are no party to it: medics, witnesses and monitors tell of it."""
    if candidate.type not in {"ASSAULT", "COERCE"}:
        return []
    return [s.span for s in sources if speaker_type(s.text) in _TELLERS]


_LIFELESS = ("heavy", "explosive", "gun", "gas", "fire")


def _living(context: Context, candidate: Candidate, role: str, spans: list[Span]) -> list[Span]:
    """Spans of violence without deeds, weapons and who only tells of it; of those protested against without things."""
    if candidate.type not in BODILY:
        return spans
    spans = [span for span in spans if not _telling(context, span)]
    if role == "recipient" and candidate.type == "PROTEST":
        return [span for span in spans if not _thing(context, span)]
    if role == "recipient":
        return [span for span in spans if not pointing(context, span) or is_pronoun_phrase(context.text, span)]
    if role != "actor":
        return spans
    spans = [span for span in spans if not _lifeless(context, span) and not pointing(context, span)]
    spans = [span for span in spans if not _somewhere(context, span)]
    return [span for span in spans if not _bystander(context.text[span[0] : span[1]])]


def _bystander(words: str) -> bool:
    """Whether a phrase names who tells of violence and does none: a journalist, an outlet, a monitor."""
    return sector_of(words) in _BYSTANDERS or speaker_type(words) == "media"


def _somewhere(context: Context, span: Span) -> bool:
    """Whether a phrase is the bare name of a place that is no country's and no capital's, or a dateline's."""
    words = context.text[span[0] : span[1]]
    places = context.mentions[context.sentence_of(span[0])]
    if not any(m.kind == "place" and m.layer == "name" and (m.start, m.end) == span for m in places):
        return False
    return not (is_country(words.title()) or is_country(words) or capital_of(words))


_BYSTANDERS = frozenset({"JRN", "NGO"})  # who tells of violence and does none


def _thing(context: Context, span: Span) -> bool:
    """Whether a phrase names nobody: a common noun of no sector and no country ("six buses", "an employment bill")."""
    clause = context.clauses[context.sentence_of(span[0])]
    head = clause.head_of(span)
    record = actor(context.text, span, [])
    if head is None or record is None or clause.tokens[head].upos != "NOUN":
        return False
    return (
        record.sector is None and record.country is None and not re.search(r"\s[A-Z]", context.text[span[0] : span[1]])
    )


_TOLD = frozenset("monitor watchdog report statement rumour rumor news source".split())
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?['’]?s?", re.IGNORECASE)


def _telling(context: Context, span: Span) -> bool:
    """Whether a phrase is a report, a monitor or a day, none of which takes part in violence."""
    clause = context.clauses[context.sentence_of(span[0])]
    head = clause.head_of(span)
    if head is None:
        return False
    word = clause.tokens[head].text
    return _WEEKDAY.fullmatch(word) is not None or clause.lemma(head) in _TOLD


def _lifeless(context: Context, span: Span) -> bool:
    """Whether a phrase is headed by a deed or a weapon, which does nothing of itself."""
    clause = context.clauses[context.sentence_of(span[0])]
    head = clause.head_of(span)
    named = any(
        m.kind in _PARTIES and m.start < span[1] and m.end > span[0] for m in context.mentions[clause.sentence.index]
    )
    if head is None or named or clause.tokens[head].upos != "NOUN":
        return False
    weapons = context.lexicon.classes
    if clause.lemma(head) in WARS | {"body", "corpse", "casualty"}:
        return True
    return is_deed(context, clause, head) or any(clause.lemma(head) in weapons[name] for name in _LIFELESS)


def snapped(context: Context, span: Span) -> Span | None:
    """A learned span of a party without verbs and small words at its edges, and whole; None if nobody is named.

    A count that was cut from its noun gets the noun back: "least 19" of "at least 19 men".
    """
    clause = context.clauses[context.sentence_of(span[0])]
    words = clause.words_in(span)
    tokens = clause.tokens
    if not words:
        return span
    whole = _described(clause, words)
    if whole != words:
        words, span = whole, (tokens[whole[0]].start, tokens[whole[-1]].end)
    while words and tokens[words[0]].upos in _EDGES - {"VERB"} and not tokens[words[0]].text[:1].isupper():
        words = words[1:]
    while (
        words
        and tokens[words[-1]].text not in ")]"
        and (
            tokens[words[-1]].upos in _EDGES | {"DET"} or (len(words) > 1 and "PronType=Rel" in tokens[words[-1]].feats)
        )
    ):
        words = words[:-1]
    if len(words) > 1 and tokens[words[0]].text.lower() in {"them", "whom"}:
        words = words[1:]  # "eight of them children"
    if not any(tokens[w].upos in _NAMING for w in words):
        return None
    first = words[0]
    if tokens[first].text.lower() in {"least", "most"} and first and tokens[first - 1].text.lower() == "at":
        words = [first - 1, *words]
        span = min(span[0], tokens[first - 1].start), span[1]
    if all(tokens[w].upos in _COUNTING for w in words):
        return _counted(context, clause, words)
    start, end = max(span[0], tokens[words[0]].start), min(span[1], tokens[words[-1]].end)
    cut = _cut_off(clause, words)
    if cut is None:
        cut = _cut_name(clause, words)
    if cut is not None and not is_deed(context, clause, cut):
        a, b = clause.phrase(cut)
        start, end = min(start, a), max(end, b)
    for mention in context.mentions[clause.sentence.index]:
        # A name is whole or not at all ("United" of "the United States").
        if mention.layer == "name" and mention.start < end and mention.end > start:
            start, end = min(start, mention.start), max(end, mention.end)
    return start, end


def _described(clause: Clause, words: list[int]) -> list[int]:
    """The phrase that a clause in the span only describes ("fighters" for "positioned in the hills"), else the words.

    Words behind a hyphen have those before it with them ("rebel-held part").
    """
    head = next((w for w in words if clause.tokens[w].head not in words), words[0])
    token = clause.tokens[head]
    if token.upos == "VERB" and token.relation == "acl" and 0 <= token.head < words[0]:
        described = clause.words_in(clause.phrase(token.head))
        return described or words
    while words[0] >= 2 and clause.tokens[words[0] - 1].text == "-":
        words = [words[0] - 2, words[0] - 1, *words]
    return words


_COUNTING = frozenset({"NUM", "ADV", "ADP", "ADJ", "SYM"})


def _counted(context: Context, clause: Clause, words: list[int]) -> Span | None:
    """A bare count with what it counts, if that follows; None if it belongs to a date."""
    tokens = clause.tokens
    span = tokens[words[0]].start, tokens[words[-1]].end
    dates = context.dates[clause.sentence.index]
    if not any(tokens[w].upos == "NUM" for w in words):
        return span
    if any(d.start < span[1] and d.end > span[0] for d in dates):
        return None
    head = tokens[words[-1]].head
    follows = tokens[words[-1]].relation == "nummod" and words[-1] < head <= words[-1] + FAR_NOUN
    if follows and not any(tokens[k].upos == "PUNCT" for k in range(words[-1], head)):
        span = span[0], tokens[head].end
    return span


def _of_the_others(record: Actor, others: Sequence[Actor]) -> bool:
    """Whether a bare adjective of nationality is a word of the other side's ("the Palestinian uprising")."""
    return " " not in record.text and any(record.text in other.text.split()[:-1] for other in others)


def same_party(a: Actor, b: Actor) -> bool:
    if a.span == b.span:
        return True
    return a.name is not None and b.name is not None and a.name.lower() == b.name.lower()
