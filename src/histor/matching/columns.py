"""Many tellings as arrays, so that what two of them have in common is found for blocks of pairs at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from histor.matching.features import KIN, NIGHTLY, OUTCOMES, exact, party_weight
from histor.matching.telling import Telling

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
TOLLS = ("killed", "injured", "captured", "missing", "displaced")
_NONE = np.nan


class Block:
    """Pairs of tellings by their places `i` and `j`; the fewer values `i` has, the better."""

    def __init__(self, i: Places, j: Places) -> None:
        self.i, self.j = i, j
        self.rows, self.row = np.unique(i, return_inverse=True)
        self.low, self.high = (int(j.min()), int(j.max()) + 1) if len(j) else (0, 0)


class Sets:
    """A set with weighted members for each telling, as rows of a sparse table."""

    def __init__(self, rows: Sequence[Mapping[Any, float]], vocabulary: dict[Any, int] | None = None) -> None:
        known = {} if vocabulary is None else vocabulary
        columns = [known.setdefault(member, len(known)) for row in rows for member in row]
        self.sizes: Places = np.array([len(row) for row in rows], dtype=np.int64)
        ends = np.concatenate([[0], np.cumsum(self.sizes)])
        weights = np.array([w for row in rows for w in row.values()], dtype=np.float64)
        self._parts = (weights, np.array(columns, dtype=np.int64), ends)
        self.vocabulary = known

    @classmethod
    def of(cls, rows: Iterable[Iterable[Any]], vocabulary: dict[Any, int] | None = None) -> Sets:
        """Sets whose members weigh 1 each."""
        return cls([dict.fromkeys(row, 1.0) for row in rows], vocabulary)

    @cached_property
    def table(self) -> Any:
        """Weights ``[telling, member]``; members are those that the vocabulary has when this is first asked for."""
        return csr_array(self._parts, shape=(len(self.sizes), len(self.vocabulary)))

    @cached_property
    def held(self) -> Any:
        """1 where a set has a member ``[telling, member]``."""
        return csr_array((np.ones_like(self._parts[0]), *self._parts[1:]), shape=self.table.shape)

    @cached_property
    def totals(self) -> Floats:
        """The weight of each set."""
        return np.asarray(self.table.sum(axis=1), dtype=np.float64)

    def products(self, rows: Places, low: int, high: int, other: Sets | None = None) -> Floats:
        """Weights shared by each of `rows` and each of the sets from `low` to `high` of `other`, ``[row, set]``."""
        right = (other or self).held[low:high]
        return np.asarray((self.table[rows] @ right.T.tocsr()).toarray(), dtype=np.float64)

    def shared(self, block: Block, other: Sets | None = None) -> Floats:
        """The weight of what is both in the first's set and in the second's, or in its set of `other`, for each pair."""
        return self.products(block.rows, block.low, block.high, other)[block.row, block.j - block.low]


class Columns:
    """What pairs of some tellings are compared by, one array each; places are those in `tellings`.

    Numbers are NaN where a telling has none.
    """

    def __init__(self, tellings: Sequence[Telling]) -> None:
        self.tellings = tellings
        self.rank: Places = np.argsort(np.argsort([t.id for t in tellings])) if tellings else np.zeros(0, np.int64)

    def _flags(self, of: Callable[[Telling], Any]) -> Flags:
        return np.array([bool(of(t)) for t in self.tellings], dtype=np.bool_)

    def _numbers(self, of: Callable[[Telling], float | None]) -> Floats:
        found = (of(t) for t in self.tellings)
        return np.array([_NONE if n is None else n for n in found], dtype=np.float64)

    def _codes(self, of: Callable[[Telling], Hashable]) -> Floats:
        """A number for each value, the same for the same."""
        known: dict[Any, float] = {}
        return self._numbers(lambda t: None if (v := of(t)) is None else known.setdefault(v, float(len(known))))

    def _sets(self, of: Callable[[Telling], Iterable[Any]]) -> Sets:
        return Sets.of(of(t) for t in self.tellings)

    @cached_property
    def imports(self) -> Floats:
        """The imported table of each whose report is a row of one."""
        return self._codes(lambda t: t.background.row[0] if t.background.row else None)

    @cached_property
    def rows(self) -> Floats:
        """The row that it is, of whichever table."""
        return self._codes(lambda t: t.background.row)

    # --- words and kinds ---

    @cached_property
    def types(self) -> Sets:
        return self._sets(lambda t: t.types)

    @cached_property
    def outcomes(self) -> Flags:
        """Whether all its types are among those that outcomes of violence are coded as."""
        return self._flags(lambda t: t.types <= OUTCOMES)

    @cached_property
    def sub_events(self) -> Sets:
        return self._sets(lambda t: t.sub_events)

    @cached_property
    def kin(self) -> Sets:
        """The groups of sub-event types that one attack is often told as."""
        return self._sets(lambda t: [k for k, group in enumerate(KIN) if t.sub_events & group])

    @cached_property
    def modes(self) -> Sets:
        return self._sets(lambda t: t.modes)

    @cached_property
    def weapons(self) -> Sets:
        return self._sets(lambda t: t.weapons)

    @cached_property
    def triggers(self) -> Sets:
        return self._sets(lambda t: t.triggers)

    @cached_property
    def kinds(self) -> Sets:
        return self._sets(lambda t: t.kinds)

    @cached_property
    def words(self) -> Sets:
        return Sets([t.words.weights for t in self.tellings])

    @cached_property
    def names(self) -> Sets:
        return Sets([t.names.weights for t in self.tellings])

    @cached_property
    def close(self) -> Sets:
        return Sets([t.close.weights for t in self.tellings])

    @cached_property
    def report_words(self) -> Sets:
        return Sets([t.background.words.weights for t in self.tellings])

    # --- parties ---

    @cached_property
    def parties(self) -> tuple[Sets, Sets]:
        """Actors and recipients, over one vocabulary."""
        known: dict[str, int] = {}
        actors = [{key: party_weight(key) for key in t.actors} for t in self.tellings]
        recipients = [{key: party_weight(key) for key in t.recipients} for t in self.tellings]
        return Sets(actors, known), Sets(recipients, known)

    @cached_property
    def known_actors(self) -> Sets:
        return self._sets(lambda t: [key for key in t.actors if key[0] == "="])

    # --- places ---

    @cached_property
    def place_names(self) -> tuple[Sets, Sets]:
        """Names of the place, and names around the telling, over one vocabulary."""
        known: dict[str, int] = {}
        own = Sets.of((t.spot.names if t.spot else () for t in self.tellings), known)
        return own, Sets.of((t.near_names for t in self.tellings), known)

    @cached_property
    def placed(self) -> Flags:
        return self._flags(lambda t: t.spot is not None)

    @cached_property
    def wide(self) -> Flags:
        return self._flags(lambda t: t.spot is not None and t.spot.wide)

    @cached_property
    def exact(self) -> Flags:
        return self._flags(exact)

    @cached_property
    def geonames(self) -> Floats:
        return self._codes(lambda t: t.spot.geonames_id if t.spot else None)

    @cached_property
    def radius(self) -> Floats:
        return self._numbers(lambda t: t.spot.radius if t.spot else None)

    @cached_property
    def point(self) -> tuple[Floats, Floats]:
        """Latitude and longitude in radians; both NaN where one is missing."""
        spots = [t.spot for t in self.tellings]
        found = [(s.latitude, s.longitude) if s else (None, None) for s in spots]
        whole = [(y, x) if y is not None and x is not None else (_NONE, _NONE) for y, x in found]
        points = np.radians(np.array(whole, dtype=np.float64).reshape(-1, 2))
        return points[:, 0], points[:, 1]

    @cached_property
    def country(self) -> Floats:
        return self._codes(lambda t: (t.spot.country if t.spot else None) or t.background.country or None)

    # --- days ---

    @cached_property
    def first(self) -> Floats:
        return self._numbers(lambda t: t.days.first if t.days else None)

    @cached_property
    def last(self) -> Floats:
        return self._numbers(lambda t: t.days.last if t.days else None)

    @cached_property
    def stated(self) -> Flags:
        return self._flags(lambda t: t.days is not None and t.days.stated)

    @cached_property
    def told_days(self) -> tuple[Sets, Sets]:
        """The days (three at most) that a telling states, and those that its report names."""
        known: dict[int, int] = {}
        found = [t.days for t in self.tellings]
        stated = [range(d.first, d.last + 1) if d and d.stated and d.last - d.first <= 2 else () for d in found]
        return Sets.of(stated, known), Sets.of((t.background.days for t in self.tellings), known)

    @cached_property
    def published(self) -> Floats:
        return self._numbers(lambda t: t.background.published)

    # --- tolls ---

    @cached_property
    def tolls(self) -> dict[str, tuple[Floats, Floats]]:
        """Lowest and highest number by kind."""
        return {
            kind: (
                self._numbers(lambda t, kind=kind: t.tolls[kind][0] if kind in t.tolls else None),  # type: ignore[misc]
                self._numbers(lambda t, kind=kind: t.tolls[kind][1] if kind in t.tolls else None),  # type: ignore[misc]
            )
            for kind in TOLLS
        }

    @cached_property
    def nightly(self) -> Flags:
        return self._flags(lambda t: not NIGHTLY.isdisjoint(t.words.weights))

    # --- reports ---

    @cached_property
    def report(self) -> Floats:
        return self._codes(lambda t: t.report)

    @cached_property
    def origin(self) -> Floats:
        return self._codes(lambda t: t.background.origin)

    @cached_property
    def leads(self) -> Flags:
        return self._flags(lambda t: t.leads)

    @cached_property
    def real(self) -> Flags:
        return self._flags(lambda t: t.real)
