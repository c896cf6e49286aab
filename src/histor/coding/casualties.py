"""Tolls: who many were killed, injured, captured, missing or displaced, as a sentence states them.

A toll is found by grammar (the object of *kill*, the subject of *die*, *12 dead*, *death toll of
12*) and hung on the event whose words govern it. Parts of a sum ("among them three children") are
not added to it; a single victim counts one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from histor.coding.grammar import Clause
from histor.coding.lexicon import Lexicon
from histor.coding.persons import PRONOUNS, is_one, is_person, is_thing
from histor.model.annotation import Span
from histor.resolve.quantities import Quantity, find_quantities, is_measure


@dataclass(frozen=True)
class Toll:
    """A stated number: `anchor` is the word that says what became of the people."""

    kind: str
    quantity: Quantity
    span: Span
    people: Span | None
    anchor: int
    part: bool = False
    hit: bool = False  # somebody was shot or stabbed; that he lived is not said


_STATES = {
    "dead": "killed", "deceased": "killed", "wounded": "injured", "injured": "injured", "hurt": "injured",
    "missing": "missing", "displaced": "displaced", "homeless": "displaced", "captive": "captured",
}  # fmt: skip
_NOUNS = {
    "death": "killed", "fatality": "killed", "killing": "killed", "casualty": "killed", "martyr": "killed",
    "body": "killed", "corpse": "killed", "life": "killed",
    "murder": "killed", "murder-suicide": "killed", "slaying": "killed", "homicide": "killed", "manslaughter": "killed", "assassination": "killed",
    "injury": "injured", "detainee": "captured", "prisoner": "captured", "hostage": "captured",
    "arrest": "captured",
}  # fmt: skip
_FOUND = frozenset(
    {"find", "recover", "discover", "count", "pull", "retrieve", "bring", "unearth", "exhume", "receive"}
)
# Deeds that hurt: who suffers them is injured unless the words say that he died.
_HURTS = frozenset({"shoot", "stab", "knife", "slash", "spear", "bludgeon"})
_HURTING = frozenset({"shooting", "stabbing", "beating", "crash", "attack", "ambush", "bombing"})
_FATAL = frozenset({"fatal", "deadly", "lethal"})
_FATALLY = frozenset({"fatally", "mortally", "dead"})
_OF_ONE = frozenset({"death", "killing", "murder", "slaying", "homicide", "assassination"})
_TIMES = {"double": 2, "triple": 3, "quadruple": 4, "quintuple": 5}
_LOST = frozenset({"lose", "claim", "cost", "take"})
_PARTS = frozenset({"including", "among", "amongst", "include", "mostly"})


def find_tolls(clause: Clause, lexicon: Lexicon, text: str, people: Sequence[Span] = ()) -> list[Toll]:
    """Tolls of a sentence in order, without duplicates; `people` are the spans of persons' names."""
    quantities = find_quantities(text, clause.sentence.start, clause.sentence.end)
    quantities = [q for q in quantities if not is_measure(text, (q.start, q.end))]
    people = [p for p in people if p[0] < clause.sentence.end and p[1] > clause.sentence.start]
    found = list(_side_by_side(clause, quantities))
    taken = {(t.quantity.start, t.quantity.end) for t in found}
    if clause.sentence.kind == "headline":
        found += [t for t in _in_headline(clause, people) if not any(overlap(t.span, f.span) for f in found)]
    for toll in _candidates(clause, lexicon, quantities, text, people):
        if (toll.quantity.start, toll.quantity.end) in taken:
            continue
        clash = [t for t in found if t.kind == toll.kind and overlap(t.span, toll.span)]
        if not clash:
            found.append(toll)
    dead = [t.span for t in found if t.kind == "killed"]
    found = [t for t in found if t.kind != "injured" or not any(overlap(t.span, d) for d in dead)]
    return sorted(_survivors(found, text), key=lambda t: (t.span, t.kind))


def _survivors(tolls: list[Toll], text: str) -> list[Toll]:
    """Of so many hit those who lived, where the sentence says how many of them died: "nine shot, one fatally"."""
    kept = []
    for toll in tolls:
        hit, lost = toll.quantity.best, 0
        if toll.hit and hit is not None and hit > 1:
            dead = [
                t for t in tolls if t.kind == "killed" and t.span[0] >= toll.span[1] and t.quantity.best is not None
            ]
            dead = [t for t in dead if not _MORE.search(text[t.span[0] : t.span[1]])]
            lost = (dead[0].quantity.best or 0) if dead else 0
        if hit is not None and 0 < lost < hit:
            low = None if toll.quantity.low is None else toll.quantity.low - lost
            high = None if toll.quantity.high is None else toll.quantity.high - lost
            quantity = replace(toll.quantity, low=low, best=hit - lost, high=high)
            kept.append(replace(toll, quantity=quantity, hit=False))
        elif not lost or lost != hit:
            kept.append(toll)
    return kept


_MORE = re.compile(r"\b(?:another|others?|more|further|additional|second|third|fourth|fifth|sixth)\b", re.IGNORECASE)


_SIDE = {
    "dead": "killed", "killed": "killed", "slain": "killed", "murdered": "killed", "wounded": "injured",
    "injured": "injured", "hurt": "injured", "hospitalized": "injured", "hospitalised": "injured", "shot": "hit",
    "stabbed": "hit",
}  # fmt: skip
_BETWEEN = frozenset("be have also reportedly critically seriously badly accidentally".split())
_LETHAL_NEXT = (["dead"], ["and", "killed"], ["to", "death"])


def _side_by_side(clause: Clause, quantities: list[Quantity]) -> Iterator[Toll]:
    """A number, perhaps its people, and right behind them what became of them: "5 shot, 1 dead".

    Headlines are read so without their parse, which often fails.
    """
    tokens = clause.tokens
    for q in quantities:
        words = clause.words_in((q.start, q.end))
        if not words or (q.best == 1 and tokens[words[-1]].text.lower() in {"a", "an"}):
            continue
        first = k = words[-1] + 1
        while k < len(tokens) and tokens[k].upos in {"NOUN", "ADJ", "PROPN"} and tokens[k].text.lower() not in _SIDE:
            k += 1
        if k - first > 4 or (k > first and not is_person(tokens[k - 1].text)):
            continue
        end = tokens[k - 1].end if k > first else q.end
        while k < len(tokens) and clause.lemma(k) in _BETWEEN and tokens[k].upos in {"AUX", "ADV", "VERB"}:
            k += 1
        fatal = k < len(tokens) and tokens[k].text.lower() == "fatally"
        k += fatal
        kind = _SIDE.get(tokens[k].text.lower()) if k < len(tokens) else None
        if kind is None or (k == first and k + 1 < len(tokens) and tokens[k + 1].upos in {"NOUN", "PROPN"}):
            continue  # "12 wounded soldiers": the parse reads it
        after = [t.text.lower() for t in tokens[k + 1 : k + 3]]
        if fatal or (kind == "hit" and (after[:1] in _LETHAL_NEXT or after in _LETHAL_NEXT)):
            kind = "killed"
        kind, hit = ("injured", True) if kind == "hit" else (kind, False)
        yield Toll(kind, q, (q.start, end), (q.start, end), k, hit=hit)
        yield from (Toll(kind, o, span, span, k, hit=hit) for o, span in _listed_before(clause, q, quantities))


_ENDS = frozenset({"die", "dead", "kill"})


def _in_headline(clause: Clause, people: Sequence[Span]) -> Iterator[Toll]:
    """One person and right behind what became of him, as headlines say it: "Teen shot, killed", "Boy, 9, stabbed"."""
    tokens = clause.tokens
    for i, token in enumerate(tokens):
        if token.upos not in {"NOUN", "PROPN", "ADJ"} or not is_one(clause, i, "killed", people):
            continue
        k = i + 1
        if [t.upos for t in tokens[k : k + 3]] == ["PUNCT", "NUM", "PUNCT"]:
            k += 3
        while k < len(tokens) and clause.lemma(k) in _BETWEEN and tokens[k].upos in {"AUX", "ADV"}:
            k += 1
        fatal = k < len(tokens) and tokens[k].text.lower() == "fatally"
        k += fatal
        kind = _SIDE.get(tokens[k].text.lower()) if k < len(tokens) else None
        if kind is None or clause.logical_objects(k) not in ([], [i]):
            continue  # "Man killed wife": he did it
        if fatal or (kind == "hit" and any(clause.lemma(n) in _ENDS for n in range(k + 1, len(tokens)))):
            kind = "killed"
        span = clause.phrase(i)
        one = Quantity(*span, 1, 1, 1, "exact")
        yield Toll("injured" if kind == "hit" else kind, one, span, span, k, hit=kind == "hit")


def _listed_before(clause: Clause, last: Quantity, quantities: list[Quantity]) -> Iterator[tuple[Quantity, Span]]:
    """Numbers of people that a comma or *and* joins to `last`: "2 adults, 3 children dead"."""
    tokens = clause.tokens
    right = clause.words_in((last.start, last.end))[0]
    for q in reversed([q for q in quantities if q.end <= last.start]):
        words = clause.words_in((q.start, q.end))
        between = range(words[-1] + 1, right) if words else range(0)
        joints = [k for k in between if tokens[k].text.lower() in {",", "and", "&"}]
        people = [k for k in between if k not in joints]
        if not joints or joints[-1] != right - 1 or len(people) not in {1, 2} or max(people) > joints[0]:
            return
        if not is_person(tokens[people[-1]].text):
            return
        yield q, (q.start, tokens[people[-1]].end)
        right = words[0]


REACH = 30  # sentences within which a death is told of somebody who was hit
_ELSE = frozenset("another other others second third fourth fifth also".split())
_SMALL = frozenset("the a an of his her their year old in".split())
_MALE = frozenset("he him himself man boy son father brother husband nephew".split())
_FEMALE = frozenset("she her herself woman girl daughter mother sister wife niece".split())


def without_the_dead(tolls: list[list[Toll]], text: str) -> list[list[Toll]]:
    """Tolls of a report without single people who were hit and of whom it says that they died."""
    dead = [[t for t in row if t.kind == "killed" and t.quantity.best == 1] for row in tolls]
    kept = []
    for k, row in enumerate(tolls):
        near = [d for found in dead[max(0, k - REACH) : k + REACH + 1] for d in found]
        kept.append(
            [t for t in row if not (t.hit and t.quantity.best == 1 and any(_same_person(t, d, text) for d in near))]
        )
    return kept


def _same_person(one: Toll, two: Toll, text: str) -> bool:
    """Whether two phrases for one person may mean the same: shared words, a pronoun, a name for a description."""
    a, b = (frozenset(re.findall(r"\w+", text[t.span[0] : t.span[1]].lower())) for t in (one, two))
    if (a | b) & _ELSE or (a & _MALE and b & _FEMALE) or (a & _FEMALE and b & _MALE):
        return False
    if a <= PRONOUNS or b <= PRONOUNS or (a - _SMALL) & (b - _SMALL):
        return True
    named = [text[t.span[0]].isupper() and not _ARTICLE.match(text, t.span[0]) for t in (one, two)]
    return named[0] != named[1]


_ARTICLE = re.compile(r"(?:an?|the|one|his|her|their)\s", re.IGNORECASE)


_FATE_WORDS = dict.fromkeys(
    "toll fatal fatally lethal deadly lifeless massacre slaughter execute behead hang bury funeral mourn".split(),
    "killed",
) | dict.fromkeys(
    "hospital hospitalise hospitalize treat wound shrapnel critical serious stable maim graze".split(), "injured"
)


def fates_of(clause: Clause, lexicon: Lexicon) -> frozenset[str]:
    """What the words of the sentence say became of people: ``killed``, ``injured`` and so on."""
    found: set[str | None] = set()
    for i in range(len(clause.tokens)):
        lemma = clause.lemma(i)
        found |= {table.get(lemma) for table in (_FATE_WORDS, _STATES, _NOUNS)} | {_outcome(lexicon, clause, i)}
        if lemma in _HURTS:
            found.add("killed" if _lethal(clause, i) else "injured")
    return frozenset(kind for kind in found if kind is not None)


def overlap(a: Span, b: Span) -> bool:
    return a[0] < b[1] and a[1] > b[0]


def _candidates(
    clause: Clause, lexicon: Lexicon, quantities: list[Quantity], text: str, people: Sequence[Span]
) -> Iterator[Toll]:
    for i, token in enumerate(clause.tokens):
        lemma = clause.lemma(i)
        outcome = _outcome(lexicon, clause, i)
        if outcome is not None:
            subject_dies = lemma in {"die", "perish", "succumb", "flee"}
            heads = clause.logical_subjects(i) if subject_dies else clause.logical_objects(i)
            for head in heads:
                yield from _of_people(clause, outcome, head, i, quantities, people)
        elif lemma in _HURTS and token.upos in {"VERB", "ADJ"}:
            for head in clause.logical_objects(i):
                killed = _lethal(clause, i)
                for toll in _of_people(clause, "killed" if killed else "injured", head, i, quantities, people):
                    yield replace(toll, hit=not killed)
        elif lemma in _HURTING and token.upos == "NOUN" and any(clause.lemma(c) in _FATAL for c in clause.children[i]):
            victims = [*clause.obliques(i, frozenset({"of"})), *clause.dependents(i, "nmod:poss")]
            for head in victims:
                yield from _of_people(clause, "killed", head, i, quantities, people)
            if not victims and lemma in {"shooting", "stabbing"} and not any(q.best != 1 for q in quantities):
                yield Toll(
                    "killed",
                    Quantity(token.start, token.end, 1, None, None, "vague"),
                    (token.start, token.end),
                    None,
                    i,
                )
        elif lemma in _STRIKES and token.upos == "VERB" and _by_fire(clause, i):
            for head in clause.logical_objects(i):
                for toll in _of_people(clause, "injured", head, i, quantities, people):
                    yield replace(toll, hit=True)
        if lemma in {"fatally", "mortally"}:
            yield from _fatally(clause, i, quantities)
        yield from _care(clause, i, quantities, people, text)
        if lemma in _STATES and token.upos in {"ADJ", "VERB", "NOUN"}:
            for head in _state_heads(clause, i):
                yield from _of_people(clause, _STATES[lemma], head, i, quantities, people)
        elif lemma in _NOUNS and token.upos == "NOUN":
            yield from _nominal(clause, i, quantities, people)
        elif lemma == "victim":
            yield from _victims(clause, i, quantities, people)
        elif lemma == "toll" and token.upos == "NOUN":
            yield from _death_toll(clause, i, quantities, text)


_STRIKES = frozenset({"hit", "strike", "graze"})
_FIRE = frozenset("gunfire bullet shot round gunshot crossfire shrapnel".split())
_BODY = frozenset(
    "leg arm head chest back foot hand neck shoulder face abdomen stomach thigh torso hip knee buttock".split()
)


def _by_fire(clause: Clause, i: int) -> bool:
    """Whether who is hit is hit by a shot, or in a part of the body."""
    below = [c for c in clause.children[i] if clause.relation(c).split(":")[0] in {"obl", "nsubj"}]
    return any(clause.lemma(c) in _FIRE | _BODY for c in below)


def _fatally(clause: Clause, i: int, quantities: list[Quantity]) -> Iterator[Toll]:
    """ "nine shot, one fatally", "two of them fatally": a number of those who were hit."""
    end = clause.tokens[i].start
    before = [q for q in quantities if q.end <= end and len(clause.words_in((q.end, end))) <= 2]
    after = i + 1 < len(clause.tokens) and clause.tokens[i + 1].upos in {"VERB", "ADJ"}
    if before and not after:
        q = before[-1]
        yield Toll("killed", q, (q.start, q.end), None, i)


_SUFFER = frozenset({"suffer", "sustain", "receive"})
_WOUNDS = frozenset({"wound", "injury", "burn", "gunshot", "laceration"})
_CARRY = frozenset({"take", "rush", "transport", "airlift", "fly", "bring", "transfer", "admit", "send"})
_HOSPITAL = re.compile(r"\b(?:hospitals?|clinic|medical cent|trauma|infirmary)", re.IGNORECASE)
_GRAVE = frozenset("critical serious stable fair good grave guarded poor satisfactory extreme".split())


def _care(clause: Clause, i: int, quantities: list[Quantity], people: Sequence[Span], text: str) -> Iterator[Toll]:
    """The wounded by what is done for them: "suffered gunshot wounds", "taken to hospital", "in stable condition"."""
    lemma, token = clause.lemma(i), clause.tokens[i]
    heads: list[int] = []
    if lemma in _SUFFER and any(clause.lemma(o) in _WOUNDS for o in clause.dependents(i, "obj")):
        heads = clause.logical_subjects(i)
    elif lemma in {"hospitalize", "hospitalise"} or (
        lemma in _CARRY and token.upos == "VERB" and _to_hospital(clause, i, text)
    ):
        heads = clause.logical_objects(i)
    elif lemma == "condition" and any(clause.lemma(c) in _GRAVE for c in clause.dependents(i, "amod")):
        up = i if clause.dependents(i, "nsubj") else token.head
        if up == i or (up >= 0 and token.relation.startswith("obl")):
            found = clause.dependents(up, "nsubj", "nsubj:pass")
            heads = [clause.antecedent(h) for h in found if clause.lemma(h) != "condition"]
    for head in heads:
        for toll in _of_people(clause, "injured", head, i, quantities, people):
            yield replace(toll, hit=True)


def _to_hospital(clause: Clause, i: int, text: str) -> bool:
    spans = [clause.phrase(c) for c in clause.obliques(i, frozenset({"to", "in", "into", "at"}))]
    return any(_HOSPITAL.search(text[a : b + 12]) for a, b in spans)


def _lethal(clause: Clause, i: int) -> bool:
    """Whether a deed that hurts is said to have killed: "shot dead", "fatally shot", "stabbed to death"."""
    below = clause.children[i]
    if any(clause.lemma(c) in _FATALLY or clause.tokens[c].text.lower() in _FATALLY for c in below):
        return True
    if any(clause.lemma(c) == "death" for c in clause.obliques(i, frozenset({"to"}))):
        return True
    joined = [c for c in below if clause.relation(c) == "conj"]
    joined += [clause.tokens[i].head] if clause.relation(i) == "conj" else []
    return any(clause.lemma(c) == "kill" for c in joined)


def _outcome(lexicon: Lexicon, clause: Clause, i: int) -> str | None:
    """The outcome of the lexicon's frame whose single verb stands at `i`."""
    if clause.tokens[i].upos not in {"VERB", "ADJ"}:
        return None
    for words, frame in lexicon.verbs.get(clause.lemma(i), ()):
        if frame.outcome is None or clause.lemma(i) in {"pick", "hold", "lead", "take"}:
            continue
        near = {clause.lemma(c) for c in clause.children[i]}
        if all(w in near for w in words[1:]):
            return frame.outcome
    return None


def _state_heads(clause: Clause, i: int) -> list[int]:
    """Whom "dead", "wounded" and the like are said of."""
    token = clause.tokens[i]
    if clause.dependents(i, "nummod"):
        return [i]
    subjects = [clause.antecedent(c) for c in clause.dependents(i, "nsubj", "nsubj:pass")]
    if subjects:
        return subjects
    if token.head >= 0 and token.relation in {"xcomp", "obj", "advcl", "acl"}:
        objects = clause.dependents(token.head, "obj")
        if token.relation == "acl":
            return [token.head]
        if not objects and clause.is_passive(token.head):  # "was found dead"
            return clause.logical_objects(token.head)
        return [o for o in objects if o != i] or [i]
    if token.relation == "amod" and token.head >= 0:
        return [token.head]
    if token.relation == "conj":
        return [i]
    return [i] if token.upos == "NOUN" else []


def _of_people(
    clause: Clause, kind: str, head: int, anchor: int, quantities: list[Quantity], people: Sequence[Span]
) -> Iterator[Toll]:
    """The number of the people headed by `head`, if one is stated or plainly one."""
    span = clause.phrase(head)
    first = min([head, *clause.dependents(head, "det", "nummod", "amod", "advmod", "case")])
    left = min(span[0], clause.tokens[first].start)
    inside = [
        q
        for q in quantities
        if q.start < span[1] and q.end > left - 14 and q.start >= left - 14 and q.start <= clause.tokens[head].end
    ]
    inside = [q for q in inside if _belongs(clause, q, head)]
    part = any(clause.lemma(k) in _PARTS for k in clause.dependents(head, "case", "mark"))
    if head != anchor and is_thing(clause, head):
        return
    if inside and head != anchor and kind in {"killed", "injured"} and _is_article(clause, inside[0]):
        if clause.tokens[head].upos == "NOUN" and not is_one(clause, head, kind, people):
            return  # "suffered a setback", "left a mark dead centre"
    for quantity in inside[:1]:
        whole = (min(quantity.start, span[0]), max(quantity.end, span[1]))
        yield Toll(kind, quantity, whole, span, anchor, part)
    if not inside and is_one(clause, head, kind, people):
        one = Quantity(span[0], span[1], 1, 1, 1, "exact")
        yield Toll(kind, one, span, span, anchor, part)


def _is_article(clause: Clause, quantity: Quantity) -> bool:
    words = clause.words_in((quantity.start, quantity.end))
    return len(words) == 1 and clause.tokens[words[0]].text.lower() in {"a", "an"}


def _belongs(clause: Clause, quantity: Quantity, head: int) -> bool:
    """Whether the number counts `head`: it is the head or hangs on it (not an age, not a year)."""
    words = clause.words_in((quantity.start, quantity.end))
    for k in words:
        if k == head or (
            clause.tokens[k].head == head
            and clause.relation(k) in {"nummod", "det", "amod", "nmod", "nmod:unmarked", "obl", "advmod"}
        ):
            return True
        up = clause.tokens[k].head
        if up in words or (up >= 0 and clause.tokens[up].head == head and clause.relation(up) == "nummod"):
            continue
    # "dozens of people": the parse may hang the people on the number.
    heads = [k for k in words if clause.tokens[k].head not in words]
    return any(head in clause.children[k] or k in clause.children[head] for k in heads)


def _names_a_death(clause: Clause, i: int) -> bool:
    """Whether a noun alone says that somebody was killed: "a homicide", "the shooting death"."""
    if clause.lemma(i) in {"homicide", "manslaughter"}:
        return clause.relation(i) not in {"compound", "nmod:poss"}
    return clause.lemma(i) == "death" and any(
        clause.lemma(c) in _HURTING | {"gunshot"} for c in clause.dependents(i, "compound")
    )


_UNDONE = frozenset({"attempt", "attempted", "planned", "alleged", "foiled"})


def _and_suicide(clause: Clause, i: int) -> bool:
    """Whether a murder is one of "murder-suicide", in which two died at least."""
    after = [t.text.lower() for t in clause.tokens[i + 1 : i + 3]]
    return clause.lemma(i) == "murder-suicide" or after == ["-", "suicide"] or after[:1] == ["suicide"]


def _nominal(clause: Clause, i: int, quantities: list[Quantity], people: Sequence[Span]) -> Iterator[Toll]:
    """ "12 deaths", "the bodies of 12 men were found", "claimed 12 lives"."""
    lemma = clause.lemma(i)
    kind = _NOUNS[lemma]
    head = clause.tokens[i].head
    verb = clause.lemma(head) if head >= 0 else ""
    if (
        lemma in {"body", "corpse"}
        and verb not in _FOUND
        and not any(clause.lemma(c) in _FOUND for c in clause.children[i])
    ):
        return
    if lemma == "life" and verb not in _LOST:
        return
    if any(clause.lemma(c) in _UNDONE for c in clause.dependents(i, "amod", "compound")):
        return
    if lemma.startswith("murder") and _and_suicide(clause, i):
        a, b = clause.tokens[i].start, clause.tokens[i].end
        yield Toll("killed", Quantity(a, b, 2, None, None, "vague"), (a, b), None, i)
        return
    for c in clause.dependents(i, "amod", "compound", "nummod"):
        if lemma in _OF_ONE and (times := _TIMES.get(clause.lemma(c))):
            a, b = clause.tokens[c].start, clause.tokens[i].end
            yield Toll(kind, Quantity(a, b, times, times, times, "exact"), (a, b), None, i)
            return
    whose = clause.obliques(i, frozenset({"of"}))
    if lemma in _OF_ONE:
        whose += clause.dependents(i, "nmod:poss")
        for h in whose:
            if is_one(clause, h, kind, people):
                yield from _of_people(clause, kind, h, i, quantities, people)
    if not quantities and not whose and _names_a_death(clause, i):
        span = (clause.tokens[i].start, clause.tokens[i].end)
        yield Toll(kind, Quantity(*span, 1, None, None, "vague"), span, None, i)
    numbered = [h for h in [i, *whose] if any(_belongs(clause, q, h) for q in quantities)]
    for h in numbered[:1]:
        for toll in _of_people(clause, kind, h, i, quantities, people):
            if not (toll.quantity.wording == "exact" and toll.quantity.best == 1 and lemma in _OF_ONE and h == i):
                yield toll


_CLAIM = frozenset({"claim", "leave", "bury", "mourn"})


def _victims(clause: Clause, i: int, quantities: list[Quantity], people: Sequence[Span]) -> Iterator[Toll]:
    """Victims by what is said to have made them so: "a gunshot victim", "two homicide victims", "claimed 12 victims"."""
    words = {clause.lemma(c) for c in clause.dependents(i, "compound", "amod", "nmod:poss")}
    head = clause.tokens[i].head
    claimed = head >= 0 and clause.lemma(head) in _CLAIM and clause.relation(i) == "obj"
    if words & _DEAD_VICTIMS or (claimed and clause.dependents(i, "nummod")):
        yield from _of_people(clause, "killed", i, i, quantities, people)
    elif words & _HIT_VICTIMS:
        for toll in _of_people(clause, "injured", i, i, quantities, people):
            yield replace(toll, hit=True)


_DEAD_VICTIMS = frozenset("homicide murder dead deceased slain fatal".split())
_HIT_VICTIMS = frozenset("gunshot shooting gunfire stabbing bullet shot".split())


def _death_toll(clause: Clause, i: int, quantities: list[Quantity], text: str) -> Iterator[Toll]:
    """ "The death toll rose to 12", "a toll of at least 12 dead"."""
    inside = [q for q in quantities if q.start >= clause.tokens[i].start]
    for quantity in inside[:1]:
        if quantity.start - clause.tokens[i].end < 60 and text[quantity.start : quantity.end].lower() not in {
            "a",
            "an",
        }:
            yield Toll("killed", quantity, (quantity.start, quantity.end), None, i)
