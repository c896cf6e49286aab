"""English forms whose lemma no ending tells: irregular verbs and plurals.

The learned rules read endings; a rare irregular form would get a lemma that is no word.
"""

from __future__ import annotations

# Lemma, then its past forms (past tense, participle) where they differ from the lemma.
_VERBS = """
arise arose arisen|awake awoke awoken|bear bore borne born|beat beaten|become became|befall befell befallen|
beget begot begotten|begin began begun|behold beheld|bend bent|beset|beseech besought|bind bound|bite bit bitten|
bleed bled|blow blew blown|break broke broken|breed bred|bring brought|build built|burn burnt|buy bought|
catch caught|choose chose chosen|cling clung|come came|creep crept|deal dealt|dig dug|do did done|draw drew drawn|
drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|fight fought|find found|
flee fled|fling flung|fly flew flown|forbid forbade forbidden|foresee foresaw foreseen|foretell foretold|
forget forgot forgotten|forgive forgave forgiven|forgo forwent forgone|forsake forsook forsaken|freeze froze frozen|
get got gotten|give gave given|go went gone|grind ground|grow grew grown|hang hung|have had|hear heard|
hide hid hidden|hold held|keep kept|kneel knelt|know knew known|lay laid|lead led|lean leant|leap leapt|
learn learnt|leave left|lend lent|lie lay lain|light lit|lose lost|make made|mean meant|meet met|mislead misled|
mistake mistook mistaken|mow mown|oversee oversaw overseen|overtake overtook overtaken|overthrow overthrew overthrown|
overrun overran|override overrode overridden|overcome overcame|partake partook partaken|pay paid|plead pled|
prove proven|repay repaid|rethink rethought|retell retold|rebuild rebuilt|rid|ride rode ridden|ring rang rung|
rise rose risen|run ran|saw sawn|say said|see saw seen|seek sought|sell sold|send sent|sew sewn|shake shook shaken|
shear shorn|shine shone|shoot shot|show shown|shrink shrank shrunk|sing sang sung|sink sank sunk|sit sat|
slay slew slain|sleep slept|slide slid|sling slung|slink slunk|smite smote smitten|sow sown|speak spoke spoken|
speed sped|spend spent|spill spilt|spin spun|spit spat|spoil spoilt|spring sprang sprung|stand stood|
steal stole stolen|stick stuck|sting stung|stink stank stunk|stride strode stridden|strike struck stricken|
string strung|strive strove striven|swear swore sworn|sweep swept|swell swollen|swim swam swum|swing swung|
take took taken|teach taught|tear tore torn|tell told|think thought|throw threw thrown|tread trod trodden|
undergo underwent undergone|understand understood|undertake undertook undertaken|uphold upheld|wake woke woken|
wear wore worn|weave wove woven|weep wept|win won|wind wound|withdraw withdrew withdrawn|withhold withheld|
withstand withstood|wring wrung|write wrote written|retake retook retaken|abide abode|outrun outran|
outdo outdid outdone|regrow regrew regrown|redo redid redone|undo undid undone|dwell dwelt|kidnap kidnapped|
bid bade bidden|sue sued|tie tied|die died|free freed|agree agreed|decree decreed|guarantee guaranteed
"""
_NOUNS = (
    "men man|women woman|children child|feet foot|teeth tooth|geese goose|mice mouse|lives life|wives wife|knives knife|"
    "thieves thief|leaves leaf|halves half|selves self|wolves wolf|shelves shelf|loaves loaf|calves calf|gunmen gunman|"
    "policemen policeman|tribesmen tribesman|servicemen serviceman|militiamen militiaman|fishermen fisherman|"
    "spokesmen spokesman|clergymen clergyman|businessmen businessman|airmen airman|crewmen crewman|congressmen congressman|"
    "oxen ox|crises crisis|bases base|analyses analysis|hypotheses hypothesis|coups coup|corps corps|troops troops|"
    "countrymen countryman|herdsmen herdsman|infantrymen infantryman|marksmen marksman|watchmen watchman|"
    "policewomen policewoman|riflemen rifleman|seamen seaman|foremen foreman|councilmen councilman"
)


def _table() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for entry in _VERBS.replace("\n", "").split("|"):
        lemma, *forms = entry.split()
        for form in forms:
            found.setdefault((form, "VERB"), lemma)
    for entry in _NOUNS.split("|"):
        form, lemma = entry.split()
        found[(form, "NOUN")] = lemma
    return found


IRREGULAR = _table()
"""(form in small letters, UPOS) to lemma."""
