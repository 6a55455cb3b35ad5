"""Failures that a person at the command line can mend."""


class OfficeError(Exception):
    """What the office asked for cannot be done; the message is Russian and may have many lines."""
