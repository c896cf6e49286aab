"""The features of `histor.matching.features` for whole blocks of pairs.

Each function here gives for every pair what the function of its name gives there: to the last digit
where the value is a count or a share, to rounding where logarithms and sums of weights come in. So
pairs that cannot reach a score are told from those that may, each of which is then weighed by itself.
A feature that has no function here is asked for pair by pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from histor.matching.columns import TOLLS, Block, Columns, Flags, Floats, Places, Sets
from histor.matching.features import EARTH, FAR, FEATURES, SLIP
from histor.matching.telling import Telling


class Pairs(Block):
    """A block of pairs of the tellings in `columns`, with what several features ask for."""

    def __init__(self, columns: Columns, i: Places, j: Places) -> None:
        super().__init__(i, j)
        self.columns = columns

    def tellings(self) -> Iterator[tuple[Telling, Telling]]:
        """The tellings of each pair, the smaller id first."""
        everything = self.columns.tellings
        for x, y in zip(self.i.tolist(), self.j.tolist(), strict=True):
            a, b = everything[x], everything[y]
            yield (a, b) if a.id < b.id else (b, a)

    def __getitem__(self, chosen: Flags) -> Pairs:
        return Pairs(self.columns, self.i[chosen], self.j[chosen])

    def both(self, flags: Flags) -> Flags:
        return flags[self.i] & flags[self.j]

    def either(self, flags: Flags) -> Flags:
        return flags[self.i] | flags[self.j]

    def equal(self, codes: Floats) -> Flags:
        return np.asarray(codes[self.i] == codes[self.j])

    def meet(self, sets: Sets, other: Sets | None = None) -> Flags:
        """Whether the first's set shares a member with the second's (with its set in `other`)."""
        return np.asarray(sets.shared(self, other) > 0)

    def part(self, sets: Sets) -> Flags:
        """Whether both sets have members and share none."""
        return self.both(sets.sizes > 0) & ~self.meet(sets)

    @cached_property
    def one_report(self) -> Flags:
        return self.equal(self.columns.report)

    @cached_property
    def kilometres(self) -> Floats:
        """NaN where either has no coordinates."""
        y, x = self.columns.point
        p, q = y[self.i], y[self.j]
        h = np.sin((q - p) / 2) ** 2 + np.cos(p) * np.cos(q) * np.sin((x[self.j] - x[self.i]) / 2) ** 2
        return np.asarray(2 * EARTH * np.arcsin(np.minimum(1.0, np.sqrt(h))))

    @cached_property
    def names_meet(self) -> Flags:
        return self.meet(self.columns.place_names[0])

    @cached_property
    def place_same(self) -> Floats:
        known, wide = self.columns.geonames, self.columns.wide
        radius = self.columns.radius
        near = (self.kilometres <= np.maximum(radius[self.i], radius[self.j])) & ~self.either(wide)
        rank = self.columns.rank
        smaller = np.where(rank[self.i] < rank[self.j], self.i, self.j)
        by_name = np.where(self.names_meet, np.where(self.both(wide), 0.3, 1.0), near)
        found = np.where(self.equal(known), np.where(wide[smaller], 0.3, 1.0), by_name)
        return np.where(self.both(self.columns.placed), found, 0.0)

    @cached_property
    def place_holds(self) -> Flags:
        radius = self.columns.radius
        inside = self.kilometres <= radius[self.i] + radius[self.j]
        wide = self.either(self.columns.wide) & (self.place_same == 0)
        return np.asarray(self.both(self.columns.placed) & wide & inside)

    @cached_property
    def dated(self) -> Flags:
        return self.both(~np.isnan(self.columns.first))

    @cached_property
    def stated(self) -> Flags:
        return self.both(self.columns.stated)

    @cached_property
    def gap(self) -> Floats:
        """Days between the intervals; 0 where either has none."""
        first, last = self.columns.first, self.columns.last
        days = np.maximum(0.0, np.maximum(first[self.i] - last[self.j], first[self.j] - last[self.i]))
        return np.where(self.dated, days, 0.0)

    @cached_property
    def widest(self) -> Floats:
        width = self.columns.last - self.columns.first
        return np.maximum(width[self.i], width[self.j])

    @cached_property
    def toll_same(self) -> Floats:
        found = np.zeros(len(self.i))
        for kind in TOLLS:
            low = self.columns.tolls[kind][0]
            same = self.equal(low) & (low[self.i] > 0)
            found = np.maximum(found, np.where(same, np.log1p(np.minimum(low[self.i], 100.0)), 0.0))
        return found

    @cached_property
    def toll_apart(self) -> Floats:
        """Log of the ratio between tolls of the dead that do not meet; 0 where they meet, NaN where one is silent."""
        low, high = self.columns.tolls["killed"]

        def ratio(a: Places, b: Places) -> Floats:
            found = np.where(low[b] > high[a], np.log((1 + low[b]) / (1 + high[a])), 0.0)
            return np.where(np.isnan(low[a]) | np.isnan(low[b]), np.nan, found)

        return np.maximum(ratio(self.i, self.j), ratio(self.j, self.i))


def _type_differs(p: Pairs) -> Floats:
    return np.where(p.part(p.columns.types), np.where(p.both(p.columns.outcomes), 0.5, 1.0), 0.0)


def _sub_event_differs(p: Pairs) -> Floats:
    return np.where(p.part(p.columns.sub_events), np.where(p.meet(p.columns.kin), 0.5, 1.0), 0.0)


def _place_differs(p: Pairs) -> Floats:
    radius = p.columns.radius
    beyond = np.maximum(0.0, p.kilometres - radius[p.i] - radius[p.j])
    unknown = np.where(p.both(p.columns.place_names[0].sizes > 0), 0.4, 0.0)
    found = np.where(np.isnan(p.kilometres), unknown, np.minimum(1.0, 0.5 + beyond / 200))
    return np.where(p.both(p.columns.placed) & (p.place_same == 0) & ~p.place_holds, found, 0.0)


def _place_told(p: Pairs) -> Flags:
    own, near = p.columns.place_names
    narrow = p.columns.placed & ~p.columns.wide
    told = (narrow[p.i] & p.meet(own, near)) | (narrow[p.j] & p.meet(near, own))
    return np.asarray(told & (p.place_same == 0))


def _country_differs(p: Pairs) -> Flags:
    country = p.columns.country
    return p.both(~np.isnan(country)) & ~p.equal(country)


def _day_same(p: Pairs) -> Floats:
    return np.where(p.stated & (p.gap == 0), np.where(p.widest <= 2, 1.0, 0.3), 0.0)


def _day_apart(p: Pairs) -> Floats:
    return np.where(p.stated, np.log1p(p.gap), 0.0)


def _day_outside(p: Pairs) -> Floats:
    return np.where(p.stated, 0.0, np.log1p(p.gap))


def _day_told(p: Pairs) -> Flags:
    stated, named = p.columns.told_days
    a, b = p.columns.stated[p.i], p.columns.stated[p.j]
    told = (a & ~b & p.meet(stated, named)) | (b & ~a & p.meet(named, stated))
    return p.dated & told


def _day_fresh(p: Pairs) -> Floats:
    last = p.columns.last
    a, b = p.columns.stated[p.i], p.columns.stated[p.j]
    behind = last[p.j] - last[p.i]
    late = np.where(a, behind, -behind)
    one_dated = np.where(late >= 0, 1.0 / np.maximum(1.0, late), 0.0)
    found = np.where(a == b, 1.0 / (1 + np.abs(behind)), one_dated)
    return np.where(p.dated & ~p.stated, found, 0.0)


def _published_apart(p: Pairs) -> Floats:
    found = np.log1p(np.abs(p.columns.published[p.i] - p.columns.published[p.j]))
    return np.where(np.isnan(found), 0.0, found)


def _likeness(p: Pairs, x: Sets, y: Sets) -> Floats:
    weight = x.shared(p, y)
    least = np.minimum(x.totals[p.i], y.totals[p.j])
    return np.where(weight > 0, np.minimum(1.0, weight / least) * np.minimum(1.0, weight / 5), 0.0)


def _sides_crossed(p: Pairs) -> Floats:
    actors, recipients = p.columns.parties
    return np.maximum(_likeness(p, actors, recipients), _likeness(p, recipients, actors))


def _toll_differs(p: Pairs) -> Floats:
    low, published = p.columns.tolls["killed"][0], p.columns.published
    later, more = published[p.j] - published[p.i], low[p.j] - low[p.i]
    return np.where(p.toll_apart > 0, p.toll_apart * np.where(later * more > 0, 0.5, 1.0), 0.0)


def _cosine(p: Pairs, sets: Sets) -> Floats:
    norm = np.sqrt(sets.totals)
    both = norm[p.i] * norm[p.j]
    return np.where(both > 0, sets.shared(p) / both, 0.0)


def _weight(p: Pairs, sets: Sets) -> Floats:
    return np.asarray(np.log1p(sets.shared(p) / 20))


def _origin_same(p: Pairs) -> Flags:
    return p.equal(p.columns.origin) & ~p.one_report


def _of_two(p: Pairs, found: Floats) -> Floats:
    return np.where(p.one_report, 0.0, found)


Comparison = Callable[[Pairs], NDArray[np.generic]]
WHOLE: dict[str, Comparison] = {
    "type_same": lambda p: p.meet(p.columns.types),
    "type_differs": _type_differs,
    "sub_event_same": lambda p: p.meet(p.columns.sub_events),
    "sub_event_differs": _sub_event_differs,
    "mode_same": lambda p: p.meet(p.columns.modes),
    "mode_differs": lambda p: p.part(p.columns.modes),
    "place_same": lambda p: p.place_same,
    "place_holds": lambda p: p.place_holds,
    "place_told": _place_told,
    "country_differs": _country_differs,
    "day_same": _day_same,
    "day_told": _day_told,
    "day_fresh": _day_fresh,
    "actor_differs": lambda p: p.part(p.columns.known_actors),
    "toll_meets": lambda p: (p.toll_apart == 0) & (p.toll_same == 0),
    "weapon_same": lambda p: p.meet(p.columns.weapons),
    "trigger_same": lambda p: p.meet(p.columns.triggers),
    "kind_differs": lambda p: p.part(p.columns.kinds),
    "both_lead": lambda p: p.both(p.columns.leads) & ~p.one_report,
    "one_report": lambda p: p.one_report,
    "origin_same": _origin_same,
    "real_differs": lambda p: p.columns.real[p.i] != p.columns.real[p.j],
}
"""Features that are found to the last digit."""
ROUNDED: dict[str, Comparison] = {
    "place_differs": _place_differs,
    "day_apart": _day_apart,
    "day_outside": _day_outside,
    "published_apart": _published_apart,
    "actor_same": lambda p: _likeness(p, p.columns.parties[0], p.columns.parties[0]),
    "recipient_same": lambda p: _likeness(p, p.columns.parties[1], p.columns.parties[1]),
    "sides_crossed": _sides_crossed,
    "toll_same": lambda p: p.toll_same,
    "toll_differs": _toll_differs,
    "close_same": lambda p: _of_two(p, _cosine(p, p.columns.close)),
    "close_shared": lambda p: _of_two(p, _weight(p, p.columns.close)),
    "words_same": lambda p: _cosine(p, p.columns.words),
    "words_shared": lambda p: _weight(p, p.columns.words),
    "names_same": lambda p: _weight(p, p.columns.names),
    "near_names_same": lambda p: _of_two(p, np.log1p(p.columns.place_names[1].shared(p))),
    "report_same": lambda p: _of_two(p, _cosine(p, p.columns.report_words)),
}
"""Features that are found but for rounding; 0 is 0."""


def compare(p: Pairs, wanted: Sequence[bool]) -> Floats:
    """The features of every pair ``[pair, feature]``, in the order of `FEATURES`; those not `wanted` are left at 0."""
    found = np.zeros((len(p.i), len(FEATURES)))
    with np.errstate(divide="ignore", invalid="ignore"):
        for k, (name, function, _) in enumerate(FEATURES):
            if not wanted[k] or not len(p.i):
                continue
            whole = WHOLE.get(name) or ROUNDED.get(name)
            found[:, k] = whole(p) if whole else [function(a, b) for a, b in p.tellings()]
    return found


def conflicting(p: Pairs) -> Flags:
    """Where `features.conflict` says that two tellings cannot be of one incident."""
    with np.errstate(divide="ignore", invalid="ignore"):
        slips = (p.toll_same != 0) | (p.either(p.columns.nightly) & ~(p.toll_apart > 0))
        days = p.stated & (p.widest <= 2) & ((p.gap > SLIP) | ((p.gap > 0) & ~slips))
        rows = p.equal(p.columns.imports) & ~p.equal(p.columns.rows)
        return np.asarray(rows | days | (p.both(p.columns.exact) & ~p.names_meet & (p.kilometres > FAR)))


_BY_HAND = tuple((k, function) for k, (name, function, _) in enumerate(FEATURES) if name in ROUNDED)


def settle(a: Telling, b: Telling, row: list[float]) -> list[float]:
    """A row of `compare`, in place, with what was found but for rounding found to the last digit; `a` has the smaller id."""
    for k, function in _BY_HAND:
        if row[k]:
            row[k] = function(a, b)
    return row
