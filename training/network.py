"""The network that is trained: one encoder, heads for syntax, mentions and events.

Run time needs none of this: `export.py` writes the same computation as ONNX graphs.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from histor.text.shapes import SHAPES

HIDDEN, LAYERS, HEADS, INNER = 384, 6, 12, 1536
ARC, REL, ROLE, PAIR = 256, 96, 256, 96
DISTANCES = 24


@dataclass(frozen=True)
class Labels:
    """Label inventories, each in a fixed order; index 0 of `lemmas` is 'as written, lower case'."""

    upos: list[str]
    feats: list[str]
    lemmas: list[str]
    relations: list[str]
    names: list[str]
    things: list[str]
    triggers: list[str]
    types: list[str]
    modes: list[str]
    subs: list[str]
    facts: list[str]
    roles: list[str]

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n")

    @staticmethod
    def load(path: Path) -> Labels:
        return Labels(**json.loads(path.read_text()))


class Layer(nn.Module):
    """One transformer layer in BERT's arrangement (normalisation after the sum)."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(HIDDEN, HIDDEN) for _ in range(4))
        self.norm1 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.inner = nn.Linear(HIDDEN, INNER)
        self.outer = nn.Linear(INNER, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.drop = nn.Dropout(0.05)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        b, n, h = x.shape
        q, k, v = (f(x).view(b, n, HEADS, h // HEADS).transpose(1, 2) for f in (self.q, self.k, self.v))
        weights = (q @ k.transpose(-1, -2)) * (1 / math.sqrt(h // HEADS)) + bias
        context = (weights.softmax(-1) @ v).transpose(1, 2).reshape(b, n, h)
        x = self.norm1(x + self.o(context))
        return self.norm2(x + self.drop(self.outer(F.gelu(self.inner(x)))))


class Encoder(nn.Module):
    """MiniLM (6 x 384, uncased) with an added embedding of how each word is written."""

    def __init__(self) -> None:
        super().__init__()
        self.word = nn.Embedding(30522, HIDDEN)
        self.position = nn.Embedding(512, HIDDEN)
        self.segment = nn.Parameter(torch.zeros(HIDDEN))
        self.shape = nn.Embedding(len(SHAPES) + 1, HIDDEN)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        nn.init.zeros_(self.shape.weight)

    def forward(self, ids: Tensor, mask: Tensor, shapes: Tensor) -> Tensor:
        position = self.position.weight[: ids.size(1)].unsqueeze(0)
        x = self.word(ids) + position + self.segment + self.shape(shapes)
        x = self.norm(x)
        bias = ((1.0 - mask.float()) * -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def load_minilm(self, path: Path) -> None:
        """Take over the published weights (``model.safetensors`` of all-MiniLM-L6-v2)."""
        self.load_bert(load_file(path))

    def load_bert(self, given: dict[str, Tensor]) -> None:
        """Take over BERT weights under their usual names. Raises ValueError if one lacks."""
        own = {
            "word.weight": given["embeddings.word_embeddings.weight"],
            "position.weight": given["embeddings.position_embeddings.weight"],
            "segment": given["embeddings.token_type_embeddings.weight"][0],
            "norm.weight": given["embeddings.LayerNorm.weight"],
            "norm.bias": given["embeddings.LayerNorm.bias"],
        }
        parts = {
            "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
            "o": "attention.output.dense", "norm1": "attention.output.LayerNorm",
            "inner": "intermediate.dense", "outer": "output.dense", "norm2": "output.LayerNorm",
        }  # fmt: skip
        for i in range(LAYERS):
            for ours, theirs in parts.items():
                for kind in ("weight", "bias"):
                    key = f"encoder.layer.{i}.{theirs}.{kind}"
                    own[f"layers.{i}.{ours}.{kind}"] = given[key]
        missing, unexpected = self.load_state_dict(own, strict=False)
        if set(missing) != {"shape.weight"} or unexpected:
            raise ValueError(f"not the expected weights: {missing} {unexpected}")


def _mlp(size: int, dropout: float = 0.25) -> nn.Sequential:
    return nn.Sequential(nn.Linear(HIDDEN, size), nn.GELU(), nn.Dropout(dropout))


def with_one(x: Tensor) -> Tensor:
    """`x` with a constant 1 appended to its last axis, so that a biaffine form has biases."""
    return torch.cat([x, torch.ones_like(x[..., :1])], -1)


class Syntax(nn.Module):
    """Part of speech, features, lemma rule and a biaffine parser (Dozat and Manning 2017)."""

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self.upos = nn.Linear(HIDDEN, len(labels.upos))
        self.feats = nn.Linear(HIDDEN, len(labels.feats))
        self.lemma = nn.Linear(HIDDEN, len(labels.lemmas))
        self.arc_dep, self.arc_head = _mlp(ARC), _mlp(ARC)
        self.rel_dep, self.rel_head = _mlp(REL), _mlp(REL)
        self.arc = nn.Parameter(torch.randn(ARC + 1, ARC) * 0.01)
        self.rel = nn.Parameter(torch.randn(len(labels.relations), REL + 1, REL + 1) * 0.01)

    def tags(self, words: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return self.upos(words), self.feats(words), self.lemma(words)

    def arcs(self, words: Tensor) -> Tensor:
        """Scores [sentence, dependent, head]; index 0 is the root."""
        return (with_one(self.arc_dep(words)) @ self.arc) @ self.arc_head(words).transpose(1, 2)

    def labels_for(self, words: Tensor, heads: Tensor) -> Tensor:
        """Relation scores [sentence, dependent, relation] given each dependent's head."""
        head = self.rel_head(words)
        head = torch.gather(head, 1, heads.unsqueeze(-1).expand(-1, -1, head.size(-1)))
        return self.relation_scores(self.rel_dep(words), head)

    def relation_scores(self, dep: Tensor, head: Tensor) -> Tensor:
        """Relation scores [..., relation] of pairs of vectors [..., REL]."""
        r, i, j = self.rel.shape
        left = with_one(dep) @ self.rel.permute(1, 0, 2).reshape(i, r * j)
        return (left.view(*dep.shape[:-1], r, j) * with_one(head).unsqueeze(-2)).sum(-1)


class Events(nn.Module):
    """Triggers as tags; for each trigger its attributes, its roles and which others retell it."""

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self.trigger = nn.Linear(HIDDEN, len(labels.triggers))
        self.inner = _mlp(HIDDEN, 0.3)
        self.kind = nn.Linear(HIDDEN, len(labels.types))
        self.how = nn.Linear(HIDDEN, len(labels.modes))
        self.acled = nn.Linear(HIDDEN, len(labels.subs))
        self.factuality = nn.Linear(HIDDEN, len(labels.facts))
        self.role_trigger = nn.Linear(HIDDEN, ROLE)
        self.role_word = nn.Linear(HIDDEN, ROLE)
        self.distance = nn.Embedding(DISTANCES, ROLE)
        self.role_drop = nn.Dropout(0.2)
        self.role = nn.Linear(2 * ROLE, 3 * len(labels.roles))
        self.pair_left = nn.Linear(HIDDEN, PAIR)
        self.pair = nn.Linear(2 * PAIR, 1)

    def attributes(self, triggers: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Scores of type, mode, sub-event type and factuality for trigger vectors [t, hidden]."""
        x = self.inner(triggers)
        return self.kind(x), self.how(x), self.acled(x), self.factuality(x)

    def roles(self, triggers: Tensor, words: Tensor, distance: Tensor) -> Tensor:
        """Scores [t, word, role, O-B-I] for trigger vectors [t, h] in windows [t, word, h]."""
        a = self.role_trigger(triggers).unsqueeze(1)
        b = self.role_word(words)
        x = torch.cat([F.gelu(a + b + self.distance(distance)), a * b], -1)
        scores = self.role(self.role_drop(x))
        return scores.view(*scores.shape[:2], -1, 3)

    def same(self, left: Tensor, right: Tensor) -> Tensor:
        """Log-odds [pair] that two triggers of one window tell the same event."""
        a, b = self.pair_left(left), self.pair_left(right)
        return self.pair(torch.cat([a * b, (a - b).abs()], -1)).squeeze(-1)


class Network(nn.Module):
    """Everything; `words` turns a padded batch of windows into word vectors."""

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.drop = nn.Dropout(0.2)
        self.syntax = Syntax(labels)
        self.names = nn.Linear(HIDDEN, len(labels.names))
        self.things = nn.Linear(HIDDEN, len(labels.things))
        self.events = Events(labels)

    def encode(self, ids: Tensor, mask: Tensor, shapes: Tensor) -> Tensor:
        return self.encoder(ids, mask, shapes)

    def words(self, pieces: Tensor, index: Tensor) -> Tensor:
        """Vectors of words, picked from all pieces of the batch by flat index."""
        flat = pieces.reshape(-1, pieces.size(-1))
        return self.drop(flat[index.reshape(-1)].view(*index.shape, -1))


def distance_bucket(offset: Tensor) -> Tensor:
    """Signed word distance to the trigger as a bucket: exact to 4, then by powers of two."""
    size = offset.abs()
    far = (torch.log2(size.clamp(min=1).float() / 4).floor().long() + 5).clamp(max=11)
    bucket = torch.where(size <= 4, size, far)
    return torch.where(offset < 0, bucket + DISTANCES // 2, bucket)
