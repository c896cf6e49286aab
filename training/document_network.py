"""The head that reads roles over a whole report: an encoder of its own and scores of candidate phrases.

A report is read in windows of up to 256 pieces. Each candidate phrase is scored for each role from its first,
last and head words, the word that governs it and a summary of the report; a wording that occurs several times
counts as one, with the scores of its occurrences summed in the exponent (multiple-instance learning), since the
keys of MUC-4 name wordings, not places in the text.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.network import HIDDEN, Encoder

SPAN, VECTOR, PAIR, LEXICAL = 256, 128, 64, 6
ROLES, TYPES = 5, 6
WIDTHS, PLACES, COUNTS, KINDS = 13, 8, 5, 9


class SpanScorer(nn.Module):
    """Candidates to role scores and vectors; words are projected once, then picked and summed."""

    def __init__(self, relations: int, upos: int) -> None:
        super().__init__()
        self.parts = nn.Linear(HIDDEN, 4 * SPAN)
        self.report = nn.Linear(HIDDEN, SPAN)
        sizes = (relations, upos, WIDTHS, KINDS, PLACES, COUNTS)
        self.features = nn.ModuleList(nn.Embedding(size, SPAN) for size in sizes)
        for table in self.features:
            nn.init.normal_(table.weight, std=0.05)
        self.drop = nn.Dropout(0.2)
        self.inner = nn.Linear(SPAN, SPAN)
        self.roles = nn.Linear(SPAN, ROLES)
        self.vector = nn.Linear(SPAN, VECTOR)
        nn.init.constant_(self.roles.bias, -5.0)

    def forward(self, words: Tensor, report: Tensor, points: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        """`words` [word, hidden], `report` [candidate, hidden], `points` [candidate, 4], `features` [candidate, 6]."""
        parts = self.parts(words).view(-1, 4, SPAN)
        x = self.report(report)
        for k in range(4):
            x = x + parts[:, k][points[:, k]]
        for k, table in enumerate(self.features):
            x = x + table(features[:, k])
        x = self.drop(F.gelu(x))
        x = self.drop(F.gelu(self.inner(x)))
        return self.roles(x), self.vector(x)


class Wordings(nn.Module):
    """Vectors of wordings [wording, VECTOR] to incident types, and pairs of them to what they share."""

    def __init__(self) -> None:
        super().__init__()
        self.types = nn.Linear(VECTOR, TYPES)
        self.left = nn.Linear(VECTOR, PAIR)
        self.pair = nn.Sequential(nn.Linear(2 * PAIR + LEXICAL, PAIR), nn.GELU(), nn.Linear(PAIR, 2))

    def forward(self, vectors: Tensor, first: Tensor, second: Tensor, lexical: Tensor) -> tuple[Tensor, Tensor]:
        """Type scores [wording, 6]; scores [pair, 2] of being one entity and of sharing a template."""
        left = self.left(vectors)
        a, b = left[first], left[second]
        return self.types(vectors), self.pair(torch.cat([a * b, (a - b).abs(), lexical], -1))


class DocumentNetwork(nn.Module):
    """Everything that is trained; `frozen` lower layers keep the weights of the shipped encoder."""

    def __init__(self, relations: int, upos: int, frozen: int) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.frozen = frozen
        self.drop = nn.Dropout(0.15)
        self.attention = nn.Linear(HIDDEN, 1)
        self.types = nn.Linear(HIDDEN, TYPES)
        self.spans = SpanScorer(relations, upos)
        self.wordings = Wordings()

    def lower(self, ids: Tensor, mask: Tensor, shapes: Tensor) -> Tensor:
        """Output of the frozen layers; the same in every epoch, so it is kept."""
        x = self.encoder.word(ids) + self.encoder.position.weight[: ids.size(1)].unsqueeze(0)
        x = self.encoder.norm(x + self.encoder.segment + self.encoder.shape(shapes))
        return self._through(0, self.frozen, x, mask)

    def upper(self, x: Tensor, mask: Tensor) -> Tensor:
        return self._through(self.frozen, len(self.encoder.layers), x, mask)

    def _through(self, start: int, stop: int, x: Tensor, mask: Tensor) -> Tensor:
        bias = ((1.0 - mask.float()) * -1e4)[:, None, None, :]
        for layer in list(self.encoder.layers)[start:stop]:
            x = layer(x, bias)
        return x

    def summary(self, words: Tensor, mask: Tensor) -> Tensor:
        """Attention-weighted mean [report, hidden] of padded words [report, word, hidden]."""
        scores = self.attention(words).squeeze(-1).masked_fill(~mask, -1e4)
        return (scores.softmax(-1).unsqueeze(-1) * words).sum(1)


def pool(scores: Tensor, vectors: Tensor, owner: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Scores and vectors of `count` wordings from those of their occurrences.

    A wording's score is the log of the summed exponentials; its vector is the mean of its occurrences' vectors,
    each weighted by the exponential of its best role score.
    """
    top = torch.full((count, scores.size(1)), -1e9).scatter_reduce(
        0, owner.unsqueeze(1).expand_as(scores), scores.detach(), "amax"
    )
    summed = torch.zeros_like(top).index_add(0, owner, (scores - top[owner]).exp())
    best = scores.detach().amax(-1)
    weight = (best - top.amax(-1)[owner]).exp()
    total = torch.zeros(count).index_add(0, owner, weight)
    mean = torch.zeros(count, vectors.size(1)).index_add(0, owner, vectors * weight.unsqueeze(1))
    return top + summed.log(), mean / total.unsqueeze(1)
