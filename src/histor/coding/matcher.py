"""The matcher: reads the lexicon's frames off a parsed sentence. One small mechanism, no code per verb."""

from __future__ import annotations

from dataclasses import dataclass, field

from histor.coding.grammar import Clause
from histor.coding.lexicon import Frame, Lexicon, Word, Words

_VERBAL = frozenset({"VERB", "AUX"})
_NOMINAL = frozenset({"NOUN", "PROPN"})
_FUNCTION_SLOTS = frozenset({"subj", "obj", "iobj", "poss", "comp"})


@dataclass
class Match:
    """A frame found in a sentence; words are indices into it, `roles` hold heads of phrases."""

    frame: Frame
    head: int
    words: tuple[int, ...]
    pattern: str
    roles: dict[str, list[int]] = field(default_factory=dict)

    @property
    def why(self) -> str:
        """The entry in words, as it stands in `why`."""
        return f"frame {self.frame.id} ({self.pattern})"


def match_frames(clause: Clause, lexicon: Lexicon) -> list[Match]:
    """Frames whose words are in the sentence; where several claim a word the longest pattern wins."""
    found: list[Match] = []
    taken: set[int] = set()
    nouns, lemmas = lexicon.nouns, clause.lemmas
    for i, token in enumerate(clause.tokens):
        if i in taken:
            continue
        match = None
        if token.upos in _NOMINAL:
            if lemmas[i] in nouns and not _in_month(clause, i):
                match = _noun(clause, lexicon, i)
        elif token.upos in _VERBAL or (token.upos == "ADJ" and "VerbForm" in token.feats):
            match = _verb(clause, lexicon, i)
        if match is not None:
            found.append(match)
            taken.update(match.words)
    return found


def _verb(clause: Clause, lexicon: Lexicon, i: int) -> Match | None:
    entry = _entry(clause, lexicon, i)
    patterns = lexicon.verbs.get(entry, ())
    if not patterns:
        return None
    near = _near(clause, i) if any(len(words) > 1 for words, _ in patterns) else {}
    best: tuple[int, Words, Frame, list[int]] | None = None
    for words, frame in patterns:
        if best is not None and (best[0] == 0 or len(words) < len(best[1])):
            break
        others = _below(clause, near, words[1:])
        if others is None or (frame.means and not _has_means(clause, lexicon, i, frame)):
            continue
        far = sum(clause.tokens[k].head != i for k in others)
        if best is None or far < best[0]:  # of patterns as long as each other that whose words stand at the verb
            best = (far, words, frame, others)
    if best is None:
        return None
    _, words, frame, others = best
    match = Match(frame, i, tuple(sorted([i, *others])), " ".join([entry, *_named(clause, words[1:], others)]))
    match.roles = {
        role: _owners(clause, lexicon, _fill_verb(clause, i, slots, others)) for role, slots in frame.verb.items()
    }
    return match


def _named(clause: Clause, words: Words, found: list[int]) -> list[str]:
    """A pattern's words as they were found: of a set the lemma that stood in its place."""
    return [w if isinstance(w, str) else clause.lemma(k) for w, k in zip(words, found, strict=True)]


def _owners(clause: Clause, lexicon: Lexicon, heads: list[int]) -> list[int]:
    """For a deed that fills a role those whose deed it is: "repelled the rebels' advance" is on the rebels.

    A deed without an owner, or the subject's own ("its onslaught"), is nobody.
    """
    found: list[int] = []
    for head in heads:
        deeds = lexicon.nouns.get(clause.lemma(head), ()) if clause.tokens[head].upos == "NOUN" else ()
        if not any(len(words) == 1 for words, _ in deeds):
            found.append(head)
            continue
        found.extend(k for k in clause.dependents(head, "nmod:poss") if clause.tokens[k].upos != "PRON")
    return found


def _entry(clause: Clause, lexicon: Lexicon, i: int) -> str:
    """The lexicon's key for verb `i`: its lemma, or what a lemma cut wrongly stands for ("battl")."""
    lemma = clause.lemmas[i]
    if lemma in lexicon.verbs or clause.tokens[i].text.lower() == lemma:
        return lemma
    if f"{lemma}e" in lexicon.verbs:
        return f"{lemma}e"
    undoubled = lemma[:-1] if lemma[-2:-1] == lemma[-1:] else lemma
    return undoubled if undoubled in lexicon.verbs else lemma


def _near(clause: Clause, i: int) -> dict[str, list[int]]:
    """Words below `i`, at most two steps down, by lemma; what belongs to a subject says nothing of the deed."""
    found = clause.near.get(i)
    if found is None:
        found = clause.near[i] = _read_near(clause, i)
    return found


def _read_near(clause: Clause, i: int) -> dict[str, list[int]]:
    near = [c for c in clause.children[i] if clause.relation(c) != "obl:agent" and not _is_date(clause, c)]
    under = [c for c in near if clause.relation(c) not in _ELSEWHERE and clause.lemma(c) not in _TIMES]
    found: dict[str, list[int]] = {}
    for k in (*near, *(g for c in under for g in clause.children[c])):
        found.setdefault(clause.lemma(k), []).append(k)
        form = clause.tokens[k].text.lower()
        if form in _REFLEXIVE and form != clause.lemma(k):
            found.setdefault(form, []).append(k)
    return found


def _is_date(clause: Clause, i: int) -> bool:
    """Whether a word that is a month is one here ("began in March"), and no march."""
    return clause.tokens[i].upos == "PROPN" and clause.lemma(i) in _TIMES


def _in_month(clause: Clause, i: int) -> bool:
    if not _is_date(clause, i):
        return False
    beside = [k for k in (i - 1, i + 1) if 0 <= k < len(clause.tokens) and clause.tokens[k].upos == "NUM"]
    return bool(beside) or any(clause.lemma(c) in _IN for c in clause.dependents(i, "case"))


_IN = frozenset("in since by until from during".split())
_ELSEWHERE = frozenset({"nsubj", "csubj", "advcl", "parataxis", "acl:relcl"})
_REFLEXIVE = frozenset({"himself", "herself", "themselves", "itself"})
_TIMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december day week month year night morning evening afternoon dawn weekend".split()
)


def _fits(lemma: str, word: Word) -> bool:
    return lemma == word if isinstance(word, str) else lemma in word


def _below(clause: Clause, near: dict[str, list[int]], words: Words) -> list[int] | None:
    """Distinct words of `near` with these lemmas, the first that fit; None if one lacks."""
    found: list[int] = []
    for word in words:
        if isinstance(word, str):
            hits = near.get(word, [])
        elif word.isdisjoint(near):
            return None
        else:
            hits = sorted(k for lemma, ks in near.items() if lemma in word for k in ks)
        hit = next((k for k in hits if k not in found), None)
        if hit is None:
            return None
        found.append(hit)
    return found


def _has_means(clause: Clause, lexicon: Lexicon, i: int, frame: Frame) -> bool:
    """Whether a word of the frame's classes is the verb's object, subject or oblique."""
    words = set().union(*(lexicon.classes.get(c, frozenset()) for c in frame.means))
    for c in [*clause.children[i], *clause.logical_objects(i), *clause.logical_subjects(i)]:
        if clause.lemma(c) in words:
            return True
        compound = [clause.lemma(k) for k in clause.dependents(c, "compound", "amod", "nmod")]
        if any(k in words or f"{k} {clause.lemma(c)}" in words for k in compound):
            return True
    return False


def _fill_verb(clause: Clause, i: int, slots: tuple[str, ...], used: list[int]) -> list[int]:
    found: list[int] = []
    for slot in slots:
        if slot == "subj":
            heads = clause.logical_subjects(i)
        elif slot == "obj":
            heads = clause.logical_objects(i)
        elif slot == "iobj":
            heads = clause.dependents(i, "iobj")
        elif slot in _FUNCTION_SLOTS:
            continue
        else:
            heads = clause.obliques(i, frozenset({slot}))
        found.extend(h for h in heads if h not in found and h not in used)
    # A phrasal pattern's own noun carries the rest: "opened fire [on the crowd]".
    for k in used:
        for slot in slots:
            if slot not in _FUNCTION_SLOTS:
                found.extend(h for h in clause.obliques(k, frozenset({slot})) if h not in found)
    return found


def _noun(clause: Clause, lexicon: Lexicon, i: int) -> Match | None:
    for words, frame in lexicon.nouns.get(clause.lemma(i), ()):
        before = _modifiers(clause, i, words[:-1])
        if before is None:
            continue
        named = [*_named(clause, words[:-1], before[::-1]), clause.lemma(i)]
        match = Match(frame, i, tuple(sorted([*before, i])), " ".join(named))
        match.roles = {role: _fill_noun(clause, i, slots, before) for role, slots in frame.noun.items()}
        _through_light_verb(clause, lexicon, match)
        return match
    return None


def _modifiers(clause: Clause, i: int, words: Words) -> list[int] | None:
    """Words right before noun `i` with these lemmas, in order (hyphens between them allowed)."""
    found: list[int] = []
    k = i - 1
    for word in reversed(words):
        while k >= 0 and clause.tokens[k].upos == "PUNCT":
            k -= 1
        if k < 0 or not (_fits(clause.lemma(k), word) or _fits(clause.tokens[k].text.lower(), word)):
            return None
        found.append(k)
        k -= 1
    return found


def _fill_noun(clause: Clause, i: int, slots: tuple[str, ...], used: list[int]) -> list[int]:
    found: list[int] = []
    for slot in slots:
        if slot == "poss":
            heads = clause.dependents(i, "nmod:poss")
        elif slot == "comp":
            heads = [
                c for c in clause.dependents(i, "compound", "amod", "nmod:unmarked")
                if c not in used and clause.tokens[c].upos in {"PROPN", "NOUN", "ADJ"} and _names(clause, c)
            ]  # fmt: skip
        elif slot in _FUNCTION_SLOTS:
            continue
        else:
            heads = clause.obliques(i, frozenset({slot}))
        found.extend(h for h in heads if h not in found)
    return found


def _names(clause: Clause, i: int) -> bool:
    """Whether a modifier may name somebody: a proper noun, an adjective of a country, a plural."""
    token = clause.tokens[i]
    return token.upos == "PROPN" or (token.upos == "ADJ" and token.text[:1].isupper())


def _through_light_verb(clause: Clause, lexicon: Lexicon, match: Match) -> None:
    """Take over the arguments of a light verb that governs the noun ("launched an attack on")."""
    i = clause.first_conjunct(match.head)
    head = clause.tokens[i].head
    relation = clause.relation(i).split(":")[0]
    if head < 0 or clause.tokens[head].upos not in _VERBAL or relation not in {"obj", "nsubj", "obl"}:
        return
    pattern = next(
        (
            p
            for p in lexicon.light.get(clause.lemma(head), ())
            if _below(clause, _near(clause, head), p[1:]) is not None
        ),
        None,
    )
    if pattern is None:
        return
    name = " ".join(pattern)
    objects = clause.logical_objects(head)
    if match.head not in objects and i not in objects and relation != "obl":
        return
    subjects = [s for s in clause.logical_subjects(head) if s not in (i, match.head)]
    role = "recipient" if name in lexicon.inverse or name in lexicon.against else "actor"
    if name in lexicon.against:
        # Who repels an attack is the other side of it; the attackers stand beside the noun.
        role = "recipient"
    have = match.roles.setdefault(role, [])
    have.extend(s for s in subjects if s not in have)
    for role, slots in match.frame.noun.items():
        have = match.roles.setdefault(role, [])
        for slot in slots:
            if slot not in _FUNCTION_SLOTS and slot not in {"of", "by"}:
                have.extend(h for h in clause.obliques(head, frozenset({slot})) if h not in have)
