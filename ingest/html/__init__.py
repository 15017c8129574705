"""A web page: its facts, what of it is seen, and what of that is its story."""
