"""Where everything durable lives: SQLite or PostgreSQL, from the same statements. The only place that knows SQL."""
