"""A spaCy CNN pipeline trained on the same treebanks as the embedded engine, as a yardstick beside it.

Needs spaCy, which histor itself does not: ``pip install 'histor[compare]'``. Trained once for ten minutes of processor time at most on
UD English EWT and GUM (tags, features, lemmas, trees; names as GUM and `training/data/names_ewt.jsonl` have them), with spaCy's own default network (a hash-embedding CNN of width
96 and depth 4, no pretrained vectors). What is trained stays in a folder of the caller's and is used again.
"""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

from histor.model.annotation import Annotation, Mention, Sentence, Span, Token
from histor.model.errors import ConfigError
from histor.text.sentences import split_sentences
from histor.text.tokens import word_spans
from training.corpora import add_names, read_conllu

SECONDS = 600.0
_NAMES = {"PER": "person", "ORG": "organisation", "LOC": "place"}
_NAMES_OF_EWT = Path(__file__).parents[1] / "training" / "data" / "names_ewt.jsonl"
_BATCH = 64  # sentences an update


def trained(folder: Path, data: Path, seconds: float = SECONDS) -> Any:
    """The pipeline kept in `folder`, or one trained there on the treebanks in `data`. Raises ConfigError without spaCy."""
    try:
        import spacy
    except ImportError as error:
        raise ConfigError(
            "compare.spacy", f"spaCy is missing ({error}).", do="Install it: pip install 'histor[compare]'."
        ) from error
    if not (folder / "meta.json").is_file():
        train(data, seconds).to_disk(folder)
    return spacy.load(folder)


def train(data: Path, seconds: float) -> Any:
    """Train on all that `data` has until `seconds` of processor time are spent."""
    import spacy
    from spacy.util import fix_random_seed

    fix_random_seed(0)
    chance = random.Random(0)
    nlp = spacy.blank("en")
    for name in ("morphologizer", "trainable_lemmatizer", "parser", "ner"):
        nlp.add_pipe(name)
    examples = _examples(nlp, data)
    optimizer = nlp.initialize(lambda: examples)
    began, round_ = time.process_time(), 0
    while time.process_time() - began < seconds:
        chance.shuffle(examples)
        losses: dict[str, float] = {}
        for at in range(0, len(examples), _BATCH):
            nlp.update(examples[at : at + _BATCH], sgd=optimizer, drop=0.1, losses=losses)
            if time.process_time() - began > seconds:
                break
        round_ += 1
        print(f"spaCy: round {round_}, {time.process_time() - began:.0f} s", {k: round(v) for k, v in losses.items()})
    nlp.meta["name"] = "ud_cnn"
    return nlp


def _examples(nlp: Any, data: Path) -> list[Any]:
    """One example a sentence; sentences whose names nobody annotated have none given."""
    from spacy.tokens import Doc
    from spacy.training import Example

    ewt, gum = (read_conllu(data / name / "train.conllu") for name in ("ud_english_ewt", "ud_english_gum"))
    add_names(ewt, _NAMES_OF_EWT)
    found = []
    for gold in (sentence for document in (*ewt, *gum) for sentence in document.sentences):
        reference = Doc(
            nlp.vocab, gold.words, pos=gold.upos, morphs=["" if f == "_" else f for f in gold.feats or []],
            heads=[head - 1 if head else k for k, head in enumerate(gold.heads or [])], deps=gold.relations,
            lemmas=gold.lemmas, sent_starts=[k == 0 for k in range(len(gold.words))], ents=gold.names,
        )  # fmt: skip
        found.append(Example(Doc(nlp.vocab, gold.words), reference))
    return found


class SpacyEngine:
    """The pipeline through the engine's Protocol: our sentences and words, spaCy's analysis of them, no proposals."""

    def __init__(self, nlp: Any) -> None:
        self._nlp = nlp

    @property
    def coder(self) -> str:
        import spacy

        return f"spacy/{spacy.__version__}"

    def annotate(self, text: str, title: str | None = None) -> Annotation:
        """Sentences and names of a text."""
        from spacy.tokens import Doc

        segments = list(split_sentences(text, title))
        rows = [list(word_spans(text, s.start, s.end)) for s in segments]
        docs = [
            Doc(self._nlp.vocab, [text[a:b] for a, b in row], [text[b : b + 1] == " " for _, b in row]) for row in rows
        ]
        sentences, mentions = [], []
        for k, (segment, row, doc) in enumerate(zip(segments, rows, self._nlp.pipe(docs), strict=True)):
            sentences.append(Sentence(k, segment.start, segment.end, segment.kind, _tokens(doc, row)))
            mentions += [
                Mention(_NAMES[e.label_], row[e.start][0], row[e.end - 1][1], 1.0, "name")
                for e in doc.ents
                if e.label_ in _NAMES
            ]
        return Annotation(self.coder, tuple(sentences), tuple(mentions))


def _tokens(doc: Any, row: list[Span]) -> tuple[Token, ...]:
    """SpaCy may cut a sentence in several trees; their roots hang on the first as `parataxis`."""
    roots = [t.i for t in doc if t.head is t or t.head.i == t.i]
    tokens = []
    for token, (a, b) in zip(doc, row, strict=True):
        head, relation = token.head.i, token.dep_ or "dep"
        if head == token.i:
            head, relation = (-1, "root") if token.i == roots[0] else (roots[0], "parataxis")
        tokens.append(
            Token(token.text, a, b, token.lemma_ or token.text, token.pos_ or "X", str(token.morph) or "_", head, relation)
        )  # fmt: skip
    return tuple(tokens)
