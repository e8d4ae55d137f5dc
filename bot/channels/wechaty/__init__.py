"""The wechaty channel: a puppet service behind the Python package of that name."""
