"""English: how people ask to be left alone, and what only looks like it.

Opt-outs are read generously: an opt-out taken for a refusal writes to somebody who forbade it
(Art. 21 GDPR), a refusal taken for an opt-out only loses a lead that said no anyway.
"""

from __future__ import annotations

from ingagents.core.reply_phrases_cues import Cue, PhraseTable

__all__ = ["ENGLISH_OPT_OUT"]

_OPT_OUT = """
    if you ({write}|reach out to) {us} (again|anymore|any more|any further|one more time)
    consider me (removed|unsubscribed|opted out)
    stop (this|it) at once
    leave (my|our) (inbox|team|staff|company|colleagues|phone) (alone|out)
    # A wish to be gone, however it is built: the words in order, anything short between them.
    (remov*|delet*|eras*|exclud*|withdraw*|drop|take|taken|taking|strip|clear|scrub|purge*|
        wipe*) ~ (me|my|us|our|mine|myself) ~ (list*|database|records|crm|system|mailing*|
        contacts|files|sequence*|cadence|distribution|campaign*|mailings|outreach|emails|
        newsletter*|spreadsheet)
    (not|never|no|without|not be|no one) ~ (contact*|email*|messag*|text*|call*|mail*|writ*|
        write|reach*|spam*|bother*|pester*) ~ (again|anymore|any more|further|ever|in the
        future|in future|going forward|from now|henceforth)
    (my|our|this|these|all) (data|details|info*|email*|name|address*|number|contact|contacts|
        record*) ~ (deleted|removed|erased|taken off|wiped|purged|off your|out of your)
    (not|no|never|without) ~ permission to ({write}|use|send|store|hold|keep)
    (not|never|no longer) [~ ](receive|get|be getting|receiving|getting|see) (any|more|another|
        these|your|this) [~ ](of these|more|email*|message*|mail*|from you|again|anymore|spam|
        such)
    stop ~ (follow*|pitch*|emails|messages|outreach|contact|calls|texts|spam|automated|
        newsletter*)
    (do not|never|not) (follow up|followup|reach out|contact|get in touch|use (it|this|my))$
    (want|prefer|request|like|have|demand) no [_ ](contact|communication|emails|messages|calls)
    consent [~ ](withdrawn|revoked)
    (not|never) [_ ](have|had|got) (my|our) (consent|permission)
    not [be ](in|on|part of) your (database|list*|crm|system|records|mailing*|sequence*)
    object to [~ ](marketing|processing|solicitation|contact)
    (prefer|rather|like|choose|ask|wish) not to (receive|get|be (contacted|emailed|messaged|
        called|on|bothered|disturbed)|hear)
    (prefer|rather|appreciate it|like it|love it|great|grateful|happy|nice|good|thankful|better)
        [it ][if ]you (did not|do not|would not|could not|stopped|stop|never|removed|left|
        refrained|deleted|took) [~ ]({write}|contacted|emailed|me|us|my|our|contacting|emailing|
        messaging|writing|again)
    out of my (inbox|mailbox|email)
    never come back
    (message*|email*|calls|contact|you) (is|are) (unwelcome|not welcome|unwanted|not wanted)
    unwanted (email*|message*|contact|mail*|solicitation*|communication*|calls)
    do not send (another|more|any)
    stop all$
    stop it with
    (be|left|leave us|leave me) out of (this|it|your|these)
    rid of (my|our)
    enough (emails|messages|calls|mails|spam|follow*)
    despite my (request*|asking|repeated|previous|opt|unsubscrib*)
    (kindly|please) desist
    (let|make) this [be ]the last
    (last|final) (message|email) (you|from you)
    do {us} [_ ][_ ]favo* and (delete|remove|stop|forget|lose|unsubscribe)
    # Unsubscribing and lists.
    unsubscribe*
    un subscribe
    desubscribe
    opt me out
    opt (us|him|her|out)
    opting out
    opted out
    opts out
    opt my _ out
    (remove|removing|exclude|delete|deleting|erase|scrub|purge|wipe|strike|scratch|cross|unlist|
        deregister|blacklist|suppress|withdraw|omit|eliminate) {us}
    (remove|removing|delete|deleting|erase|erasing|purge|wipe|scrub|destroy|clear|strike|
        scratch|lose|drop|forget|discard) (my|our|this|all my|all our|any of my|all of my)
        [~ ](name|email*|mail|address*|number|phone|contact|contacts|info*|details|data|record*|
        profile|account|company|file|entry|domain|inbox|mailbox)
    (remove|delete|erase) (all|any|everything) ~ (about|on|of|regarding) {us}
    (delete|erase|remove) (it|them|everything|all of it|all of this) (immediately|now|please|at
        once|asap|from)
    ^[please ](delete|erase|remove) (it|them|everything|all of it|this|that)$
    drop {us} from
    (lose|forget|delete) my (number|email|address|contact|details|info)
    forget (you have|you ever|i exist|that i exist|we exist|you know|about me)
    (take|get|taking|keep|leave|pull|strike|scratch|cross) ({us}|(my|our|this) (name|email*|
        address|number|details|data|contact|company|team|info|domain|inbox|account)) [~ ](off|
        out of)
    (take|get|keep|pull|scratch|cross) {us} ~ (off|out of) (your|this|the|that|these|all|any|it)
    take (me|us) out$
    (leave|keep) {us} out[ (of)]
    off (your|this|that|any|all|all your) _ (list*|mailing|database|distribution|sequence|
        cadence|campaign|crm|emails|books|radar|records|rolodex)
    (be|want|get|am|was|been|like|name|email|address|need) ~ (off|removed from|deleted from|
        taken off) (your|this|the|that|these|any|all)
    (to|please) be (removed|taken off|excluded|deleted|unsubscribed|left alone)
    want [to be ](removed|out of|off)
    be (removed|unsubscribed|taken off|left alone)$
    (request*|require|demand*) ~ (removal|deletion|erasure)
    removal (please|request)
    (have|has) not (been )(removed|unsubscribed)
    (not|never) (removed|unsubscribed) me
    ^[please, ](remove|stop|stopall|quit|end|cancel|arret|delete|optout|
        unsub)[, please][ now][ immediately][ thanks][ thank you]$
    remove (from|off) _ (list*|mailing|database|distribution|sequence)
    ^remove from
    (add|put) {us} (on|to|in) (your|the|a) (do not|dnc|suppression|block|no contact)
    do not (contact|call|mail|email) (list|registry|register)
    ^dnc$
    # Stop doing it.
    stop ~ {writing}
    stop ~ (receiving|getting) ~ (from|these|this|your|email*|message*|them|it)
    stop hearing from
    stop with (the|these|this|your|all)
    stop (the|these|those|your|all|all of|any|all the|all your|sending me) [_ ](email*|mail*|
        message*|spam|outreach|sequence|calls|communication*|contact|correspondence|texts|
        campaign|automation|bot|nonsense|harassment|madness|garbage|crap)
    stop (this|it|that)[, please][ now][ immediately][ spam][ nonsense][ already]$
    stop this (spam|nonsense|sequence|campaign|outreach|harassment|crap|email*|immediately|now)
    (please|pls|just|now|but|and|kindly|and please|asked you to|told you to|now please),
        stop[, please][ now][ it][ this][ already][ thanks]$
    stop[, please][ now][ immediately][ already][ thanks][ thank you]$
    ^(ok|no|enough|hey|hi|hello|well|seriously), stop$
    ^stop,
    ^stop stop
    (cease|discontinue|halt|desist|refrain from|suspend|terminate|end) ~ ({writing}|contact|
        communication*|correspondence|outreach|emails|messages|contacting)
    (please|kindly) stop
    (quit|cease) {writing}
    (quit|cease) (it|this|the|with|your)
    (discontinue|halt|cease) (this|these|those|your|all|the|any)
    cease and desist
    knock it off
    cut it out
    give it a rest
    get lost
    go away
    ^away$
    buzz off
    (leave|let) {us} (alone|be$|in peace)
    (piss|fuck|bugger|sod|f|eff|naff|jog|do) off
    (fuck|screw|f) (you|u|this|your)
    go to hell
    drop dead
    take a hike
    get a life
    shove (it|your|this)
    go f* yourself
    get out of my (inbox|life|dms|face)
    # Do not do it.
    (do not|never|not to|do not you|must not|may not|you can not|should not|no longer|not) (ever
        |please |you dare |dare |you ever |try to |even |bother to |bother |again |to |bother me
        or ){write} [~ ]({us}|here|this|again|anymore|any more|further|ever|at this|any further|
        our)
    (do not|never|not to|must not|should not|not) {write} [~ ]({us}|here|this (address|email|
        number|account|inbox|person|again)|again|anymore|any more|further|ever|our (company|
        office|team|staff|employees))
    (do not|never) (contact|email|text|spam|message|call|mail|dm)[ please]$
    (do not|never) [ever ][please ](send|forward|shoot|mail|write) ({us}|any|anything|more|
        further|this|these|such) [~ ](again|anymore|any more|further|email*|message*|mail*|spam|
        more|ever|anything else|solicitation*|stuff)
    (do not|never) (send|write) {us} (anything|these|this|such|any)
    (do not|never|not) [ever ](reach out|get in touch|follow up|make
        contact)[ to me][ with me][ to us][ with us][ ever] (again|anymore|any more|further|
        ever|with me|to me)
    (do not|not) (want|wish|like|care|need|expect|agree|consent) to (be (contacted|emailed|
        called|messaged|on|in|part of|bothered|spammed|solicited|added|disturbed|approached)|
        receive|hear|get)
    (do not|never) [ever ](want|wish|need|like) [~ ](emails|messages|calls|spam|hear from you|to
        hear from|you to (contact|email|message|call|write)|your (emails|messages|spam|calls|
        newsletter*)|further contact|more contact|communication*)
    (do not|no longer|not) wish to
    no longer (want|wish|like|willing) to (receive|get|hear|be)
    not want any (more|further)
    want no (more|further|part)
    no (more|further) [_ ](email*|mail*|message*|contact|calls|outreach|communication*|spam|
        correspondence|follow up*|followups|texts|pitches|newsletter*|of (this|these|your))
    (without|no) further (contact|notice from)
    not (be )contacted again
    (do not|never) (add|put|keep|include|have|sign|subscribe|enrol*) {us} (on|to|in|up|with)
    no (solicit*|soliciting|cold (calls|emails|email)|spam|spamming|unsolicited)
    (do not|never) darken
    not open to (solicitation|unsolicited|cold)
    consider this (a|my|our) (formal|final|last|official)
    final (warning|notice)
    (last|final|second|third|fourth|fifth) (time|warning|request) ~ (ask*|tell*|say*|you|i|
        before)
    how many times
    (told|asked) you (already|before|to stop|not to|twice|several|repeatedly|multiple|three|
        many|once)
    (already|previously) (asked|told|requested|said) [~ ](stop|remove*|unsubscribe*|not
        interested|no)
    enough (already|with|of|is enough|spam)
    ^enough$
    stop already
    # Spam, complaints, the law.
    ^[_ ][_ ](this|it|that|your _|you|these|which|all) (is|are|looks like|look like|feels like|
        seems like|seems) [_ ][_ ](spam|spamming|harassment|spammer|spammers|harassing)
    (this|it|that|these) (is|are) [_ ](spam|harassment|junk)
    ^stopsign$
    spam me
    spamming
    (you|you are a|fucking|bloody) (spammer*|scammer*)
    ^spam*$
    ^[_ ]spam$
    ^pure spam
    ^scam*$
    (mark*|report*|flag*|treat*|classif*) ~ (as|for) ~ (spam|junk|abuse|phishing|harassment|
        scam)
    (will|have|be|am|are|going to|being|just|already|been) _ (report|reporting|reported|flag|
        flagging|block|blocking|blocked|flagged) (you|this|your|it)
    (report|reporting|block|blocking|blocked|reported) (you|your (email|domain|account|address|
        profile|company))[ to]$
    (report|reporting|reported) (you|this|your _|it) (to|as|for)
    (block|blocking|blocked|ban|blacklist*) (you|your|this (sender|domain|address|number))
    (you are|you have been|are) (blocked|reported|blacklisted)
    ^(blocked|reported)$
    (gdpr|ccpa|pecr|tcpa|can spam|dsgvo|privacy|data protection) [_ ](request|violation*|breach|
        complaint|erasure|deletion|removal|notice|authority|commissioner)
    (violat*|breach*|infring*) ~ (gdpr|can spam|privacy|ccpa|pecr|data protection|law*|tcpa)
    (under|per|pursuant to|according to|in accordance with|invoke*|exercis*) ~ (gdpr|ccpa|
        article|my right*|data protection)
    gdpr [~ ](delete|erase|remove|stop)
    right (to|of) (erasure|be forgotten|object)
    article (17|21)
    object to ~ (processing|use of my)
    (withdraw|revoke*) ~ consent
    (file|filing|lodge|make|making|submit*) ~ complaint
    (legal action|take you to court)
    (will|going to) sue
    (my|our) (lawyer*|attorney*|solicitor*|counsel) [_ ](will|is|are|shall|know*)
    hear* from (my|our) (lawyer*|attorney*|solicitor*)
    (harass|harassing|harassment|stalking)
    invasion of [my ]privacy
    (never|not) [ever ](sign|signed|signing) up (for|to) (this|your|these|any|it|anything|that)
    (never|not) [ever ](subscribe*|opt* in|gave ~ (consent|permission)|give ~ (consent|
        permission)|consent*|agree* to (this|receive|be|get)|request* (this|these|your|any|to
        be)|authori*)
    (never|not) [ever ](ask|asked) (for|to) (this|be|these|your (email*|message*|spam)|any of|
        receive|get|it)
    never (asked|wanted) (for )?this
    without my (consent|permission)
    (where|how) ~ get ~ (email|number|data|contact|details|address|info*|name) ~ (delete|remove|
        erase|stop|forget)
    lose this (email|number|address)
    (unfollow|unconnect|disconnect)ing
    (remov*|delet*) you (from|as)
    disconnect from you
    not (a|an) [_ ](valid|appropriate|approved) (use|contact)
    not for solicit*
    (take|have) the hint
    can not take (a hint|no for)
    no means no
    (you|your) (are )?blocked
    (do not|not be|not to be|never) use* [_ ](for (marketing|sales|spam|solicitation|
        advertising|commercial|cold|such|this))
    (do not|never) (circle|come|check) back
    what part of (no|not|stop|unsubscribe)
    restraining order
    """

_NOT_OPT_OUT = """
    (happy|glad|great|love it|good|nice|fine|pleased) if you ({write}|reach out to) {us}
    # "Don't stop": but "if you do not stop" is a threat.
    (please |pls |just |and |but |so |hi |hey )do not [ever ](stop|unsubscribe|remove|delete|
        drop|take {us} off|opt|forget|block|cancel|quit)[ {us}]
    ^do not [ever ][please ](stop|unsubscribe|remove|delete|drop|take {us} off|opt|forget|block|
        cancel|quit)[ {us}]
    (never|no need to|no reason to|please not) (stop|unsubscribe|remove|delete|drop|opt)[ {us}]
    (can not|could not|not able to|will not|would not|did not|not going to|never) stop
        [_ ](thinking|reading|laughing|smiling|talking|raving|looking|wondering|using|watching)
    (not|never) (asking|trying|looking|planning|going|wanting|about|want|wish|mean*|intend*)
        [you ](to|on) [be ](unsubscrib*|remov*|opt*|stop)
    not unsubscribing
    almost unsubscribed
    (nearly|almost|about to|was going to|were going to|ready to|tempted to) ~ (unsubscribe*|
        delete* [_ ][_ ]|report* (this|you) [as spam]|mark* ~ spam|hit (spam|delete))[ but]
    glad i did not (unsubscribe|delete)
    (thought|assumed|figured) (this|it) was spam
    (went|goes|landed|ended up|was|were|stuck|found|caught|buried|sitting|fell|got|going|it|
        them|you|this|email|message) ~ (in|into|to) ~ (spam|junk)[ folder][ filter]
    spam (folder|filter)
    (is|are|was|be) not [_ ]spam
    ^not spam
    without spam
    (our|my own|their|its|the client s|your customers|customers|users|clients)
        [own ][_ ][_ ](unsubscribe*|opt out|opting out)
    (are|were|being|is) (spammed|harassed) by
    unsubscribe (rate*|flow|flows|feature*|metric*|analytics|api|logic|management|process|
        handling|header*|compliance|functionality|numbers|requests|events|data|webhook*)
    (handle|handles|handling|manage|manages|process|track|tracks|support|supports|reduce|
        reduces|lower|high|low|fewer|automate|deal with|automatic|sync) ~ (unsubscribe*|opt
        outs|opt out|opting out|(gdpr|deletion|erasure) [_ ]request*)
    unsubscribes
    (does|do|is there|has|can|will) [~ ](tool|product|platform|software|system|app|service|
        solution) ~ (unsubscribe|opt out|delete my|delete our|erase our|remove our)
    opt out (option*|feature|flow|rate*|process|form|mechanism|page|period|clause)
    opted out of (the|our|that|my|a|an|another|hubspot|using|last|their|it)
    (people|users|customers|subscribers|clients|prospects|leads|recipients|they|who|members) ~
        (unsubscrib*|opt out|opted out|opt* out|stop* {writing}|harass*)
    (to|can|may) unsubscribe (from (this|these|our|future)|click|here|at any|please click|
        simply)
    (click|tap|press) [_ ][_ ]to unsubscribe
    unsubscribe (here|[_ ][_ ][_ ][_ ]at any time|anytime)
    unsubscribe (button|link|page|form|flow) [_ ](on|in|of|for) [_ ](our|my)
    unsubscribe weblink
    (you|your company|your team) ~ unsubscribe (link|button|page)s for
    if you (no longer|do not) (wish|want) to (receive|be|hear|get)
    # Mail footers.
    (not|if you are not) the (intended|named|correct) (recipient|addressee)
    (received|receive) (this|it) _ (in|by) (error|mistake)
    (delete|destroy) (this|the|it|all copies|any copies) [~ ](email|e mail|message|copies|
        immediately|from your system)
    do not (reply|respond) to this (email|message|mail|address)
    please (do not|not) (reply|respond)
    consider the environment
    # Stopping something else.
    ^stop, (this|that|it|you) (is|are|sounds|looks|seems|had|got) (amazing|great|awesome|
        brilliant|incredible|so|too|fantastic|perfect|me|the|a|very|really|good|exactly|right|
        making)
    stop (by|over|into|off at|past|at|in at|in and|loss|motion|gap|sign|shop|light|worrying|
        words|the (presses|bleeding|churn|leak*|rot|press))
    (one|non|full|bus|pit|next|first|last|hard|truck|short|whistle|dead|tech|e) stop
    (want|wants|need|needs|trying|hoping|looking|able|love|ready|how|when|decided|plan|planning|
        helps|help us|help me|helped us|us|we|would like|so we can|finally|had|team) [to ]stop
        (sending|calling|emailing|using|doing|chasing|following|writing|wasting|losing|paying|
        relying|churning|guessing|cold|spamming|messaging|texting|filling|flooding)
    help* [_ ][to ]stop
    how ~ stop ~ (spam|bots|fraud|churn|attack*|abuse|no shows|them)
    (made|makes|make|got) me stop
    stop* me in my tracks
    stop scrolling
    stop (what|everything)
    stop shop
    stop apologi*
    stop here
    do not let {us} stop
    not be (stopped|a stop)
    what is stopping
    # Dropping, removing, taking and leaving something else.
    drop {us} (a|an|your|the|some|an email)
    take {us} out (to|for)
    off (the |my )(waitlist|wait list|waiting list|mute|fence|speaker|hook|ground|record|shelf)
    (delete|remove|ignore|forget|disregard) (my|the|that|our) (previous|last|earlier|first|
        other|prior|old)
    remove {us} from (cc|copy|bcc|the (thread|cc|waitlist|waiting list|queue))
    (remove|delete|erase) (my|our|any|the|all) [_ ](doubt*|concern*|barrier*|friction|worr*|
        objection*|blocker*|obstacle*|paywall|watermark|duplicate*|hesitation*|backlog|
        bottleneck*)
    (remove|lift) the
    leave {us} out in
    do not leave {us} (out|alone|hanging)
    not leave {us} out
    can not wait
    cross (my|our) fingers
    # Choosing the way of contact is not forbidding it.
    do not (call|phone|ring|text|email|message|dm)[ {us}], (but|just|use|rather|please) [just ]
        (email|text|message|call|mail|whatsapp|linkedin|my (personal|work|private|other|mobile))
    do not (call|phone|ring|text|email|message|dm)[ {us}], (email|text|message|call|mail|whatsapp)
    do not (call|phone|email|text|message|contact) {us} (before|until|after|today|tomorrow|this
        (week|morning|afternoon)|on (weekends|{day})|at (work|home|the office)|by|via)
    do not (call|phone|email|text|message|contact|mail) [~ ](instead|rather)
    no (more|further) (emails|messages)[ ,] (let us|just call|call me|let)
    (call|text|phone|whatsapp|message|email) {us}, [but ][and ][please ]do not (call|email|
        message|text|mail|phone)
    (would not|will not|never|does not|did not) leave* (me|us|them) alone
    unsubscribed from (everyone|everybody|everything|all the other|all other|most|other*|the
        other)
    (crime|silly|foolish|crazy|mad|sad|shame|fool) to unsubscribe
    no need to {write} [_ ](again|anymore|further)
    (a|an|any|the) opt out for
    can not opt out of
    why did ~ stop
    unsubscribing from (other|all other|the other|another)
    no (problem*|worries|rush|hurry|doubt)
    # Negated politeness.
    (do not|never|not to|not) (hesitate|be afraid|be shy|forget|worry|wait|fail|be a stranger)
        [about ][to ][~ ]({write}|reach out|get in touch|ask|keep)
    why do not you ({write}|send|stop by|reach out)
    (can not|do not) mind
    (no|any|without) (obligation|commitment)
    not (get|got|receive|received|see) your
    (our|the) lawyer* [_ ]will [_ ](review|look|check|read|sign)
    (report|reporting) (you|that you) (sent|shared|mention*)
    block (out|off|time|some|my calendar)
    (our|the) legal team will (review|look|check)
    """

ENGLISH_OPT_OUT: PhraseTable = {
    Cue.OPT_OUT: _OPT_OUT,
    Cue.NOT_OPT_OUT: _NOT_OPT_OUT,
}
