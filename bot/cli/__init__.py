"""The `newsdesk` command: one file for each of its commands."""

from bot.cli.app import main as main
