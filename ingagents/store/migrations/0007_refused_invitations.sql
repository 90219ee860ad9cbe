-- What the refusals of invitations meant is read before every one: few are refused, and they are found at once.

CREATE INDEX deliveries_by_refusal ON deliveries (account_id, claimed_at)
    WHERE refusal = 'cannot_resend';
