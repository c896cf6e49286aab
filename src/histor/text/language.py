"""Which language a text is in, so that a text that cannot be read is said to be so."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

SUPPORTED = frozenset({"en"})
SHORTEST = 60  # letters under which an identification says too little to act on
_SAMPLE = 4_000


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def identify(text: str) -> tuple[str, float]:
    """ISO 639-1 code and probability, from the first 4,000 characters.

    A text of mostly non-Latin letters is never English, however short; a short text in Latin
    letters is taken for English with probability 0.5.
    """
    sample = text[:_SAMPLE]
    letters = [c for c in sample if c.isalpha()]
    if not letters:
        return "en", 0.0
    latin = sum(unicodedata.name(c, "").startswith("LATIN") for c in letters)
    if len(letters) < SHORTEST and latin > 0.5 * len(letters):
        return "en", 0.5
    # Capitals look like nothing the identifier has seen.
    code, probability = _identifier().classify(sample.lower() if sample.isupper() else sample)
    if latin < 0.5 * len(letters):
        return ("und" if code == "en" else str(code)), 1.0
    return str(code), float(probability)


def supported(text: str) -> tuple[bool, str]:
    """Whether `text` can be coded, and its language; doubt counts for the text."""
    code, probability = identify(text)
    return code in SUPPORTED or probability < 0.9, code
