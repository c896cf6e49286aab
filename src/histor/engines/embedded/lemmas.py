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


# The nouns in -ie; of all others the plural in -ies is one in -y.
_IN_IE = frozenset(
    "auntie birdie bogie bookie boogie brie budgie caddie calorie camaraderie collie cookie coolie cowrie die eyrie foodie "
    "genie goalie hippie hoodie indie junkie laddie lassie lie lingerie magpie menagerie movie necktie newbie oldie pie "
    "pinkie pixie prairie quickie reverie rookie selfie smoothie sortie sweetie talkie techie tie townie veggie walkie "
    "yuppie zombie".split()
)


@lru_cache(maxsize=20_000)
def regular(form: str, upos: str, lemma: str) -> str:
    """The lemma of a noun, or a regular one where a rule for another word gave what no ending gives ("gunneot").

    Irregular forms are looked up before; what is left of plurals in -s goes by the endings of English.
    """
    small = form.lower()
    if upos == "NOUN" and len(small) > 3 and small.endswith("s") and not small.endswith(("ss", "us", "is")):
        fine = {small} if small.endswith("ies") and small[:-1] not in _IN_IE else {small, small[:-1]}
        fine |= {small[:-2], small[:-2] + "is"} if small.endswith("es") else set()
        fine |= {small[:-3] + "y"} if small.endswith("ies") else set()
        fine |= {small[:-3] + "f", small[:-3] + "fe"} if small.endswith("ves") else set()
        if lemma.lower() in fine or not small.isalpha():
            return lemma
        if small.endswith("ies"):
            return small[:-3] + "y"
        return small[:-2] if small.endswith(("sses", "ches", "shes", "xes", "zzes")) else small[:-1]
    return lemma
