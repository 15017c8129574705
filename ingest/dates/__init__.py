"""Dates as they are written: found, read, and told from what only looks like one."""
