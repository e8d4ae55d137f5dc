"""What the bot does when somebody says something: one topic a file. Handlers never call the clock or the network."""
