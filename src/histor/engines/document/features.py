"""What the document head sees of a report: windows of pieces, candidates as indices, likeness of wordings."""

from __future__ import annotations

import re

from histor.engines.document.candidates import Candidate
from histor.engines.embedded.windows import Pieces, Window, pack
from histor.model.annotation import Annotation

ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
TYPES = ("attack", "bombing", "kidnapping", "arson", "robbery", "forced work stoppage")
_KINDS = (
    "", "person", "organisation", "armed_group", "place", "nationality", "date", "quantity", "weapon",
)  # fmt: skip
_LONGEST = 256
_SMALL = frozenset({"of", "and", "in", "de", "la", "el", "to", "for", "by", "at", "on", "del", "los", "las", "y"})


def pack_report(annotation: Annotation, pieces: Pieces) -> tuple[list[Window], list[int]]:
    """Windows of near equal length over the whole report, in lower case, and each sentence's first word."""
    forms = [[t.text.lower() for t in s.tokens] for s in annotation.sentences]
    total = sum(sum(len(pieces.of(word)[0]) for word in form) + 1 for form in forms)
    number = -(-total // _LONGEST) or 1
    longest = min(_LONGEST, total // number + 40)
    offsets = [0]
    for form in forms:
        offsets.append(offsets[-1] + len(form))
    return pack(forms, pieces, longest), offsets


def feature_rows(
    annotation: Annotation, found: list[Candidate], offsets: list[int], labels: dict[str, list[str]]
) -> tuple[list[str], list[int], list[list[int]], list[list[int]]]:
    """Wordings, the wording of each candidate, its four words and its six features."""
    relations = {name: k for k, name in enumerate(labels["relations"])}
    tags = {name: k for k, name in enumerate(labels["upos"])}
    numbers: dict[str, int] = {}
    owner = [numbers.setdefault(c.key, len(numbers)) for c in found]
    counts = [0] * len(numbers)
    for k in owner:
        counts[k] += 1
    points, features = [], []
    for c, k in zip(found, owner, strict=True):
        base = offsets[c.sentence]
        tokens = annotation.sentences[c.sentence].tokens
        head = tokens[c.head]
        governor = c.governor if c.governor >= 0 else c.head
        points.append([base + c.first, base + c.last, base + c.head, base + governor])
        features.append(
            [
                relations.get(head.relation, 0), tags.get(head.upos, 0), min(c.last - c.first + 1, 12),
                _KINDS.index(c.kind) if c.kind in _KINDS else 0, _place(c.sentence), min(counts[k] - 1, 4),
            ]
        )  # fmt: skip
    return list(numbers), owner, points, features


def _place(sentence: int) -> int:
    """How far down the report: the first four sentences apart, then by powers of two."""
    return sentence if sentence < 4 else min((sentence // 4).bit_length() + 3, 7)


def lexical_features(a: str, b: str) -> list[float]:
    """How alike two wordings are: one within the other, last word, acronym, shared words, plural."""
    x, y = a.split(), b.split()
    p, q = {w for w in x if w not in _SMALL}, {w for w in y if w not in _SMALL}
    shared = len(p & q) / max(1, len(p | q))
    return [
        float(p <= q or q <= p), float(x[-1] == y[-1]), float(_initials(x) == b or _initials(y) == a), shared,
        float(_singular(x[-1]) == _singular(y[-1])), float(bool(p & q)),
    ]  # fmt: skip


def _initials(words: list[str]) -> str:
    return "".join(w[0] for w in words if w not in _SMALL) if len(words) > 1 else ""


def _singular(word: str) -> str:
    return re.sub(r"(?:ies|s)$", "", word)
