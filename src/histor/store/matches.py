"""What matchers say: judgements on pairs of tellings, which reports are copies, and their origins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, or_, select

from histor.model.incidents import Copy, MatchDecision
from histor.store.rows import dump, load, pieces, put
from histor.store.schema import copies, match_decisions, origins, sealed


class Matches:
    """Judgements, copies and origins in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- pairs --------------------------------------------------------------------------------

    def put(self, judged: Iterable[MatchDecision], run_id: str) -> None:
        """Keep judgements; one of the same matcher on the same pair is replaced."""
        for some in pieces(list(judged)):
            for one in some:
                self._connection.execute(_on_pair(one.left, one.right, one.matcher))
            rows = [_row_of(one, run_id) for one in some]
            self._connection.execute(match_decisions.insert(), rows)

    def of(self, mention_ids: Sequence[str]) -> Iterator[MatchDecision]:
        """Judgements in which one of these event mentions stands, each once, by left and right."""
        m = match_decisions.c
        found: dict[int, RowMapping] = {}
        for some in pieces(mention_ids):
            query = select(match_decisions).where(or_(m.left.in_(some), m.right.in_(some)))
            found |= {row["seq"]: row for row in self._connection.execute(query).mappings()}
        for row in sorted(found.values(), key=lambda r: (r["left"], r["right"], r["matcher"])):
            yield match_of(row)

    def all(self) -> Iterator[MatchDecision]:
        """All judgements, by left and right."""
        m = match_decisions.c
        yield from self._pairs(select(match_decisions).order_by(m.left, m.right, m.matcher))

    def forget(self, mention_ids: Sequence[str]) -> None:
        """Drop judgements in which one of these event mentions stands (before they are judged anew)."""
        m = match_decisions.c
        for some in pieces(mention_ids):
            self._connection.execute(delete(match_decisions).where(or_(m.left.in_(some), m.right.in_(some))))

    def _pairs(self, query: Select[Any]) -> Iterator[MatchDecision]:
        for row in self._connection.execute(query).mappings():
            yield match_of(row)

    # --- copies -------------------------------------------------------------------------------

    def put_copies(self, found: Iterable[Copy], run_id: str) -> None:
        """Keep that reports repeat others; what was said of the same pair is replaced."""
        for one in found:
            row = {
                "report_id": one.report_id, "copy_of": one.copy_of, "overlap": one.overlap, "partial": one.partial,
                "why": one.why, "run_id": run_id,
            }  # fmt: skip
            put(self._connection, copies, sealed(copies, row), replace=True)

    def copies(self, report_ids: Sequence[str] | None = None) -> list[Copy]:
        """Which of these reports (of all, without any) repeat which others, by id."""
        query = select(*(copies.c[name] for name in Copy.__struct_fields__))
        query = query.order_by(copies.c.report_id, copies.c.copy_of)
        wanted = [query] if report_ids is None else [query.where(copies.c.report_id.in_(p)) for p in pieces(report_ids)]
        return [Copy(*row) for part in wanted for row in self._connection.execute(part)]

    def put_origins(self, found: Mapping[str, str], run_id: str) -> None:
        """Keep which origin each report goes back to."""
        for report_id, origin in sorted(found.items()):
            row = {"report_id": report_id, "origin": origin, "run_id": run_id}
            put(self._connection, origins, sealed(origins, row), replace=True)

    def origins(self, report_ids: Sequence[str] | None = None) -> dict[str, str]:
        """The origin of each of these reports (of all, without any) that one is known of."""
        query = select(origins.c.report_id, origins.c.origin).order_by(origins.c.report_id)
        wanted = (
            [query] if report_ids is None else [query.where(origins.c.report_id.in_(p)) for p in pieces(report_ids)]
        )
        return dict(row for part in wanted for row in self._connection.execute(part))

    def forget_copies(self, report_ids: Sequence[str]) -> None:
        """Drop what is known of copies and origins of these reports (before it is found anew)."""
        for some in pieces(report_ids):
            self._connection.execute(delete(copies).where(copies.c.report_id.in_(some)))
            self._connection.execute(delete(origins).where(origins.c.report_id.in_(some)))


def _on_pair(left: str, right: str, matcher: str) -> Any:
    m = match_decisions.c
    return delete(match_decisions).where(m.left == left, m.right == right, m.matcher == matcher)


def _row_of(one: MatchDecision, run_id: str) -> dict[str, Any]:
    row = {
        "left": one.left, "right": one.right, "judgement": one.judgement, "score": one.score,
        "features": dump(one.features), "matcher": one.matcher, "run_id": run_id,
    }  # fmt: skip
    return sealed(match_decisions, row)


def match_of(row: Mapping[Any, Any]) -> MatchDecision:
    """The judgement that a row holds. Raises StoreError if it holds none any more."""
    where = f"the judgement on {row['left'][:12]} and {row['right'][:12]}"
    features = load(row["features"], tuple[tuple[str, float, float], ...], where)
    return MatchDecision(row["left"], row["right"], row["judgement"], row["score"], features, row["matcher"])
