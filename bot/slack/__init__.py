"""Newsdesk in Slack: what is delivered is written down first, then worked on, then answered."""
