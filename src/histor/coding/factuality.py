"""Whether it happened: cues of the parse that take an event out of the actual.

The learned head gives a distribution over the nine values; the cues here are explicit and win
where they are unmistakable. Each decision names its cue.
"""

from __future__ import annotations

from histor.coding.grammar import Clause
from histor.coding.wordlists import lists_of, words

_GOVERNED = frozenset({"ccomp", "xcomp", "obj", "advcl", "acl", "csubj", "obl", "nmod", "parataxis"})


def certain_cue_of(clause: Clause, i: int) -> tuple[str, str] | None:
    """The same for cues that leave no doubt, whatever a learned head thinks."""
    nobody = _nobody(clause, i)
    if nobody is not None:
        return "denied", f"negated by “{nobody}”"
    thwarted = _thwarted(clause, i)
    if thwarted is not None:
        return "denied", f"kept from happening by “{thwarted}”"
    if _not_guilty(clause, i):
        return "denied", "pleaded not guilty"
    false = untrue(clause, i)
    if false is not None:
        return "denied", f"said to be “{false}”"
    undone = _instead(clause, i)
    if undone is not None:
        return "denied", f"under “{undone}”"
    aim = _aim(clause, i)
    if aim is not None:
        return "planned", f"the aim of “{aim}”"
    dread = _dreaded(clause, i)
    if dread is not None:
        return dread
    case = _case(clause, i)
    if case is not None:
        return "hypothetical", f"under “{case}”"
    if _is_to(clause, _verb_of(clause, i)):
        return "planned", "“is to”"
    return None


def cue_of(clause: Clause, i: int) -> tuple[str, str] | None:
    """``(factuality, cue in words)`` for the event at word `i`, or None without a clear cue."""
    negation = _negated(clause, i)
    if negation is not None:
        return "denied", f"negated by “{negation}”"
    conditional = _conditional(clause, i)
    if conditional is not None:
        return "hypothetical", f"under “{conditional}”"
    modal = _modal(clause, i)
    governing = _governing(clause, i)
    if governing is not None and (governing[0] != "opinion" or modal is None):
        return governing
    return modal or _modifier(clause, i)


def speaks_of(clauses: list[Clause], factuality: str) -> bool:
    """Whether any word of the sentences can make an event `factuality` ("denied", "forecast")."""
    evidence = words("factuality", "evidence", factuality)
    return any(clause.lemma(k) in evidence for clause in clauses for k in range(len(clause.tokens)))


def hearsay_of(clause: Clause, i: int) -> str | None:
    """The word on the event, or on the light verb above it, that makes it hearsay ("reportedly")."""
    cues = words("attribution", "cues", "hearsay")
    for node in dict.fromkeys((i, _verb_of(clause, i), *_shared(clause, i))):
        for c in clause.dependents(node, "advmod", "amod"):
            if clause.lemma(c) in cues or clause.tokens[c].text.lower() in cues:
                return clause.tokens[c].text
    return _alleged(clause, i)


def _alleged(clause: Clause, i: int) -> str | None:
    """The charge, suspicion or rumour that the event hangs on ("arrested on suspicion of", "rumours that")."""
    verb = _verb_of(clause, i)
    for k in list(clause.ancestors(verb))[:2]:
        if clause.relation(verb).split(":")[0] not in {"nmod", "obl", "advcl", "acl", "ccomp", "xcomp"}:
            return None
        if clause.lemma(k) in words("attribution", "cues", "allegations"):
            return clause.tokens[k].text
        verb = k
    return None


def _shared(clause: Clause, i: int) -> tuple[int, ...]:
    """The first of coordinated verbs, whose adverb holds for those without a subject of their own."""
    verb = _verb_of(clause, i)
    first = clause.first_conjunct(verb)
    if first == verb or clause.tokens[first].upos != "VERB" or clause.dependents(verb, "nsubj", "nsubj:pass"):
        return ()
    return (first,)


def _modifier(clause: Clause, i: int) -> tuple[str, str] | None:
    for c in clause.dependents(i, "amod", "advmod"):
        if clause.lemma(c) in words("factuality", "modifiers", "hypothetical"):
            return "hypothetical", f"modified by “{clause.tokens[c].text}”"
    return None


def _negated(clause: Clause, i: int) -> str | None:
    negative = words("factuality", "negation", "words")
    for c in clause.children[i]:
        token = clause.tokens[c]
        if (
            token.relation in {"advmod", "det", "cc", "mark", "case"}
            and token.text.lower().replace("’", "'") in negative
        ):
            return token.text
    head = clause.tokens[i].head
    if head >= 0 and clause.tokens[i].relation in {"obj", "nsubj", "nsubj:pass"}:
        for c in clause.children[head]:
            token = clause.tokens[c]
            if token.relation == "advmod" and token.lemma.lower() in {"not", "n't", "never"}:
                return token.text
    return None


_NOBODY = frozenset({"nobody", "none", "nothing", "neither"})
_PARTIES = ("nsubj", "nsubj:pass", "obj", "obl:agent")


def _nobody(clause: Clause, i: int) -> str | None:
    """ "Police arrested nobody", "no shells hit the town", "neither convoy was ambushed"."""
    if clause.tokens[i].upos != "VERB":
        return None
    for c in clause.dependents(i, *_PARTIES):
        if clause.tokens[c].text.lower() in _NOBODY:
            return clause.tokens[c].text
        for d in clause.dependents(c, "det", "cc:preconj"):
            more = {clause.lemma(k) for k in clause.children[c]} & {"fewer", "less", "more"}
            if clause.tokens[d].text.lower() in {"no", "neither"} and not more:
                return f"{clause.tokens[d].text} {clause.tokens[c].text}"
    return None


def _not_guilty(clause: Clause, i: int) -> bool:
    """ "Pleaded not guilty to killing four men"."""
    for k in list(clause.ancestors(i))[:2]:
        near = {clause.lemma(x) for c in (k, *clause.children[k]) for x in (c, *clause.children[c])}
        if {"not", "guilty", "plead"} <= near:
            return True
    return False


def untrue(clause: Clause, i: int) -> str | None:
    """The word by which what word `i` says is called false.

    "Reports that hundreds were killed are lies", "it is untrue that …", "rejected claims that …".
    """
    below = i
    for k in list(clause.ancestors(i))[:4]:
        relation = clause.relation(below).split(":")[0]
        if relation not in {"acl", "ccomp", "csubj", "nmod", "obl", "obj", "xcomp", "nsubj", "compound", "advcl"}:
            return None
        if relation in {"ccomp", "csubj", "advcl"} and (said := _false_at(clause, k)) is not None:
            return said
        if clause.lemma(k) in words("factuality", "untrue", "reports") and clause.tokens[k].upos == "NOUN":
            return _false_report(clause, k)
        if clause.tokens[k].upos == "VERB" and relation != "xcomp":
            return None
        below = k
    return None


def _false_report(clause: Clause, report: int) -> str | None:
    """The word by which a report is called false: before it, after it, or the verb that rejects it."""
    for c in clause.dependents(report, "amod", "acl"):
        if (said := _false_at(clause, c)) is not None:
            return said
    up = clause.tokens[report].head
    if up < 0:
        return None
    relation = clause.relation(report).split(":")[0]
    if relation == "obj" and "denied" in lists_of(clause, up, "factuality", "govern"):
        return clause.tokens[up].text
    if relation in {"nsubj", "obj"}:
        near = [up, *clause.dependents(up, "xcomp", "obl", "obj", "advcl")]
        return next((said for k in near if k != report and (said := _false_at(clause, k)) is not None), None)
    return None


def _false_at(clause: Clause, k: int) -> str | None:
    """The word at `k` if it calls something untrue ("lies", "not true")."""
    negated = any(clause.lemma(c) in {"not", "n't", "never"} for c in clause.children[k])
    if clause.lemma(k) == "true" and negated:
        return f"not {clause.tokens[k].text}"
    return clause.tokens[k].text if clause.lemma(k) in words("factuality", "untrue", "words") and not negated else None


def _case(clause: Clause, i: int) -> str | None:
    """ "In case its pickets are attacked", "in the event of an invasion", "would have fled had they come"."""
    for c in clause.dependents(i, "mark"):
        if clause.marker(c) == "in case":
            return "in case"
    head = clause.tokens[i].head
    if head >= 0 and clause.lemma(head) in {"event", "idea", "notion"} and clause.relation(i) == "nmod":
        return f"{clause.tokens[head].text} of"
    auxiliaries = {clause.lemma(c) for c in clause.dependents(_verb_of(clause, i), "aux")}
    return "would have" if {"would", "have"} <= auxiliaries else None


def _is_to(clause: Clause, verb: int) -> bool:
    """ "A curfew is to be imposed"."""
    to = [c for c in clause.dependents(verb, "mark") if clause.lemma(c) == "to"]
    return bool(to) and any(c < to[0] and clause.lemma(c) == "be" for c in clause.dependents(verb, "cop", "aux"))


def _thwarted(clause: Clause, i: int) -> str | None:
    """ "Was stopped from lynching", "escaped being killed"."""
    head = clause.tokens[i].head
    if (
        head < 0
        or clause.tokens[i].upos != "VERB"
        or clause.relation(i) not in {"advcl", "obl", "xcomp", "ccomp", "obj"}
    ):
        return None
    marks = {clause.lemma(k) for k in clause.dependents(i, "mark", "case")}
    lemma = clause.lemma(head)
    if "from" in marks and lemma in words("factuality", "thwarted", "from"):
        return f"{clause.tokens[head].text} from"
    if not marks and lemma in words("factuality", "thwarted", "gerund"):
        return clause.tokens[head].text
    return None


def _instead(clause: Clause, i: int) -> str | None:
    """ "Instead of changing course and exerting pressure"."""
    for node in dict.fromkeys((i, clause.first_conjunct(i))):
        for c in clause.dependents(node, "mark", "case"):
            if (
                clause.marker(c).lower() in words("factuality", "instead", "marks")
                and clause.tokens[node].upos == "VERB"
            ):
                return clause.marker(c)
    return None


def _dreaded(clause: Clause, i: int) -> tuple[str, str] | None:
    """ "In fear of further strikes", "the threat of an attack"; with "the" it may be a known one."""
    head = clause.tokens[i].head
    of = {clause.lemma(c) for c in clause.dependents(i, "case")} & {"of"}
    known = any(clause.lemma(d) in {"the", "this", "that", "these", "those"} for d in clause.dependents(i, "det"))
    if head < 0 or not of or known or clause.relation(i) != "nmod" or clause.tokens[i].upos != "NOUN":
        return None
    for kind in ("forecast", "hypothetical"):
        if clause.lemma(head) in words("factuality", "dread", kind):
            return kind, f"{clause.tokens[head].text} of"
    return None


def _aim(clause: Clause, i: int) -> str | None:
    """The undertaking whose purpose the event is: "a push to take the town", "launched an assault to recapture it"."""
    head, relation = clause.tokens[i].head, clause.relation(i)
    if head < 0 or not any(clause.lemma(c) == "to" for c in clause.dependents(i, "mark")):
        return None
    nouns = words("factuality", "aims", "nouns")
    if relation == "acl" and clause.lemma(head) in nouns:
        return clause.tokens[head].text
    if relation == "advcl" and clause.lemma(head) in words("factuality", "aims", "verbs"):
        return next((clause.tokens[o].text for o in clause.dependents(head, "obj") if clause.lemma(o) in nouns), None)
    will = [c for c in clause.dependents(head, "aux") if clause.lemma(c) in words("factuality", "modals", "planned")]
    return f"{clause.tokens[will[0]].text} {clause.tokens[head].text}" if relation == "advcl" and will else None


def _conditional(clause: Clause, i: int) -> str | None:
    node = i
    for _ in range(4):
        for c in clause.dependents(node, "mark"):
            if clause.lemma(c) in words("factuality", "conditional", "words"):
                return clause.tokens[c].text
        if clause.tokens[node].relation in {"root"} or clause.tokens[node].head < 0:
            return None
        if clause.tokens[node].relation.split(":")[0] in {"ccomp", "parataxis"}:
            return None
        node = clause.tokens[node].head
    return None


def _verb_of(clause: Clause, i: int) -> int:
    """The verb that carries tense and mood for the event: itself, or the light verb above it."""
    head = clause.tokens[i].head
    nominal = clause.tokens[i].upos in {"NOUN", "PROPN"} and clause.tokens[i].relation.split(":")[0] in {"obj", "nsubj"}
    return head if nominal and head >= 0 and clause.tokens[head].upos == "VERB" else i


def _modal(clause: Clause, i: int) -> tuple[str, str] | None:
    verb = _verb_of(clause, i)
    for c in clause.dependents(verb, "aux"):
        lemma, form = clause.lemma(c), clause.tokens[c].text
        if lemma in words("factuality", "modals", "planned"):
            return "planned", f"modal “{form}”"
        if lemma in words("factuality", "modals", "hypothetical"):
            perfect = any(clause.lemma(k) == "have" for k in clause.dependents(verb, "aux"))
            if not perfect or lemma in {"would", "could", "should"}:
                return "hypothetical", f"modal “{form}”"
    if clause.tokens[verb].relation == "conj" and clause.tokens[verb].head >= 0:
        first = clause.first_conjunct(verb)
        if first != verb and not clause.dependents(verb, "nsubj", "aux"):
            return _modal(clause, first) if clause.tokens[first].upos == "VERB" else None
    return None


def _governing(clause: Clause, i: int) -> tuple[str, str] | None:
    """The nearest verb or noun above the event that plans, threatens, forecasts or denies it."""
    node = _verb_of(clause, i)
    if node != i:
        found = _kind_of(clause, node, "obj")
        if found:
            return found
    for _ in range(3):
        head = clause.tokens[node].head
        relation = clause.tokens[node].relation.split(":")[0]
        if head < 0 or relation not in _GOVERNED | {"conj"}:
            return None
        if relation == "conj":
            node = head
            continue
        infinitive = any(clause.lemma(c) == "to" for c in clause.dependents(node, "mark"))
        found = _kind_of(clause, head, relation, infinitive=infinitive)
        if found is not None:
            return found
        if clause.tokens[head].upos not in {"VERB", "AUX", "NOUN", "ADJ"}:
            return None
        if relation not in {"xcomp", "acl"}:
            return None
        node = head
    return None


def _kind_of(clause: Clause, head: int, relation: str, infinitive: bool = False) -> tuple[str, str] | None:
    """The list that the governing word stands in, where the event stands in the place that the list asks for."""
    lists = lists_of(clause, head, "factuality", "govern")
    cue = f"governed by “{clause.tokens[head].text}”"
    if "hypothetical" in lists and relation in {"ccomp", "csubj", "acl", "nmod"} and not infinitive:
        return "hypothetical", cue
    if relation in {"acl", "advcl"} and not infinitive:
        return None
    for kind in ("threatened", "planned", "forecast"):
        if kind in lists and (infinitive or (relation in {"obj", "obl", "nmod", "acl"} and kind != "planned")):
            return kind, cue
    if "denied" in lists and relation in {"ccomp", "xcomp", "obj"}:
        return "denied", cue
    if "failed" in lists and relation in {"xcomp", "obj"} and infinitive:
        return "denied", cue
    if "opinion" in lists and relation == "ccomp":
        return "opinion", cue
    return None
