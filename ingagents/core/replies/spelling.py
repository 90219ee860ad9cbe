"""How people spell in short messages: contractions written out, slips of the finger put right.

The phrase tables are written in full words ("do not", "interested"); this file brings what people
type ("dont", "intrsted", "plz") to that form, so that no table needs every spelling.
"""

from __future__ import annotations

from collections.abc import Iterator


def written_out(tokens: list[str]) -> list[str]:
    """Contractions and short spellings as full words. Tokens are folded words or ","."""
    words: list[str] = []
    for index, token in enumerate(tokens):
        following = tokens[index + 1] if index + 1 < len(tokens) else ""
        words.extend(full_words(token, index, following))
    return words


def corrected(words: list[str]) -> list[str]:
    """Misspelt key words put right, at most two letters away; all other words untouched."""
    return [_correct(word) for word in words]


def full_words(word: str, index: int, following: str) -> Iterator[str]:
    """One word as full words; `index` is its place in the sentence, `following` the next one."""
    if "'" in word:
        yield from _contraction(word)
    elif word in _SHORT:
        yield from _SHORT[word]
    elif word != "unsubscribes" and word.startswith(
        ("unsub", "unsus", "unscub", "unsbsc", "usubsc")
    ):
        yield "unsubscribe" if not word.endswith(("bed", "d")) else "unsubscribed"
    elif word == "were" and index == 0 and following in _AFTER_WE_ARE:
        yield from ("we", "are")
    elif word == "ill" and following in _AFTER_WILL:
        yield from ("i", "will")
    elif word == "id" and following in _AFTER_WOULD:
        yield from ("i", "would")
    elif word == "4" and following in {"us", "me", "you", "now", "u"}:
        yield "for"
    elif word == "2" and following in _AFTER_TO:
        yield "to"
    elif word == "im" and following not in _AFTER_GERMAN_IM:
        yield from ("i", "am")
    else:
        yield word


# --- contractions -------------------------------------------------------------------------------

_ENDINGS = {"re": "are", "ve": "have", "ll": "will", "d": "would", "m": "am"}
_IS_FOR_S = frozenset(
    [
        "it",
        "that",
        "what",
        "there",
        "here",
        "who",
        "how",
        "where",
        "when",
        "he",
        "she",
        "everything",
    ]
)
_IRREGULAR_NOT = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}


def _contraction(token: str) -> Iterator[str]:
    stem, _, ending = token.rpartition("'")
    if ending == "t" and stem.endswith("n"):
        yield _IRREGULAR_NOT.get(stem[:-1], stem[:-1])
        yield "not"
    elif token in {"let's", "lets'"}:
        yield from ("let", "us")
    elif ending == "s" and stem in _IS_FOR_S:
        yield from (stem, "is")
    elif ending in _ENDINGS and "'" not in stem:
        yield from (stem, _ENDINGS[ending])
    else:
        yield from (part for part in token.split("'") if part)


_AFTER_WE_ARE = frozenset(
    [
        "not",
        "happy",
        "good",
        "all",
        "already",
        "alredy",
        "locked",
        "looking",
        "using",
        "set",
        "fine",
        "currently",
        "in",
        "open",
        "covered",
        "keen",
        "under",
        "going",
        "content",
        "satisfied",
        "sorted",
        "too",
    ]
)
_AFTER_WILL = frozenset(
    [
        "pass",
        "send",
        "take",
        "be",
        "get",
        "need",
        "check",
        "have",
        "let",
        "think",
        "look",
        "forward",
        "share",
        "talk",
        "give",
        "see",
        "do",
        "try",
        "review",
        "come",
        "call",
        "email",
        "discuss",
        "bring",
        "ask",
        "probably",
        "definitely",
        "not",
        "never",
        "consider",
        "reach",
    ]
)
_AFTER_WOULD = frozenset(
    ["love", "like", "be", "rather", "say", "appreciate", "prefer", "want", "need", "have"]
)
_AFTER_TO = frozenset(
    ("join", "see", "know", "hear", "learn", "talk", "me", "us", "be", "do", "go", "meet", "chat",
     "speak", "have", "try", "get", "discuss", "help")
)  # fmt: skip
_AFTER_GERMAN_IM = frozenset(
    [
        "moment",
        "augenblick",
        "prinzip",
        "grunde",
        "urlaub",
        "rahmen",
        "jahr",
        "nachsten",
        "kommenden",
        "laufe",
        "sommer",
        "winter",
        "herbst",
        "fruhjahr",
        "fruhling",
        "buro",
        "haus",
        "januar",
        "februar",
        "marz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
        "zuge",
        "anhang",
        "voraus",
        "einsatz",
        "team",
        "unternehmen",
        "hinblick",
    ]
)

_SHORT = {
    short: tuple(full.split())
    for short, full in {
        "dont": "do not", "dnt": "do not", "doesnt": "does not", "didnt": "did not",
        "cant": "can not", "cannot": "can not", "wont": "will not", "isnt": "is not",
        "arent": "are not", "wasnt": "was not", "werent": "were not", "couldnt": "could not",
        "wouldnt": "would not", "shouldnt": "should not", "havent": "have not",
        "hasnt": "has not", "hadnt": "had not", "aint": "is not", "nt": "not",
        "ive": "i have", "youre": "you are", "theyre": "they are", "weve": "we have",
        "youve": "you have", "thats": "that is", "whats": "what is", "hows": "how is",
        "lets": "let us", "itll": "it will", "youll": "you will", "hes": "he is",
        "shes": "she is", "theres": "there is", "heres": "here is", "whos": "who is",
        "its": "it is", "u": "you", "ur": "your", "r": "are", "plz": "please", "pls": "please",
        "plse": "please", "plez": "please", "pleas": "please", "thx": "thanks", "thnx": "thanks",
        "tnx": "thanks", "tks": "thanks", "thnks": "thanks", "thanx": "thanks", "ty": "thanks",
        "tysm": "thanks",  "msging": "messaging", "msgin": "messaging", "txting": "texting", "txtin": "texting",
        "st0p": "stop", "thanku": "thanks", "thku": "thanks", "msg": "message", "msgs": "messages",
        "cud": "could", "cld": "could", "wud": "would", "wld": "would", "wanna": "want to",
        "gonna": "going to", "gotta": "got to", "lemme": "let me", "gimme": "give me",
        "yep": "yes", "yup": "yes", "yeah": "yes", "yea": "yes", "yh": "yes", "yess": "yes",
        "nope": "no", "nah": "no", "naw": "no", "noo": "no", "nop": "no", "okay": "ok",
        "k": "ok", "kk": "ok", "okey": "ok", "abt": "about", "idk": "i do not know",
        "rn": "right now", "atm": "at the moment", "nxt": "next", "wk": "week", "wks": "weeks",
        "txt": "text", "fwd": "forward", "luv": "love", "gud": "good", "gr8": "great",
        "l8r": "later", "2moro": "tomorrow", "tmrw": "tomorrow", "tmr": "tomorrow",
        "tmrow": "tomorrow", "2mrw": "tomorrow", "tomo": "tomorrow",
        "wht": "what", "hv": "have", "hav": "have", "bt": "but", "mor": "more", "knw": "know",
        "wnt": "want", "snd": "send", "sned": "send", "deets": "details", "mtg": "meeting",
        "meetin": "meeting", "biz": "business", "coz": "because", "cuz": "because",
        "sched": "schedule", "nvm": "never mind", "rmv": "remove", "remov": "remove",
        "remvoe": "remove", "reomve": "remove", "emial": "email", "emials": "emails",
        "emailin": "emailing", "contactin": "contacting", "sotp": "stop",
        "optout": "opt out", "nonstop": "non stop", "delte": "delete", "delet": "delete",
        "intrest": "interest", "intrst": "interest", "interst": "interest",
        "intrstd": "interested", "notinterested": "not interested", "nothanks": "no thanks",
        "thankyou": "thank you", "thankyu": "thank you", "appt": "appointment",
        "tel": "phone", "wtf": "what the fuck",
        # German without the umlaut key.
        "moechte": "mochte", "moechten": "mochten", "fuer": "fur", "loeschen": "loschen",
        "loeschung": "loschung", "geloescht": "geloscht", "zurueck": "zuruck",
        "koennen": "konnen", "koennten": "konnten", "koennte": "konnte", "wuerde": "wurde",
        "wuerden": "wurden", "waere": "ware", "waeren": "waren", "naechste": "nachste",
        "naechsten": "nachsten", "naechster": "nachster", "naechstes": "nachstes",
        "spaeter": "spater", "gespraech": "gesprach", "praesentation": "prasentation",
        "buero": "buro", "moeglich": "moglich", "ueber": "uber", "hoeren": "horen",
        "gehoert": "gehort", "aufhoeren": "aufhoren", "kuenftig": "kunftig",
        "zukuenftig": "zukunftig", "ueberhaupt": "uberhaupt", "belaestigen": "belastigen",
        "belaestigung": "belastigung", "zustaendig": "zustandig", "zustaendige": "zustandige",
        "zustaendigen": "zustandigen", "frueher": "fruher", "unterstuetzen": "unterstutzen",
        "verfuegbar": "verfugbar", "dafuer": "dafur", "hierfuer": "hierfur",
        "bestaetige": "bestatige", "waehrend": "wahrend", "erhaelt": "erhalt",
        "gruesse": "grusse", "gerne": "gern", "nich": "nicht", "nix": "nichts",
        # French and Spanish short messages.
        "svp": "s il vous plait", "rdv": "rendez vous", "pq": "porque",
        "xq": "porque", "tb": "tambien", "q": "que", "xfa": "por favor", "porfa": "por favor",
        "pf": "por favor", "grax": "gracias", "vlt": "vielleicht",
        "aub": "alstublieft", "obrigada": "obrigado",
    }.items()
}  # fmt: skip

# --- slips of the finger ------------------------------------------------------------------------

_KEY_WORDS = [
    "interested",
    "interesting",
    "interest",
    "schedule",
    "opportunity",
    "already",
    "committed",
    "relevant",
    "information",
    "appreciate",
    "definitely",
    "absolutely",
    "available",
    "tomorrow",
    "calendar",
    "contacting",
    "emailing",
    "messaging",
    "currently",
    "solution",
    "provider",
    "pricing",
    "details",
    "discuss",
    "budget",
    "unfortunately",
    "sponsorship",
    "speaking",
    "conference",
    "proposal",
    "brochure",
    "meeting",
    "decline",
]
_LEFT_ALONE = frozenset(
    [
        "interests",
        "interessen",
        "interesse",
        "interessant",
        "interese",
        "interesses",
        "details",
        "detail",
        "prices",
        "pricey",
        "provided",
        "providers",
        "provide",
        "contracting",
        "meetings",
        "scheduled",
        "schedules",
        "opportunities",
        "solutions",
        "committee",
        "budgets",
        "budged",
        "discus",
        "discussed",
        "declined",
        "declines",
        "commit",
        "retails",
        "relevance",
        "appreciated",
        "appreciates",
        "proposals",
        "conferences",
        "brochures",
        "sponsorships",
        "informations",
        "interessed",
        "calendars",
        "interestingly",
        "disinterested",
        "uninterested",
        "emailings",
        "speakings",
        "weeding",
        "printing",
        "interested",
        "interesting",
        "interest",
    ]
)
_SLIP_MIN_LETTERS = 5


def _without_one(word: str) -> Iterator[str]:
    return (word[:index] + word[index + 1 :] for index in range(len(word)))


def _slips() -> tuple[dict[str, str], dict[str, str]]:
    """Key words with one letter left out, and the long ones with two left out."""
    one: dict[str, str] = {}
    two: dict[str, str] = {}
    for word in _KEY_WORDS:
        for shorter in _without_one(word):
            one.setdefault(shorter, word)
            if len(word) >= 9:
                for shortest in _without_one(shorter):
                    two.setdefault(shortest, word)
    return one, two


_ONE_LEFT_OUT, _TWO_LEFT_OUT = _slips()
_KNOWN = frozenset(_KEY_WORDS) | _LEFT_ALONE
_FIRST_LETTERS = frozenset(word[0] for word in _KEY_WORDS)


def _correct(word: str) -> str:
    if not _SLIP_MIN_LETTERS <= len(word) <= 13 or word in _KNOWN or word[0] not in _FIRST_LETTERS:
        return word
    found = _ONE_LEFT_OUT.get(word) or _TWO_LEFT_OUT.get(word)
    if found is None:
        for shorter in _without_one(word):
            # One letter too many, a wrong one, or two letters swapped.
            if shorter in _KNOWN and shorter in _KEY_WORDS:
                found = shorter
                break
            found = _ONE_LEFT_OUT.get(shorter)
            if found is not None and abs(len(found) - len(word)) <= 1:
                break
            found = None
    return found if found is not None and found[0] == word[0] else word
