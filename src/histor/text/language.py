"""Which language a text is in, so that a text that cannot be read is said to be so."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

SUPPORTED = frozenset({"en"})
SHORTEST = 60  # letters under which an identification says too little to act on
_SAMPLE = 4_000
_WORDS = re.compile(r"[^\W\d_]+")
# Function words of English, few of which other languages in Latin letters write so. Of the words of the press
# they are about one in six, and "the" one in fifteen; where fewer stand, the identifier is asked.
_ENGLISH = frozenset(
    "the and that with from were which their said who has been they was after about would this are".split()
)
_LEAST_ENGLISH = 0.1
_LEAST_THE = 0.03


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
    other = [c for c in letters if not c.isascii()]
    latin = len(letters) - len(other) + sum(unicodedata.name(c, "").startswith("LATIN") for c in other)
    if len(letters) < SHORTEST and latin > 0.5 * len(letters):
        return "en", 0.5
    if latin >= 0.5 * len(letters) and _plainly_english(sample):
        return "en", 1.0  # the identifier needs half a second to unpack its tables
    # Capitals look like nothing the identifier has seen.
    code, probability = _identifier().classify(sample.lower() if sample.isupper() else sample)
    if latin < 0.5 * len(letters):
        return ("und" if code == "en" else str(code)), 1.0
    return str(code), float(probability)


def _plainly_english(sample: str) -> bool:
    """Whether so many of the words are English function words that no identifier has to be asked."""
    words = _WORDS.findall(sample.lower())
    function_words = sum(w in _ENGLISH for w in words)
    return words.count("the") >= _LEAST_THE * len(words) and function_words >= _LEAST_ENGLISH * len(words)


def supported(text: str) -> tuple[bool, str]:
    """Whether `text` can be coded, and its language; doubt counts for the text."""
    code, probability = identify(text)
    return code in SUPPORTED or probability < 0.9, code
