"""Keeps articles and finds passages: SQL holds the truth, Chroma an index made from it."""
