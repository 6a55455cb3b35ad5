"""Commands of the command line, loaded when called: ``trace`` need not wait for a messenger's library."""
