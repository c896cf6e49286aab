"""Lemma rules: what to cut from the end of a form and what to put there instead.

A rule is ``case:cut:ending``; ``l`` means that the form is put in small letters first, ``k`` that
its capitals are kept. ``walked`` to ``walk`` is ``l:2:``; ``was`` to ``be`` is ``l:3:be``.
"""

from __future__ import annotations

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
