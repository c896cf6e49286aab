"""Tolls: who many were killed, injured, captured, missing or displaced, as a sentence states them.

A toll is found by grammar (the object of *kill*, the subject of *die*, *12 dead*, *death toll of
12*) and hung on the event whose words govern it. Parts of a sum ("among them three children") are
not added to it; a single victim counts one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from histor.coding.care import wounded_by_care
from histor.coding.counts import amended
from histor.coding.grammar import Clause
from histor.coding.headlines import in_headline, side_by_side
from histor.coding.lexicon import Lexicon
from histor.coding.persons import is_one, is_person, is_thing
from histor.coding.toll import Toll, overlap, survivors
from histor.coding.wordlists import words as listed
from histor.model.annotation import Span
from histor.resolve.quantities import Quantity, find_quantities, is_measure

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
    {"find", "recover", "discover", "count", "pull", "retrieve", "bring", "unearth", "exhume", "receive", "leave"}
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
    found = list(side_by_side(clause, quantities))
    taken = {(t.quantity.start, t.quantity.end) for t in found}
    if clause.sentence.kind == "headline":
        found += [t for t in in_headline(clause, people) if not any(overlap(t.span, f.span) for f in found)]
    for toll in _candidates(clause, lexicon, quantities, text, people):
        if (toll.quantity.start, toll.quantity.end) in taken:
            continue
        clash = [t for t in found if t.kind == toll.kind and overlap(t.span, toll.span)]
        if not clash:
            found.append(toll)
    dead = [t.span for t in found if t.kind == "killed"]
    found = [t for t in found if t.kind != "injured" or not any(overlap(t.span, d) for d in dead)]
    return sorted(amended(survivors(found, text), clause, text), key=lambda t: (t.span, t.kind))


_FATE_WORDS = dict.fromkeys(
    "toll fatal fatally lethal deadly lifeless massacre slaughter execute behead hang bury funeral mourn".split(),
    "killed",
) | dict.fromkeys(
    "hospital hospitalise hospitalize treat wound shrapnel critical serious stable maim graze".split(), "injured"
)


_TELLING = frozenset({"VERB", "ADJ"})
_FATES = (_FATE_WORDS, _STATES, _NOUNS)
_FATED = frozenset().union(*_FATES)


def fates_of(clause: Clause, lexicon: Lexicon) -> frozenset[str]:
    """What the words of the sentence say became of people: ``killed``, ``injured`` and so on."""
    found = {table[lemma] for lemma in clause.lemmas if lemma in _FATED for table in _FATES if lemma in table}
    for i, lemma in enumerate(clause.lemmas):
        outcome = _outcome(lexicon, clause, i) if clause.tokens[i].upos in _TELLING else None
        if outcome is not None:
            found.add(outcome)
        if lemma in _HURTS:
            found.add("killed" if _lethal(clause, i) else "injured")
    return frozenset(found)


def _candidates(
    clause: Clause, lexicon: Lexicon, quantities: list[Quantity], text: str, people: Sequence[Span]
) -> Iterator[Toll]:
    for i, token in enumerate(clause.tokens):
        lemma = clause.lemmas[i]
        outcome = _outcome(lexicon, clause, i) if token.upos in _TELLING else None
        if outcome is not None:
            subject_dies = lemma in {"die", "perish", "succumb", "flee", "fall"}
            heads = clause.logical_subjects(i) if subject_dies else clause.logical_objects(i)
            if not heads and token.relation == "amod" and outcome in {"killed", "injured"}:
                heads = [token.head]  # "the first wounded four soldiers", misread
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
        elif token.upos == "VERB" and (fallen := _fallen(clause, i)):
            for head in fallen:
                for toll in _of_people(clause, "killed", head, i, quantities, people):
                    yield replace(toll, people=_losers(clause, i) or toll.people)
        elif lemma in _STRIKES and token.upos == "VERB" and _by_fire(clause, i):
            for head in clause.logical_objects(i):
                for toll in _of_people(clause, "injured", head, i, quantities, people):
                    yield replace(toll, hit=True)
        if token.text.lower() in {"himself", "herself"} and clause.tokens[i - 1].text.lower() in {"and", "then", ","}:
            yield from _himself(clause, lexicon, i)
        if lemma in {"fatally", "mortally"}:
            yield from _fatally(clause, i, quantities)
        for head in wounded_by_care(clause, i, text):
            for toll in _of_people(clause, "injured", head, i, quantities, people):
                yield replace(toll, hit=True)
        if lemma in _STATES and token.upos in {"ADJ", "VERB", "NOUN"}:
            for head in _state_heads(clause, i):
                yield from _of_people(clause, _STATES[lemma], head, i, quantities, people)
        elif lemma in _NOUNS and token.upos == "NOUN":
            yield from _nominal(clause, i, quantities, people)
        elif lemma == "victim":
            yield from _victims(clause, i, quantities, people)
        elif lemma == "toll" and token.upos == "NOUN":
            yield from _death_toll(clause, i, quantities, text)


def _fallen(clause: Clause, i: int) -> list[int]:
    """Counted fighters whom a side *lost*, and counted people who *fell* where falling is dying."""
    heads: list[int] = []
    if clause.lemma(i) == "lose":
        heads = clause.logical_objects(i)
    elif clause.lemma(i) == "fall" and not any(clause.lemma(c) in _FALLS_TO for c in _below(clause, i)):
        heads = clause.logical_subjects(i)
    counted = [h for h in heads if clause.dependents(h, "nummod")]
    return [h for h in counted if is_person(clause.tokens[h].text) or clause.lemma(h).startswith("anti-")]


def _losers(clause: Clause, i: int) -> Span | None:
    """Whose dead they were that a side *lost*: its own."""
    own = clause.logical_subjects(i) if clause.lemma(i) == "lose" else []
    return clause.phrase(own[0]) if own and clause.tokens[own[0]].upos != "PRON" else None


_FALLS_TO = frozenset("to into from off down over through ill sick asleep short out behind silent".split())


def _below(clause: Clause, i: int) -> list[int]:
    """Words one or two below `i`: its particles, complements and the prepositions of its phrases."""
    return [w for c in clause.children[i] for w in (c, *clause.dependents(c, "case"))]


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


def _himself(clause: Clause, lexicon: Lexicon, i: int) -> Iterator[Toll]:
    """ "shot dead three comrades and then himself": what the verb before did to the others it did to him."""
    for v in reversed(range(i)):
        outcome = _outcome(lexicon, clause, v)
        hurts = clause.lemma(v) in _HURTS and clause.tokens[v].upos == "VERB"
        if outcome in {"killed", "injured"} or hurts:
            kind = outcome if outcome in {"killed", "injured"} else "killed" if _lethal(clause, v) else "injured"
            span = (clause.tokens[i].start, clause.tokens[i].end)
            yield Toll(kind, Quantity(*span, 1, 1, 1, "exact"), span, span, v, hit=hurts and kind == "injured")
            return


def _lethal(clause: Clause, i: int) -> bool:
    """Whether a deed that hurts is said to have killed: "shot dead", "fatally shot", "stabbed to death"."""
    below = [*clause.children[i], *([i + 1] if i + 1 < len(clause.tokens) and clause.lemma(i + 1) == "dead" else [])]
    if any(clause.lemma(c) in _FATALLY or clause.tokens[c].text.lower() in _FATALLY for c in below):
        return True
    if any(clause.lemma(c) == "death" for c in clause.obliques(i, frozenset({"to"}))):
        return True
    joined = [c for c in below if clause.relation(c) == "conj"]
    joined += [clause.tokens[i].head] if clause.relation(i) == "conj" else []
    return any(clause.lemma(c) == "kill" for c in joined)


_NO_OUTCOME = frozenset({"pick", "hold", "lead", "take"})


def _outcome(lexicon: Lexicon, clause: Clause, i: int) -> str | None:
    """The outcome of the lexicon's frame whose single verb stands at `i`."""
    lemma = clause.lemmas[i]
    if clause.tokens[i].upos not in _TELLING or lemma not in lexicon.verbs or lemma in _NO_OUTCOME:
        return None
    for words, frame in lexicon.verbs[lemma]:
        if frame.outcome is None:
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
        if token.relation == "acl":  # "11 children and dozens more wounded": the nearest of those joined
            return [max((k for k in clause.conjuncts(token.head) if k < i), default=token.head)]
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
    if head != anchor and (is_thing(clause, head) or (kind == "captured" and _is_taken(clause, head))):
        return
    common = head != anchor and clause.tokens[head].upos == "NOUN"
    if inside and common and _is_article(clause, inside[0]):
        person = (
            is_one(clause, head, kind, people) if kind in {"killed", "injured"} else is_person(clause.tokens[head].text)
        )
        if not (person or _beside_people(clause, head)):
            return  # "left a mark dead centre", "a conflict that displaced half of them"
    for quantity in inside[:1]:
        whole = (min(quantity.start, span[0]), max(quantity.end, span[1]))
        yield Toll(kind, quantity, whole, span, anchor, part)
    if not inside and clause.lemma(head) in _PAIRS and kind in {"killed", "injured"}:
        yield Toll(kind, Quantity(span[0], span[1], 2, 2, 2, "exact"), span, span, anchor, part)
    elif not inside and (is_one(clause, head, kind, people) or _with_another(clause, head, kind)):
        single = Quantity(span[0], span[1], 1, 1, 1, "exact")
        yield Toll(kind, single, span, span, anchor, part)


_PAIRS = frozenset({"couple", "duo", "twins"})


def _is_taken(clause: Clause, head: int) -> bool:
    """Whether what is captured is land or gear, and nobody."""
    return any(clause.lemma(head) in listed("nouns", "common", key) for key in ("land", "gear"))


def _beside_people(clause: Clause, head: int) -> bool:
    """Whether a noun is joined to counted people: "three customs men and a guide"."""
    first = clause.tokens[head].head
    if clause.relation(head) != "conj" or first < 0:
        return False
    return bool(clause.dependents(first, "nummod")) and is_person(clause.tokens[first].text)


def _with_another(clause: Clause, head: int, kind: str) -> bool:
    """Whether a singular noun with a determiner is joined to a person: "the driver and his assistant"."""
    first = clause.tokens[head].head
    if kind not in {"killed", "injured"} or clause.relation(head) != "conj" or first < 0 or is_thing(clause, head):
        return False
    single = clause.tokens[head].upos == "NOUN" and "Number=Plur" not in clause.tokens[head].feats
    return single and bool(clause.dependents(head, "nmod:poss")) and is_person(clause.tokens[first].text)


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
    if lemma == "life" and verb == "lose" and clause.relation(i) == "obj":
        for h in clause.logical_subjects(head):  # "four lost their lives"
            yield from _of_people(clause, kind, h, i, quantities, people)
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
    numbered = [h for h in [*whose, i] if any(_belongs(clause, q, h) for q in quantities)]
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
    """ "The death toll rose to 12", "a toll of at least 12 dead", "the toll from the raids has reached 12"; no toll to come."""
    verb = clause.tokens[i].head
    if verb >= 0 and any(clause.lemma(c) in _TO_COME for c in clause.dependents(verb, "aux")):
        return
    inside = [q for q in quantities if q.start >= clause.tokens[i].start and (q.low, q.best, q.high) != (None,) * 3]
    near = [q for q in inside[:1] if q.start - clause.tokens[i].end < 60]
    if clause.relation(i) in {"nsubj", "nsubj:pass"} and verb >= 0:
        told = [*clause.dependents(verb, "obj"), *clause.obliques(verb, frozenset({"to", "at"}))]
        near = [q for h in told for q in inside if _belongs(clause, q, h)] or near
    for quantity in near[:1]:
        if text[quantity.start : quantity.end].lower() not in {"a", "an"}:
            yield Toll("killed", quantity, (quantity.start, quantity.end), None, i)


_TO_COME = frozenset({"could", "may", "might", "would", "will", "can"})
