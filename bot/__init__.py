"""The running machine. Only app.py sees every wing."""
