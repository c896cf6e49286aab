"""Event mentions read by a language model behind an OpenAI-compatible endpoint, each value on words of the report.

The model's answers are claims about the text that are checked against it: a value whose quote the report does not hold
is dropped and counted. Sentences, parses and names come from the default engine; who, where, when and how many are
resolved by the layers that serve every engine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import partial
from itertools import product
from typing import Any

from histor.codebook.codebook import Codebook
from histor.engines.llm.cache import AnswerCache
from histor.engines.llm.client import Client, Reply, UnsupportedError
from histor.engines.llm.meter import Meter
from histor.engines.llm.prompt import PROMPT_VERSION, report_message, schema_prompt, system_prompt
from histor.engines.llm.reading import Part, read_part
from histor.engines.llm.schema import Answered, MalformedError, answer_schema, read_answer
from histor.engines.protocol import Engine
from histor.model.annotation import Annotation, EngineTelling, Sentence
from histor.model.errors import CoderError

BEFORE = 2  # sentences before a part that are sent along as context
OVERHEAD = 64  # tokens that a server may add to a request
BYTES_A_TOKEN = 3  # of press text in common vocabularies; used to cut reports, not to reckon cost
_ODD = re.compile(r"[^\w.:/@+-]+")

# Forms of a request, from the strictest that servers know to the plainest, each under both names of the bound.
_WAYS = tuple(product(("json_schema", "json_object", "plain"), ("max_tokens", "max_completion_tokens")))


class LlmEngine:
    """Sentences by `base`, event mentions by a model; one request at a time."""

    def __init__(
        self, base: Engine, client: Client, model: str, book: Codebook, meter: Meter, cache: AnswerCache,
        *, part_tokens: int = 2_000, answer_tokens: int = 4_096,
    ) -> None:  # fmt: skip
        self._base, self._client, self._model = base, client, model
        self._meter, self._cache = meter, cache
        self._modes = book.modes
        self._part_tokens, self._answer_tokens = part_tokens, answer_tokens
        self._strict, self._worded = system_prompt(book), schema_prompt(book)
        self._schema = answer_schema(book)
        self._way = 0

    @property
    def coder(self) -> str:
        """``llm/PROMPT:MODEL+embedded/1.0.0``: the version of the prompt, the model, and what parsed the sentences."""
        return f"llm/{PROMPT_VERSION}:{_ODD.sub('_', self._model)[:100]}+{self._base.coder}"

    @property
    def meter(self) -> Meter:
        return self._meter

    def annotate(self, text: str, title: str | None = None) -> Annotation:
        """Sentences, mentions and tellings. Raises CoderError, or StopError where the run has to end."""
        given = self._base.annotate(text, title)
        tellings: list[EngineTelling] = []
        for first, last in self._parts(text, given.sentences):
            tellings += self._read(text, given.sentences, first, last)
        return Annotation(self.coder, given.sentences, given.mentions, (), tuple(tellings))

    def _parts(self, text: str, sentences: Sequence[Sentence]) -> list[tuple[int, int]]:
        """Runs of sentences under the bound; a longer sentence is a part of its own."""
        parts: list[tuple[int, int]] = []
        size = 0
        for k, sentence in enumerate(sentences):
            cost = len(text[sentence.start : sentence.end].encode()) // BYTES_A_TOKEN + 10
            if parts and size + cost <= self._part_tokens:
                parts[-1] = (parts[-1][0], k + 1)
                size += cost
            else:
                parts.append((k, k + 1))
                size = cost
        return parts

    def _read(self, text: str, sentences: Sequence[Sentence], first: int, last: int) -> list[EngineTelling]:
        """Tellings of the sentences from `first` up to `last`; an answer that was cut off is asked for in halves."""
        part = Part(text, sentences[first:last], sentences[max(0, first - BEFORE) : first])
        answered = self._ask(report_message(text, part.sentences, part.before))
        if answered is None:
            if last - first == 1:
                raise CoderError("llm.length", "the answer is longer than the model may give for one sentence.")
            middle = (first + last) // 2
            halves = ((first, middle), (middle, last))
            # Links count within one answer only.
            return [t for a, b in halves for t in self._read(text, sentences, a, b)]
        tellings, unquoted, malformed = read_part(part, answered, self._modes)
        self._meter.unquoted += unquoted
        self._meter.malformed += malformed
        return tellings

    def _ask(self, message: str) -> list[Answered | None] | None:
        """The event mentions of an answer, from the cache if it holds one; None if the answer was cut off."""
        decides = (self._model, PROMPT_VERSION, self._worded, str(self._answer_tokens), message)
        kept = self._cache.get(*decides)
        if kept is not None:
            try:
                answered = read_answer(kept)
            except MalformedError:
                pass  # a damaged file of the cache
            else:
                self._meter.cached += 1
                return answered
        for _ in range(2):  # a malformed answer is asked for once more
            reply = self._chat(message)
            if reply.cut:
                return None
            try:
                answered = read_answer(reply.content)
            except MalformedError as error:
                wrong = error
                continue
            self._cache.put(reply.content, *decides)
            return answered
        raise CoderError(
            "llm.answer", f"the model's answer is not of the form asked for ({wrong}).",
            do="Use a model that follows a JSON schema.",
        ) from wrong  # fmt: skip

    def _chat(self, message: str) -> Reply:
        """One reply, in the strictest form of request that the server takes."""
        wrong: UnsupportedError | None = None
        for way in range(self._way, len(_WAYS)):
            request = self._request(message, *_WAYS[way])
            # No vocabulary has tokens of less than a byte.
            most = (len(json.dumps(request, ensure_ascii=False).encode()) + OVERHEAD, self._answer_tokens)
            allow, lost = partial(self._meter.reserve, *most), partial(self._meter.used, *most)
            try:
                reply = self._client.chat(request, allow, lost)
            except UnsupportedError as error:
                wrong = error
                continue
            self._way = way
            tokens_in = most[0] if reply.tokens_in is None else reply.tokens_in
            self._meter.used(tokens_in, most[1] if reply.tokens_out is None else reply.tokens_out)
            return reply
        raise CoderError("llm.failed", f"the endpoint does not take the request ({wrong}).") from wrong

    def _request(self, message: str, form: str, limit: str) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self._model,
            "temperature": 0,
            limit: self._answer_tokens,
            "messages": [
                {"role": "system", "content": self._strict if form == "json_schema" else self._worded},
                {"role": "user", "content": message},
            ],
        }
        if form == "json_schema":
            schema = {"name": "event_mentions", "strict": True, "schema": self._schema}
            request["response_format"] = {"type": form, "json_schema": schema}
        elif form == "json_object":
            request["response_format"] = {"type": form}
        return request
