"""Pure and fast: no process, no socket, no clock but the one that is passed in."""
