"""Reference pages made from the code, so that they cannot lie: one module a page."""
