"""What the bot does about each thing that happens in Slack: one file a thing."""
