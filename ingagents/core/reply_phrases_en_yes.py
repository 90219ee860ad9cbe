"""English: how people say yes, show interest and propose to talk, and what only looks like it."""

from __future__ import annotations

from ingagents.core.reply_phrases_cues import Cue, PhraseTable

__all__ = ["ENGLISH_YES"]

_MEETING = """
    calendarlink
    (book|schedule|schedul*|arrange|set up|setup|organi*|fix|plan|put|pencil|grab|find|get|have|
        do|jump on|hop on|join|take|set|start|make|get on|line up|coordinate) [_ ][_ ][_ ](call|
        calls|demo|demos|meeting|chat|zoom|conversation|appointment|discussion|time|times|slot|
        coffee|lunch|catch up|session|walkthrough|intro|introduction|overview|huddle|minutes|
        mins|video|phone|tour|presentation|something|date)
    (call|demo|meeting|chat|zoom) (works|sounds|would be|is fine|is good)
    (quick|short|brief|introductory|intro|discovery|15 minute|30 minute|20 minute|phone|video|
        zoom|teams) (call|chat|meeting|demo|conversation|zoom)
    (calendar|meeting|zoom|teams) (invite|invitation|link|request)
    send [_ ][_ ](calendar|invite|times|availability|slots|some (times|dates)|meeting|zoom|
        teams|available|dates|a calendar|an invite|your calendar|your availability)
    (meet|talk|speak|chat|connect|call|discuss|catch up|sync|zoom) [_ ][_ ](next week|this week|
        on {day}|{day}|later this week|later today|tomorrow|this (afternoon|morning|evening)|at
        clocktime|on clocktime|in person|early next|mid next|after lunch|clocktime|over (coffee|
        zoom|lunch|the phone|teams)|sometime (this|next) week|the week)
    (can|could|shall|should|would|may) (we|you|i) [_ ](meet|talk|speak|call|chat|connect|
        discuss|schedule|book|arrange|jump|hop|set|zoom)
    (call|ring|phone|text|whatsapp) {us} (at|on|tomorrow|today|{day}|after|before|any|later|
        this|between|back|around|when|in the|phonenumber|clocktime|anytime|asap|now|,|to|next|
        and)
    ^[please |just |so |yes ](call|ring|phone) {us}
    (give|drop) {us} (a )?(call|ring|shout|bell|buzz|line)
    (can|could) you (call|ring|phone) {us}
    (my|our|direct) [_ ](number|cell|mobile|phone|phone number|line) [_ ](is|phonenumber)
    (reach|call|text) {us} [_ ](at|on) phonenumber
    (i am|we are|am|are) (free|available|around|open|flexible) [_ ][_ ](on|next|this|{day}|for|
        after|between|any|at|from|all|most|tomorrow|in the|clocktime|before|anytime|until|to
        (meet|talk|chat|speak|call))
    ({day}|clocktime|next week|this week|afternoon|morning|anytime|time) [_ ][_ ][_ ](works|
        work|suits|is (good|fine|ok|perfect|great|best|free)|would (work|be|suit)|sounds|at
        clocktime|looks)
    (how|what) about [_ ][_ ]({day}|clocktime|next week|the week|this week|{month}|a call|
        meeting)
    (free|available|time|work for you|works for you|availability) [_ ][_ ]({day}|next week|this
        week|tomorrow|clocktime|later this week|early next|to (chat|talk|meet|speak|connect))
    (what|which|when) [_ ](time|times|day|days|slot|slots|is your availability|are you (free|
        available)|works|would work|suits|can we|could we|should we|do you have
        time)[ best][ for you][ works][ work]
    when (can|could|shall|should|would|are|is|do) [_ ][_ ](talk|meet|speak|chat|call|connect|
        free|available|good|start|convenient|best|suit|work)
    let us (talk|chat|meet|schedule|book|set|arrange|discuss|speak|connect|call|do a|do {day}|
        jump|hop|plan|zoom|find|catch|get together|get on|get something|go for|demo|sync|have a)
    (15|20|30|45|10|fifteen|thirty|twenty|5|few) [_ ](minutes|mins|min|minute)
    at clocktime
    ({day}|clocktime) [_ ][_ ](suit|suits|work|works)
    half an hour
    (an|one) hour [_ ]{day}
    ({day}|clocktime) [_ ](clocktime|morning|afternoon|evening|noon|{day})
    (pick|choose|book|suggest|propose) a (slot|time|date|day)
    (can|could|shall we|let us) (do|say|make|try) [_ ]({day}|clocktime)
    (zoom|teams|google meet|skype|whatsapp) (call|works|link|is|me|meeting|id)
    (grab|have|over|meet for|get) [_ ](coffee|lunch|a drink|beer|breakfast|drinks)
    (stop|swing|come|drop) by [_ ](our|my|the) (booth|stand|office|desk|stall)
    (booth|stand) [_ ][_ ](at|number|and)
    put [_ ][_ ]on (my|the|our) calendar
    (add|get) [_ ]to (my|our) calendar
    (slot|time) in (my|your|the) (calendar|diary)
    (my|your|the) (calendar|diary) (is|link|for)
    demo (next|this|on|{day}|tomorrow)
    (see|speak|talk) (you|to you|soon|then) (then|on|at|soon|next)
    looking forward to (speaking|talking|meeting|chatting|our|the call)
    """

_INTEREST = """
    interested
    (of|great|particular|strong|some|real|keen|have|has|an|definite) interest
    interests (me|us)
    (count|put|sign|book|deal|factor) {us} (in|up|down|on)
    (i am|we are|am|are|absolutely|definitely|all|totally|yes) in$
    all in (on|for|with)
    (love|like|happy|glad|delighted|pleased|keen|eager|excited|thrilled|honoured|honored|
        willing|ready|want|wants|wanting|curious|open|up|prepared|looking|dying|hoping|
        intrigued|stoked|pumped|game|privileged|flattered|inclined|welcome|hungry|itching|
        desperate) (to|and) [_ ][_ ](chat|talk|discuss|connect|learn|hear|speak|help|join|
        participate|jump|hop|take|meet|consider|have|do|be|see|know|explore|know|find|get|go|
        come|try|attend|present|sponsor|contribute|read|look|set|schedule|arrange|book|proceed|
        move|start|review|understand|discover|support|share|collaborate|work|partner|give|
        accept|host|test|pilot|run|catch|exchange|receive|pursue|dig|sit|call|continue|say|buy|
        order|evaluate|watch|view|check|showcase|exhibit|moderate|keynote|entertain|figure|
        bring|make|engage|use|implement|sign)
    (would|i d|we d|will|absolutely|really|definitely|do) love (to|it|that|this|the|a|an|more|
        some|your)
    would (welcome|appreciate|enjoy|be up for|be down|go for) [_ ](a|an|the|more|some|to|that|
        this|your|it|chance|opportunity|details|further|hearing|it if)
    (keen|eager|excited|enthusiastic|thrilled|stoked|hyped|psyched|intrigued)
    ^(curious|very curious)$
    (am|are|got me|now i am|quite|very|a bit|me) curious$
    piqued
    (open|receptive) to (a|an|it|this|that|the|hearing|learning|exploring|discussing|chatting|
        talking|new|seeing|having|meeting|more|other|alternatives|options|ideas|suggestions|
        speaking|sponsoring|looking|considering|trying|your|any)
    (we are|i am|am|are) open$
    (down|game|up) for (it|this|that|a|an|some|the)
    (would|might|could|will|definitely|am|are) [_ ]consider (it|this|that|speaking|sponsoring|
        joining|attending|participating|the|your)
    (are|am|been|were|actively|currently|now|actually|just) [_ ](looking (for|into|at|to)|
        evaluating|exploring|considering|searching for|researching|in the market for|comparing|
        thinking about|discussing|talking about|seeking|planning|reviewing)
    in the market for
    (could|would|can|might|will) (really |definitely |actually )?(use|benefit|solve|help (us|
        me)|be (a |an )?(perfect|great|useful|helpful|valuable|good|relevant|of interest|game|
        interesting|ideal|worth|beneficial|huge|fantastic|amazing|nice|super|fun|exactly|very)|
        work for (us|me|our)|fit|streamline|add value|be interesting)
    (align|aligns|aligned|fits|fit|matches|ties|resonat*|jives|meshes) [_ ](with|in|into|well|
        our|nicely|perfectly|what)
    (perfect|great|good|excellent|impeccable|ideal|right) (timing|time for)
    timing (is|could not be) (perfect|great|good|better|ideal)
    tell (me|us) [_ ][_ ]more
    (say|know|hear|learn) more$
    more about (this|it|what you|how|your)
    (go|going) ahead
    ^[yes, ][please, ][ok, ][sure, ][just ][go ahead and ](send|shoot|fire|forward|share|email|
        mail|pass|ping|text|drop) (it|them|that|this|those|away|one|some|everything)
    (send|shoot|fire|forward|share|email|mail|drop|sending|shooting|emailing|forwarding)
        (it|them|that|this|those|one|everything|it all|away) [on ][right ](over|through|along|
        my way|across|to me|to us|please|when|and|as|by|asap|now|here|today)
    (send|shoot|fire|forward|share|email|mail|drop|sending|shooting|emailing|forwarding)
        (it|them|that|this|those|one|everything|it all|away)$
    please (do|send|share|proceed|go|continue)$
    feel free to [_ ](send|share|call|email|reach|contact|forward|book|schedule)
    ^[yes ][sure ]please[ do]$
    (i|we) (gladly |happily |humbly )?accept
    accept (your|the|this) (invit*|offer|proposal)
    (be|is|it is|what) [_ ](an|a) [_ ](honour|honor|pleasure|privilege)$
    (be|is) [_ ](an |a )?(honour|honor|pleasure|privilege|honoured|honored|delighted) to
    (want|wants) (in|one|this|it|that|to know|to see|more)
    (need|needs|needed) (this|it|exactly|something like|help with|one of|to see|to know more)
    (worth|deserves) (a|exploring|discussing|looking|talking|considering|pursuing|an)
    (take|have|taking) a [_ ](look|closer)
    look (at|into) (it|this)
    (i|we|me) would like (to|a|an|more|some|you|that|this|one|your)
    would like (to|more|a|you to|some|one)
    (speak|present|talk|keynote|participate|sponsor|exhibit|join|take part|attend) (at|in|on)
        (your|the|this) [_ ](event|conference|stage|summit|panel|meetup|session|show)
    (my|our) (talk|topic|keynote|session|abstract|sponsorship|speaker fee) (would|could|is|on|
        about)
    how (do|can|could|would) (i|we) [_ ](sign|register|get (started|involved|in)|join|apply|
        proceed|participate|sponsor|book|buy|order|start|become|take part|submit|sign up|go
        about)
    (where|how) (do|can) (i|we) (sign|register|apply|submit|pay|book)
    sign (me|us) up
    (what|is) (is|are) the next step*
    (ready|eager|want) to (go|start|begin|move|roll|sign)
    (move|moving|go|take) (this )?(forward|ahead|further)$
    (am|are) game$
    go on$
    ^go on then
    let us (do (it|this)|go|explore|try|move|proceed|make|start|get started|see|dive|dig|run|
        kick|give|roll|work|partner|collaborate|build|take)
    count on (me|us)
    (convinced|persuaded|sold) (me|us)
    (is|are|am) on board
    been (hoping|waiting|meaning)
    (give|gave|giving) (it|this) a (try|go|shot)
    (show|teach|walk|convince|surprise|enlighten|take) (me|us) (through|what|how|the|more|your|)
    (send|mail|ship) [_ ](the |a |your )?(contract|invoice|agreement|paperwork|order form)
    ^(intrigued|fascinating|tempting)
    (run|do|try|start|have|get) [_ ][_ ](poc|pilot|trial|proof of concept|test run)
    could (we|i) (run|try|do|start)
    (sounds|looks|seems) [_ ][_ ](up our|up my|right up|down our|like (something|exactly|what|
        just|fun|a plan))
    (up|down) (our|my) (alley|street)
    (exactly|just|precisely) what (we|i) (need*|want*|are|am|have been|was|were|been)
    (yes|sure|absolutely|definitely|certainly|gladly|happily|ok|alright), (i|we) (am|are|will|
        would|can|do|could)[ be][ do][ love][ like]$
    (yes|sure|absolutely|definitely|certainly|gladly|of course), (i|we) (would|will|can|could|
        do|want|love)
    would (be )?(up|down) for
    (excited|eager) (about|for|by|at)
    can not wait
    (looking|look) forward
    do (not )?stop [~ ](it|emailing|reaching|writing)
    keep (me|us) (posted|updated|in the loop|informed)
    (keep|stay) (in touch|them coming|it coming|writing)
    how could (i|we) (say no|refuse|resist)
    (wouldn t|would not) (mind|say no|miss)
    do not hesitate to (contact|call|email|reach out to|message|write) {us}
    (tell|show|give) (me|us) (everything|all|the details)
    (happy|glad|pleased) to
    i am sold
    (you have|got) (my|our) (attention|interest|ear)
    all ears
    hit me( up)?$
    fire away
    (take|shut up and take) my money
    (i|we) (bite|buy in|am convinced|are convinced)
    """

_LIKING = """
    (sounds|looks|seems|appears|sound|look|seem|feels|is|it is|that is|this is|was|are|would be|
        all|sounding|looking) [_ ][_ ](great|good|interesting|fun|amazing|perfect|promising|
        fantastic|awesome|wonderful|cool|excellent|exciting|lovely|fascinating|intriguing|
        impressive|brilliant|super|nice|relevant|useful|compelling|incredible|ideal|helpful|
        valuable|reasonable|like a plan|tempting|worthwhile|terrific|superb|stellar|neat|solid|
        decent|fine|spot on|on point|legit|fab|fabulous|delightful|great opp*|the dream|ace|
        sweet|lit|dope|sick|fire|rad|timely|apt)
    ^(great|perfect|awesome|wonderful|excellent|fantastic|amazing|lovely|brilliant|super|
        impressive|sweet|fascinating|intriguing|promising|neat|exciting|stunning|splendid|
        superb|terrific|sounds|wow|excited|fab|deal|bingo|bravo|yay|relevant)
    ^interesting[, ][ idea][ thanks][ offer][ concept][ proposal][ one]$
    ^interesting, (tell|send|i|we|let|how|can|could|please|what|but)
    ^(very|really|super|quite) (interesting|exciting|cool|good|nice|promising)
    (great|good|nice|amazing|excellent|interesting|brilliant|cool|fantastic|wonderful|solid|
        huge|fine|clever|neat|killer) (idea|opportunity|stuff|work|event|initiative|concept|
        pitch|email|emails|message|offer|product|approach|program|programme|project|topic|point|
        news|outreach|job|one|question|lineup|proposal)
    (love|like|liked|loved|admire|enjoyed|enjoy|impressed) (it|this|that|the|what|your|how|by|
        with)
    game changer
    game changing
    happyface
    do not (stop|unsubscribe {us}|remove {us})
    (impressed|flattered|honoured|honored|humbled|touched)
    (big|huge) fan
    caught my (attention|eye|interest)
    (got|has) (my|our) attention
    (relevant|timely|helpful) (to|for) (us|me|our|my)
    i am listening
    ^(listening|go on)$
    great opportunity
    (thanks|thank you) for thinking
    appreciate the (invitation|offer|opportunity|invite)
    worth
    makes sense
    """

_ASSENT = """
    ^(yes|sure|absolutely|definitely|certainly|gladly|totally|affirm*|aye|indeed|deal|agreed|of
        course|by all means|for sure|hell yes|heck yes|why not|go for it|works for (me|us)|
        please do|thumbs up|bring it)
    ^(i|we) (do|would|am|are)$
    (works for|fine with|ok with) (me|us)
    ^(hi|hello|hey|dear|ok|oh|well|thanks|please|so) [_ ], (yes|sure|absolutely|definitely)
    ^(hi|hello|hey|ok|oh|well|a big|please) yes
    yes please
    ^ok, (send|call|book|let us|sounds|sure|great)
    ^works$
    (a|is|be|is a|definite|big) yes$
    yes (from|for) (me|us)
    ^(sure|no) (thing|problem|worries)$
    """

_LAPSED = """
    (was|were|had been|used to be|would have been|might have been|could have been|used to)
        [_ ][_ ](interested|keen|excited|curious|looking forward|open|considering|happy to|up
        for)[ until][ at first][ before]
    would have (loved|liked|been|jumped|attended|joined|considered|enjoyed)
    (if|had) (only )?(we|i|you) [_ ](had|were|was|asked|written|come|contacted) [~ ](budget|
        money|bigger|time|earlier|last year|in the market|younger|before)
    (wish|wished) (i|we) (could|had|were)
    as much as (i|we) [_ ](love|like|want|appreciate|enjoy|hate)
    (would|i) (love|like) to[ _][ _][ _], but
    (normally|usually|ordinarily|otherwise|in another life) [_ ](i|we) would
    (sounds|looks) [_ ](great|good|interesting|nice|fun|amazing|lovely|
        cool)[ and all][ on paper][ in theory][ in principle], but (we|i|not|no|it|
        unfortunately|sadly|our|my|this|the|at|right|for|too)
    """

_NOT_INTEREST = """
    happy to (say|report|tell you) [that ](we|i|our)
    (want|like|love|prefer|wish) to be (left|removed|taken|excluded|off|out|forgotten|alone|
        deleted)
    (why|do|who|someone who|hard to see) [~ ](need|needs|want|wants) (this|it|that)
    you [_ ](want|like|love|need|prefer) to
    (your|for your|for the) interest
    (appreciate|thanks for|thank you for|appreciated) [~ ](sending|sharing|forwarding|emailing|
        reaching|the|your|you|it|this)
    (thank you|thanks) for (your )?(interest|interesting|being interested|your invitation to)
    (if|whether|when|should|unless|in case|let me know if|tell me if) (you|they|anyone|someone|
        anybody|your _) (is|are|would be|be|were|was|might be) [_ ](interested|keen|open|
        curious|looking|free|available|happy)
    (are|would|might|could) (you|your company|your team|your firm|anyone|they)
        [_ ][_ ](interested|keen|open to|looking for|like to (buy|see|hear|learn|know|try|get)
        [_ ][_ ](our|my)|consider (our|my)|in need)
    (might|may|would|could|is|are) (he|she|they) [_ ]interested
    interest rate*
    conflict of interest
    (in|of) (the|our|your|their) (best )?interest of
    (who|people|anyone|those|someone|somebody|colleague*|friend*|else|team|he|she|they) [~ ](is|
        are|be|were|was) [_ ]interested
    (what|why|how) (makes|made|gave|led) [~ ](think|believe|assume|idea|impression)
        [~ ][_ ](interested|interest|relevant|want|need|care|fit)
    why (would|should|do|did) (i|we|you) [~ ](interested|interest|want|care|need|consider|think|
        like)
    curious (why|how you|where you|what made|who|how (did|do) you|to know (why|how you))
    not sure [~ ][~ ](interested|interest|relevant|fit|love|want|need|right|useful|helpful)
    would (love|like|appreciate|be happy|be great|be good|prefer|enjoy) (it |to |nothing more
        than |for you |that |you |it very much )[_ ][_ ][_ ](stop*|remove*|unsubscribe*|leave|
        stopped|be removed|delete*|be left|never|not|know (how|where|why|who)|see you (stop|
        leave|go)|if you)
    happy to (stay|stick|be left|hear you|see you go|unsubscribe|report|block|decline|pass|
        ignore|refer|forward|pass|point|introduce|connect you|put you|revisit|reconnect|
        reconsider|talk (in|later|again|next (year|quarter))|circle|keep)
    happy (as|where|here)
    (glad|happy) (to see you go|you)
    looking (for|to) (someone else|get off|be removed|leave)
    looking forward to (never|not|your (silence|removal)|hearing nothing|you (leaving|stopping))
    (excited|thrilled|delighted|glad|happy) to (never|not|say no|decline|unsubscribe|block|
        report)
    (so|very|oh) (excited|thrilled|interested)[ i][ that] (could|i|about|by|to) [_ ](die|cry|
        scream|sleep|yawn|another|yet|not)
    great (disappointment|regret|annoyance|waste|difficulty)
    good (luck|riddance|grief|lord|god|bye|night|for you|try)
    nice (try|template|attempt)
    (interesting|cute|nice|cool|good|bold) (choice|that you think|assumption|theory|try|story)
    sure (you|they) (do|are|have|can|will|did|it is|know)
    (i am|we are|pretty|quite|fairly|not so|not too|not entirely|not quite|make|am|for|not) sure
    (yes|sure|ok), (no|not|right|but no|but not|whatever|jan|buddy|pal|mate)
    ^yes no
    (call|contact|email|send) it (a day|quits|off)
    call me (crazy|old|cynical|a cynic|skeptical|names|by|mr|ms|mrs|dr|sir|stupid)
    (give|gave) me a break
    take a look at (our|my) (website|site|product|offer|services|page|profile)
    (good|great|nice|perfect) (enough|as it is)
    (looking|searching) for (a )?(new )?(job|role|position|work|employment)
    take a hike
    is [_ ](great|good|fine|working|ok|perfect|excellent) (as|the way|already|so far|where)
    (we are|i am|everything is|things are|all|doing) (good|fine|great|ok)
    (good|great|best|fine) (with|for now|without|as)
    would like to (be removed|unsubscribe|opt|stop|decline|pass|complain|report|know (how|where|
        why|who))
    want to (be removed|unsubscribe|opt|stop|be off|know (how you|where|why|who))
    (out of|just|merely) (curiosity|interest|out of)
    send it (to|back) (someone|somebody|where|the|hell|your)
    (want|need|take) (nothing|no|none)
    great (emails|email|pitch|message|outreach)$
    when (interested|needed)
    (please )?(call|contact|email|reach) [_ ]if (urgent|it is urgent|you need)
    in (an )?(emergency|urgent)
    (for|if) [~ ]urgent [~ ](call|contact|email|reach|please|speak)
    (am|are) (happy|pleased|delighted|glad|thrilled|excited) (to|that) (announce|inform|offer|
        introduce|present our|tell you)
    how (interesting|exciting|lovely)$
    (do|does) not love
    (good|great) timing (for|to be)
    could (use|do) (without|less|fewer)
    use less
    (some|a) (help|business|clients|leads) for you
    (we|i) (could|can|would like to) (offer|help) you
    help you (with|grow|get|find|build|increase|reach|sell)
    talk (is cheap|to the hand)
    """

ENGLISH_YES: PhraseTable = {
    Cue.MEETING: _MEETING,
    Cue.INTEREST: _INTEREST,
    Cue.LIKING: _LIKING,
    Cue.ASSENT: _ASSENT,
    Cue.LAPSED: _LAPSED,
    Cue.NOT_INTEREST: _NOT_INTEREST,
}
