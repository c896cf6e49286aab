"""Lemma rules: what to cut from the end of a form and what to put there instead.

A rule is ``case:cut:ending``; ``l`` means that the form is put in small letters first, ``k`` that
its capitals are kept. ``walked`` to ``walk`` is ``l:2:``; ``was`` to ``be`` is ``l:3:be``.
"""

from __future__ import annotations

import re
from functools import lru_cache


def lemma_rule(form: str, lemma: str) -> str:
    """The rule that makes `lemma` out of `form`, with the smallest cut."""
    keeps = lemma[:1].isupper() and lemma[:1] == form[:1]
    base = form if keeps else form.lower()
    common = 0
    while common < min(len(base), len(lemma)) and base[common] == lemma[common]:
        common += 1
    return f"{'k' if keeps else 'l'}:{len(base) - common}:{lemma[common:]}"


@lru_cache(maxsize=100_000)
def apply_rule(form: str, rule: str) -> str:
    """`form` changed by `rule`; a rule that would eat more than the form gives the small form."""
    case, cut, ending = rule.split(":", 2)
    base = form if case == "k" else form.lower()
    if int(cut) > len(base):
        return form.lower()
    return base[: len(base) - int(cut)] + ending


# English verbs do not end so: the e after these was the ending's, the e after those the verb's.
_NO_E = re.compile(
    r"(?:ss|ck|sh|tch|ff|ld|nd|nt|rt|pt|ct|ft|ll|wn|rn|lt|mp|sk|lk|lp|rm|rk|zz|ey|oy|ay|[ieu]st|[^r]out|[^aeiou]ow|[ei]w|[^a]ch|ai[dlmnt]|oo[dfklmnpt]|ee[dklnpt]|ea[dklmnp]|oa[dknmt]|aud|[^hst]o|[^wtpbh]ast|[^r]eat|[^v]en|tyr)e$"
)
_NEEDS_E = re.compile(
    r"(?:[bcdfgkptz][lr]|[^aeiou]v|[aeiou]v|dg|u|[^aeiouh]c|[aeiou]c|ang|[bcdgilmnprtuv]at|[iy]z|[^aeiou]ur|[^ao]id|[a-z]is|eas|has|[lrn]ud|rg|[mnv]ot|rok|vok|crib|[lv]eng|[^aeiou]in|os|[cfm]us|[aeiou]rs|[bcp]ut)$"
)
_STUMP = re.compile(r"[^aeiou][ai]$")  # "esca" of "escaped": no verb that forms a past in -Ced ends so
_TWIN = re.compile(r"([bdgmnprt])\1$")
# One syllable: without an e it would have doubled its end.
_SHORT = re.compile(r"^(?:[^aeiou]*|qu)[aeiou][bdgklmnprstvz]$")
_FINE = frozenset(
    "finesse panic mimic traffic picnic frolic bivouac hang bang gang clang defang combat format murmur blur invalid "
    "add err purr egg putt butt boycott ebb debut focus caucus".split()
)
_IN_IE = frozenset("died lied tied vied belied untied stymied".split())


@lru_cache(maxsize=20_000)
def spelt(form: str, lemma: str) -> str:
    """A verb's lemma mended where a rule cut an e too many or too few ("witnesse", "battl")."""
    small = form.lower()
    if small == lemma and small.endswith("ied") and len(small) > 5:
        return small[:-3] + "y"  # "allied" left as it was
    if small == lemma or not small.endswith(("ed", "ing")) or lemma in _FINE:
        return lemma
    if small.endswith("ied") and lemma in {small[:-2], small[:-1]}:
        return small[:-1] if small in _IN_IE else small[:-3] + "y"
    if _STUMP.search(lemma) and small[:-3] == lemma and small[-3] not in "wy":
        return small[:-1]
    if _NO_E.search(lemma):
        return lemma[:-1]
    if small in {lemma + "ed", lemma + "ing"} and _TWIN.search(lemma):
        return lemma[:-1]
    if small in {lemma + "ed", lemma + "ing"} and _SHORT.search(lemma):
        return lemma + "e"
    if small in {lemma + "ed", lemma + "ing"} and _NEEDS_E.search(lemma):
        return lemma + "e"
    return lemma


_DOUBLED = re.compile(r"(?:^|[^aeiou])[aeiou]([bdgmnprt])\1$")


@lru_cache(maxsize=20_000)
def regular(form: str, upos: str, lemma: str) -> str:
    """The lemma, or a regular one where a rule for another word gave what no ending gives ("corpy", "gunneot").

    Irregular forms are looked up before; what is left of plurals in -s and of verbs in -ed goes by the
    endings of English.
    """
    small = form.lower()
    if upos == "NOUN" and len(small) > 3 and small.endswith("s") and not small.endswith(("ss", "us", "is")):
        fine = {small, small[:-1]}
        fine |= {small[:-2], small[:-2] + "is"} if small.endswith("es") else set()
        fine |= {small[:-3] + "y"} if small.endswith("ies") else set()
        fine |= {small[:-3] + "f", small[:-3] + "fe"} if small.endswith("ves") else set()
        if lemma.lower() in fine or not small.isalpha():
            return lemma
        if small.endswith("ies"):
            return small[:-3] + "y"
        return small[:-2] if small.endswith(("sses", "ches", "shes", "xes", "zzes")) else small[:-1]
    if upos == "VERB" and len(small) > 4 and small.endswith("ed") and small.isalpha():
        stem = small[:-2]
        if lemma.lower() in {small, stem, stem + "e", stem[:-1], stem[:-1] + "y"}:
            return lemma
        if stem.endswith("i"):
            return stem[:-1] + "y"
        if _DOUBLED.search(stem):
            return stem[:-1]
        return stem + "e" if lemma.lower().startswith(stem + "e") else spelt(form, stem)
    return lemma
