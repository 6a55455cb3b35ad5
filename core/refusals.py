"""How core refuses. The bot and the web translate these in one place each; nobody else catches them.

Refusal
 ├── NotFound   there is no such thing, or it is not yours to know of
 ├── Forbidden  it exists and you may not do this
 ├── Conflict   it was done already, or somebody was faster
 └── Invalid    what was given makes no sense
"""


class Refusal(Exception):  # noqa: N818 - a refusal is a decision, not an error of the program
    """A decision of core not to act: ``code`` names a text in ``texts``, ``details`` fill it."""

    def __init__(self, code: str, /, **details: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class NotFound(Refusal):
    """There is no such thing, or it is not yours to know of."""


class Forbidden(Refusal):
    """It exists and you may not do this."""


class Conflict(Refusal):
    """It was done already, or somebody was faster."""


class Invalid(Refusal):
    """What was given makes no sense."""
