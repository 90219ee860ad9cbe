"""English: questions, doubts, "later", absences, other people, machines and thanks."""

from __future__ import annotations

from ingagents.core.reply_phrases_cues import Cue, PhraseTable

__all__ = ["ENGLISH"]

_INSTRUCTION = """
    (ignore|disregard|forget|override|bypass|overrule|skip) [~ ](previous|prior|above|earlier|
        preceding|existing|other|system|your|the|these|all|any|following|former)
        [~ ](instruction*|prompt*|directive*|guideline*|rules|context|programming|training|
        commands)
    (ignore|disregard|forget) (all of the above|everything above|everything before|the above|
        what (you were|i) told|all previous|all prior|everything you)
    (system|developer|hidden|initial|secret|original) (prompt|instruction*|message|override|
        note|command|directive*)
    ^(system|assistant|developer|user|instruction|instructions|admin)$
    ^(system|assistant|developer|important|attention|note to|admin|instruction|inst) (note|set|
        mark|classif*|instruction*|output|you|override|update|status|reply|ai|assistant|model|
        message|this lead|intent|sentiment|lead|for|to)
    (mark|classify|label|tag|score|categori*|treat|log|flag|set|report) [~ ](lead|prospect|
        contact|reply|response|message|email|sentiment|intent|status|classification|this|me|it|
        user|sender|conversation|text|as) [~ ](interested|positive|hot|qualified|speaker|
        sponsor|converted|very|high|highly|responded|accepted|10)
    (intent|sentiment|classification|confidence|label|category|lead score|score|status|verdict)
        [_ ](interested|positive|hot|is|set|1|10|100|0|high|speaker|sponsor|must|should be|to)
    set _ (intent|sentiment|status|classification|score|quality|lead)
    (output|print|return|respond|reply|answer|write|say) [_ ](only|with|exactly|json|just|in
        json|the word) [~ ](interested|positive|json|hello|yes|following|exactly|the|intent|i|a|
        an|ok)
    (you are|act as|acting as|pretend|roleplay|behave|as) [_ ][_ ](an ai|a language|a helpful|
        chatgpt|gpt|claude|an assistant|dan|a classifier|a bot|an unrestricted|ai assistant|now)
    (dear|hey|hello|hi|attention|note to|to the|for the|message to|if you are) [_ ](ai|llm|bot|
        assistant|model|classifier|language model|chatgpt|gpt|automated system|an ai|a bot|an
        llm)
    (the|this) (lead|prospect|recipient|user|person|contact|customer|sender) [_ ](is|was|has|
        wants|agreed|should be|must be|would) [_ ](interested|very|highly|extremely|hot|
        qualified|agreed|accepted|to|a|been|definitely|positive|super)
    (new|updated|revised) (instructions|rules|task|directive)
    (jailbreak|prompt injection|sudo|end of (prompt|message|instructions|user)|begin (system|
        instructions)|developer mode|debug mode|admin mode|maintenance mode)
    (environment variables|api key*|system prompt|your instructions|your prompt)
    (reveal|show|print|repeat|leak|tell me) [~ ](your|the) [_ ](prompt|instructions|rules|api
        key|password*|secret*|configuration)
    (forward|send|email|wire|transfer) [~ ](all leads|the lead list|all contacts|your (database|
        credentials)|customer list)
    """

_BOUNCE = """
    undeliver*
    (could|can|was|were|has|have|is) not [be |been ](delivered|reach*d)
    delivery [~ ](fail*|status notification|incomplete|delayed|error|problem|unsuccessful)
    (failed|failure|unable|fail) [_ ](to be |to )(deliver*)
    mail delivery
    mailer daemon
    postmaster
    address (not found|rejected|unknown|invalid|does not exist|could not be found|is (invalid|
        unknown|not valid|no longer))
    (user|recipient|mailbox|host|account) [_ ](unknown|unavailable|not found|disabled|does not
        exist|is full|full|rejected|inactive|over quota|not exist)
    no such (user|mailbox|address|recipient)
    unknown (user|recipient|host)
    (email|e mail|mail|address|mailbox|account|inbox) [~ ](does not|did not|no longer) (exist*|
        valid|active|in use|accept*)
    return* (to sender|mail)
    permanent (error|failure|fatal)
    failed permanently
    (550|551|553|554) (5|4|user|no|mailbox|address|recipient|sorry)
    quota exceeded
    tried to reach (does not|is)
    account that you tried
    message (rejected|blocked|not delivered|bounced)
    bounced
    smtp error
    message was not delivered
    (recipient|address*) (not|could not) be found
    """

_AWAY = """
    out of [the |my |our ]office
    ^ooo
    ooo (until|till|from|through|this|today|notice|reply)
    (am|is|are|be) ooo
    (auto|automatic|automated|automatische) (reply|response|message|responder|answer|email)
    (autoreply|autoresponse|autoresponder|autorespond*)
    on [_ ](annual|parental|maternity|paternity|sick|medical|family|bereavement|study|extended|
        personal|military|unpaid|long|garden|gardening|compassionate) (leave|vacation|time off)
    (on|enjoying|taking) [my |a |our |well deserved |short |some |family |summer |
        an extended ](vacation|holiday|holidays|pto|leave|sabbatical|honeymoon|annual leave|
        retreat|vacations|business trip|time off|break|paternity|maternity)[ until]
    (parental|maternity|paternity) leave
    (am|is|are|be|currently|will be|been) [_ ][_ ](away|traveling|travelling|abroad|offline|
        unavailable|out) [_ ](from|until|till|on|through|this|and|with|for|the|at|between|
        without|in|all|today|sick|of)
    currently (away|traveling|travelling|out|unavailable|offline|abroad|on leave)
    (am|be|is) (traveling|travelling|offline|unavailable)$
    (limited|intermittent|sporadic|restricted|no|irregular|little|infrequent|reduced|occasional)
        [or no ](access|availability|email|connectivity|internet|wifi|connection|email access)
    (will|shall|to) (respond|reply|get back|answer|return|review|read|attend|check|be back|be
        returning|be responding|come back) [~ ][~ ][~ ](return|returning|back|upon my|after
        (date|{month}|{day})|as soon as (i|possible)|once i am|earliest|within|on {day}|on
        {month})
    ^(return*|back) (on|to|in|{month}|{day}|the office)
    (am|be|will) (return*|back) [_ ](in the office|in office|to work|at work|to the office|at my
        desk|online)
    (return|returning|back) (on|to the office|to work|to office) [_ ][_ ](date|{month}|{day}|
        office|the)
    until (my return|i return|i am back|i get back)
    (in|during) my absence
    (for|in|if) [_ ][_ ][_ ](urgent|emergency|immediate|pressing|time sensitive)
    if urgent
    (is|it is|matter is|request is) urgent
    urgent (matter*|request*|inquir*|enquir*|issue*|question*|assistance|need*|case*|attention|
        concern*|emails|queries|query)
    no longer (monitored|checked|in use|active|being monitored)
    not (be )?(monitored|monitoring|checking (email|emails|my))
    (unmonitored|not actively monitored)
    (has|have|was|been|your (email|message|request|inquiry|enquiry|ticket)) [_ ][_ ](received|
        logged|created) [_ ][_ ](and|will|we|by|our|a|ticket|your|case|with)
    (ticket|case|request) [_ ](number|id|has been|created|received|reference)
    (respond|reply|get back to you|answer) [~ ]within [_ ][_ ](hours|business|working|days|day)
    (moved|transitioned|transferred) (to a new (role|position|job|company)|on from|into a new)
    my new (email|address|contact)
    (have|has|ve) left (the )?(company|organisation|organization|firm|emailaddress|business|
        team)
    no longer (with|working|work*|employed|part of|at|an employee|a part|associated) [_ ]
    (maternity|paternity|parental) cover
    office (is|will be) closed
    we are closed (until|for)
    (public|bank|national) holiday
    away from (the|my) (office|desk|email|emails|computer|keyboard)
    (do not|not) (reply|respond) to this (email|message|mail)
    this (mailbox|inbox|email account|address) is (not|no longer|un*)
    this is an (automated|automatic|auto)
    limited access
    (jury duty|hospital|off sick|off work|sick today|bank holiday)
    will be (out|away|off) [_ ](until|from|on|for|next|this|the|today|tomorrow|through|between|
        all)
    will respond when
    ^(out|away) (until|till|from|this|on|today)
    will respond to your [_ ](email|message) after
    """

_REFERRAL = """
    (not|no longer|isn|never|nor) [_ ][_ ](the |a |your )?(right|best|correct|appropriate|
        relevant|proper|decision|responsible|main) (person|contact|one|guy|point|department|
        team|maker|man|woman|address|party|individual|office|gal|lady)
    (wrong|incorrect) (person|department|guy|contact|team|email|address|man|woman|number|one|
        office|recipient|mike|inbox|individual)
    (contact|speak (to|with)|talk (to|with)|reach out to|reach|email|ask|try|write to|write|get
        in touch with|connect (with|to)|direct (this|it|your|all) [_ ][_ ]to|check with|call|
        message|follow up with|liaise with|refer (you|this) to|address (this|it) to|send (this|
        it|that) to|approach|see|consult|cc) [_ ](my|our|the|his|her) [~ ](colleague*|boss|
        manager|assistant|partner|team|lead|head|director|department|ceo|cmo|cto|cfo|coo|
        founder|vp|president|officer|coordinator|secretary|office|agent|speaker bureau|
        marketing|hr|events|procurement|purchasing|sales|partnerships|communications|pr|wife|
        husband|admin|pa|ea|rep|representative|counterpart|agency|publicist|bureau|coworker|co
        worker|person)
    (contact|speak (to|with)|talk (to|with)|reach out to|reach|email|ask|try|write to|get in
        touch with|connect with|check with|call|message|follow up with|cc|loop in|include|copy)
        [_ ][_ ](emailaddress|him|her|them|hr|marketing|procurement|email at|instead|directly)
    (should|could|please|need to|want to|best to|better to|may want to|might want to|can|pls|
        rather) (contact|speak (to|with)|talk (to|with)|reach out to|reach|ask|try|get in touch
        with|connect with|check with|follow up with|direct (this|it|your) [_ ][_ ]to) [_ ](name|
        [^ ]+ (from|in|at|who|instead|about|emailaddress|on|for|,)|[^ ]+$|[^ ]+ [^ ]+$)
    (loop|looping|looped|bring|bringing|add|adding|copy|copying|copied|cc|ccing|cced|cc d|
        include|including|introduce|introducing|tag|tagging|connecting|connect) [_ ](in|you (to|
        with)|my|our|him|her|here|them)
    (loop|looping|looped) [_ ][_ ]in
    ^(cc|ccing|copying|adding)
    (forward*|pass*|passing|refer*|relay*|escalat*|rout*|redirect*|hand*) (this|it|that|you|your
        _|your|the|them|these) [~ ](to|on|along|over|onto)
    (forward*|pass*|shared|share|sharing|sent|send|sending|show*|bring*|take|run) (this|it|that|
        your [_ ][_ ]|your _|your|the _) [_ ](to|with|by|past) [_ ](my|our|the|a|her|his)
        [~ ](colleague*|team|boss|manager|partner|department|ceo|cmo|cto|cfo|director|head|
        board|group|lead|wife|husband|superior*|procurement|leadership|management|committee|
        stakeholder*|supervisor|marketing|events|people|business|hr|vp|president|co founder*|
        cofounder*)
    (he|she|they|who|colleague|that) (handles|handle|manages|oversees|runs|leads|owns|deals
        with|looks after|takes care of|is handling|is responsible|is in charge|would be (the|a|
        your|more|better|best)|will be able to help|can help|is the (right|best|person|one)|is
        your|is better|decides|takes over|has taken over|took over)
    (handles|handle|oversees|looks after|takes care of|deals with|manages) (this|these|that|our|
        all|such|events|speaking|sponsor*|marketing|partnerships|those)
    (in charge of|responsible for) (this|that|these|our|all|such|events|marketing|sponsor*)
    not (my|in my|really my|within my) (area|department|job|call|decision|remit|responsib*|
        wheelhouse|field|role|domain|team|lane|expertise|desk|thing to)
    (above|outside) my (pay|remit|area|role|scope|department)
    (do|am|are) not [_ ](involved|responsible|in charge|handle|manage|deal with|make (these|
        those|that|the)|the one|work (on|in|there|at|for) [_ ](this|that|anymore|them|
        emailaddress|marketing|events))
    (introduce|intro|connect|put) you (to|with|in touch|in contact|through)
    (better|best|right|correct|good|main) (person|contact|point of contact|poc|place|bet|team|
        department|one) [~ ](is|would be|to|for|might be|here|will)
    point you (to|in|towards)
    (you|they) (should|may|might|could|can|want) [_ ][_ ](talk|speak|reach out|contact|ask|
        email) [_ ](to|with)?
    (someone|somebody|person) (else )?(who|that) (handles|does|manages|might|would|could|may be|
        deals|is)
    my (colleague|assistant|boss|manager|successor|replacement|coworker|agent|publicist) [_ ]*
        (handles|will|is|can|would|takes|may|might|should|,|at)
    (know|have) (someone|somebody|a (friend|colleague|person|guy)) [_ ](who|that|which)
    (successor|replacement) is
    (talk|speak|reach out) to my
    try our
    (send|email|direct) [~ ]to (our|the) (general|info|main|office|corporate) [_ ](email|inbox|
        address|mailbox)
    (look|reach) for the (person|team)
    best (reach|contact|ask|speak)
    not (my|the) (decision|call) to make
    i only (handle|do|deal)
    """

_UNSURE = """
    (keep|kept|put|save|saved|file|filed|store) (you|this|it|your _|that|your) [~ ](in mind|on
        file|on record|in the back|bookmarked)
    keep in mind
    not [_ ]sure
    unsure
    on the fence
    undecided
    (think|thinking|sleep|mull|consider) (about|on|over) (it|this|that)
    let me [_ ](think|check|discuss|see|talk|ask|look|get back|digest|review|consult|know)
    let us [_ ](think|check|ask|get back|digest|review|consult|discuss (it|this) (internally|with))
    give (me|us) [_ ](time|some|a (moment|day|week|few)|until)
    need* to (think|discuss|check|talk|consult|consider|ask|review|run|see|speak|decide|digest)
    (have|has) to (think|discuss|check|ask|consult|talk|run|see)
    (get|come|be) back (to|in touch with) you
    (will|shall) (discuss|check|think|consider|review|see|revert|let you know|look|ask|get back|
        keep|consult|decide|follow up|circle)
    (might|may|maybe|perhaps|possibly|could) [_ ][_ ](interested|consider|look|be|work|useful|
        helpful|relevant|think|fit|help)
    depend* on
    ^(it |that )?depends
    (do not|does not|not) know (yet|if|whether)
    (tbd|tbc|we will see|let us see|will see)
    ^(maybe|perhaps|possibly|hm*|hmm*|um*|eh|meh|idk|mmm*|we will see|let us see)
    (internally|with my team|with the team|with our team|with my boss|with my manager)$
    not yet (decided|sure|clear)
    (have|need) (not|to) (decided|decide)
    (unclear|confused|confusing)
    i guess
    in two minds
    convince me
    (will|would|can) look
    """

_REQUEST = """
    (send|share|provide|forward|email|mail|give|show|get|shoot|attach|supply|drop|pass|message|
        dm|whatsapp|receive|see|have|sending|sharing|providing|need|want|require|find|request|
        explain|review|access|download|include) [~ ][_ ]{material}
    (more|further|additional|some|any|extra|full|complete|the|all|other) [_ ](info*|details|
        detail|background|context|specifics|particulars|data|explanation|insight*|clarity|
        clarification)
    tell (me|us) [_ ][_ ](about|what|how|more|when|where|who)
    (how much|what price|what does it cost|price range|cost of|costs)
    (could|can|would|will|may|might) you [_ ][_ ](send|share|provide|explain|tell|elaborate|
        clarify|give|show|describe|forward|walk|expand|email|outline|confirm|let|specify|
        summari*|detail|break|point|help|remind|resend|say)
    (elaborate|clarify|expand on|explain|specify|outline|describe)
    (learn|know|hear|understand|find out|read) (more|about|how|what|further|a bit|a little)
    (wondering|curious|wonder|like to know|want to know|need to know|interested to know) (if|
        whether|what|how|about|when|who|which|where)
    (what|which|who|where|when|how) (is|are|do|does|did|will|would|can|could|exactly|kind|type|
        sort|size|many|much|long|often|big|far|about|else|comes|happens|should)
    (please|pls|kindly) [_ ](send|share|provide|advise|explain|elaborate|clarify|confirm|
        forward|give|let (me|us) know|tell|specify|describe|attach|email|specify|indicate)
    ^(pricing|price|prices|cost|costs|details|info|more info|more details|how|what|when|where|
        who|fees|agenda|dates|location|link|website|rates)$
    ^(send|share|provide|email|forward|give)
    ^(details|pricing|info) please
    (question|questions) (about|for|on|regarding|first|is|are|before|,)
    (a|one|two|few|couple|some|quick|several|my|following|more) (question|questions)
    (is|are) (there|it|this|the|these|you|your|travel|they|speakers|tickets) [_ ][_ ](a|any|
        free|paid|remote|online|virtual|in person|recorded|available|included|covered|fee|cost|
        open|based|on|in|only|for|still|also|able|compatible)
    (do|does|did|will|would|have|has) (you|your|it|this|the) [~ ](support|offer|have|work|
        integrate|include|cover|require|provide|accept|charge|need|do|handle|come|allow|use|pay|
        cost|take|mean|involve|run|exist|help|serve|reimburse)
    who else
    what exactly
    how exactly
    how come
    """

_SUSPICION = """
    who (are you|is this|dis|this|am i (talking|speaking)|gave you|asked you|told you|sent you)
    (is|are|was) (this|it|you) [_ ][_ ](spam|scam|bot|robot|ai|real|legit|legitimate|human|
        automated|phishing|chatgpt|fake|joke|computer|person|mass|template|machine|generated|
        genuine)
    did (i|we) sign up for [_ ]
    who asked you [~ ](this|it|that|me)
    did (i|we) (sign|subscribe|ask|request|opt|register|give|order)
    why (are|did|do|have) you [~ ](send*|sending|email*|contact*|messag*|writ*|call*|text*|
        reach*|spam*|keep|bother*|me)
    why (am|was|were|are) (i|we) [~ ](getting|receiving|on|contacted|included|seeing)
    (do|have) (i|we) (know|met|meet|spoken) [_ ](you|each|before)
    (where|how|who) [_ ](did|do|have|you) [~ ](get|got|find|found|obtain*|have|come by|gave)
        [~ ](email|number|data|contact|details|address|name|info*|profile|list|me)
    (how|where) (did|do) you (get|find|know) (me|us|my|our)
    (do|did) you (actually |even |really |ever )(know|read|look|check|understand|visit|do)
    have we met
    what is this[ regarding]$
    what (do|are) you (want|selling|after|trying)
    ^(what|huh|who|seriously|really|excuse me|pardon|wtf|why|what the fuck)$
    (never|not) [_ ](heard of|know) (you|your|who)
    recogni*e (this|you|your|the)
    ^(seriously|really|excuse me)
    (wrong|who) number
    """

_THANKS = """
    thanks
    thank you
    appreciate
    appreciated
    got it
    noted
    received
    good to know
    ^(ok|cheers|understood|acknowledged|ack|roger|copy that|fair enough|will do|cool|alright|
        right|hi|hello|hey|hm*|duly noted|i see|fine|great thanks|ok thanks|thumbsup|
        foldedhands|welcome)
    will (review|read|look|keep|check)
    on file
    bookmarked
    saved (it|this)
    foldedhands
    thumbsup
    congrat*
    (great|nice|good|pleased) to (hear|meet|connect|e meet)
    (merry|happy) (christmas|new year|easter|holidays|birthday)
    """

_NOT_NOW = """
    (not|no|never) [_ ](right now|now|at the moment|currently|today|this (quarter|year|month|
        week|season|time|summer|cycle)|ready|just yet|quite yet|quite ready|yet|immediately|
        anytime soon)
    ^not now
    maybe [_ ][_ ](later|next|someday|some day|another|in the future|one day|in a few|down|
        after|sometime)
    (perhaps|possibly|probably) [_ ](later|next (year|quarter|time|month)|another time|in the
        future)
    ^later$
    ^(some|an)other time$
    (circle|check|come|get|swing|loop|ping|touch|follow|come|try|reach|write|call) (back|base|
        up|in|again|out|me)[ with][ with us][ with me][ to us][ to me][ then] [~ ](next|in (a|
        the|{number}|q1|q2|q3|q4|{month}|late|early|mid|spring|summer|fall|autumn|winter|some|
        another)|after|later|around|towards|when|once|closer|sometime|at a later|at the (end|
        start|beginning)|{later})
    (reach|circle|check|touch|try|ping|contact|email|message|reconnect|revisit|talk|speak|
        connect|chat|catch up|discuss|follow|pick|look|resume|remind|approach|ask|write|call|
        hit) [~ ][~ ](next (quarter|year|month|fiscal|season|spring|summer|fall|autumn|winter|
        cycle|budget|edition|time)|later (this|in|on)|in (a|{number}|another|some|about|the
        next) [_ ](months|quarters|years|month|year|quarter)|in (the (new year|fall|spring|
        summer|autumn|winter|future)|{later}|mid|{month}|a while)|after (the|our|summer|we|my|
        {month}|christmas|easter|q1|q2|q3|q4)|{later}|mid {month}|again (in|next|after|mid|
        around|later)|at a later|when (we|things|the|i am (less|ready|in)|our|budget|it)|once
        (we|things|the|our)|down the (road|line|track)|in future|another time|some other time|
        new year)
    (revisit|circle back|reconnect|re visit|reassess|re evaluate|reevaluate|reconsider)
    (bad|wrong|poor|terrible|not good|not the best|not great|awful|not the right|not a good|
        unfortunate|not ideal) (time|timing|moment)
    tim(e|ing) (is|are) [_ ][_ ](not|off|bad|wrong|poor|terrible|tough|tricky)
    (keep|kept|put|save|saved) (you|this|it|your _|that|your) [~ ]for (later|future|the future|
        next)
    (another|some other) (time|day|year)
    next (year|time|quarter|fiscal|season|edition) (maybe|perhaps|instead|might|could|would|is
        better)
    (maybe|perhaps|try|possibly) next
    (too early|premature|too soon)[ for]
    in the (near |distant |)future
    down the (road|line|track)
    put a pin
    (on|a) (hold|pause|back burner|backburner|ice)
    back burner
    (park|parking|shelve|shelving|table|postpone*|defer*|delay*|push*) (this|it|that)
    postpone*
    (wait|waiting|hold off|holding off) [_ ](until|till|for|on)
    not until
    not (before|till)
    (budget*|planning|contract|renewal) [~ ](next|in|until|after|open*|reset*|renew*|start*|
        cycle) [_ ]({later}|year|quarter|january|month|{number})
    (when|once|if) (the )?(budget|time|timing|things|circumstances|situation|need|we)
        [_ ][_ ](right|change*|calm*|settle*|free*|ready|open*|arise*|allow*|slow*|better|
        bigger|grow*|raise*|have|need)
    not (there|ready) yet
    not in a (place|position)
    give (me|us) [_ ][_ ](months|month|quarter|year)
    (too|a bit|little) (early|soon)
    (maybe|might|may|could) [_ ][_ ][_ ](down the|in the future|at some point|one day|someday|
        later)
    """

_BUSY = """
    (too|very|super|really|extremely|so|crazy|quite|a bit|bit|insanely|pretty) (busy|swamped|
        slammed|hectic|stretched|tied up|booked)
    (swamped|slammed|snowed under|underwater|up to my|tied up|overloaded|overwhelmed|flat out|
        buried|hectic)
    busy [_ ](week|month|time|period|season|day|at|right|with|now|until|this)
    ^busy$
    no time[ right][ today][ this][ now]
    lot (on|going on)
    plate is full
    full plate
    can not talk
    in a meeting
    driving
    """

ENGLISH: PhraseTable = {
    Cue.INSTRUCTION: _INSTRUCTION,
    Cue.BOUNCE: _BOUNCE,
    Cue.AWAY: _AWAY,
    Cue.REFERRAL: _REFERRAL,
    Cue.UNSURE: _UNSURE,
    Cue.REQUEST: _REQUEST,
    Cue.SUSPICION: _SUSPICION,
    Cue.THANKS: _THANKS,
    Cue.NOT_NOW: _NOT_NOW,
    Cue.BUSY: _BUSY,
}
