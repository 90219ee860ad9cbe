-- Several accounts of one service. A person has one voice: a step of theirs is claimed once, from
-- whichever account. Of an older double, from before an account was replaced, the newer one stands.
UPDATE deliveries SET state = 'lost', detail = 'another account took this step over later'
WHERE state NOT IN ('refused', 'lost') AND EXISTS (
    SELECT 1 FROM deliveries o
    WHERE o.recipient = deliveries.recipient AND o.campaign = deliveries.campaign
    AND o.step = deliveries.step AND o.id <> deliveries.id AND o.state NOT IN ('refused', 'lost')
    AND (o.claimed_at > deliveries.claimed_at
        OR (o.claimed_at = deliveries.claimed_at AND o.id > deliveries.id))
);
DROP INDEX deliveries_once;
CREATE UNIQUE INDEX deliveries_once ON deliveries (recipient, campaign, step)
    WHERE state NOT IN ('refused', 'lost');

-- `leads.account_id` is the account that has claimed anything towards them, '' while none has.
UPDATE leads SET account_id = (
    SELECT d.account_id FROM deliveries d WHERE d.recipient = leads.id
    AND d.kind IN ('invitation', 'message', 'reply', 'enrolment') ORDER BY d.claimed_at, d.id LIMIT 1
)
WHERE account_id = '' AND EXISTS (
    SELECT 1 FROM deliveries d WHERE d.recipient = leads.id
    AND d.kind IN ('invitation', 'message', 'reply', 'enrolment')
);

-- What was noted of the one account is noted of the one that wrote last.
UPDATE notes SET name = name || ':' || (
    SELECT account_id FROM deliveries WHERE kind IN ('invitation', 'message', 'reply', 'enrolment')
    ORDER BY claimed_at DESC, id LIMIT 1
)
WHERE name IN (
    'account.seat', 'profile.visits', 'invitations.others_open', 'invitations.by_hand',
    'limit.note', 'refusals.mistakes', 'replies.seen_until', 'replies.walks', 'replies.unread',
    'recollection.looked_at', 'recollection.walk'
) AND EXISTS (SELECT 1 FROM deliveries WHERE kind IN ('invitation', 'message', 'reply', 'enrolment'));
