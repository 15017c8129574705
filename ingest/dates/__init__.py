"""Finds and reads dates as they are written in articles, metadata and links."""
