"""Questions about the neighbourhood of a case: what if, what would flip it, when does it change, what to ask."""
