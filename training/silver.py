"""Parse the project's own reports with a parser that was trained on treebanks alone.

    python -m training.silver --data ../shared/data --teacher ../shared/trials/parser.safetensors \
        --tokenizer tokenizer.json --out training/data/silver.jsonl.gz

The event heads pull the words of a trigger so far to one side that, without parses of such texts
to learn from, the tags of "struck" or "shelling" go astray: treebanks hold few of them. The
teacher gives part of speech, heads and relations; features and lemmas come from the treebanks by
word, Penn tag and voice. One line a text: ``{"id": …, "sentences": [{"upos": …, "feats": …,
"lemmas": …, "heads": …, "relations": …}]}``, a null where nothing is known.
"""

from __future__ import annotations

import argparse
import collections
import gzip
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from histor.engines.embedded.lemmas import apply_rule, lemma_rule
from histor.engines.embedded.trees import decode_tree
from histor.text.shapes import SHAPES
from training.batches import CLS, SEP
from training.corpora import FEATURES, read_written
from training.network import ARC, HIDDEN, REL, Encoder, with_one


class Teacher(nn.Module):
    """A biaffine parser on MiniLM as `trials/dep.py` stores it; its root is [CLS]."""

    def __init__(self, weights: dict[str, Tensor], labels: dict[str, list[str]]) -> None:
        super().__init__()
        self.labels = labels
        self.encoder = Encoder()
        self.encoder.load_bert({k.removeprefix("enc."): v for k, v in weights.items() if k.startswith("enc.")})
        self.upos = nn.Linear(HIDDEN, len(labels["upos"]))
        self.xpos = nn.Linear(HIDDEN, len(labels["xpos"]))
        sizes = {"ad": ARC, "ah": ARC, "rd": REL, "rh": REL}
        self.parts = nn.ModuleDict({k: nn.Sequential(nn.Linear(HIDDEN, n), nn.GELU()) for k, n in sizes.items()})
        self.upos.load_state_dict({"weight": weights["u.weight"], "bias": weights["u.bias"]})
        self.xpos.load_state_dict({"weight": weights["x.weight"], "bias": weights["x.bias"]})
        for k in sizes:
            self.parts[k].load_state_dict({f"0.{p}": weights[f"{k}.0.{p}"] for p in ("weight", "bias")})
        self.arc, self.rel = weights["Wa"], weights["Wr"]

    @torch.inference_mode()
    def parse(self, tokenizer: Tokenizer, words: list[str]) -> dict[str, list[Any]]:
        """Part of speech, Penn tag, head (0 is the root) and relation of each word."""
        coded = tokenizer.encode(words, is_pretokenized=True, add_special_tokens=False)
        first: dict[int, int] = {}
        for i, word in enumerate(coded.word_ids):
            if word is not None:
                first.setdefault(word, i + 1)
        ids = torch.tensor([[CLS, *coded.ids, SEP]])
        blank = torch.full_like(ids, len(SHAPES))
        pieces = self.encoder(ids, torch.ones_like(ids), blank)[0]
        vectors = pieces[torch.tensor([0, *(first.get(k, 0) for k in range(len(words)))])]
        left, right = self.parts["ad"](vectors), self.parts["ah"](vectors)
        arcs = torch.log_softmax((with_one(left) @ self.arc) @ right.T, -1).numpy()
        heads = [int(h) for h in decode_tree(np.asarray(arcs))]
        dep, head = self.parts["rd"](vectors)[1:], self.parts["rh"](vectors)[torch.tensor(heads)]
        scores = torch.einsum("wi,rij,wj->wr", with_one(dep), self.rel, with_one(head))
        return {
            "upos": [self.labels["upos"][k] for k in self.upos(vectors[1:]).argmax(-1)],
            "xpos": [self.labels["xpos"][k] for k in self.xpos(vectors[1:]).argmax(-1)],
            "heads": heads,
            "relations": [self.labels["deprel"][k] for k in scores.argmax(-1)],
        }


class Forms:
    """Features and lemmas as the treebanks give them most often for a word of this tag."""

    def __init__(self, rows: Iterable[list[str]], passive: Iterable[bool]) -> None:
        self.feats: dict[tuple[str, ...], collections.Counter[str]] = collections.defaultdict(collections.Counter)
        self.rules: dict[tuple[str, ...], collections.Counter[str]] = collections.defaultdict(collections.Counter)
        for columns, under in zip(rows, passive, strict=True):
            word, lemma, upos, xpos = columns[1], columns[2], columns[3], columns[4]
            feats = "|".join(f for f in columns[5].split("|") if f.split("=")[0] in FEATURES) or "_"
            for key in _keys(word, upos, xpos):
                self.feats[(*key, str(under))][feats] += 1
                self.rules[key][lemma_rule(word, lemma)] += 1

    def look_up(self, word: str, upos: str, xpos: str, passive: bool) -> tuple[str | None, str | None]:
        """Features and lemma; no lemma for a verb form that no treebank has ("digged", "trad")."""
        feats = lemma = None
        for key in _keys(word, upos, xpos):
            if feats is None and (*key, str(passive)) in self.feats:
                feats = self.feats[(*key, str(passive))].most_common(1)[0][0]
            if lemma is None and key in self.rules and (key[0] == word.lower() or upos not in {"VERB", "AUX"}):
                lemma = apply_rule(word, self.rules[key].most_common(1)[0][0])
        return feats, lemma


def _keys(word: str, upos: str, xpos: str) -> list[tuple[str, ...]]:
    """From the word itself to its ending to its tag alone."""
    small = word.lower()
    return [(small, upos, xpos), ("-" + small[-4:], upos, xpos), ("-" + small[-3:], upos, xpos), (upos, xpos)]


def passives(heads: list[int], relations: list[str]) -> list[bool]:
    """For each word whether a passive auxiliary, subject or agent hangs on it."""
    under = {h for h, r in zip(heads, relations, strict=True) if r in {"aux:pass", "nsubj:pass", "obl:agent"}}
    return [i + 1 in under for i in range(len(heads))]


def read_rows(path: Path) -> tuple[list[list[str]], list[bool]]:
    """Columns of all words of a CoNLL-U file and whether each stands in the passive."""
    rows: list[list[str]] = []
    marks: list[bool] = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = [line.split("\t") for line in block.split("\n") if line and line[0] != "#"]
        sentence = [columns for columns in lines if columns[0].isdigit()]
        rows.extend(sentence)
        marks.extend(passives([int(c[6]) for c in sentence], [c[7] for c in sentence]))
    return rows, marks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(2)
    labels = json.loads(args.teacher.with_name("parser_labels.json").read_text())
    teacher = Teacher({k: v.float() for k, v in load_file(args.teacher).items()}, labels).eval()
    tokenizer = Tokenizer.from_file(str(args.tokenizer))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    rows, marks = [], []
    for bank in ("ud_english_ewt", "ud_english_gum"):
        more, under = read_rows(args.data / bank / "train.conllu")
        rows.extend(more)
        marks.extend(under)
    forms = Forms(rows, marks)
    own = Path(__file__).parent / "data"
    with gzip.GzipFile(args.out, "wb", 9, mtime=0) as packed, io.TextIOWrapper(packed, encoding="utf-8") as handle:
        for path in (own / "written/train.jsonl", own / "reports/train.jsonl"):
            for document in read_written(path):
                sentences = []
                for sentence in document.sentences:
                    found = teacher.parse(tokenizer, sentence.words)
                    under = passives(found["heads"], found["relations"])
                    pairs = [
                        forms.look_up(*row)
                        for row in zip(sentence.words, found["upos"], found.pop("xpos"), under, strict=True)
                    ]
                    found["feats"] = [f for f, _ in pairs]
                    found["lemmas"] = [m for _, m in pairs]
                    sentences.append(found)
                handle.write(json.dumps({"id": document.id, "sentences": sentences}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
