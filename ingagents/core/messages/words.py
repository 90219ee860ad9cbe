"""The English a model's message may use without resting on the profile or the campaign.

A word that is in no list here and in no fact is a statement nobody made: "payments", "Dave", "keynote",
"third". So the list has the words of an invitation and of courtesy, and leaves out on purpose what
would be a fact about the reader or the event (numbers, dates, achievements, media, praise, money).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def words_of(text: str) -> list[str]:
    """The words of a text, casefolded, without the genitive's end."""
    found = (word.replace("’", "'").casefold() for word in WORD.findall(text))
    return [word.removesuffix("'s") for word in found]


def spellings(word: str) -> Iterator[str]:
    """The word and what it may be a form of: planning, plann, planne, plan."""
    yield word
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 3:
            continue
        yield stem
        yield stem + "e"
        if stem[-1] == stem[-2]:
            yield stem[:-1]
        if stem[-1] == "i":
            yield stem[:-1] + "y"


def known_word(word: str, facts: Iterable[str] = ()) -> bool:
    """True for a word (casefolded) of courtesy, or a form of one of the facts' words."""
    forms = set(spellings(word))
    return not forms.isdisjoint(COURTESY) or not forms.isdisjoint(facts)


def foreign_share(text: str, facts: frozenset[str] = frozenset()) -> float:
    """The share of words that are no English of invitations, the facts' left out of the count.

    Near 1 for another language; a text of facts alone has no language, and 0.
    """
    words = [word for word in words_of(text) if len(word) > 1 and facts.isdisjoint(spellings(word))]
    return sum(not known_word(word) for word in words) / len(words) if words else 0.0


_ENDINGS = ("ings", "ing", "ers", "er", "ed", "ies", "es", "s", "ly", "d")


def _list(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LITTLE = _list(
    "a an the i me my mine we us our ours you your yours he she it its they them their this that "
    "these those who whom whose which what when where why how and or but nor so yet if whether as "
    "because since while though although than then of at in on by for to from with without about "
    "into onto over under up down out off through across between among around within toward towards "
    "along before after during until upon per via near like unlike is are am was were be been being "
    "do does did done doing have has had having will would shall should can could may might must "
    "not no yes don't won't can't isn't aren't wouldn't couldn't i'm i'd i'll i've we're we'd we'll "
    "we've you're you'd you'll you've it's that's there's there here let's who's what's how's some "
    "any each every both either neither all another other others such same own else much many more "
    "most less least few little several lot bit very too quite rather really just only also even "
    "still already always never often sometimes usually once ever perhaps maybe anyway however "
    "therefore instead otherwise well now soon later one ones someone somebody anyone anybody "
    "everyone everybody something anything everything nothing"
)

COURTESY = _LITTLE | _list(
    # greeting, asking, thanking, signing
    "hi hello hey dear greetings good morning afternoon evening thanks thank please kind kindly "
    "best regards warm warmly cheers sincerely sorry pardon respect respectfully wish wishes welcome "
    "glad happy pleased delighted honoured honored grateful appreciate curious keen eager excited "
    "hope hopefully wonder imagine "
    # speech and thought
    "ask answer question reply respond word words line note message letter write wrote say said tell "
    "told talk talks speak speaker speakers speaking spoke hear heard listen mention describe explain "
    "share discuss discussion chat conversation call think thought thoughts believe feel sense see "
    "seen look looks looked find know knew learn mind idea ideas consider consideration "
    "suppose understand decide decision choose choice chose prefer suggest suggestion recommend "
    "introduce introduction invite invitation invited reach contact connect connection touch "
    # the event in general words
    "event events summit conference conferences meetup gathering programme program agenda stage "
    "session sessions slot topic topics subject theme themes audience attendee attendees participant "
    "participants guest guests visitor host organise organize organiser organizer organisers "
    "organizers plan planning prepare bring brings brought together put join joining attend visit come "
    "came go take takes part place hold held run running set lineup room floor edition "
    "community communities people person peer peers colleague colleagues team teams teammate folks "
    "crowd group groups circle field area areas industry sector space world market tech technology "
    "technical digital detail details outline overview information info short brief briefly quick "
    "quickly concise simple simply plain open "
    # sponsoring in general words, without money
    "sponsor sponsors sponsoring sponsorship partner partners partnering partnership support "
    "supporting supporter exhibit exhibitor booth presence visibility way ways option options form "
    "forms possible possibility possibilities opportunity opportunities fit fits fitting match "
    "matches align suit suitable right relevant relevance interest interests interested interesting "
    # a reader's work in general words
    "work works working worked job role roles position title responsibility experience experiences "
    "expertise background view views viewpoint perspective perspectives insight insights knowledge "
    "practice practical practitioner practitioners practise lesson lessons story "
    "stories approach approaches angle voice voices profile headline company companies firm "
    "organisation organization business product products project projects "
    "challenge challenges problem problems solution solutions skill skills focus focused focusing "
    "lead leads leading leader leaders leadership manage managing build building builds create "
    "creating develop developing shape shaping drive driving help helps helping serve "
    "use using make makes making made change "
    # judging without praise
    "value values valued valuable useful helpful great nice worth worthwhile add adds addition "
    "additional contribute contribution contributing benefit enjoy enjoyed like liked love "
    "real true honest actual actually exactly especially particular particularly "
    "clear clearly different similar common general specific special directly "
    "fresh thoughtful worth natural strong deep deeper closely close "
    # courtesy's verbs and nouns
    "ready would get gets getting give gives giving given gladly send sends sending sent show shows shown "
    "offer keep let want wants need needs try start stay leave turn mean seem appear wait "
    "follow forward pass point care begin end ends matter matters lie sit stand stood caught "
    "catch noticed notice saw read spotted stumbled struck spot pick exchange time moment "
    "while city venue location house home life thing things kind sort type "
    "example case fact reason reasons list name names side step aim goal purpose start "
    "beginning end whole full able available likely perfect ideal fine okay ok "
    "busy far long early late ahead away "
    "linkedin network networks networking cover covers covered explore exploring dive diving bring "
    "bringing gather gathering light lively warmest cordially respond feedback pressure "
    "rest everyday daily shared sharing direction ground "
)
