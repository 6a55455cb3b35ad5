"""How processes are put together: command line, settings, composition, embedded PostgreSQL, sandbox, demo."""
