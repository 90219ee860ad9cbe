"""People from files and into files, whoever wrote them."""
