"""Trains the reader that chooses the answer's sentence; not installed with the product."""
