"""A school week on a virtual clock: two schools, a journal played by its events, the gateway's real loops."""
