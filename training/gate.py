"""The weights of the relevance gate: which words of the lexicon say that a report may hold an event of interest.

    python -m training.gate --data ../../shared/data --cache runs/gate.pkl

An event of interest is one with an ACLED sub-event type. What is learned from: the examples and reports written for
histor, by their own marks; UD English EWT and GUM, ECB+ and GVC, by what histor's coder finds in them (reviews,
answers and mail of EWT hold none). Words are those of the lexicon's frames and classes, of the dead and hurt, and of
armed agents and crowds; a word counts once in a passage of `coding.gate.PASSAGE` words. The weights of a logistic
regression over passages go to `coding/data/gate.toml`, with their forms; the thresholds, which no training sets, stay
what they are there (see `python -m benchmarks gate`).
"""

from __future__ import annotations

import argparse
import json
import pickle
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from histor.capture.inputs import InputOptions, make_report
from histor.coding.casualties import _FATE_WORDS, _HURTS, _NOUNS, _STATES
from histor.coding.gate import PASSAGE, TOKEN, forms_of
from histor.coding.lexicon import load_lexicon
from histor.engines.embedded.irregular import IRREGULAR
from histor.jobs.coding import Coding

OUT = Path(__file__).parents[1] / "src/histor/coding/data/gate.toml"
OWN = Path(__file__).parent / "data"
AGENTS = Path(__file__).parents[1] / "src/histor/resolve/data/agents.toml"
SECTORS = ("COP", "MIL", "PRM", "REB", "UAF", "CRM", "OPP", "UNO")
TYPES = frozenset("ASSAULT COERCE PROTEST THREATEN RETREAT MOBILIZE AGREE SANCTION".split())
LEAST_SEEN = 5  # passages that a word must stand in
LEAST_WEIGHT = 0.05
PENALTY = 1.0  # of the squares of the weights
_FUNCTION = frozenset("a an and at by down for from in into of off on out over the to up with it do go come be".split())


class Text(NamedTuple):
    """A text and where the triggers of its events of interest begin."""

    text: str
    triggers: tuple[int, ...]


# --- texts ----------------------------------------------------------------------------------------


def own_texts() -> Iterator[Text]:
    """Examples and reports written for histor, with their marks."""
    for name in ("written", "reports"):
        for line in (OWN / name / "train.jsonl").read_text(encoding="utf-8").splitlines():
            example = json.loads(line)
            marked = [e["trigger"] for e in example["events"] if e.get("acled_sub_event_type")]
            yield Text(example["text"], tuple(start for spans in marked for start, _ in spans))


def corpora(data: Path) -> Iterator[tuple[str, bool]]:
    """Texts of other people's corpora, and whether they are of a kind that holds no events of interest."""
    for folder in ("ud_english_ewt", "ud_english_gum"):
        for name, text in _conllu(data / folder / "train.conllu"):
            yield text, name.startswith(("reviews", "answers", "email"))
    words: dict[str, list[str]] = {}
    for line in (data / "ecbplus" / "train_corpus.txt").read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if len(cells) > 3:
            words.setdefault(cells[0], []).append(cells[3])
    yield from ((" ".join(words[name]), False) for name in sorted(words))
    documents = json.loads((data / "gvc" / "dev.json").read_text(encoding="utf-8"))["docs"]
    for name in sorted(documents):
        yield "\n".join(" ".join(sentence) for _, sentence in documents[name]["sentences"]), False


def _conllu(path: Path) -> Iterator[tuple[str, str]]:
    name, lines = "", list[str]()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# newdoc id = "):
            if lines:
                yield name, " ".join(lines)
            name, lines = line.removeprefix("# newdoc id = "), []
        elif line.startswith("# text = "):
            lines.append(line.removeprefix("# text = "))
    if lines:
        yield name, " ".join(lines)


def coded_texts(data: Path) -> Iterator[Text]:
    """The corpora, marked by histor's coder."""
    coding = Coding.load()
    for text, idle in corpora(data):
        report = make_report({"text": text}, text.encode(), InputOptions(), "training")
        mentions = [] if idle else coding.code(report).event_mentions
        yield Text(report.text, tuple(m.trigger.span[0] for m in mentions if m.acled is not None))


# --- words ----------------------------------------------------------------------------------------


def vocabulary() -> list[str]:
    """The words that may have a weight, as lemmas."""
    found = {*_FATE_WORDS, *_HURTS, *_NOUNS, *_STATES}
    lexicon = load_lexicon()
    for frame in lexicon.frames:
        if frame.type in TYPES:
            for pattern in (*frame.verbs, *frame.nouns):
                for word in pattern:
                    found |= {word} if isinstance(word, str) else word
    phrases = [*(p for words in lexicon.classes.values() for p in words), *_agents()]
    found |= {word for phrase in (*found, *phrases) for word in re.split(r"[\s-]", phrase)}
    return sorted(w for w in found - _FUNCTION if re.fullmatch(r"[a-z]{3,}", w))


def _agents() -> Iterable[str]:
    sectors = tomllib.loads(AGENTS.read_text(encoding="utf-8"))["sectors"]
    return [phrase.strip() for name in SECTORS for phrase in sectors[name].split(",")]


def forms(lemmas: Iterable[str]) -> dict[str, str]:
    """Every form of each lemma, to the lemma; a form of several goes to the one that it is, or the first."""
    irregular: dict[str, set[str]] = {}
    for (form, _), lemma in IRREGULAR.items():
        irregular.setdefault(lemma, set()).add(form)
    found: dict[str, str] = {}
    for lemma in lemmas:
        for form in sorted({*forms_of(lemma), *irregular.get(lemma, ())}):
            if TOKEN.fullmatch(form):
                found.setdefault(form, lemma)
    return found | {lemma: lemma for lemma in lemmas}


# --- passages -------------------------------------------------------------------------------------


def passages(text: Text, known: dict[str, str]) -> Iterator[tuple[frozenset[str], bool]]:
    """Each passage's words with whether an event of interest is told in it; passages overlap by half."""
    tokens = list(TOKEN.finditer(text.text.lower()))
    for k in range(0, max(1, len(tokens) - PASSAGE // 2), PASSAGE // 2):
        run = tokens[k : k + PASSAGE]
        if run:
            held = any(run[0].start() <= at < run[-1].end() for at in text.triggers)
            yield frozenset(known[t[0]] for t in run if t[0] in known), held


def fit(rows: list[frozenset[str]], held: NDArray[np.float64], lemmas: list[str]) -> tuple[float, dict[str, float]]:
    """Intercept and weights of a logistic regression, by L-BFGS."""
    number = {lemma: k for k, lemma in enumerate(lemmas)}
    cells = [(i, number[w]) for i, row in enumerate(rows) for w in row if w in number]
    at, column = zip(*cells, strict=True)
    x = csr_matrix((np.ones(len(cells)), (at, column)), shape=(len(rows), len(lemmas)))

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = x @ w[1:] + w[0]
        off = 1 / (1 + np.exp(-z)) - held
        value = float(np.sum(np.logaddexp(0, z) - held * z) + PENALTY / 2 * (w[1:] @ w[1:]))
        return value, np.concatenate([[off.sum()], x.T @ off + PENALTY * w[1:]])

    found = minimize(loss, np.zeros(len(lemmas) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return float(found[0]), dict(zip(lemmas, found[1:].tolist(), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True, help="what the coder found, kept between runs")
    args = parser.parse_args()
    if not args.cache.exists():
        args.cache.write_bytes(pickle.dumps([tuple(t) for t in coded_texts(args.data)]))
    texts = [*own_texts(), *(Text(*t) for t in pickle.loads(args.cache.read_bytes()))]
    known = forms(vocabulary())
    found = [p for text in texts for p in passages(text, known)]
    rows, held = [r for r, _ in found], np.array([float(h) for _, h in found])
    seen: dict[str, int] = {}
    for row in rows:
        for word in row:
            seen[word] = seen.get(word, 0) + 1
    bias, weights = fit(rows, held, sorted(w for w, n in seen.items() if n >= LEAST_SEEN))
    kept = {w: round(v, 2) for w, v in weights.items() if abs(v) >= LEAST_WEIGHT}
    print(f"{len(rows)} passages, {int(held.sum())} with an event of interest, {len(kept)} words")
    write(bias, kept, known)


def write(bias: float, weights: dict[str, float], known: dict[str, str]) -> None:
    """Put intercept, weights and forms into the gate's file; its opening words and thresholds stay."""
    head = OUT.read_text(encoding="utf-8").partition("\nbias =")[0]
    lines = [head, f"bias = {bias:.2f}", "", "[words]"]
    for lemma in sorted(weights):
        own = sorted(form for form, of in known.items() if of == lemma)
        lines.append(f'{lemma} = [{weights[lemma]:.2f}, "{" ".join(own)}"]')
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
