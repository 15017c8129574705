"""Turns what people have into articles and passages."""
