"""A sentence's parse as coding asks of it: who is the logical subject, what does a phrase span.

Passives, conjunction, control, relative and participial clauses are undone here once, so that
frames speak of subjects and objects only. Relations are those of Universal Dependencies v2.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property

from histor.model.annotation import Sentence, Span

SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:pass"})
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM", "X"})
_NOT_IN_PHRASE = frozenset(
    "acl:relcl acl appos conj cc punct parataxis advcl cop nsubj nsubj:pass case mark aux aux:pass "
    "ccomp discourse list dep advcl:relcl orphan vocative dislocated csubj expl".split()
)
RELATIVES = frozenset({"who", "which", "that", "whom", "whose"})


class Clause:
    """A parsed sentence with its tree turned into questions."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.lemmas = [t.lemma.lower() for t in sentence.tokens]
        self.relations = [t.relation for t in sentence.tokens]
        # What every reader of the sentence asks again, by word.
        self._passive: dict[int, bool] = {}
        self._subjects: dict[int, list[int]] = {}
        self._objects: dict[int, list[int]] = {}
        self._marked: dict[int, list[tuple[int, frozenset[str]]]] = {}
        self.near: dict[int, dict[str, list[int]]] = {}  # the matcher's words below a verb

    @cached_property
    def children(self) -> list[list[int]]:
        """Dependents of each word, in order."""
        found: list[list[int]] = [[] for _ in self.tokens]
        for i, token in enumerate(self.tokens):
            if token.head >= 0:
                found[token.head].append(i)
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [t.start for t in self.tokens]

    @cached_property
    def _ends(self) -> list[int]:
        return [t.end for t in self.tokens]

    def lemma(self, i: int) -> str:
        return self.lemmas[i]

    def relation(self, i: int) -> str:
        return self.relations[i]

    def dependents(self, i: int, *relations: str) -> list[int]:
        """Dependents of word `i` in one of `relations` (exact names)."""
        below, named = self.children[i], self.relations
        return [c for c in below if named[c] in relations] if below else []

    def ancestors(self, i: int) -> Iterator[int]:
        """Governors of word `i`, nearest first."""
        seen = 0
        head = self.tokens[i].head
        while head >= 0 and seen < len(self.tokens):
            yield head
            head = self.tokens[head].head
            seen += 1

    def subtree(self, i: int) -> list[int]:
        """Word `i` and all below it, in order."""
        found, queue = [i], [i]
        while queue:
            below = self.children[queue.pop()]
            found.extend(below)
            queue.extend(below)
        return sorted(found)

    # --- phrases -------------------------------------------------------------------------------

    def phrase(self, i: int, *, of: bool = True) -> Span:
        """The noun phrase headed by word `i` as offsets, without relative clauses and appositions.

        With `of`, complements with *of* ("fighters of the NPFL") belong to it; other
        prepositional phrases do not.
        """
        words = [i]
        queue = [i]
        while queue:
            current = queue.pop()
            for c in self.children[current]:
                if self._in_phrase(c, i, of):
                    words.append(c)
                    queue.append(c)
        first, last = self._contiguous(sorted(words), i)
        while (
            first < i
            and self.tokens[first].upos in {"DET", "ADP", "PUNCT", "CCONJ"}
            and (self.lemma(first) not in {"no", "some", "several", "many", "all", "both"})
        ):
            first += 1
        while last > i and self.tokens[last].upos in {"PUNCT", "CCONJ", "ADP"}:
            if self.tokens[last].text in ")]":
                break
            last -= 1
        return self.tokens[first].start, self.tokens[last].end

    def _in_phrase(self, c: int, head: int, of: bool) -> bool:
        relation = self.tokens[c].relation
        if relation in {"nmod", "nmod:unmarked"}:
            cases = {self.lemma(k) for k in self.dependents(c, "case")}
            return of and ("of" in cases or ("for" in cases and self._names(c) and self._names(self.tokens[c].head)))
        if relation in {"case", "punct"}:
            return (
                self.tokens[c].head != head and (relation == "case" or self.tokens[c].text in "-–'’")
            ) or self.tokens[c].text in {"-", "–", "/"}
        if relation == "conj":
            return self.tokens[c].head != head
        return relation not in _NOT_IN_PHRASE

    def _names(self, i: int) -> bool:
        """Whether word `i` is part of a name ("Movement for Democratic Change")."""
        return self.tokens[i].upos == "PROPN" and self.tokens[i].text[:1].isupper()

    def _contiguous(self, words: list[int], head: int) -> tuple[int, int]:
        """The run of `words` around `head`; a gap of one word (a hyphen, a quote) is bridged."""
        have = set(words)
        first = last = head
        while first - 1 in have or (first - 2 in have and self.tokens[first - 1].upos == "PUNCT"):
            first -= 1 if first - 1 in have else 2
        while last + 1 in have or (last + 2 in have and self.tokens[last + 1].upos == "PUNCT"):
            last += 1 if last + 1 in have else 2
        return first, last

    def text(self, span: Span) -> str:
        """The words at a span, for messages and tests (single blanks between words)."""
        return " ".join(t.text for t in self.tokens if t.start >= span[0] and t.end <= span[1])

    def word_at(self, offset: int) -> int | None:
        """The word that holds the character at `offset`."""
        for i, token in enumerate(self.tokens):
            if token.start <= offset < token.end:
                return i
        return None

    def words_in(self, span: Span) -> list[int]:
        """Words that touch the span."""
        return list(range(bisect_right(self._ends, span[0]), bisect_left(self._starts, span[1])))

    def head_of(self, span: Span) -> int | None:
        """The word inside the span that governs the others."""
        words = self.words_in(span)
        inside = set(words)
        for i in words:
            if self.tokens[i].head not in inside:
                if self.tokens[i].upos in {"ADP", "DET", "PUNCT"} and len(words) > 1:
                    continue
                return i
        return words[0] if words else None

    def named(self, i: int, others: set[int]) -> int:
        """For a common noun the name beside it ("the movement" of "Al Shabaab, the movement allied to"), else `i`."""
        if self.tokens[i].upos == "PROPN":
            return i
        beside = self.dependents(i, "appos")
        if self.tokens[i].relation == "appos" and self.tokens[i].head >= 0:
            beside.append(self.tokens[i].head)
        names = (k for k in beside if self.tokens[k].upos == "PROPN" and self.tokens[k].text[:1].isupper())
        return next((k for k in names if k not in others), i)

    # --- logical arguments ---------------------------------------------------------------------

    def conjuncts(self, i: int) -> list[int]:
        """Word `i` and the words coordinated with it below."""
        return [i, *(c for c in self.children[i] if self.tokens[c].relation == "conj")]

    def first_conjunct(self, i: int) -> int:
        """The word that `i` is coordinated with, or `i`."""
        while self.tokens[i].relation == "conj" and self.tokens[i].head >= 0:
            i = self.tokens[i].head
        return i

    def is_passive(self, i: int) -> bool:
        """Whether verb `i` is in the passive or a bare past participle that modifies a noun."""
        found = self._passive.get(i)
        if found is None:
            found = self._passive[i] = self._is_passive(i)
        return found

    def _is_passive(self, i: int) -> bool:
        token = self.tokens[i]
        if self.dependents(i, "aux:pass", "nsubj:pass", "obl:agent"):
            return True
        if "Voice=Pass" in token.feats:
            return not self.dependents(i, "obj")  # "killed one and injured eight"
        if token.relation in {"acl", "amod"} and "VerbForm=Part" in token.feats:
            return "Tense=Past" in token.feats
        if token.relation == "acl" and token.upos == "VERB" and "Tense=Past" in token.feats:
            return not self.dependents(i, "obj", "nsubj")  # a participle that was tagged as a past tense
        return False

    def logical_subjects(self, i: int) -> list[int]:
        """Heads of the phrases that do what verb `i` says, conjuncts included."""
        found = self._subjects.get(i)
        if found is None:
            found = self._subjects[i] = self._spread(self._subject_heads(i, set()))
        return found.copy()

    def logical_objects(self, i: int) -> list[int]:
        """Heads of the phrases that undergo what verb `i` says, conjuncts included."""
        found = self._objects.get(i)
        if found is None:
            found = self._objects[i] = self._spread(self._object_heads(i))
        return found.copy()

    def obliques(self, i: int, prepositions: frozenset[str]) -> list[int]:
        """Heads of phrases under `i` that are marked by one of `prepositions`, conjuncts included."""
        marked = self._marked.get(i)
        if marked is None:
            marked = self._marked[i] = self._marked_below(i)
        found = [c for c, markers in marked if not markers.isdisjoint(prepositions)]
        return self._spread(found) if found else found

    def _marked_below(self, i: int) -> list[tuple[int, frozenset[str]]]:
        """Phrases and clauses under `i` with their markers, where they have any."""
        found = []
        for c in self.children[i]:
            if self.relations[c].startswith(("obl", "nmod", "advcl", "acl")):
                cases = self.dependents(c, "case", "mark")
                if cases:
                    found.append((c, frozenset(map(self.marker, cases))))
        return found

    def marker(self, case: int) -> str:
        """A preposition with what is fixed to it: ``because of``, ``in front of``."""
        words = [case, *self.dependents(case, "fixed")] if self.children[case] else [case]
        return " ".join(self.tokens[k].text.lower() for k in sorted(words))

    def _spread(self, heads: list[int]) -> list[int]:
        found: list[int] = []
        for head in heads:
            for k in self.conjuncts(head):
                if k not in found:
                    found.append(k)
        return found

    def _subject_heads(self, i: int, seen: set[int]) -> list[int]:
        if i in seen:
            return []
        seen.add(i)
        token = self.tokens[i]
        if self.is_passive(i):
            agents = self.dependents(i, "obl:agent")
            agents += [c for c in self.obliques(i, frozenset({"by"})) if c not in agents]
            return [a for a in agents if self._is_agent(a)]
        direct = [c for c in self.children[i] if self.relation(c) in SUBJECTS - {"nsubj:pass"}]
        if direct:
            return [self.antecedent(c) for c in direct]
        if token.head < 0:
            return []
        head = token.head
        relation = token.relation
        if relation == "conj" and self.tokens[head].upos in {"VERB", "AUX"}:
            return self._shared_subject(head, seen)
        if relation in {"xcomp", "advcl", "ccomp", "parataxis"} and not self._has_subject(i):
            if relation == "advcl" and any(self.lemma(c) == "as" for c in self.dependents(i, "mark")):
                # "quoted police as saying": the object speaks.
                controlled = self._object_heads(head) if not self.is_passive(head) else []
                if controlled:
                    return controlled
            if relation != "xcomp" and self._blamed_for(i, head):
                return self._object_heads(head)
            if relation == "xcomp":
                controlled = self._object_heads(head) if not self.is_passive(head) else []
                if controlled and self.lemma(head) not in _SUBJECT_CONTROL:
                    return controlled
            return self._shared_subject(head, seen)
        if relation == "acl" and self._is_gerund(i):
            # "In addition to killing 27", "accused of its plan to attack": the noun is nobody.
            return self.dependents(head, "nmod:poss") or self._carrier_subjects(head, seen)
        if relation in {"acl", "amod"}:
            return [head]
        if relation == "acl:relcl":
            return [head] if not self._has_subject(i) else []
        return []

    def _is_gerund(self, i: int) -> bool:
        """Whether a clause on a noun is joined by a preposition ("the act of killing"), and no participle beside it."""
        return any(self.tokens[c].text.lower() in _JOINTS for c in self.dependents(i, "mark", "case"))

    def _carrier_subjects(self, noun: int, seen: set[int]) -> list[int]:
        """The subject of the verb that a noun is object or circumstance of."""
        up = self.tokens[noun].head
        carried = self.relation(noun).split(":")[0] in {"obj", "obl"} and up >= 0
        return self._shared_subject(up, seen) if carried and self.tokens[up].upos == "VERB" else []

    def _blamed_for(self, i: int, head: int) -> bool:
        """Whether the object of the verb above does it: "accused the state of arming them"."""
        marks = {self.lemma(c) for c in self.dependents(i, "mark", "case")}
        return bool(marks & {"of", "for", "from"}) and bool(self.dependents(head, "obj", "nsubj:pass"))

    def _shared_subject(self, head: int, seen: set[int]) -> list[int]:
        """The surface subject of `head`, which a dependent verb shares."""
        if self.tokens[head].upos not in {"VERB", "AUX", "ADJ"}:
            return self._subject_heads(head, seen)
        surface = [c for c in self.children[head] if self.relation(c) in SUBJECTS]
        if surface:
            return [self.antecedent(c) for c in surface]
        if self.is_passive(head) and self.tokens[head].relation == "acl":
            return [self.tokens[head].head]
        return self._subject_heads(head, seen)

    def _has_subject(self, i: int) -> bool:
        return any(self.relation(c) in SUBJECTS for c in self.children[i])

    def _is_agent(self, i: int) -> bool:
        """A *by* phrase that may act: not a time or a deed ("by Monday", "by firing")."""
        return self.tokens[i].upos in NOMINAL and self.relation(i) != "advcl"

    def _object_heads(self, i: int) -> list[int]:
        token = self.tokens[i]
        if self.is_passive(i):
            direct = self.dependents(i, "nsubj:pass", "nsubj")
            if direct:
                return [self.antecedent(c) for c in direct]
            if token.relation in {"acl", "amod", "acl:relcl"} and token.head >= 0:
                return [token.head]
            if token.relation in {"conj", "xcomp", "advcl"} and token.head >= 0:
                shared = [c for c in self.children[token.head] if self.relation(c) in SUBJECTS]
                up = self.tokens[token.head]
                if not shared and token.relation == "conj" and up.relation in {"acl", "amod"} and up.head >= 0:
                    return [up.head]  # "the girl shot and killed"
                return [self.antecedent(c) for c in shared]
            return self.dependents(i, "obj")
        objects = self.dependents(i, "obj")
        if objects:
            return [self.antecedent(c) for c in objects]
        if token.relation == "acl:relcl" and token.head >= 0 and self._has_subject(i):
            return [token.head] if self._gap(i) else []
        if token.relation == "conj" and token.head >= 0 and self._shares_object(i, token.head):
            return self.dependents(token.head, "obj")
        return []

    def _gap(self, i: int) -> bool:
        """Whether a relative clause leaves its object open ("the men that police arrested")."""
        return not any(self.relation(c) in {"obj", "ccomp", "xcomp"} for c in self.children[i])

    def _shares_object(self, i: int, head: int) -> bool:
        """Two verbs side by side with the object behind the second ("beat and killed him")."""
        return all(c < i for c in self.dependents(head, "obj")) and not self.children[i]

    def antecedent(self, i: int) -> int:
        """For a relative pronoun the noun that it stands for, else `i`."""
        token = self.tokens[i]
        if token.lemma.lower() not in RELATIVES or token.upos not in {"PRON", "DET", "SCONJ"}:
            return i
        for head in self.ancestors(i):
            if self.tokens[head].relation in {"acl:relcl", "acl"} and self.tokens[head].head >= 0:
                return self.tokens[head].head
        return i


_JOINTS = frozenset("of to in for by from with at against".split())
_SUBJECT_CONTROL = frozenset(
    "promise threaten vow pledge try want begin start continue plan attempt manage fail refuse agree "
    "decide intend seek hope claim use".split()
)
