"""The coder on parses and proposals made by hand: what becomes of them, without a model."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import msgspec

from histor.capture.inputs import InputOptions, make_report
from histor.coding.coder import Coder
from histor.coding.lexicon import load_lexicon
from histor.model.annotation import Annotation, Mention, Proposal, RoleSpan, Sentence
from histor.model.records import CodedReport, EventMention
from histor.resolve.actor_index import shipped_index
from tests.parses import sentence, words


def annotation(notations: list[str], proposals: list[dict[str, Any]]) -> tuple[str, Annotation]:
    """Sentences in the notation of `tests.parses`, proposals by their words."""
    text = "\n".join(words(n) for n in notations)
    sentences: list[Sentence] = []
    at = 0
    for index, notation in enumerate(notations):
        sentences.append(sentence(notation, index, at))
        at += len(words(notation)) + 1
    made = []
    for item in proposals:
        k = item["sentence"]
        inside = sentences[k]

        def find(part: str, inside: Sentence = inside) -> tuple[int, int]:
            start = text.index(part, inside.start, inside.end)
            return start, start + len(part)

        roles = tuple(RoleSpan(r, *find(part), *(score or [0.9])) for r, part, *score in item.get("roles", []))
        made.append(
            Proposal(
                k, *find(item["trigger"]), item.get("score", 0.9), {item["type"]: 0.9}, item.get("modes", {}),
                item.get("subs", {"": 0.9}), item.get("facts", {"actual": 0.9}), roles,
                item.get("retells", -1), item.get("retells_score", 0.0),
            )
        )  # fmt: skip
    return text, Annotation("test/1", tuple(sentences), (), tuple(made))


def code(notations: list[str], proposals: list[dict[str, Any]], **fields: Any) -> CodedReport:
    text, given = annotation(notations, proposals)
    report = make_report({"text": text, **fields}, text.encode(), InputOptions(), "text")
    return Coder().code(report, given)


def only(coded: CodedReport) -> EventMention:
    assert len(coded.event_mentions) == 1, [m.trigger.text for m in coded.event_mentions]
    return coded.event_mentions[0]


BATTLE = (
    "Republic/Republic/PROPN/2/nsubj had/have/AUX/2/aux reported/report/VERB/-1/root that/that/SCONJ/8/mark "
    "300/300/NUM/6/nummod Taliban/Taliban/PROPN/6/compound terrorists/terrorist/NOUN/8/nsubj:pass were/be/AUX/8/aux:pass "
    "killed/kill/VERB/2/ccomp in/in/ADP/13/case a/a/DET/13/det heavy/heavy/ADJ/13/amod gun/gun/NOUN/13/compound "
    "battle/battle/NOUN/8/obl in/in/ADP/15/case Andarab/Andarab/PROPN/13/nmod"
)


def test_a_killing_in_a_battle_is_one_event_with_one_toll() -> None:
    proposals = [
        {"sentence": 0, "trigger": "killed", "type": "ASSAULT", "roles": [("killed", "300 Taliban terrorists")]},
        {"sentence": 0, "trigger": "gun battle", "type": "ASSAULT", "roles": [("killed", "300 Taliban terrorists")]},
    ]
    mention = only(code([BATTLE], proposals))
    assert [(c.kind, c.best) for c in mention.casualties] == [("killed", 300)]


def test_who_reports_a_battle_does_not_fight_it() -> None:
    said = "Reuters/Reuters/PROPN/1/nsubj said/say/VERB/-1/root rebels/rebel/NOUN/3/nsubj attacked/attack/VERB/1/ccomp Goma/Goma/PROPN/3/obj"
    proposals = [
        {"sentence": 0, "trigger": "attacked", "type": "ASSAULT", "roles": [("actor", "Reuters"), ("actor", "rebels")]}
    ]
    mention = only(code([said], proposals))
    assert [a.text for a in mention.actors] == ["rebels"]
    assert mention.attribution[0].type == "media"
    assert mention.factuality == "claimed"


def test_no_actor_keeps_a_loaded_word_in_its_name() -> None:
    proposals = [
        {"sentence": 0, "trigger": "gun battle", "type": "ASSAULT", "roles": [("recipient", "300 Taliban terrorists")]}
    ]
    mention = only(code([BATTLE], proposals))
    assert [r.name for r in mention.recipients] == ["Taliban"]
    assert [t.text for t in mention.loaded_terms] == ["terrorists"]


HEAVY = "Heavy/heavy/ADJ/1/amod fighting/fighting/NOUN/2/nsubj raged/rage/VERB/-1/root in/in/ADP/4/case Kapisa/Kapisa/PROPN/2/obl"


def test_a_trigger_cut_short_is_moved_to_its_noun() -> None:
    mention = only(code([HEAVY], [{"sentence": 0, "trigger": "Heavy", "type": "ASSAULT"}]))
    assert mention.trigger.text == "Heavy fighting"


def test_a_light_verb_and_its_noun_are_one_event() -> None:
    notation = (
        "Jets/jet/NOUN/1/nsubj carried/carry/VERB/-1/root out/out/ADP/1/compound:prt an/a/DET/5/det "
        "air/air/NOUN/5/compound strike/strike/NOUN/1/obj on/on/ADP/7/case Raqqa/Raqqa/PROPN/5/nmod"
    )
    proposals = [
        {"sentence": 0, "trigger": "carried out", "type": "ASSAULT"},
        {"sentence": 0, "trigger": "air strike", "type": "ASSAULT"},
    ]
    assert "strike" in only(code([notation], proposals)).trigger.text


def test_a_trigger_of_small_words_alone_is_no_event() -> None:
    notation = "Rebels/rebel/NOUN/3/nsubj in/in/ADP/2/case Goma/Goma/PROPN/0/nmod fled/flee/VERB/-1/root"
    coded = code([notation], [{"sentence": 0, "trigger": "in", "type": "ASSAULT"}])
    assert coded.event_mentions == ()


def test_a_party_is_trimmed_to_what_names_it() -> None:
    notation = (
        "The/the/DET/2/det Northern/Northern/PROPN/2/compound Alliance/Alliance/PROPN/6/nsubj led/lead/VERB/2/acl "
        "by/by/ADP/5/case Massoud/Massoud/PROPN/3/obl held/hold/VERB/-1/root Panjshir/Panjshir/PROPN/6/obj"
    )
    roles = [("actor", "Northern Alliance led"), ("actor", "by")]
    mention = only(code([notation], [{"sentence": 0, "trigger": "held", "type": "COERCE", "roles": roles}]))
    assert [a.name for a in mention.actors] == ["Northern Alliance"]


STRIKE = (
    "An/a/DET/2/det air/air/NOUN/2/compound strike/strike/NOUN/3/nsubj hit/hit/VERB/-1/root a/a/DET/5/det "
    "market/market/NOUN/3/obj in/in/ADP/7/case Idlib/Idlib/PROPN/5/nmod"
)
THE_STRIKE = (
    "The/the/DET/1/det strike/strike/NOUN/2/nsubj killed/kill/VERB/-1/root 20/20/NUM/4/nummod people/people/NOUN/2/obj"
)
ANOTHER = (
    "Another/another/DET/1/det strike/strike/NOUN/2/nsubj destroyed/destroy/VERB/-1/root a/a/DET/4/det bridge/bridge/NOUN/2/obj "
    "in/in/ADP/6/case Raqqa/Raqqa/PROPN/2/obl"
)


def test_the_strike_retells_and_another_strike_does_not() -> None:
    proposals = [
        {"sentence": 0, "trigger": "strike", "type": "ASSAULT", "roles": [("place", "Idlib")], "subs": {"Air/drone strike": 0.9}},
        {"sentence": 1, "trigger": "strike", "type": "ASSAULT", "retells": 0, "retells_score": 0.8, "subs": {"Air/drone strike": 0.9}},
        {"sentence": 2, "trigger": "strike", "type": "ASSAULT", "roles": [("place", "Raqqa")], "retells": 0, "retells_score": 0.3, "subs": {"Air/drone strike": 0.9}},
    ]  # fmt: skip
    first, second, third = code([STRIKE, THE_STRIKE, ANOTHER], proposals).event_mentions
    assert second.retells == first.id
    assert [(c.kind, c.best) for c in second.casualties] == [("killed", 20)]
    assert third.retells is None


def test_without_proposals_the_lexicon_codes_alone() -> None:
    mention = only(code(["Rebels/rebel/NOUN/1/nsubj attacked/attack/VERB/-1/root Goma/Goma/PROPN/1/obj"], []))
    assert mention.event_type == "ASSAULT"
    assert any(w.startswith("frame ") for w in mention.why)


def test_place_comes_from_the_clause_where_no_head_gives_one() -> None:
    text, given = annotation([HEAVY], [{"sentence": 0, "trigger": "fighting", "type": "ASSAULT"}])
    at = text.index("Kapisa")
    place = Mention("place", at, at + 6, 0.9, "name")
    report = make_report({"text": text}, text.encode(), InputOptions(), "text")
    given = Annotation(given.engine, given.sentences, (place,), given.proposals)
    (mention,) = Coder().code(report, given).event_mentions
    assert mention.place is not None
    assert mention.place.name == "Kapisa"


def test_time_to_link_grows_with_length_only() -> None:
    proposals = [
        {"sentence": k, "trigger": "strike", "type": "ASSAULT", "roles": [("place", "Idlib")]} for k in range(600)
    ]
    began = time.process_time()  # not the clock on the wall: others use the machine too
    code([STRIKE] * 600, proposals)
    short = time.process_time() - began
    began = time.process_time()
    code([STRIKE] * 1800, [{**p, "sentence": k} for k, p in enumerate(proposals * 3)])
    assert time.process_time() - began < 6 * short + 1


def test_a_learned_kind_never_takes_a_number_again() -> None:
    notation = "The/the/DET/1/det raid/raid/NOUN/2/nsubj killed/kill/VERB/-1/root 70/70/NUM/4/nummod soldiers/soldier/NOUN/2/obj/Number=Plur"
    roles = [("injured", "70"), ("killed", "70 soldiers"), ("displaced", "70 soldiers")]
    mention = only(code([notation], [{"sentence": 0, "trigger": "killed", "type": "ASSAULT", "roles": roles}]))
    assert [(c.kind, c.best) for c in mention.casualties] == [("killed", 70)]


def test_of_several_learned_kinds_the_likeliest_has_the_number() -> None:
    notation = (
        "Boats/boat/NOUN/1/nsubj sank/sink/VERB/-1/root carrying/carry/VERB/1/advcl at/at/ADP/5/case least/least/ADJ/4/nummod "
        "5000/5000/NUM/6/nummod people/people/NOUN/2/obj/Number=Plur and/and/CCONJ/8/cc 40/40/NUM/6/conj"
    )
    roles = [
        ("killed", "5000 people", 0.6),
        ("captured", "5000 people", 0.8),
        ("displaced", "5000", 0.7),
        ("missing", "40"),
    ]
    mention = only(code([notation], [{"sentence": 0, "trigger": "sank", "type": "ASSAULT", "roles": roles}]))
    assert [(c.kind, c.best) for c in mention.casualties] == [("captured", 5000), ("missing", 40)]


def test_hearsay_is_claimed_without_a_speaker() -> None:
    notation = (
        "Rebels/rebel/NOUN/2/nsubj allegedly/allegedly/ADV/2/advmod attacked/attack/VERB/-1/root Goma/Goma/PROPN/2/obj"
    )
    mention = only(code([notation], [{"sentence": 0, "trigger": "attacked", "type": "ASSAULT"}]))
    assert mention.factuality == "claimed"
    assert "factuality: claimed, “allegedly”" in mention.why


def test_who_rules_does_not_rule_out() -> None:
    notation = (
        "The/the/DET/1/det court/court/NOUN/2/nsubj ruled/rule/VERB/-1/root that/that/SCONJ/5/mark soldiers/soldier/NOUN/5/nsubj "
        "killed/kill/VERB/2/ccomp 12/12/NUM/7/nummod civilians/civilian/NOUN/5/obj/Number=Plur"
    )
    proposal = {"sentence": 0, "trigger": "killed", "type": "ASSAULT", "facts": {"actual": 0.6, "denied": 0.2}}
    mention = only(code([notation], [proposal]))
    assert (mention.factuality, mention.attribution[0].speaker) == ("claimed", "court")


def test_a_presidents_word_is_no_outlets() -> None:
    notation = (
        "The/the/DET/1/det president/president/NOUN/6/nsubj of/of/ADP/5/case the/the/DET/5/det African/African/PROPN/5/compound "
        "Republic/Republic/PROPN/1/nmod said/say/VERB/-1/root rebels/rebel/NOUN/8/nsubj attacked/attack/VERB/6/ccomp"
    )
    mention = only(code([notation], [{"sentence": 0, "trigger": "attacked", "type": "ASSAULT"}]))
    assert [(a.speaker, a.type) for a in mention.attribution] == [("president of the African Republic", "official")]


def test_a_link_of_the_chain_has_the_fields_of_the_contract() -> None:
    said = "Reuters/Reuters/PROPN/1/nsubj said/say/VERB/-1/root rebels/rebel/NOUN/3/nsubj attacked/attack/VERB/1/ccomp Goma/Goma/PROPN/3/obj"
    mention = only(code([said], [{"sentence": 0, "trigger": "attacked", "type": "ASSAULT"}]))
    assert list(msgspec.to_builtins(mention.attribution)) == [
        {"speaker": "Reuters", "type": "media", "cue": "said", "span": (0, 7)}
    ]


def test_a_loaded_word_gives_no_context() -> None:
    plain = BATTLE.replace("terrorists/terrorist", "fighters/fighter")
    contexts = [
        only(code([n], [{"sentence": 0, "trigger": "gun battle", "type": "ASSAULT"}])).contexts for n in (BATTLE, plain)
    ]
    assert contexts == [("military",), ("military",)]


def test_the_coder_names_engine_lexicon_and_codebook(tmp_path: Path) -> None:
    notation = "Rebels/rebel/NOUN/1/nsubj attacked/attack/VERB/-1/root Goma/Goma/PROPN/1/obj"
    text, given = annotation([notation], [])
    report = make_report({"text": text}, text.encode(), InputOptions(), "text")
    file = tmp_path / "mine.toml"
    file.write_text('[[frame]]\nid = "zapping"\ntype = "ASSAULT"\nverbs = "zap"\n')
    ours, theirs = (c.code(report, given).event_mentions[0] for c in (Coder(), Coder(load_lexicon(file))))
    assert ours.coder == "test/1 lexicon/1.0.0 plover/1.1.0"
    assert theirs.coder.startswith("test/1 lexicon/1.0.0+")
    assert ours.id != theirs.id


def subs(scores: dict[str, float], type_: str = "ASSAULT") -> str | None:
    proposal = {"sentence": 0, "trigger": "attacked", "type": type_, "subs": scores, "modes": {"aerial": 0.9}}
    notation = "Jets/jet/NOUN/1/nsubj attacked/attack/VERB/-1/root Goma/Goma/PROPN/1/obj"
    acled = only(code([notation], [proposal])).acled
    return acled.sub_event_type if acled else None


def test_a_sub_event_type_is_one_that_the_event_type_allows() -> None:
    assert subs({"Agreement": 0.6, "Armed clash": 0.3}) == "Armed clash"
    assert subs({"Agreement": 0.9, "Armed clash": 0.02}) == "Air/drone strike"
    assert subs({"Disrupted weapons use": 0.9}, "COERCE") == "Disrupted weapons use"
    assert subs({"": 0.6, "Armed clash": 0.3}) is None


def test_a_report_of_the_first_day_of_the_calendar_is_coded() -> None:
    notation = "Rebels/rebel/NOUN/1/nsubj attacked/attack/VERB/-1/root Goma/Goma/PROPN/1/obj"
    date = only(code([notation], [], published="0001-01-01")).date
    assert date is not None
    assert (date.earliest, date.latest, date.source) == ("0001-01-01", "0001-01-01", "published")


def test_what_follows_from_sectors_knows_who_the_parties_are() -> None:
    notation = (
        "Boko/Boko/PROPN/2/nsubj Haram/Haram/PROPN/0/flat attacked/attack/VERB/-1/root villagers/villager/NOUN/2/obj"
    )
    text, given = annotation(
        [notation],
        [
            {
                "sentence": 0,
                "trigger": "attacked",
                "type": "ASSAULT",
                "roles": [("actor", "Boko Haram"), ("recipient", "villagers")],
            }
        ],
    )
    report = make_report({"text": text}, text.encode(), InputOptions(), "text")
    (named,) = Coder().code(report, given).event_mentions
    (known,) = Coder(actors=shipped_index()).code(report, given).event_mentions
    assert named.ucdp is None
    assert known.ucdp is not None
    assert known.ucdp.type_of_violence == 3


def test_a_known_party_stands_on_one_side_only() -> None:
    notation = (
        "Taliban/Taliban/PROPN/1/compound fighters/fighter/NOUN/2/nsubj/Number=Plur attacked/attack/VERB/-1/root "
        "Taleban/Taleban/PROPN/4/compound posts/post/NOUN/2/obj/Number=Plur"
    )
    roles = [("actor", "Taliban fighters"), ("recipient", "Taleban")]
    text, given = annotation([notation], [{"sentence": 0, "trigger": "attacked", "type": "ASSAULT", "roles": roles}])
    report = make_report({"text": text}, text.encode(), InputOptions(), "text")
    (mention,) = Coder(actors=shipped_index()).code(report, given).event_mentions
    assert [a.id for a in mention.actors] == ["afg.taliban"]
    assert mention.recipients == ()


def test_the_share_of_a_sub_event_type_is_never_more_than_all() -> None:
    """What modes and sides add to the head's probabilities counts in the whole as well."""
    notation = "Rebels/rebel/NOUN/1/nsubj attacked/attack/VERB/-1/root soldiers/soldier/NOUN/1/obj"
    proposal = {
        "sentence": 0, "trigger": "attacked", "type": "ASSAULT", "modes": {"firearms": 0.9},
        "subs": {"Armed clash": 0.95, "Attack": 0.05}, "roles": [("actor", "Rebels"), ("recipient", "soldiers")],
    }  # fmt: skip
    (why,) = (w for w in only(code([notation], [proposal])).why if w.startswith("sub-event head: "))
    assert why.startswith("sub-event head: Armed clash ")
    assert 0.9 < float(why.rpartition(" ")[2]) <= 1.0
