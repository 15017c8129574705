"""Reads questions: what they are about, what they lack, and which dates they name."""
