"""What an endpoint has cost, and the stop before it costs more than the caller allows."""

from __future__ import annotations

from dataclasses import dataclass

from histor.model.errors import StopError

_MILLION = 1_000_000


@dataclass
class Meter:
    """Requests, tokens and values of a run; prices are per million tokens, in whatever currency the caller means.

    `unquoted` counts values that were dropped because the report does not hold their words, `malformed` event mentions
    that were not of the form asked for.
    """

    price_in: float | None = None
    price_out: float | None = None
    max_cost: float | None = None
    requests: int = 0
    cached: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    unquoted: int = 0
    malformed: int = 0

    @property
    def cost(self) -> float | None:
        """What was used at the given prices; None without prices."""
        if self.price_in is None or self.price_out is None:
            return None
        return self._price(self.tokens_in, self.tokens_out)

    def reserve(self, most_in: int, most_out: int) -> None:
        """Raises StopError if a request of so many tokens could cost more than is left."""
        if self.max_cost is None:
            return
        spent = self.cost or 0.0
        if spent + self._price(most_in, most_out) > self.max_cost:
            raise StopError(
                "llm.budget",
                f"the next request could cost more than is left of {self.max_cost:g} ({spent:.4f} are spent)",
                do="What is coded is kept, and answers are cached: go on with a higher --max-cost.",
            )

    def used(self, tokens_in: int, tokens_out: int) -> None:
        self.requests += 1
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out

    def counts(self) -> dict[str, int]:
        """The same as whole numbers, for a run's record; the cost in millionths."""
        found = {
            "llm_requests": self.requests, "llm_cached": self.cached, "llm_tokens_in": self.tokens_in,
            "llm_tokens_out": self.tokens_out, "llm_unquoted": self.unquoted, "llm_malformed": self.malformed,
        }  # fmt: skip
        return found if self.cost is None else {**found, "llm_cost_millionths": round(self.cost * _MILLION)}

    def summary(self) -> str:
        """One line for people."""
        if self.cost is None:
            cost = "cost unknown (give --price-in and --price-out)"
        else:
            cost = f"cost {self.cost:.4f}" + (f" of {self.max_cost:g}" if self.max_cost is not None else "")
        return (
            f"llm: {self.requests:,} requests, {self.cached:,} from cache, {self.tokens_in:,} tokens in, "
            f"{self.tokens_out:,} out, {cost}; dropped: {self.unquoted:,} values without a quote, "
            f"{self.malformed:,} malformed event mentions"
        )

    def _price(self, tokens_in: int, tokens_out: int) -> float:
        return (tokens_in * (self.price_in or 0.0) + tokens_out * (self.price_out or 0.0)) / _MILLION
