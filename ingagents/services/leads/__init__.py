"""People come in, are followed, held back, and leave."""
