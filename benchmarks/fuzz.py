"""`fuzz`: 10,000 mutated pages, web archives, packages, tables and JSON lines, read as `histor code` reads them.

`--data` is a file of reports as JSON lines (`written/dev.jsonl`); the seeds are made of their texts. `--part short` reads
400 instead. Each input is mutated by bytes (flips, cuts, repeats, splices, dictionary words) from a fixed seed; some
are bombs and paths that lead out by construction. Reading runs in a process of its own, beside which nothing may
appear. Prints, by kind, what became of the inputs, the longest any took, and the most memory of reader and parser.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.scoring import show
from histor.capture.frames import Request

KINDS = ("html", "warc", "warc.gz", "wacz", "csv", "jsonl")
WORDS = [
    b"\x00", b"\xff\xfe", b"\r\n\r\n", b"\n", b'"', b"<", b">", b"<!--", b"]]>", b"<![CDATA[", b"&#x110000;", b"&#0;", b"<script>", b"<table>",
    b"<div>" * 400, b"</div>" * 400, b"<a " + b"x=" * 900, b"{" * 3_000, b"[" * 3_000, b"\\u0000", b"\\ud800", b"1e999999", b"9" * 5_000,
    b"WARC/1.0\r\n", b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999\r\n", b"WARC-Type: response\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n", b"Content-Encoding: br\r\n", b"ffffffffffffffff\r\n", b"\x1f\x8b\x08",
    b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\xf0\x9f\x92\xa3", b"\xed\xa0\x80", b"\xe2\x80\xae", b'<meta charset="utf-7">',
    b'<?xml version="1.0" encoding="utf-16"?>', b'<!DOCTYPE x [<!ENTITY a "aa">]>&a;', b"datetime='9999999-99-99'", b",,,,,", b"=cmd|' /C calc'!A1",
]  # fmt: skip


def mutated(seed: bytes, rng: random.Random) -> bytes:
    """`seed` after one to eight changes."""
    data = bytearray(seed)
    for _ in range(rng.choice((1, 1, 2, 3, 5, 8))):
        at = rng.randrange(len(data) + 1)
        length = min(rng.choice((1, 2, 4, 16, 200, 3_000)), len(data) - at)
        what = rng.randrange(6)
        if what == 0:
            data[at : at + length] = bytes(b ^ rng.randrange(256) for b in data[at : at + length])
        elif what == 1:
            del data[at : at + length]
        elif what == 2:
            data[at:at] = data[at : at + length] * rng.choice((2, 20, 200))
        elif what == 3:
            data[at:at] = rng.choice(WORDS)
        elif what == 4:
            other = rng.randrange(len(data) + 1)
            data[at : at + length] = data[other : other + length]
        else:
            del data[at:]
    return bytes(data)


# --- seeds ---------------------------------------------------------------------------------------


def page_of(text: str, number: int) -> bytes:
    paragraphs = "".join(f"<p>{p}</p>" for p in text.split("\n") if p)
    head = (
        f"<title>Report {number}</title><meta property='article:published_time' content='2021-08-{1 + number % 28:02}'>"
    )
    nav = "".join(f"<li><a href='/{k}'>Section {k}</a></li>" for k in range(12))
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>{head}</head><body><ul>{nav}</ul><article><h1>Report {number}</h1>"
        f"<time datetime='2021-08-24'>24 August</time>{paragraphs}</article><footer>Contact</footer></body></html>"
    ).encode()


def record_of(page: bytes, number: int, rng: random.Random) -> bytes:
    """A WARC record of a page as servers send pages."""
    headers, body = b"", page
    if rng.random() < 0.5:
        headers, body = b"Content-Encoding: gzip\r\n", gzip.compress(page)
    if rng.random() < 0.5:
        headers, body = headers + b"Transfer-Encoding: chunked\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    block = b"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html; charset=utf-8\r\n" + headers + b"\r\n" + body
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-%012d>\r\n"
        b"WARC-Date: 2021-08-25T00:00:00Z\r\nWARC-Target-URI: https://paper.example/%d\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
        % (number, number, len(block), block)
    )


def package_of(warc: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("archive/data.warc.gz", warc)
        package.writestr("pages/pages.jsonl", '{"format": "json-pages-1.0"}\n')
    return out.getvalue()


def seed_of(kind: str, texts: list[str], rng: random.Random) -> bytes:
    """A sound input of a kind, of three reports (a page: of one)."""
    some = rng.sample(texts, 3)
    if kind == "html":
        return page_of(some[0], 0)
    if kind == "jsonl":
        return b"".join(
            json.dumps({"id": k, "text": t, "published": "2021-08-24"}).encode() + b"\n" for k, t in enumerate(some)
        )
    if kind == "csv":
        cells = (t.replace('"', '""') for t in some)
        return b"id,text\n" + b"".join(f'{k},"{c}"\n'.encode() for k, c in enumerate(cells))
    records = [record_of(page_of(t, k), k, rng) for k, t in enumerate(some)]
    if kind == "warc":
        return b"".join(records)
    packed = b"".join(map(gzip.compress, records))
    return packed if kind == "warc.gz" else package_of(packed)


def made(kind: str, texts: list[str], rng: random.Random) -> bytes:
    """One input: mutated outside or, of what is packed, inside."""
    seed = seed_of(kind, texts, rng)
    if kind == "warc.gz" and rng.random() < 0.6:
        return gzip.compress(mutated(gzip.decompress(seed), rng))
    if kind == "wacz" and rng.random() < 0.6:
        return package_of(mutated(gzip.compress(record_of(page_of(texts[0], 0), 0, rng)), rng))
    return mutated(seed, rng)


def bombs() -> Iterator[tuple[str, bytes]]:
    """Inputs that are small and say that they are large, and packages whose names lead out."""
    zeros = gzip.compress(b"<p>" + b" " * 400_000_000, 9)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: %s\r\n\r\n"
    for encoding, body in ((b"gzip", zeros), (b"gzip, gzip", gzip.compress(zeros))):
        block = head % encoding + body
        record = (
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\nContent-Type: application/http\r\n"
            b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(block), block)
        )
        yield "warc", record
        yield "warc.gz", gzip.compress(record)
        yield "wacz", package_of(gzip.compress(record))
    yield "warc.gz", zeros
    yield "warc.gz", gzip.compress(zeros)
    for name in (
        "../{}",
        "../../{}",
        "archive/../../{}",
        "/tmp/{}",
        "..\\{}",
        "C:\\{}",
        "C:{}",
        "\\\\host\\share\\{}",
        "//host/{}",
    ):
        out = io.BytesIO(package_of(b""))
        with zipfile.ZipFile(out, "a") as package:
            package.writestr(zipfile.ZipInfo(name.format("escaped.warc")), b"escaped")
        yield "wacz", out.getvalue()
    link = zipfile.ZipInfo("archive/link.warc")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(link, "/etc/passwd")
    yield "wacz", out.getvalue()
    yield "html", b"<div>" * 300_000
    yield "html", b"<p>" + b"<b a=b>" * 200_000 + b"x"
    yield "jsonl", b'{"text": ' + b"[" * 1_000_000
    yield "csv", b"id,text\n" + b'"' * 3_000_001


def lay_out(folder: Path, texts: list[str], count: int) -> list[Path]:
    """The inputs as files, in order."""
    rng = random.Random(20221102)
    inputs = [(kind, made(kind, texts, rng)) for kind, _ in zip(_turns(), range(count), strict=False)]
    paths = []
    for number, (kind, data) in enumerate([*inputs, *bombs()]):
        path = folder / f"{number:05}.{kind}"
        path.write_bytes(data)
        paths.append(path)
    return paths


def _turns() -> Iterator[str]:
    while True:
        yield from KINDS


# --- reading -------------------------------------------------------------------------------------


def read_all(folder: Path) -> dict[str, Any]:
    """Read each file of a folder by itself; seconds, and what became of it. Runs in a process of its own."""
    import resource

    from histor.capture.inputs import InputOptions, Problem, read_captures
    from histor.capture.sandbox import Sandbox

    became: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    longest = dict.fromkeys(KINDS, 0.0)
    options = InputOptions(most_characters=200_000)
    paths = sorted(folder.iterdir())
    began = time.perf_counter()
    with Sandbox(1) as sandbox:
        sandbox.parse(Request("page", page_of("Nothing is new here today, and nothing was yesterday.", 0)))  # it is up
        for path in paths:
            kind = path.name.partition(".")[2]
            start = time.perf_counter()
            for item in read_captures([str(path)], options, sandbox):
                became[kind][item.error.code if isinstance(item, Problem) else "report"] += 1
                longest[kind], start = max(longest[kind], time.perf_counter() - start), time.perf_counter()
    seconds = time.perf_counter() - began
    # Of this process by its own account: `ru_maxrss` has that of whoever started it.
    memory = [_most_memory(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024]
    return {"inputs": len(paths), "became": became, "longest": longest, "memory": memory, "seconds": seconds}


def _most_memory() -> float:
    """The most memory that this process has held, MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def measure(data: Path, count: int) -> dict[str, Any]:
    """Make the inputs, have them read, and look for what should not be there."""
    texts = [t for line in data.read_text(encoding="utf-8").splitlines() if (t := json.loads(line).get("text"))]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "deep" / "inputs"
        folder.mkdir(parents=True)
        lay_out(folder, texts, count)
        before = _around(Path(name))
        script = f"import json; from pathlib import Path; from benchmarks.fuzz import read_all; print(json.dumps(read_all(Path({str(folder)!r}))))"
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder.parent,
            env=_environment(),
        )
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {}
        return {
            "status": done.returncode,
            "said": done.stderr[-2_000:],
            "escapes": sorted(_around(Path(name)) - before),
            **found,
        }


def _environment() -> dict[str, str]:
    """The environment of this process, with its paths, since the reader starts in another folder."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in (str(Path(__file__).parents[1]), *sys.path) if p)}


def _around(folder: Path) -> set[str]:
    """All files in a folder, and those beside it that an escape would leave."""
    beside = [p for root in (folder.parent, Path("/tmp"), Path.cwd()) for p in root.glob("*escaped*")]
    return {str(p) for p in (*folder.rglob("*"), *beside)}


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Print the table; exit status 1 if a promise is broken."""
    data = args.data / "dev.jsonl" if args.data.is_dir() else args.data
    found = measure(data, 400 if args.part == "short" else 10_000)
    if found["status"]:
        raise SystemExit(f"the reader broke (status {found['status']}): {found['said']}")
    rows = []
    for kind in KINDS:
        became = Counter(found["became"].get(kind, {}))
        reports = became.pop("report", 0)
        parser = sum(became.pop(code, 0) for code in ("input.parser", "input.time", "input.memory"))
        rows.append((kind, reports, sum(became.values()), parser, round(found["longest"].get(kind, 0), 2)))
    show("fuzz", ("kind", "reports", "set aside", "parser replaced", "longest s"), rows)
    print(
        f"{found['inputs']:,} inputs in {found['seconds']:.0f} s; 0 crashes of the reader; longest {max(found['longest'].values()):.1f} s; "
        f"memory {found['memory'][0]:.0f} MiB reader, {found['memory'][1]:.0f} MiB parser; escapes {len(found['escapes'])}"
    )
    if found["escapes"] or max(found["longest"].values()) > 10.5 or max(found["memory"]) > 1024:
        raise SystemExit(1)
    return found
