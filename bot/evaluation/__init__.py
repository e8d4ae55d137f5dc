"""``evaluate``: labelled lines, chatter and dialogues in, figures out."""
