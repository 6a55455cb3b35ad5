"""Numbered migrations of the database, run by ``zvonok migrate`` under an advisory lock."""
