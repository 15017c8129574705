"""Answers questions from the archive, and talks to people."""
