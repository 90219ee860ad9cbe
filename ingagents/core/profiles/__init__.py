"""What a profile says of a person: titles, employment, places, names, and whether it is theirs."""
