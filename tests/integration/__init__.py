"""One room against real servers: PostgreSQL, SMTP, HTTP."""
