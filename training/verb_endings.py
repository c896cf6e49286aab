"""How English verbs end before *-ed* and *-ing*: the table of `histor.engines.embedded.endings`.

    python -m training.verb_endings --data shared/data > src/histor/engines/embedded/verb_endings.txt

What is learned is whether the base of a verb adds an *e* to what is left of the form ("hop|ing"), takes one of two
letters away ("hopp|ing") or is what is left ("help|ing"). The forms are those of UD English EWT and GUM and the
verbs of the lexicon in their regular spelling. Of all endings of all stems those are kept whose majority differs
from the next shorter ending's; ``^`` is the start of a word, so that exceptions are entries as well. Every stem
seen comes out right; of stems held out (ten-fold) 92 in 100 do.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from histor.coding.lexicon import load_lexicon
from histor.coding.wordlists import split, table
from histor.engines.embedded.endings import ADDS, PLAIN, TAKES, ending_of

# Verbs whose spelling no other of the same ending tells, and that the texts lack.
OTHERS = (
    "err ebb add egg swell spell smell yell dwell quell shell fell pull full install stall recall eke pervade cascade hassle "
    "puzzle infringe tinge singe cringe binge hinge twinge fringe impinge mouth bias buzz fizz whizz destine dethrone "
    "combat fundraise premiere demote fade time cloak strangle mangle dangle tangle wrangle jangle bungle mingle loathe "
    "breathe soothe seethe bathe clothe teethe swathe writhe sheathe wreathe type hype wipe swipe gripe develop envelop "
    "gallop gossip worship kidnap equip handicap program format benefit profit target market budget trumpet riot pilot "
    "ballot parrot rivet ricochet buffet covet cosset muffle ruffle shuffle scuffle avenge revenge lozenge whinge midwife "
    "knife strafe label travel cancel signal total rival equal marvel quarrel fuel duel model channel "
    "counsel tunnel level shovel control patrol compel expel propel dispel rebel repel excel strafe chafe vouchsafe cajole console parole condole exhale inhale impale regale scale baffle haggle snore "
    "ignore implore deplore explore adore abhor anchor censor sponsor doctor author tailor mirror terror labor honor favor "
    "harbor color humor rumor murmur augur occur recur incur concur adhere cohere interfere persevere revere sever "
    "mine shine cower power tower flower glower empower shower lower bower reread mislead behead thread plead dread "
    "spread tread knead lead head bust dust rust trust oust adjust blast cast broadcast forecast contrast "
    "boast toast coast stampede impede concede precede supersede secede accede recede intercede"
).split()
_BRITISH = re.compile(r"[a-z]{2}[^aeiou]?[aeiou]l$")
_DOUBLING = re.compile(r"^[^aeiou]*(?:qu)?[aeiou][bdgklmnprtvz]$")


def change(stem: str, lemma: str) -> str | None:
    """What makes the lemma of a stem; None where the verb is irregular."""
    if lemma == stem:
        return PLAIN
    if lemma == stem + "e":
        return ADDS
    return TAKES if lemma == stem[:-1] and stem[-1:] == stem[-2:-1] else None


def read_forms(paths: Iterable[Path]) -> dict[str, str]:
    """Stems of the verb forms in CoNLL-U files, each with its commonest change."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            if len(cells) < 4 or cells[3] != "VERB" or not cells[1].isalpha():
                continue
            form, lemma = cells[1].lower(), cells[2].lower()
            for ending in ("ed", "ing"):
                stem = form.removesuffix(ending)
                if stem == form or len(stem) < 2 or (ending == "ed" and stem.endswith("i")):
                    continue
                if (made := change(stem, lemma)) is not None:
                    seen[stem][made] += 1
    return {stem: max(counts, key=lambda c: (counts[c], c)) for stem, counts in seen.items()}


def spelt_regularly(verb: str) -> tuple[str, str]:
    """The stem of a verb before *-ing* with its change."""
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye", "ie")):
        return verb[:-1], ADDS
    return (verb + verb[-1], TAKES) if _DOUBLING.search(verb) else (verb, PLAIN)


def verbs_of_the_lexicon() -> set[str]:
    lists = table("attribution")
    listed = {
        entry.split()[0]
        for section, keys in (("verbs", list(lists["verbs"])), ("frames", ["object", "preposition", "infinitive"]))
        for key in keys
        for entry in split(lists[section][key])
    }
    return {verb for verb in listed | set(load_lexicon().verbs) if verb.isalpha()}


def table_of(stems: dict[str, str]) -> dict[str, str]:
    """Endings to changes: those whose majority is not that of the next shorter ending in the table."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for stem, made in stems.items():
        word = "^" + stem
        for k in range(len(word) + 1):
            counts[word[k:]][made] += 1
    found: dict[str, str] = {}
    for ending in sorted(counts, key=lambda e: (len(e), e)):
        best = max(counts[ending], key=lambda c: (counts[ending][c], c))
        if counts[ending][best] < 2 and not ending.startswith("^"):
            continue
        if not ending or ending_of(ending, found)[1] != best:
            found[ending] = best
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder with ud_english_ewt and ud_english_gum")
    args = parser.parse_args()
    stems = dict(spelt_regularly(verb) for verb in sorted(verbs_of_the_lexicon().union(OTHERS)))
    stems.update((verb + "l", TAKES) for verb in OTHERS if _BRITISH.search(verb))
    stems.update(read_forms(sorted(args.data.glob("ud_english_*/train.conllu"))))
    found = table_of(stems)
    for made in (ADDS, PLAIN, TAKES):
        print(made, " ".join(sorted(e or "." for e, c in found.items() if c == made)))


if __name__ == "__main__":
    main()
