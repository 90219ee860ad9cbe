"""What the Sales Manager does beyond allocation: judgement, supply, reports, mail to the team."""
