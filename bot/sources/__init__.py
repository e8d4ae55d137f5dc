"""Where official warnings come from by themselves: one kind of source a file."""
