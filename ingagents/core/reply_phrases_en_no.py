"""English: how people decline, object and mock, and what only looks like it."""

from __future__ import annotations

from ingagents.core.reply_phrases_cues import Cue, PhraseTable

__all__ = ["ENGLISH_NO"]

_REFUSAL = """
    ^hardly
    (a|definite|definitely a|clear|absolute|total) pass$
    (not|never|no longer|no|not even|hardly|nor|nor am i|nor are we|less than) [~ ]interested
    (no|not|zero|little|lost|losing|any|without|not any|nil|low|lack of|not much|minus)
        [_ ][_ ]interest
    no [_ ]interests
    (does|do|did) not [_ ](interest|appeal|excite|tempt|grab|resonate|sound|look|seem|feel|speak
        to|strike)
    of no (interest|use|value|relevance)
    (uninterested|disinterested|unenthusiastic)
    (could not|can not) (care|be) less
    can not say [~ ]interested
    interested in (anything|something|watching|literally) ~ (else|other|paint|than)
    more interested in (watching|anything|my|the|a|cleaning|counting)
    not (of|in) interest
    have zero
    no, (thanks|thank you|thank|ty|ta|cheers|merci)
    (thanks|thank you|cheers|thank u), [_ ][_ ]but, no
    but no$
    thanks, no$
    (thanks|thank you), (not|no|we are|i am|i will|we will) [_ ](interested|for us|for me|today|
        thanks|good|fine|set|all set|pass|covered|need|required|this time)
    ^(no|no no|no way|no chance|hell no|absolutely not|certainly not|definitely not|of course
        not|god no|heck no|hard no|please no|um no|ok no|yes no|lol no|haha no|not a chance|
        never)$
    ^no$
    ^no,
    ^(hi|hello|hey|dear), [_ ]no$
    (hell|heck|absolutely|certainly|definitely|hard|big|firm|easy|strong|solid|polite|
        respectful) (no|pass|nope|not)
    ^no (sir|ma am|way|chance|can do|dice|go|deal|sale|no|man|bro|mate|sorry|never|i (do|am|
        will|would|can|have) not|we (do|are|will|would|can|have) not|not)
    (is|it is|be|got to be|a|afraid it is|for) [_ ]no (from|for) {us}
    ^(hi|hello) no thanks
    (is|be) a (no|hard no|no go|non starter|pass)
    ^nope
    (i|we) (am|are) [all |really |quite |perfectly |currently |already |pretty ](good|fine|set|
        all set|covered|sorted|ok|well covered|taken care
        of)[, thanks][, thank you][, but thanks]$
    (i|we) (am|are) [all |really |quite |perfectly |currently |already |pretty |
        more than ](good|fine|set|covered|sorted|ok|content|satisfied|happy|well served|okay)
        (with|for|on|here|where|as|thanks|thank|at|in|right now|without|but|using|,)
    ^(happy|content|satisfied|fine|good|sorted|covered) with (our|what|the|my|current)
    (happy|content|satisfied|fine|pleased) with (our|my|the|what) [_ ](current|existing|present|
        provider|vendor|supplier|setup|solution|tools|we have|partner|agency|team|we)
    all set[ here][ on][ for][ with][ thanks][ thank you]
    ^all (set|good|sorted)[, thanks]$
    (good|fine|covered|set|sorted) (for now|without|as we are|as is)
    (will|would|to|must|can|i|we|think i|gonna|should|ll|going to|have to|need to|hard|easy|
        respectfully|just|probably|gotta|gladly|rather|politely|got to|is a|it is a) _
        pass[, thanks][ on (this|it|that|your|
        these)][ for now][ this time][ but][ thank you][ at this time][ today][ right now][ again]$
    pass (for now|this time|thanks|thank you|, thanks|but|at this time|on (attending|speaking|
        sponsoring|participating))
    ^pass$
    ^hard pass
    (will|to|must|have to|gonna|going to|i|we|think i|am|need to) _ pass (on|,|this time|for)
    (not|never|no|isn) ~ (fit|match|fitting)
    (not|no) [really |quite |a |the ](good |right |great |best |perfect |natural |strong |ideal
        |)(fit|match)
    (bad|poor|wrong|weak) (fit|match)
    not [really |quite |just |something |anything ][_ ]for (us|me)[ at][ thanks]
    not (our|my|really our|really my) (thing|cup of tea|bag|jam|scene|style|speed|cup|kind of
        thing|line|market|field of interest|priority)
    (not|nothing|no|hardly|not really|none) [_ ](relevant|relevance|applicable|useful|of use|
        suitable|suited|needed|necessary|required|worthwhile|worth (my|our|the|it)|valuable|
        compelling|attractive|helpful|appropriate|feasible|viable|desired|wanted|welcome)
    irrelevant
    (does|do|will|did|would) not [_ ](apply|align|fit|meet|match|suit|work for|make sense|add|
        help|concern|benefit|solve|serve|need to)
    (do|does|did|will|would) not [_ ][_ ](need|require|want|care|accept|buy|purchase|sponsor|
        outsource|participate|attend|engage|invest|do (this|that|these|events|sponsor*|
        conferences|webinars|cold|calls|speaking|public)|see (a|the|any|how|this|us|value|why|
        it|ourselves)|believe|work with|take on|be (interested|needing|able|attending|joining|
        sponsoring|participating|moving|proceeding|taking|pursuing|buying|going|requiring|using|
        continuing|speaking|part|available|of|a|possible)|move forward|proceed|speak at|go
        (ahead|forward)|happen|pursue|continue|bother|waste|send it|send)
    (do|does|did) not think (so|this|it|we|i|that|there|your)
    (do|does|did) not (use|have) [_ ][_ ](need|use|use for|requirement|interest|desire|appetite|
        any need|wish)
    [there is ]no [_ ][_ ](need|use|requirement*|appetite|desire|demand|value|point|place|room|
        thank|interest|reason to|plans to|plan to|intention)[ for][ of][ in][ to]
    no longer (interested|looking|in the market|need*|considering|relevant|required|want*|
        pursuing|seeking|requir*|valid)
    (not|no longer|never|nor) [_ ][_ ](looking|seeking|pursuing|considering|planning|going
        ahead|going forward|moving forward|moving ahead|proceeding|convinced|keen|in the market|
        in market|in need|hiring|buying|shopping|needing|accepting|taking on|investing|willing|
        inclined|prepared to|going to|sold|impressed|excited|taking|up for|down for|game|on
        board|a fan|exploring|evaluating|entertaining|engaging|participating|attending|speaking|
        sponsoring|able to|an option|what (we|i) (need|want|are|am)|something (we|i|that)|eager|
        enthusiastic|thrilled|tempted|our (area|focus))
    (decline|declining|declined|reject|refuse|turn (this|it|you|the|your) [_ ]down|turning
        (this|it|you|the) [_ ]down)
    (have|need|going|would like|like|got|forced) to say no
    (say|saying) no[ to]
    (rather|prefer|prefer to|opt|opting|choose|chose|choosing|decided|elected|elect) not[ to]
    (decided|deciding) (against|not|to go (with|in)|to stay|to stick)
    (skip|skipping) (this|it|that|on)
    i will skip
    sit (this|it) [_ ]out
    sit out
    (give|giving) (this|it|that) a miss
    count (me|us) out
    (i|we) (am|are) out$
    bow out
    (am|are|is|be) unable to
    (can not|could not|not able to|will not be able to) [_ ](commit|participate|sponsor|join|
        accept|take (this|it|on|part)|afford|help|justify|do (this|it|that)|support|attend|
        contribute|accommodate|speak|see|offer)
    (will|would|does|do|did) not work[ for][ out][ here]$
    not (be )possible
    (gone|went|going|go|signed|sticking|staying|stick|stay|contracted|partnered) with
        [_ ](someone|another|a|an|our|your|the|competitor|other|different|current|one|what)
    (chose|chosen|selected|picked) (another|someone|a|an|your|different|one)
    (just|recently|already) (signed|bought|renewed|chose|purchased|hired|selected|implemented|
        contracted|committed|invested|switched|picked|partnered|booked|filled|found)
    (we|i) have (signed|chosen|committed|filled)
    committed to [_ ](another|a|an|someone|other)
    (not|no) (at this (time|stage|point|moment|juncture)|for now|this time|this year|today|right
        now, but thank*)
    (respectfully|regretfully|sadly|unfortunately), [we |i |this |it |that ][_ ][_ ](not|no|
        pass|decline|can not|must|will not|is not|are not|am not|unable)
    (afraid|sorry|unfortunately), [but ](not|no|we are not|i am not|no thanks|we will|i will|we
        can not|i can not|we do not|i do not|we have no|that is not|this is not|it is not)
    ^not (really|for|our|us|me|a|needed|necessary|required|interested|keen|happening|likely|
        looking|in|pursuing|the|fit|match|relevant|aligned|going|today|worth)
    ^(dont|do not) (need|want|require|have|think|care|see|believe|send|bother|waste|use|like)
    ^no (need|interest|use|budget|intention|requirement|plan*|reason|fit|match|demand|want)
    (please |pls |kindly )do not send
    do not send (it|me|us|that|anything|them|the)
    not need to send
    (save|saving) (your|my|us|our) (time|breath|effort|energy)[ for]
    (move|moving) on[, please]$
    close (the|my|our|this) (file|ticket|case|loop|opportunity)
    (look|search|try|shop|sell*|pitch*|go|peddle) (elsewhere|somewhere else|someone else|
        somebody else|anybody else|anyone else)
    (find|ask|bother|annoy|pick|spam) (someone|somebody|another|anyone) (else|sucker|mug|victim|
        fool)
    not my (problem|concern|circus)
    (wish|wishing) you [_ ][_ ](luck|success|well|best|the best)
    good luck (with|finding|in|selling|though|elsewhere|to you|on your|and)
    best of luck
    not (doing|having) (it|any)
    (stepping|step) (back|away|down) from
    (thumbsdown|stopsign)$
    that is a no
    is a no$
    (company|business) (is|has) (closed|shut|sold|bankrupt)
    (gone|went) out of business
    (closed|sold) (the|my|our) (company|business|shop)
    (wrong|bad) (company|target|audience)
    not our (target|industry|business|sector|audience|customer*|field)
    nothing for us
    (not|never) touch (this|it|that)
    ten foot pole
    ^let us not$
    hard to see why
    going to skip
    voted against
    no longer work in
    walk over hot coals
    washing my hair
    ^just no
    ^no, and
    no$
    last thing (i|we) need
    better things to do
    (got|have|has) (it|this|that|everything|all that) [all ](covered|handled|under control|
        sorted|taken)
    (i|we) [really ](hate|dislike|loathe|detest|despise|can not stand) [~ ](speaking|
        conferences|events|this|these|cold|public|networking|sales|panels|talks)
    closing (our|my|the) (business|company|shop|doors)
    (consider|take|call) (this|it|that) [_ ][_ ]no$
    probably not
    not really$
    only [_ ](sponsor*|support|work with|invest|speak|buy)
    overkill
    ship has sailed
    (hold|holding) off$
    fully (booked|committed|staffed)
    ^good, thanks$
    ^(can not|will not|unable)$
    worst [_ ](pitch|email|message|thing)
    stopped (doing|attending|speaking|sponsoring|going|working|buying)
    (frozen|paused|cancelled|canceled) [~ ](spend*|budget*)
    inferior
    (have|has|need*|got|going) to say no
    no longer (sponsor*|speak*|attend*|participat*|do|take|accept*|offer*|invest*|buy|run)
    (politely|kindly|gracefully|must) (decline|pass|refuse)
    thanks but, (we|i) (have|already|use|do not|are|am|will)
    (hard|tough) sell
    ^(not|nt)$
    ^not at all$
    ^not really$
    """

_OBJECTION = """
    (opportunity|fit|thing|deal|option|match|idea|event|product) for (someone|somebody|others|other|companies|people|anyone|those)
    for (someone|somebody|anyone) else
    solved (this|it|that)
    when you have something (useful|interesting|relevant|better|new|real)
    already (have|has|use|using|got|work*|partner*|covered|sorted|handle*|taken|sponsor*|solved|
        in place|do|doing|working|being|engaged|invested|set|well|an|a|with|booked|full)
    (have|got|has) (a|an|our own|someone|somebody|people|own|in house|existing|another|our) ~
        (for (this|that)|handl*|does|doing|already|in place|vendor|provider|supplier|agency|
        partner|solution|team|contractor|developer|tool|system|guy|consultant)
    (in house|inhouse|ourselves)$
    (handle*|manag*|do|doing|done|build*|built|run) ~ (in house|internally|ourselves|inhouse)
    (we|i) (use|are using|am using|work with|rely on|have been using|are on|run on)
    (current|existing) [_ ](provider|vendor|supplier|solution|setup|tool*|partner|agency|
        contract|system|stack)
    (locked|tied) (in|into|up)
    (under|in|into) [_ ]contract
    (contract|commitment) (with|until|runs|for)
    too (expensive|pricey|costly|much money|dear|steep|rich|small|early|late|complex|
        complicated|good to be true|high|long|far|niche|basic|big|risky)
    (expensive|pricey|overpriced|costly)
    (can not|could not|not able to) [_ ]afford
    (out of|over|beyond|outside|above) [_ ](budget|price range|reach|means|scope)
    (no|not|without|limited|tight|zero|not any|little|small|have a) [_ ][_ ](budget|money|funds|
        funding|cash|resources)
    budget* [~ ](is|are|has|have|was) [_ ][_ ](frozen|tight|gone|spent|allocated|cut|limited|
        used|zero|set|closed|exhausted|full|slashed|locked|fixed)
    budget (freeze|cuts|constraint*|issue*)
    (cutting|cut|reduc*|slash*) [_ ](costs|budget*|spend*|expenses)
    hiring freeze
    (no|not have|not enough|without|lack of|do not have) [_ ][_ ](time|capacity|bandwidth|
        resources|headcount|staff)
    (tried|used|did|done|had|been) ~ (not work|before|burned|burnt|bad experience|disappointed|
        waste)
    not work*
    been there
    not convinced
    not (a|our|my|really a|high|top) [_ ]priority
    (is|are) not [_ ](on our|on my|in our|part of|within) [_ ](roadmap|radar|plan*|agenda|
        budget|scope|focus|strategy|priorities)
    (bad|poor|terrible|horrible|negative) (experience|reviews|reputation)
    other priorities
    (different|other|another) (priorities|focus|direction|route|approach|vendor|provider|path)
    (focus*|concentrat*) on (other|something|our own|internal|different)
    not much (use|value)
    (do|did) not (trust|like|love|agree|understand the (value|point)|buy)
    skeptical|sceptical
    (can not|will not|will not be able to) (make|attend|be there|come|travel|do)
    (have|has) our own (event|conference|thing|summit)
    (have|got|already have) (plans|another|a conflict|other commitments|prior)
    not in (the )?(budget|cards|plans|position|place)
    (not|nothing) [_ ]new
    not (big|large) enough
    not sure (we|i|this|it|that|there) [_ ][_ ](need|fit|fits|want|right|makes|relevant|see|is|
        would|applies|adds)
    (small|tiny|one man|solo) (company|business|team|shop|operation|band)
    not (the )?(decision maker|budget holder)
    (am|are) retired
    (i|we) retired
    retiring
    happy (with|where)
    (we|i) prefer (to|our|the)
    unlikely
    not likely
    doubt
    highly doubt
    not [_ ]enough
    not as (good|useful)
    """

_NOT_REFUSAL = """
    y not
    not [be ][able to ](respond|reply|access|check|checking|answer|be reached|read|reachable|be
        reachable|monitor*|be checking|be able to (respond|reply|access|check|answer|read|
        return)|have access|be available (until|from|on|till|between|this))
    unable to (respond|reply|access|check|answer|read|attend to)
    no (problem*|worries|worry|doubt*|brainer|rush|question*|objection*|issue*|wonder|pressure|
        matter|idea|clue|later|harm|joke|kidding|strings|hurry|stress|biggie|prob*|fear|
        complaints|regrets|offence|offense|hard feelings|better|time like|time to lose|one
        (else|does|has|is)|probs|obligation|longer than|less than|more than|drama|trouble|
        bother|hesitation)
    no need to (apolog*|rush|explain|wait|sell|convince|worry|be sorry|ask|thank|think)
    not (only|just|merely|simply|least|to mention|bad|too (late|bad|shabby|expensive)|a problem|
        an issue|a big deal|a deal breaker|a (moment|second|minute) too)
    why not
    do not (worry|mind|hesitate|forget|get me wrong|need to apolog*|be (shy|sorry|afraid)|miss|
        let|stop|give up|wait|remove|unsubscribe|delete|know (much|enough|a lot|what|if|how|
        when)|see (why not|the (link|attach*|file*|pric*)|any (attach*|link*|pric*))|have (a|an|
        any) [_ ](website|question*|objection*|issue*|problem*|solution|provider|vendor|tool|
        system|agency))
    do not want to miss
    would not (mind|miss|say no|hurt|be (opposed|against|averse))
    (will|would|could|can|going to) not (say|going to say) no
    not going to say no
    (how|who) (can|could) (i|we|anyone) (say no|refuse|resist|decline|turn)
    (can not|could not) (wait|say no|complain|refuse|resist|thank you|turn (it|this|that) down|
        agree more|be (more|better|happier)|have come at|argue|recommend|decline)
    can not pass (it |this |that |)up
    not (opposed|against|averse|unhappy|uninterested|disinterested|closed)
    never (say never|been better|too late|seen|heard|thought|had|tried|knew|met)
    nothing to lose
    (not|not that i am not|never) that (i am|we are) not
    not that (i am|we are) not (interested|keen)
    no (reason|excuse|point|need) not
    (if|unless|whether) (this|it|that|you|i|we|there) (is|are|am) not
    (not|no) yet (but|,)
    (have|has) not (heard|seen|had|received|read|looked|used|tried|got|decided|been|met|done|
        found|thought|signed|chosen|come across|considered|made)
    ^(did|do) not (know|realise|realize|see|get|notice|hear|receive|understand)
    not sure (what|how|when|who|which|where|if you|why|about the|yet|if i|if we|whether)
    could not (open|find|see|access|download|read|reach|get|view|load)
    (can not|did not) (open|find|see|access|download|read|view|load|reach|get (the|your)|hear)
    (was|were|am|are) (not )?going to say no but
    no to (the|your) (first|second)
    (yes or|or|(can not|could not|never|not) say|por que|porque|como|why) no$
    refuse to (miss|believe)
    not (disappointed|surprised)
    not for (lack|want|long)
    not (far|long|hard)
    no longer (have|using|with|happy|satisfied|work with|use)
    is not (there|it|that)$
    not (asking|trying) to (be|decline)
    do not (go|skip) anywhere
    not until
    doubt*less
    without (a )?doubt
    no doubt
    do (you|they|we) not
    (say|saying) no more
    declined (another|a competitor|someone|other)
    """

_MOCKERY = """
    (if|when) pigs
    (with|to) someone who (has|have) (time|nothing)
    (pay|paid|give|gave) me (a|ten|one) (million|billion)
    (how about|does|let us talk|talk|works) never
    thing i am interested in
    (someone|somebody|anyone|people) who (cares|gives|asked|wants)
    who cares
    (watch*|watching) [_ ](paint|grass) (dry|grow)
    paint dry
    grass grow
    (hell|hades) [_ ]freezes
    freezes over
    (in your|keep) (dreams|dreaming)
    dream on
    fat chance
    not in (a|ten|1) (million|thousand|lifetime)
    million years
    over my dead
    (pigs|cows) [can |learn to |could |start to ](fly|flying)
    snowball
    nice (try|template)
    good one
    you wish
    (like|need|want) (a|another) (hole|root)
    hole in the head
    root canal
    (pulling|pull) teeth
    (would|will) rather [~ ](eat|stick|chew|watch|drink|listen|gouge|walk|lick|have|die|be|
        staple|swallow|spend|juggle|clean|pay|bathe|wrestle)
    said (no one|nobody) ever
    (bark*) up the wrong
    (must|got to|have got to) be (joking|kidding)
    (are you|you) (kidding|joking|serious|for real|insane|high|drunk|mad|crazy)
    yes right$
    ^yes, right
    as if$
    thanks for nothing
    not hold your breath
    hold my breath
    better luck
    get real
    do you (even )?(know what we|read)
    (did|have) you even
    (do|done|did) your (research|homework)
    (waste|wasting|wasted) (of|my|our|your) (time|money|breath|everyone)
    (just|great|wow|oh|cool|fantastic|wonderful|lovely|look|joy|not|one of those|need)
        [_ ]another
    another [_ ](unsolicited|cold|spam|sales|automated|ai|generic|boring|stupid|template)
        [_ ](email|e mail|mail|pitch|template|spam|message|vendor|sales|salesperson|salesman|
        cold|automated|ai|bot|newsletter|recruiter|conference|event|tool|platform|saas|webinar|
        invitation|invite|startup)
    yet another
    (thoughtful|kind|nice|generous|lovely) of you to (fill|spam|flood|waste|clog|ignore|keep)
    how (original|thoughtful|lovely|creative|clever|personal|convenient|generous|kind of you to|
        refreshing|unique|nice of you to spam|exciting)$
    (wow|oh), (how|such|what a|another|joy|goody|lucky)
    do i look like
    oh (great|joy|good|goody|wonderful|fantastic|lovely|look|boy|please|brilliant|perfect)
    ^(wow|great|fantastic|brilliant|wonderful|lovely|perfect|awesome|amazing|super), (another|
        just what|exactly what|more|one more|a|yet|because)
    (lucky|poor) me
    be still my
    (just|exactly) what (i|we|the world|my inbox|everyone) [always |really |desperately ](need*|
        want*|dreamed|dreamt|missing)[ today][ ,] (another|more|spam|yet|one)
    what (the world|my inbox|nobody) (need*|want*|asked)
    because (i|we) (have|had|love|really|clearly|obviously) (nothing|so|no|love|getting|enjoy|
        spam)
    nothing better to do
    (thrilled|delighted|love|enjoy|excited|overjoyed) (to|getting|receiving|when|how)
        [~ ](another|spam|yet|unsolicited|cold|random|strangers|generic|you (keep|people|spam))
    (generic|templated|copy paste*|copy pasted|canned|mass|boilerplate|automated|robotic|lazy|
        cookie cutter) [_ ](email|message|pitch|template|spam|outreach|mail|approach|text|
        drivel|nonsense|flattery)
    (feels|sounds|looks|seems|is) [_ ][_ ](generic|templated|automated|copy pasted|ai generated|
        robotic|like a (bot|template|scam)|fishy|dodgy|shady|scammy|spammy)
    probably (send|sent|say|tell|write) (this|that) to
    (send|sent|say|tell) (this|that|it) to (every*|all|everyone|hundreds|thousands|a (hundred|
        thousand|million))
    (cold|unsolicited|sales) (outreach|spam|pitch) (is|are)
    rolledeyes
    you (people|guys|folks) (never|are|just|really|must|have)
    (bullshit|bs|garbage|crap|nonsense|rubbish|ridiculous|pathetic|joke|clown*|idiot*|stupid|
        moron*|shameless|desperate|laughable|snake oil|ponzi)
    (what|such|is) a joke
    do not insult
    insult* my
    cringe
    i am (dying|overwhelmed) with excitement
    contain my (excitement|enthusiasm|joy)
    (jump*|leap*|dance*) for joy
    cry me a river
    world s (smallest|tiniest)
    tiny violin
    talk to the hand
    not (born|fall*) [_ ](yesterday|for)
    sell (me|us) (a )?bridge
    bridge to sell
    (nigerian|foreign) prince
    (my|a) (dog|cat|goldfish|grandmother|toaster) [_ ][_ ](could|would|can|is|needs|writes|has|
        more)
    as much as (a|i|we) [_ ](root|need|like|want|enjoy)
    about as [_ ]* as
    (sure|yes|right), (right|when|because|and i am|and|i will) [_ ](after|pigs|hell|i|the|am|
        queen|pope|win)
    right after (i|the|my|hell)
    sarcas*
    what could (possibly|ever) go wrong
    living the dream
    slow clap
    (gold|participation) (star|trophy|medal)
    (ten|10|full) (points|out of) [_ ](for|ten)
    (never|not) heard that (one|before)
    no shit
    if i had a (dollar|penny|euro|pound|nickel|dime)
    changed my life
    made my day ~ (spam|not)
    (riveting|groundbreaking)$
    """

ENGLISH_NO: PhraseTable = {
    Cue.REFUSAL: _REFUSAL,
    Cue.OBJECTION: _OBJECTION,
    Cue.NOT_REFUSAL: _NOT_REFUSAL,
    Cue.MOCKERY: _MOCKERY,
}
