"""Writers who do what they are asked: each has a manner of its own, and says only what the data says.

A manner is a text for each thing that may be asked for, with the data's fields in braces. They are
written as people and models write, without regard to how a text is judged.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ingagents.model import Question

NOTES = (
    (
        "Hi {name}, we are putting together {event} in {city}, and your perspective as {role} at"
        " {company} would be a great fit. Would you be open to speaking?"
    ),
    (
        "Hello {name}, as {role} at {company} you know {skill} first-hand. Would you consider joining us at"
        " {event} ({date}) to talk about it? Best, {sender}"
    ),
    (
        "Hi {name} - I'm part of the team organising {event}. Your work as {role} at {company} looks very"
        " relevant to our topics. May I share a few details?"
    ),
    (
        "Dear {name}, {event} takes place in {city} on {date}. With your background as {role} at {company},"
        " you could bring a practical view. Could we discuss whether a session would suit you?"
    ),
    (
        "Hi {name}, I noticed that you are {role} at {company}. We are looking for exactly that point of"
        " view at {event} in {city}. Would that be of interest to you?"
    ),
    (
        "Hi {name}, many of the people who come to {event} work on {skill}, as you do at {company}. Would"
        " you like to share some lessons with them?"
    ),
    (
        "{name}, I'm reaching out because of your role as {role} at {company}: it is close to what {event}"
        " is about. Are you open to hearing more?"
    ),
    (
        "Hi {name}, I'd love to invite you to speak at {event} on {date}. A talk on {skill} from somebody at"
        " {company} would be valuable. Would you be interested?"
    ),
)

FIRST_MESSAGES = (
    (
        "Hi {name}, thank you for accepting my invitation. As {role} at {company}, you work on questions"
        " that many of our participants have every day, and I would like to hear your view on {skill} at"
        " {event}. A session could be short: one project, the approach you took, and what you would do"
        " differently now. You do not need to prepare anything yet. {fact} Would you be open to a brief exchange"
        " about it?\n\nBest regards,\n{sender}"
    ),
    (
        "Hello {name}, thanks for connecting! I'd like to tell you a little more about {event} in {city}. We"
        " are looking for practitioners who share real lessons, including the things that did not work."
        " With your role as {role} at {company} and your experience with {skill}, I think a session from"
        " you could be really helpful for others. {fact} What would you think about speaking? I'm happy to send"
        " an outline."
    ),
    (
        "Dear {name}, thank you for connecting. In my invitation there was little room, so here is why I"
        " wrote: your position as {role} at {company} is close to the topics of {event}. We would value a"
        " practical talk, with one clear example from your own work on {skill}. There is no pressure, and"
        " a rough idea is enough for now. {fact} Is there a topic you would enjoy presenting?\n\nKind regards,\n{sender}"
    ),
    (
        "Hi {name}, good to be connected. {event} brings together people who build and run technology, and"
        " your perspective from {company} would add something useful. I could imagine a talk about how"
        " you, as {role}, approach {skill}: what the challenges are, what helped, and what others can learn"
        " from it. Of course, you would choose the angle yourself. {fact} Would you consider giving such a talk?"
    ),
    (
        "Hi {name}, thanks for accepting my request. Let me briefly explain what we have in mind: at {event}"
        " in {city}, we want people to hear from those who do the work. You do that at {company} as {role},"
        " and {skill} is a subject that many in our audience care about. It can be a short session or a"
        " discussion, whichever suits you better. {fact} Shall I send you some more details?\n\nBest,\n{sender}"
    ),
    (
        "Thank you for connecting, {name}. I am writing to you because you are {role} at {company}, and"
        " {event} is looking for this view. What we hope for is a story from practice on {skill}: the"
        " problem, the solution, and the point where you had to change your mind. We help with the rest,"
        " and there is plenty of time to decide. {fact} If you are curious, may I tell you how a session would"
        " look?\n\nWarm regards,\n{sender}"
    ),
    (
        "Hi {name},\n\nthanks for connecting with me here. I help to organise {event}, and I would be very"
        " happy to have someone from {company} with us. You have seen how {skill} works in daily practice,"
        " and as {role} you also see what it means for a team. That is what our participants ask for most."
        " A few sentences about a possible subject would be enough as a first step. {fact} Does that sound"
        " interesting to you?"
    ),
    (
        "Hello {name}, it is nice to be in touch. For {event} we are planning sessions in which people talk"
        " about their own work in an honest way. I believe that {skill} at {company} would make a good"
        " subject, and that you, as {role}, are the right person to speak about it. You would not have to"
        " present finished results, and questions that are still open are welcome. {fact} Could you see yourself"
        " doing this?\n\nRegards,\n{sender}"
    ),
)

GUEST_MESSAGES = (
    (
        "Hi {name}, thank you for connecting. I am writing because {event} in {city} is made for people who"
        " work as you do at {company}. As {role} you are asked similar questions as other guests, and you"
        " could compare notes on {skill} in a relaxed setting. Nothing needs to be prepared, and there is"
        " no need to decide today. {fact} Would you like to have an overview of what is planned?\n\n"
        "Best regards,\n{sender}"
    ),
    (
        "Hello {name}, thanks for accepting my invitation. We would be happy to welcome you at {event}. I"
        " think that {skill} is a subject you deal with at {company} every day, and that is what many of"
        " our participants do as well. Your point of view as {role} would make the discussions richer,"
        " and I hope that you would take a few useful ideas home. {fact} Is that something you could"
        " imagine?"
    ),
    (
        "Dear {name}, it is good to be connected. Let me tell you briefly what {event} is about: people who"
        " do practical work exchange what they have learned, openly and without a show. With your role"
        " as {role} at {company}, and your knowledge of {skill}, you would fit in very well. If you are"
        " not sure, that is fine, too. {fact} May I send you some more information?\n\nKind regards,\n{sender}"
    ),
    (
        "Hi {name}, thank you for connecting. You work on {skill} at {company}, and this is a topic that"
        " {event} in {city} looks at from several sides. I would be glad if you, as {role}, were part of"
        " it, in whatever way suits you and your team. We can keep it informal, and a short answer is"
        " enough for the moment. {fact} What would have to be on the programme for you to be interested?"
    ),
)

FOLLOW_UPS = (
    (
        "Hi {name}, a brief follow-up to my last message about {event}. {fact} I thought this might be"
        " relevant to you as {role} at {company}. Would you be interested in hearing more?"
    ),
    (
        "Hello {name}, I wanted to share some news about {event}: {fact} Perhaps it makes a session from"
        " {company} more interesting to you. What do you think?"
    ),
    (
        "Hi {name}, I know you are busy as {role} at {company}, so I will keep this short. {fact} Could"
        " {event} be something for you after all?\n\nBest,\n{sender}"
    ),
    (
        "{name}, one thing I did not mention in my earlier note on {event}: {fact} For someone who works as"
        " {role}, that may be worth a look. Shall I send you the details?"
    ),
    (
        "Dear {name}, since my last message there is something new about {event}. {fact} I would still be"
        " glad to have the perspective of {company} with us. Are you open to a short conversation?\n\n"
        "Kind regards,\n{sender}"
    ),
    (
        "Hi {name}, following up on my message: {fact} With your role at {company} this could be useful to"
        " know. Would you like to join us at {event}?"
    ),
    (
        "Hi {name}, just a quick update on {event}. {fact} If that fits your work as {role} at {company}, I'd"
        " be happy to tell you more. May I?"
    ),
    (
        "Hello again {name}, I wrote to you about {event}, and here is a bit more: {fact} How does that sound"
        " from your point of view at {company}?"
    ),
)

LAST_ONES = (
    (
        "Hi {name}, this is my last message about {event}. {fact} If it is of interest to you as {role} at"
        " {company}, I would be glad to hear from you. If not, no answer is needed, and I wish you all the"
        " best.\n\n{sender}"
    ),
    (
        "Hello {name}, I don't want to take up more of your time, so I will leave it at this last note about"
        " {event}. {fact} Should it fit your work at {company} at some point, you are always welcome to write"
        " to me. All the best!"
    ),
    (
        "Dear {name}, before I close this: {fact} As {role} at {company} you may find that useful. I will not"
        " write to you about {event} again. Thank you for your time, and kind regards,\n{sender}"
    ),
    (
        "Hi {name}, one last thought on {event} and then I will stop writing: {fact} If you would like to"
        " bring the view of {company}, just send me a word. Otherwise, I wish you a good time."
    ),
    (
        "{name}, I understand if the timing isn't right for you at {company}. {fact} This will be my final"
        " note on {event}; if you ever want to talk about it, feel free to reach out. Best wishes,\n{sender}"
    ),
    (
        "Hi {name}, a last piece of information from me: {fact} I won't contact you again about {event}. If"
        " you, as {role}, are interested later, a short reply is enough. Take care!"
    ),
    (
        "Hello {name}, as I have not heard from you, I assume {event} is not a fit right now, and that is"
        " perfectly fine. {fact} I will not follow up any further. All the best for your work at {company}."
    ),
    (
        "Hi {name}, with this note I will leave you in peace. {fact} For a {role} that might still be of"
        " interest, and the door to {event} stays open. Thanks for reading, and best regards,\n{sender}"
    ),
)

LINES = (
    "Your work as {role} at {company} is close to what we want to talk about.",
    "As {role} at {company}, you bring a perspective that our participants value.",
    "With your experience in {skill} at {company}, you could share lessons from practice.",
    "What you do at {company} as {role} fits well with our topics.",
    "Your background in {skill} as {role} would make for a useful and practical contribution.",
    "Someone who works on {skill} at {company} knows the questions our audience has.",
    "Your role at {company} gives you a practical view on {skill}.",
    "I think your view as {role} would be interesting to many of our guests.",
)

LATER_LINES = (
    "For someone who works as {role} at {company}, this may be of particular interest.",
    "This could be relevant to your work on {skill} at {company}.",
    "I thought of it as useful for a {role}.",
    "It may well touch on what you and your team do at {company}.",
    "As {role}, you would bring a view to this that few others have.",
    "That is close to the {skill} work you do at {company}.",
    "With your position at {company}, you may find this worth knowing.",
    "From your point of view as {role} at {company}, that might be a good reason to join.",
)


_TALKS = re.compile(r"\b(?:speak\w*|talks?|stage|session)\b")
"""What only a speaker is asked for."""


def told(question: Question) -> dict[str, Any]:
    """The data a question carries."""
    data: dict[str, Any] = json.loads(question.user.partition("<data>")[2].partition("</data>")[0])
    return data


def written(question: Question, manner: int) -> Mapping[str, Any]:
    """What this writer answers: a text that has only what the data has, and what it rests on."""
    data = told(question)
    later = "earlier" in data
    texts: Sequence[str]
    if "event_name" not in data:
        texts = LATER_LINES if later and "fact" in data else LINES
    elif "fact" in data and data.get("step") == "last follow-up":
        texts = LAST_ONES
    elif data.get("step") == "follow-up":
        texts = FOLLOW_UPS
    else:
        texts = (*FIRST_MESSAGES, *GUEST_MESSAGES) if data.get("step") else NOTES
    fields = {
        "name": data.get("name", "there"),
        "role": data.get("position", "practitioner"),
        "company": data.get("company", "your company"),
        "skill": data.get("skills", "your field").split(", ")[0],
        "event": data.get("event_name", ""),
        "city": data.get("event_city", ""),
        "date": data.get("event_date", "the day"),
        "sender": data.get("sender_name", ""),
        "fact": " ".join(filter(None, (data.get("fact", ""), data.get("fact_link", "")))),
    }
    if data["invited_as"] != "Speaker":
        texts = [text for text in texts if not _TALKS.search(text)]
    room = int(question.user.partition("At most ")[2].split()[0])
    ways = [
        texts[(manner + at) % len(texts)].format_map(fields).replace("  ", " ")
        for at in range(len(texts))
    ]
    text = next((way for way in ways if len(way) <= room), ways[0])
    claims = [
        {"words": data[field], "field": field}
        for field in ("position", "company")
        if field in data and data[field] in text
    ]
    return {"text": text, "claims": claims}
