"""Integration tests of `zvonok.postgres`: real servers, really killed."""
