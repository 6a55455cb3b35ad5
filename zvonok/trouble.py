"""Failures that a person at the command line can mend."""


class InstallationError(Exception):
    """The installation cannot run; the message is a Russian sentence for whoever starts it."""


class OfficeError(Exception):
    """What the office asked for cannot be done; the message is Russian and may have many lines."""
