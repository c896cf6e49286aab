"""Stanza's analyses through the engine's Protocol: UD parses and names by models that the user has downloaded.

Nothing is downloaded here, and nothing is proposed: event mentions come from the lexicon's frames, whose words are
English unless the user brings others. Needs the extra ``stanza``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from histor.engines.settings import EngineSettings
from histor.model.annotation import Annotation, Mention, MentionKind, Sentence, Span, Token
from histor.model.errors import ConfigError
from histor.text.sentences import Segment, split_sentences

_NEEDED = ("tokenize", "pos", "lemma", "depparse")
_OPTIONAL = ("mwt", "ner")
# OntoNotes' names of entities and CoNLL's; what is in neither is no mention.
_KINDS: dict[str, MentionKind] = {
    "PERSON": "person", "PER": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place",
    "NORP": "nationality", "DATE": "date", "TIME": "date", "CARDINAL": "quantity", "QUANTITY": "quantity",
}  # fmt: skip
_NAMES = frozenset({"person", "organisation", "place"})
DO = "Download them once: python -c \"import stanza; stanza.download('en', model_dir='FOLDER')\"; then --model FOLDER."


def load_stanza(settings: EngineSettings) -> StanzaEngine:
    """The pipeline for the language in the folder that `settings` name, else in Stanza's own. Raises ConfigError."""
    try:
        import stanza
    except ImportError as error:
        raise ConfigError(
            "stanza.missing", f"Stanza is not installed ({error}).", do="Install it: pip install 'histor[stanza]'."
        ) from error
    folder = Path(settings.model) if settings.model else Path(stanza.resources.common.DEFAULT_MODEL_DIR)
    models = folder / settings.language
    if not (folder / "resources.json").is_file() or not models.is_dir():
        raise ConfigError("stanza.models", f"there are no models for {settings.language!r}.", where=str(folder), do=DO)
    extra = [name for name in _OPTIONAL if list((models / name).glob("*.pt"))]
    try:
        pipeline = stanza.Pipeline(
            settings.language, dir=str(folder), processors=",".join([*_NEEDED, *extra]), use_gpu=False, verbose=False,
            download_method=None,
        )  # fmt: skip
    except Exception as error:
        raise ConfigError(
            "stanza.models", f"the models cannot be loaded ({type(error).__name__}: {error}).", where=str(models), do=DO
        ) from error
    return StanzaEngine(pipeline, f"stanza/{stanza.__version__}:{settings.language}-{_digest(models)}")


def _digest(models: Path) -> str:
    """A short name for the models that are loaded: other files are another coder."""
    found = hashlib.sha256()
    for path in sorted(models.rglob("*.pt")):
        found.update(path.relative_to(models).as_posix().encode())
        with path.open("rb") as handle:
            found.update(hashlib.file_digest(handle, "sha256").digest())
    return found.hexdigest()[:8]


class StanzaEngine:
    """Sentences and mentions by a Stanza pipeline; `coder` names Stanza, language and models."""

    def __init__(self, pipeline: Any, coder: str) -> None:
        self._pipeline, self._coder = pipeline, coder

    @property
    def coder(self) -> str:
        return self._coder

    def annotate(self, text: str, title: str | None = None) -> Annotation:
        """Headlines, stamps and datelines are cut by us and parsed by themselves; in the body Stanza finds sentences."""
        sentences: list[Sentence] = []
        mentions: list[Mention] = []
        for kind, (start, end) in _blocks(split_sentences(text, title)):
            document = self._pipeline(text[start:end])
            for parsed in document.sentences:
                tokens = _tokens(parsed, text, start)
                if tokens:
                    span = (tokens[0].start, tokens[-1].end)
                    sentences.append(Sentence(len(sentences), *span, kind, tokens))
                    mentions += _mentions(parsed, start)
        return Annotation(
            self._coder, tuple(sentences), tuple(sorted(mentions, key=lambda m: (m.start, m.end, m.kind)))
        )


def _blocks(segments: Iterable[Segment]) -> Iterator[tuple[str, Span]]:
    """Runs of the body as one stretch each, the other segments one by one."""
    for kind, run in groupby(segments, key=lambda s: s.kind):
        row = list(run)
        if kind == "body":
            yield kind, (row[0].start, row[-1].end)
        else:
            yield from ((kind, (s.start, s.end)) for s in row)


def _tokens(parsed: Any, text: str, base: int) -> tuple[Token, ...]:
    found = []
    for token in parsed.tokens:
        spans = _shared((base + token.start_char, base + token.end_char), [word.text for word in token.words])
        for word, (a, b) in zip(token.words, spans, strict=True):
            lemma, upos, feats, relation = (
                word.lemma or text[a:b],
                word.upos or "X",
                word.feats or "_",
                word.deprel or "dep",
            )
            found.append(Token(text[a:b], a, b, lemma, upos, feats, (word.head or 0) - 1, relation))
    return tuple(found)


def _shared(span: Span, forms: Sequence[str]) -> list[Span]:
    """The characters of a token shared out to its words by their length, the rest to the last ("don't", "du")."""
    a, end = span
    found = []
    for k, form in enumerate(forms):
        b = end if k == len(forms) - 1 else min(end, a + len(form))
        found.append((a, b))
        a = b
    return found


def _mentions(parsed: Any, base: int) -> Iterator[Mention]:
    for entity in getattr(parsed, "ents", ()):
        kind = _KINDS.get(entity.type)
        if kind is not None:
            layer = "name" if kind in _NAMES else "phrase"
            yield Mention(kind, base + entity.start_char, base + entity.end_char, 1.0, layer)
