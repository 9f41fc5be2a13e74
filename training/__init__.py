"""How the fitted numbers of the product were made; each module is one command."""
