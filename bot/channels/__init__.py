"""Chat networks: one channel a file or folder; each exports ``connect``."""
