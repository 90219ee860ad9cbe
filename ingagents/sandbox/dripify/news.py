"""What the simulated Dripify posts when somebody answers: the whole thread, and no kind and no id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from ingagents.sandbox.market.campaign import Campaign
from ingagents.sandbox.market.market import Market
from ingagents.sandbox.postman import Address, News
from ingagents.sandbox.unipile.http import iso

_REPLIED = "After LinkedIn reply is received"


class DripifyNews:
    """Keeps `sandbox.postman.Teller`. Its pages alone say where to post: `url` stands there."""

    def __init__(self, market: Market, *, url: str) -> None:
        self._market = market
        self._campaign = Campaign(market, 1)
        self._url = url
        self._since = market.now()

    def addresses(self) -> Sequence[Address]:
        headers = {"Content-Type": "application/json"}
        kinds = frozenset({_REPLIED})
        here = Address(id="dripify", url=self._url, kinds=kinds, since=self._since, headers=headers)
        return [here]

    def news(self, since: datetime, now: datetime) -> Iterator[News]:
        self._market.catch_up()
        enrolled = {one.person.key for one in self._campaign.everybody()}
        for chat in self._market.chats(now):
            person = chat.person
            if person is None or person.key not in enrolled:
                continue
            for said in chat.said:
                if said.at < since or said.sender is None or said.event:
                    continue
                thread = [
                    {
                        "text": one.text,
                        "type": f"Linkedin message {'replied' if one.sender else 'sent'}",
                        "userName": person.name if one.sender else self._market.owner.first_name,
                        "timestamp": iso(one.at),
                    }
                    for one in chat.said
                    if one.at <= said.at and not one.event
                ]
                body = {
                    "firstName": person.first_name,
                    "lastName": person.last_name,
                    "premium": "No",
                    "link": f"https://www.linkedin.com/in/{person.slug}",
                    "company": person.company_name,
                    "position": person.title,
                    "hookDate": said.at.strftime("%d/%m/%Y"),
                    "campaignName": "The fair",
                    "conversation": thread,
                }
                yield News(kind=_REPLIED, key=f"dripify {said.id}", at=said.at, body=body)
