"""Count in how many texts each stem stands: `matching/data/words.tsv`.

    python -m training.word_counts SHARED_DATA

Texts: UD English EWT and GUM (train), ECB+ (train), event_location, and the project's own annotated
texts. A stem of fewer than `LEAST` texts is left out of the table.
"""

from __future__ import annotations

import collections
import json
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from histor.matching.words import stems

OUT = Path(__file__).parents[1] / "src/histor/matching/data/words.tsv"
LEAST = 2


def treebank(path: Path) -> Iterator[str]:
    text: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# newdoc") and text:
            yield " ".join(text)
            text = []
        elif line.startswith("# text = "):
            text.append(line[9:])
    yield " ".join(text)


def ecbplus(path: Path) -> Iterator[str]:
    texts: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if len(cells) > 3:
            texts.setdefault(cells[0], []).append(cells[3])
    for words in texts.values():
        yield " ".join(words)


def lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        if "text" in item:
            yield item["text"]
        for report in item.get("reports", []):
            yield report["text"]


def sentences(path: Path) -> Iterator[str]:
    """The distinct sentences of event_location, which holds one entry an event verb."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith("__"):
                yield from sorted({item["text"] for item in json.loads(archive.read(name))})


def main() -> None:
    data = Path(sys.argv[1])
    counts: collections.Counter[str] = collections.Counter()
    documents = 0
    for texts in (
        treebank(data / "ud_english_ewt/train.conllu"),
        treebank(data / "ud_english_gum/train.conllu"),
        ecbplus(data / "ecbplus/train_corpus.txt"),
        lines(data / "written/train.jsonl"),
        lines(Path(__file__).parent / "data/reports/train.jsonl"),
        sentences(data / "event_location/labeled_text.jsonl.zip"),
    ):
        before = documents
        for text in texts:
            documents += 1
            counts.update(set(stems(text)))
        print(documents - before)
    rows = sorted((word, n) for word, n in counts.items() if n >= LEAST)
    OUT.write_text(f"#\t{documents}\n" + "".join(f"{word}\t{n}\n" for word, n in rows), encoding="utf-8")
    print(len(rows), OUT.stat().st_size)


if __name__ == "__main__":
    main()
