"""The Stanza adapter on models trained here: a few sentences, some seconds, no download."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from histor.capture.inputs import InputOptions, make_report
from histor.coding.coder import Coder
from histor.engines.settings import EngineSettings
from histor.engines.stanza import StanzaEngine, load_stanza
from histor.engines.table import load_engine
from histor.model.errors import ConfigError

pytest.importorskip("stanza")

SENTENCES = (
    "Rebels/rebel/NOUN/2/nsubj attacked/attack/VERB/0/root Goma/Goma/PROPN/2/obj ././PUNCT/2/punct",
    "Soldiers/soldier/NOUN/2/nsubj attacked/attack/VERB/0/root rebels/rebel/NOUN/2/obj ././PUNCT/2/punct",
    "Rebels/rebel/NOUN/2/nsubj fled/flee/VERB/0/root ././PUNCT/2/punct",
)
TEXT = "Rebels attacked Goma. Soldiers attacked rebels."


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `stanza.download` leaves it, with models trained on `SENTENCES`."""
    from stanza.models import lemmatizer, ner_tagger, parser, tagger, tokenizer

    folder = tmp_path_factory.mktemp("stanza")
    data = folder / "data"
    data.mkdir()
    chance = random.Random(1)
    rows = [chance.choice(SENTENCES) for _ in range(60)]
    _write_conllu(data / "train.conllu", rows)
    _write_text(data, rows)
    (data / "mwt.json").write_text("[]")
    _write_names(data / "train.json", rows)
    paths = {name: folder / "en" / name for name in ("tokenize", "pos", "lemma", "depparse", "ner")}
    for path in paths.values():
        path.mkdir(parents=True)

    def common(name: str) -> list[str]:
        return ["--lang", "en", "--shorthand", "en_tiny", "--cpu", "--save_dir", str(paths[name]), "--save_name", "tiny.pt"]  # fmt: skip

    train = ["--train_file", str(data / "train.conllu"), "--eval_file", str(data / "train.conllu")]
    small = ["--no_pretrain", "--max_steps", "60", "--eval_interval", "60", "--batch_size", "200", "--hidden_dim", "20", "--char_hidden_dim", "8", "--word_emb_dim", "10", "--char_emb_dim", "8", "--num_layers", "1"]  # fmt: skip
    split = ["--transformed_dim", "10", "--deep_biaff_hidden_dim", "20"]
    text = ["--txt_file", str(data / "train.txt"), "--label_file", str(data / "train.label"), "--dev_txt_file", str(data / "train.txt"), "--dev_label_file", str(data / "train.label"), "--dev_conll_gold", str(data / "train.conllu"), "--mwt_json_file", str(data / "mwt.json")]  # fmt: skip
    tokenizer.main(
        [*common("tokenize"), *text, "--steps", "60", "--eval_steps", "60", "--max_seqlen", "60", "--batch_size", "8"]
    )
    tagger.main(
        [
            *common("pos"),
            *train,
            *small,
            *split,
            "--tag_emb_dim",
            "5",
            "--composite_deep_biaff_hidden_dim",
            "10",
            "--lr",
            "0.02",
        ]
    )
    parser.main([*common("depparse"), *train, *small, *split, "--tag_emb_dim", "5"])
    lemmatizer.main([*common("lemma")[2:], *train, "--dict_only"])
    names = ["--train_file", str(data / "train.json"), "--eval_file", str(data / "train.json")]
    ner_tagger.main([*common("ner")[2:], *names, *small, "--optim", "adam", "--lr", "0.05"])
    tiny: dict[str, dict[str, Any]] = {name: {"tiny": {}} for name in paths}
    package = {"default": dict.fromkeys(paths, "tiny")}
    resources = {"en": {"lang_name": "English", "packages": package, **tiny}}
    (folder / "resources.json").write_text(json.dumps(resources))
    return folder


def _words(row: str) -> list[list[str]]:
    return [item.split("/") if item[0] != "." else [".", ".", *item.split("/")[2:]] for item in row.split()]


def _write_conllu(path: Path, rows: list[str]) -> None:
    lines = []
    for row in rows:
        words = _words(row)
        lines.append(f"# text = {' '.join(w[0] for w in words[:-1])}.")
        for k, (form, lemma, upos, head, relation) in enumerate(words, 1):
            space = "SpaceAfter=No" if k == len(words) - 1 else "_"
            lines.append("\t".join((str(k), form, lemma, upos, "_", "_", head, relation, "_", space)))
        lines.append("")
    path.write_text("\n".join(lines) + "\n")


def _write_text(folder: Path, rows: list[str]) -> None:
    """The text of all sentences and a digit for each character: 1 ends a word, 2 a sentence."""
    text, labels = "", ""
    for row in rows:
        forms = [w[0] for w in _words(row)][:-1]
        text += " ".join(forms) + ". "
        labels += "0".join("0" * (len(form) - 1) + "1" for form in forms) + "20"
    (folder / "train.txt").write_text(text.rstrip() + "\n\n")
    (folder / "train.label").write_text(labels[: len(text.rstrip())] + "\n\n")


def _write_names(path: Path, rows: list[str]) -> None:
    tagged = [[{"text": w[0], "ner": "S-GPE" if w[2] == "PROPN" else "O"} for w in _words(row)] for row in rows]
    path.write_text(json.dumps(tagged))


@pytest.fixture(scope="module")
def engine(models: Path) -> StanzaEngine:
    return load_stanza(EngineSettings(model=str(models)))


def test_words_parses_and_names_stand_where_they_are_in_the_text(engine: StanzaEngine) -> None:
    annotation = engine.annotate(TEXT)
    words = [t for s in annotation.sentences for t in s.tokens]
    assert [t.text for t in words] == ["Rebels", "attacked", "Goma", ".", "Soldiers", "attacked", "rebels", "."]
    assert all(TEXT[t.start : t.end] == t.text for t in words)
    assert [len(s.tokens) for s in annotation.sentences] == [4, 4]
    assert [(t.lemma, t.upos, t.head, t.relation) for t in words[:3]] == [
        ("rebel", "NOUN", 1, "nsubj"), ("attack", "VERB", -1, "root"), ("Goma", "PROPN", 1, "obj"),
    ]  # fmt: skip
    assert [(m.kind, TEXT[m.start : m.end], m.layer) for m in annotation.mentions] == [("place", "Goma", "name")]
    assert annotation.tellings is None


def test_a_headline_is_a_sentence_of_its_own(engine: StanzaEngine) -> None:
    text = f"Rebels fled\n{TEXT}"
    annotation = engine.annotate(text, title="Rebels fled")
    assert [s.kind for s in annotation.sentences] == ["headline", "body", "body"]
    assert all(text[t.start : t.end] == t.text for s in annotation.sentences for t in s.tokens)


def test_the_lexicon_codes_what_stanza_parsed(engine: StanzaEngine) -> None:
    report = make_report({"text": TEXT}, TEXT.encode(), InputOptions(), "text")
    first, second = Coder().code(report, engine.annotate(TEXT)).event_mentions
    assert (first.event_type, [a.text for a in first.actors], [r.text for r in second.recipients]) == ("ASSAULT", ["Rebels"], ["rebels"])  # fmt: skip
    assert first.coder.startswith("stanza/")
    assert " lexicon/" in first.coder


def test_other_models_are_another_coder(engine: StanzaEngine, models: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "models"
    shutil.copytree(models, copy)
    assert load_stanza(EngineSettings(model=str(copy))).coder == engine.coder
    with (copy / "en" / "lemma" / "tiny.pt").open("ab") as handle:
        handle.write(b"\0")
    assert load_stanza(EngineSettings(model=str(copy))).coder != engine.coder


def test_missing_models_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there are no models for 'en'.*stanza\.download"):
        load_engine("stanza", EngineSettings(model=str(tmp_path)))
