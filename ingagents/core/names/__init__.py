"""How to call a person: the first name that is safe to greet with, or none at all.

A wrong name costs more than a missing one. People write emoji, job titles, pronouns, slogans and
whole companies into the name field, exports hold page text, stand-ins and garbled letters; whatever
leaves a doubt is answered with "", and the letter opens with a plain "Hello". What is greeted is
always a part of the name as it was given.
"""

from __future__ import annotations

from ingagents.core.names.greeting import greeting_name, greeting_of
from ingagents.core.names.parts import split_name
from ingagents.core.names.stand_ins import is_stand_in
from ingagents.core.names.text import plain_text

__all__ = ["greeting_name", "greeting_of", "is_stand_in", "plain_text", "split_name"]
