"""Every regular expression of the package, found by watching what it compiles, and texts made to slow each one down.

``python -m tests.reliability.patterns`` prints one JSON line a pattern: where it stands, and by how much its time
grows at most when such a text doubles.
"""

from __future__ import annotations

import ast
import importlib
import json
import math
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

# Of the standard library, without types of its own.
codes: Any = importlib.import_module("re._constants")
parser: Any = importlib.import_module("re._parser")
PACKAGE = Path(__file__).parents[2] / "src" / "histor"
MOST_GROWTH = 2.5
LEAST = 0.02  # seconds that the longer text has to take for a ratio to say anything
PATIENCE = 2.0  # seconds of processor time, after which a text has shown enough
LONGEST = 1 << 14
GENERAL = (
    "a",
    "A",
    "1",
    " ",
    "-",
    ".",
    ",",
    "\n",
    "a ",
    "A ",
    "1 ",
    "Aa ",
    "a.",
    "the ",
    "1,",
    "'",
    '"',
    "(",
    "a-",
    "and ",
)


class Found(NamedTuple):
    """A pattern as it was given, and the line that gave it."""

    pattern: str
    flags: int
    where: str


def compiled(exercise: bool = True) -> dict[Found, None]:
    """What the package compiles: on import, while it codes (with `exercise`), and in calls with a literal."""
    found: dict[Found, None] = {}
    original = re._compile  # type: ignore[attr-defined]

    def watched(pattern: Any, flags: int) -> Any:
        if isinstance(pattern, str):
            frame = sys._getframe(1)
            while frame.f_code.co_filename == re.__file__ and frame.f_back is not None:
                frame = frame.f_back
            if Path(frame.f_code.co_filename).is_relative_to(PACKAGE):
                where = f"{Path(frame.f_code.co_filename).relative_to(PACKAGE)}:{frame.f_lineno}"
                found.setdefault(Found(pattern, int(flags), where))
        return original(pattern, flags)

    re._compile = watched  # type: ignore[attr-defined]
    try:
        import histor

        for module in pkgutil.walk_packages(histor.__path__, "histor."):
            if not module.name.endswith(("__main__", "migrations.env")):
                importlib.import_module(module.name)
        if exercise:
            _exercise()
    finally:
        re._compile = original  # type: ignore[attr-defined]
    seen = {(f.pattern, f.where.split(":")[0]) for f in found}
    for inline in _literals():
        if (inline.pattern, inline.where.split(":")[0]) not in seen:
            found.setdefault(inline)
    return found


def _exercise() -> None:
    from histor.jobs.coding import default_coding
    from tests.stores import captures

    coding = default_coding()
    for capture in captures(8):
        coding.code(capture.report)


def _literals() -> Iterator[Found]:
    """Calls such as ``re.sub("literal", …)``, whether or not anything has run them."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
                and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
            ):  # fmt: skip
                yield Found(node.args[0].value, 0, f"{path.relative_to(PACKAGE)}:{node.lineno}")


# --- texts ---------------------------------------------------------------------------------------


def texts(found: Found) -> Iterator[tuple[str, str, str]]:
    """Head, body to be repeated, and tail: one for each repetition in the pattern, and some for any pattern."""
    yield from (("", pump, tail) for pump in GENERAL for tail in ("", "\x00"))
    tree = parser.parse(found.pattern, found.flags)
    for head, pump in _pumps(list(tree), ""):
        if pump:
            yield from ((head, pump, tail) for tail in ("\x00", ""))


def _pumps(nodes: list[Any], head: str) -> Iterator[tuple[str, str]]:
    for code, argument in nodes:
        if code in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}:
            _, most, body = argument
            if most > 3:
                yield head, _sample(list(body))
            yield from _pumps(list(body), head)
        elif code is codes.SUBPATTERN:
            yield from _pumps(list(argument[-1]), head)
        elif code is codes.ATOMIC_GROUP:
            yield from _pumps(list(argument), head)
        elif code is codes.BRANCH:
            for branch in argument[1]:
                yield from _pumps(list(branch), head)
        head += _sample([(code, argument)])


def _sample(nodes: list[Any]) -> str:
    """A short text that the nodes match, or nearly."""
    return "".join(_one(code, argument) for code, argument in nodes)


_CATEGORIES = {codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_WORD: "a",
               codes.CATEGORY_NOT_DIGIT: "a", codes.CATEGORY_NOT_SPACE: "a", codes.CATEGORY_NOT_WORD: " "}  # fmt: skip


def _one(code: Any, argument: Any) -> str:
    if code is codes.LITERAL:
        return chr(argument)
    if code in {codes.NOT_LITERAL, codes.ANY}:
        return "a" if argument != ord("a") else "b"
    if code is codes.IN:
        return _member(argument)
    if code is codes.BRANCH:
        return _sample(list(argument[1][0]))
    if code is codes.SUBPATTERN:
        return _sample(list(argument[-1]))
    if code is codes.ATOMIC_GROUP:
        return _sample(list(argument))
    if code in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}:
        return str(_sample(list(argument[2])) * min(max(1, argument[0]), 4))
    return ""


def _member(members: Any) -> str:
    if members[0][0] is codes.NEGATE:
        pattern = re.compile("".join(["[^", *map(_spelt, members[1:]), "]"]))
        return next(c for c in "aA1 -.,é\x01" if pattern.match(c))
    code, argument = members[0]
    if code is codes.RANGE:
        return chr(argument[0])
    return _CATEGORIES.get(argument, "a") if code is codes.CATEGORY else chr(argument)


def _spelt(member: Any) -> str:
    code, argument = member
    if code is codes.RANGE:
        return f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"
    if code is codes.CATEGORY:
        return {"1": r"\d", " ": r"\s", "a": r"\w"}[_CATEGORIES[argument]]
    return re.escape(chr(argument))


# --- time ----------------------------------------------------------------------------------------


def growth(found: Found, method: str, longest: int = LONGEST) -> tuple[float, str]:
    """The worst ratio of times when a text doubles, and the text's body; 0 where all take too little to tell.

    `method` is ``match`` for a pattern that is only ever held against one place, else ``finditer``.
    """
    pattern = re.compile(found.pattern, found.flags)
    worst = (0.0, "")
    for head, pump, tail in texts(found):
        worst = max(worst, (_ratio(pattern, method, (head, pump, tail), longest), pump))
        if worst[0] > MOST_GROWTH:
            break
    return worst


def _ratio(pattern: re.Pattern[str], method: str, parts: tuple[str, str, str], longest: int) -> float:
    head, pump, tail = parts

    def taken(size: int) -> float:
        text = head + pump * (size // len(pump)) + tail
        began = time.process_time()
        if method == "match":
            pattern.match(text)
        else:
            for _ in pattern.finditer(text):
                pass
        return time.process_time() - began

    with _patience(PATIENCE) as patience:
        whole = taken(longest)
        if whole < LEAST:
            return 0.0
        whole, half = min(whole, taken(longest)), min(taken(longest // 2) for _ in range(2))
    return math.inf if patience.lost else whole / half


class _Patience:
    lost = False


@contextmanager
def _patience(seconds: float) -> Iterator[_Patience]:
    """Breaks off what takes longer; `lost` then says so."""
    found = _Patience()

    def over(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield found
    except TimeoutError:
        found.lost = True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def methods() -> dict[tuple[str, int], str]:
    """How patterns that stand at the top of a module are used, by file and line: ``match`` or ``finditer``."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}
    used: dict[str, set[str]] = {}
    for tree in trees.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                used.setdefault(node.value.id, set()).add(node.attr)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                used.setdefault(node.id, set())
    found = {}
    for path, tree in trees.items():
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                calls = used.get(node.targets[0].id, set())
                kind = "match" if calls and calls <= {"match", "fullmatch", "pattern"} else "finditer"
                for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                    found[(str(path.relative_to(PACKAGE)), line)] = kind
    return found


def main() -> None:
    used = methods()
    for found in compiled():
        path, line = found.where.split(":")
        method = used.get((path, int(line)), "finditer")
        ratio, pump = growth(found, method)
        print(json.dumps([found.where, found.pattern, method, round(ratio, 2), pump]), flush=True)


if __name__ == "__main__":
    main()
