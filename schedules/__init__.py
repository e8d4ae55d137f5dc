"""What the bot does because of the time: one job a file. Only runner.py knows APScheduler."""
