"""What settings and files say to the agents: limits, the campaign, the sequence, the words."""
