"""What speaks for and against two tellings being of one incident, each a number with its words.

Every function takes two tellings and is symmetric. A feature is 0 where one side says nothing, so
that silence is no difference.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

from histor.matching.telling import Background, Interval, Spot, Telling
from histor.matching.words import rarity, stem

EARTH = 6371.0
FAR = 150.0  # kilometres between towns that cannot be one
SLIP = 1  # days by which reports of one incident differ: a night has two dates, and "yesterday" is reprinted
OUTCOMES = frozenset({"ASSAULT", "PROTEST", "COERCE"})
# Sub-event types that one attack is often told as, by where the teller stands or how much is known.
KIN = (
    frozenset({"Suicide bomb", "Remote explosive/landmine/IED", "Attack", "Grenade"}),
    frozenset({"Shelling/artillery/missile attack", "Air/drone strike", "Grenade"}),
    frozenset({"Armed clash", "Attack", "Government regains territory", "Non-state actor overtakes territory"}),
    frozenset({"Violent demonstration", "Mob violence", "Protest with intervention", "Excessive force against protesters", "Peaceful protest"}),
    frozenset({"Attack", "Sexual violence", "Abduction/forced disappearance", "Arrests", "Looting/property destruction"}),
)  # fmt: skip


def kilometres(a: Spot, b: Spot) -> float | None:
    """Great-circle distance (haversine); None where either has no coordinates."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    p, q = math.radians(a.latitude), math.radians(b.latitude)
    h = math.sin((q - p) / 2) ** 2
    h += math.cos(p) * math.cos(q) * math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(h)))


def type_same(a: Telling, b: Telling) -> float:
    """1 where an event type is shared."""
    return float(bool(a.types & b.types))


def type_differs(a: Telling, b: Telling) -> float:
    """1 where no type is shared and one of them is none that outcomes of violence are coded as."""
    if a.types & b.types or not a.types or not b.types:
        return 0.0
    return 1.0 if not (a.types <= OUTCOMES and b.types <= OUTCOMES) else 0.5


def sub_event_same(a: Telling, b: Telling) -> float:
    """1 where a sub-event type is shared."""
    return float(bool(a.sub_events & b.sub_events))


def sub_event_differs(a: Telling, b: Telling) -> float:
    """1 where both have sub-event types and none is shared; a half where one attack is often told as both."""
    if not a.sub_events or not b.sub_events or a.sub_events & b.sub_events:
        return 0.0
    kin = any(a.sub_events & k and b.sub_events & k for k in KIN)
    return 0.5 if kin else 1.0


def mode_same(a: Telling, b: Telling) -> float:
    """1 where a mode (means) is shared."""
    return float(bool(a.modes & b.modes))


def mode_differs(a: Telling, b: Telling) -> float:
    """1 where both have modes and none is shared."""
    return float(bool(a.modes and b.modes and not a.modes & b.modes))


def place_same(a: Telling, b: Telling) -> float:
    """1 where the place is one: the same entry, a shared rare name, or points as near as both are exact."""
    if a.spot is None or b.spot is None:
        return 0.0
    if a.spot.geonames_id is not None and a.spot.geonames_id == b.spot.geonames_id:
        return 0.3 if a.spot.wide else 1.0
    if a.spot.names & b.spot.names:
        return 0.3 if a.spot.wide and b.spot.wide else 1.0
    far = kilometres(a.spot, b.spot)
    return float(far is not None and far <= max(a.spot.radius, b.spot.radius) and not (a.spot.wide or b.spot.wide))


def place_holds(a: Telling, b: Telling) -> float:
    """1 where one place is wide and the other lies in it, as far as points and radii tell."""
    if a.spot is None or b.spot is None or place_same(a, b):
        return 0.0
    far = kilometres(a.spot, b.spot)
    wide = a.spot.wide or b.spot.wide
    return float(wide and far is not None and far <= a.spot.radius + b.spot.radius)


def place_differs(a: Telling, b: Telling) -> float:
    """0 to 1: how far apart the places lie beyond what their precisions allow (1 from 100 km on)."""
    if a.spot is None or b.spot is None or place_same(a, b) or place_holds(a, b):
        return 0.0
    far = kilometres(a.spot, b.spot)
    if far is None:
        return 0.4 if a.spot.names and b.spot.names else 0.0
    return min(1.0, 0.5 + max(0.0, far - a.spot.radius - b.spot.radius) / 200)


def place_told(a: Telling, b: Telling) -> float:
    """1 where the place that one telling names stands in or around the other."""
    if place_same(a, b):
        return 0.0
    there = a.spot is not None and not a.spot.wide and bool(a.spot.names & b.near_names)
    here = b.spot is not None and not b.spot.wide and bool(b.spot.names & a.near_names)
    return float(there) if not here else 1.0


def country_differs(a: Telling, b: Telling) -> float:
    """1 where the countries of place (or else of most places in the report) are two."""
    x = (a.spot.country if a.spot else None) or a.background.country
    y = (b.spot.country if b.spot else None) or b.background.country
    return float(x is not None and y is not None and x != y)


def day_same(a: Telling, b: Telling) -> float:
    """1 where both state a day (three at most) and the intervals meet."""
    if a.days is None or b.days is None or not (a.days.stated and b.days.stated) or _gap(a, b):
        return 0.0
    return 1.0 if max(a.days.last - a.days.first, b.days.last - b.days.first) <= 2 else 0.3


def day_apart(a: Telling, b: Telling) -> float:
    """log(1 + days) between stated intervals, 0 where they meet."""
    if a.days is None or b.days is None or not (a.days.stated and b.days.stated):
        return 0.0
    return math.log1p(_gap(a, b))


def day_outside(a: Telling, b: Telling) -> float:
    """log(1 + days) between a stated day and the week before the other's publication, 0 where it may lie in it."""
    if a.days is None or b.days is None or (a.days.stated and b.days.stated):
        return 0.0
    return math.log1p(_gap(a, b))


def day_told(a: Telling, b: Telling) -> float:
    """1 where one states a day, the other does not, and the other's report names that day somewhere."""
    if a.days is None or b.days is None or a.days.stated == b.days.stated:
        return 0.0
    stated, other = (a, b) if a.days.stated else (b, a)
    days = stated.days
    if days is None or days.last - days.first > 2:
        return 0.0
    return float(any(day in other.background.days for day in range(days.first, days.last + 1)))


def day_fresh(a: Telling, b: Telling) -> float:
    """1 where an undated telling came out on the other's day or the day after, less the later: news is of yesterday."""
    if a.days is None or b.days is None or (a.days.stated and b.days.stated):
        return 0.0
    x, y = (t.days.last if t.days else 0 for t in (a, b))
    if a.days.stated == b.days.stated:
        return 1.0 / (1 + abs(x - y))
    late = (y - x) if a.days.stated else (x - y)
    return 1.0 / max(1, late) if late >= 0 else 0.0


def published_apart(a: Telling, b: Telling) -> float:
    """log(1 + days) between the reports."""
    x, y = a.background.published, b.background.published
    return 0.0 if x is None or y is None else math.log1p(abs(x - y))


def _gap(a: Telling, b: Telling) -> int:
    if a.days is None or b.days is None:
        return 0
    return max(0, a.days.first - b.days.last, b.days.first - a.days.last)


def actor_same(a: Telling, b: Telling) -> float:
    """Likeness of the actors by known ids and rare words, 0 to 1."""
    return _likeness(a.actors, b.actors)


def recipient_same(a: Telling, b: Telling) -> float:
    """Likeness of the recipients, 0 to 1."""
    return _likeness(a.recipients, b.recipients)


def sides_crossed(a: Telling, b: Telling) -> float:
    """Likeness of one's actors to the other's recipients: a fight told from both ends, or a reprisal."""
    return max(_likeness(a.actors, b.recipients), _likeness(a.recipients, b.actors))


def actor_differs(a: Telling, b: Telling) -> float:
    """1 where both name known actors and none is shared."""
    x = {k for k in a.actors if k[0] == "="}
    y = {k for k in b.actors if k[0] == "="}
    return float(bool(x and y and not x & y))


def _likeness(x: frozenset[str], y: frozenset[str]) -> float:
    shared = x & y
    if not shared:
        return 0.0
    weight = _total(shared)
    return min(1.0, weight / min(_total(x), _total(y))) * min(1.0, weight / 5)


@lru_cache(maxsize=100_000)
def _total(keys: frozenset[str]) -> float:
    return sum([party_weight(key) for key in sorted(keys)])


def party_weight(key: str) -> float:
    """What a key of a party weighs: a known actor more than any word."""
    return 6.0 if key[0] == "=" else rarity(key)


def toll_same(a: Telling, b: Telling) -> float:
    """How telling an equal toll is: log(1 + n) of the largest number that both state, any kind."""
    return max(
        (
            math.log1p(min(a.tolls[kind][0], 100.0))
            for kind in ("killed", "injured", "captured", "missing", "displaced")
            if kind in a.tolls and kind in b.tolls and a.tolls[kind][0] == b.tolls[kind][0] > 0
        ),
        default=0.0,
    )


def toll_differs(a: Telling, b: Telling) -> float:
    """How far the tolls of the dead lie apart: log of the ratio between intervals that do not meet.

    A later report with more dead than an earlier one counts half, since tolls rise.
    """
    if "killed" not in a.tolls or "killed" not in b.tolls:
        return 0.0
    x, y = a.tolls["killed"], b.tolls["killed"]
    apart = max(_ratio(x, y), _ratio(y, x))
    if not apart:
        return 0.0
    p, q = a.background.published, b.background.published
    rises = p is not None and q is not None and ((p < q and x[0] < y[0]) or (q < p and y[0] < x[0]))
    return apart * (0.5 if rises else 1.0)


def _ratio(low: Interval, high: Interval) -> float:
    return math.log((1 + high[0]) / (1 + low[1])) if high[0] > low[1] else 0.0


def weapon_same(a: Telling, b: Telling) -> float:
    """1 where a weapon's word is shared."""
    return float(bool(a.weapons & b.weapons))


def trigger_same(a: Telling, b: Telling) -> float:
    """1 where trigger words are of one stem or family."""
    return float(bool(a.triggers & b.triggers))


def kind_differs(a: Telling, b: Telling) -> float:
    """1 where the words close to the triggers name kinds and none is shared."""
    return float(bool(a.kinds and b.kinds and not a.kinds & b.kinds))


def close_same(a: Telling, b: Telling) -> float:
    """Likeness of the words of the clauses, weighted by rarity, 0 to 1; 0 within one report."""
    return 0.0 if a.report == b.report else a.close.cosine(b.close)


def close_shared(a: Telling, b: Telling) -> float:
    """log(1 + weight) of the words that the clauses share; 0 within one report."""
    return 0.0 if a.report == b.report else math.log1p(a.close.shared(b.close) / 20)


def words_same(a: Telling, b: Telling) -> float:
    """Likeness of the sentences' words, weighted by rarity, 0 to 1."""
    return a.words.cosine(b.words)


def words_shared(a: Telling, b: Telling) -> float:
    """log(1 + weight) of the words that the sentences share, however long they are."""
    return math.log1p(a.words.shared(b.words) / 20)


def names_same(a: Telling, b: Telling) -> float:
    """log(1 + weight) of the capitalised words that both sentences hold."""
    return math.log1p(a.names.shared(b.names) / 20)


def near_names_same(a: Telling, b: Telling) -> float:
    """log(1 + names) that stand around both tellings; 0 within one report."""
    return 0.0 if a.report == b.report else math.log1p(len(a.near_names & b.near_names))


def both_lead(a: Telling, b: Telling) -> float:
    """1 where both open their reports: what a report leads with is the news of the day."""
    return float(a.report != b.report and a.leads and b.leads)


def toll_meets(a: Telling, b: Telling) -> float:
    """1 where the tolls of the dead may be one though no number is shared ("at least 7", 18)."""
    if "killed" not in a.tolls or "killed" not in b.tolls or toll_same(a, b):
        return 0.0
    x, y = a.tolls["killed"], b.tolls["killed"]
    return float(not _ratio(x, y) and not _ratio(y, x))


def report_same(a: Telling, b: Telling) -> float:
    """Likeness of the whole reports' words, 0 to 1; 0 within one report."""
    return 0.0 if a.report == b.report else _likeness_of_reports(a.background, b.background)


@lru_cache(maxsize=200_000)
def _likeness_of_reports(a: Background, b: Background) -> float:
    return a.words.cosine(b.words)


def one_report(a: Telling, b: Telling) -> float:
    """1 where both stand in one report: its own coding did not link them."""
    return float(a.report == b.report)


def copied(a: Telling, b: Telling) -> float:
    """Share of word pairs that the likest sentences of two reports have in common, from a half on."""
    if a.report == b.report:
        return 0.0
    best = 0.0
    for x in a.sentences:
        for y in b.sentences:
            small = min(len(x), len(y))
            if small >= 4:
                best = max(best, len(x & y) / small)
    return best if best >= 0.5 else 0.0


def origin_same(a: Telling, b: Telling) -> float:
    """1 where two reports go back to one origin."""
    return float(
        a.report != b.report and a.background.origin is not None and a.background.origin == b.background.origin
    )


def real_differs(a: Telling, b: Telling) -> float:
    """1 where one is told as having happened and the other as planned, threatened or supposed."""
    return float(a.real != b.real)


Feature = Callable[[Telling, Telling], float]
FEATURES: tuple[tuple[str, Feature, str], ...] = (
    ("type_same", type_same, "same event type"),
    ("type_differs", type_differs, "different event types"),
    ("sub_event_same", sub_event_same, "same sub-event type"),
    ("sub_event_differs", sub_event_differs, "different sub-event types"),
    ("mode_same", mode_same, "same means"),
    ("mode_differs", mode_differs, "different means"),
    ("place_same", place_same, "same place"),
    ("place_holds", place_holds, "one place lies in the other"),
    ("place_differs", place_differs, "places apart"),
    ("place_told", place_told, "one names the other's place beside"),
    ("country_differs", country_differs, "different countries"),
    ("day_same", day_same, "same day"),
    ("day_apart", day_apart, "days apart"),
    ("day_outside", day_outside, "day outside the other report's week"),
    ("day_told", day_told, "one report names the other's day"),
    ("day_fresh", day_fresh, "undated and out on the other's day or the next"),
    ("published_apart", published_apart, "reports published apart"),
    ("actor_same", actor_same, "same actors"),
    ("actor_differs", actor_differs, "different known actors"),
    ("recipient_same", recipient_same, "same recipients"),
    ("sides_crossed", sides_crossed, "one's actors are the other's recipients"),
    ("toll_same", toll_same, "same toll"),
    ("toll_differs", toll_differs, "different tolls of dead"),
    ("toll_meets", toll_meets, "tolls that may be one"),
    ("weapon_same", weapon_same, "same weapon"),
    ("trigger_same", trigger_same, "same word or kind of happening"),
    ("kind_differs", kind_differs, "different kinds of happening in words"),
    ("close_same", close_same, "alike clauses"),
    ("close_shared", close_shared, "rare words of clauses shared"),
    ("words_same", words_same, "alike sentences"),
    ("words_shared", words_shared, "rare words shared"),
    ("names_same", names_same, "names shared"),
    ("near_names_same", near_names_same, "names shared around"),
    ("both_lead", both_lead, "both lead their reports"),
    ("report_same", report_same, "alike reports"),
    ("one_report", one_report, "told apart in one report"),
    ("copied", copied, "sentence repeated"),
    ("origin_same", origin_same, "reports of one origin"),
    ("real_differs", real_differs, "one happened, the other did not"),
)
"""Name, function and words of each feature, in the order in which decisions list them."""
NAMES = tuple(name for name, _, _ in FEATURES)


def values(a: Telling, b: Telling, wanted: Sequence[bool] | None = None) -> list[float]:
    """All features of a pair in the order of `FEATURES`; those not `wanted` are left at 0."""
    if wanted is None:
        return [function(a, b) for _, function, _ in FEATURES]
    found = [0.0] * len(FEATURES)
    for k, function in _wanted(tuple(wanted)):
        found[k] = function(a, b)
    return found


@lru_cache(maxsize=16)
def _wanted(wanted: tuple[bool, ...]) -> tuple[tuple[int, Feature], ...]:
    """Places and functions of the features that are wanted. Raises ValueError if there are not as many as features."""
    return tuple((k, f) for k, ((_, f, _), use) in enumerate(zip(FEATURES, wanted, strict=True)) if use)


def conflict(a: Telling, b: Telling) -> str | None:
    """Why two tellings cannot be of one incident whatever else they share, or None.

    Two rows of one imported table: for its coder they are two incidents (rows of one id are a row and its revision).
    Exact dates or exact places that exclude each other: days stated to three at most that lie more than
    `SLIP` apart, or that differ at all where a slip is unlikely, and points of a town's precision more than 150 km apart.
    """
    row, other = a.background.row, b.background.row
    if row and other and row[0] == other[0] and row[1] != other[1]:
        return "they are two rows of one table"
    if a.days and b.days and a.days.stated and b.days.stated:
        widest = max(a.days.last - a.days.first, b.days.last - b.days.first)
        gap = _gap(a, b)
        if widest <= 2 and (gap > SLIP or (gap and not _may_slip(a, b))):
            return "exact dates exclude each other"
    if exact(a) and exact(b) and a.spot and b.spot and not a.spot.names & b.spot.names:
        far = kilometres(a.spot, b.spot)
        if far is not None and far > FAR:
            return "exact places exclude each other"
    return None


NIGHTLY = frozenset(stem(w) for w in "night overnight midnight nightfall dawn evening dusk".split())


def _may_slip(a: Telling, b: Telling) -> bool:
    """Whether days that differ by one may be one: an equal toll says so, or a night, which has two dates."""
    nightly = any(not NIGHTLY.isdisjoint(one.words.weights) for one in (a, b))
    return bool(toll_same(a, b)) or (nightly and not toll_differs(a, b))


def exact(a: Telling) -> bool:
    """Whether a telling's place is a town or near one, in the country that its report is mostly about.

    A point in another country is as often a namesake as the place that is meant.
    """
    spot = a.spot
    return spot is not None and spot.radius <= 30 and spot.latitude is not None and spot.country == a.background.country
