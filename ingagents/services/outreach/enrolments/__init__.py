"""People in a campaign of the service's: put in, followed, taken out."""
