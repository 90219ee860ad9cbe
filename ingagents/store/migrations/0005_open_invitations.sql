-- Which invitations nobody took yet is asked before every invitation, and before withdrawing some.

CREATE INDEX leads_by_invitation ON leads (account_id, invited_at)
    WHERE invited_at IS NOT NULL AND accepted_at IS NULL AND responded_at IS NULL;
