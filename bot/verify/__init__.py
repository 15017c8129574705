"""Verifies what a chat model wrote, sentence by sentence."""
