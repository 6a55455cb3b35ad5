"""What concerns a reader himself and nobody else, such as the link to a new password. Pure.

Such a subject is nobody's child's: its reader follows himself, under an id that is no pupil's, so that a pupil who has
an account does not begin to follow his own marks by it.
"""

from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from core.events import ConsentTerm, GuardianshipState

_ALWAYS = date(2000, 1, 1)


def own_affairs(person: UUID) -> UUID:
    """Return the id under which a person's own affairs are followed, by him alone."""
    return uuid5(NAMESPACE_URL, f"urn:zvonok:own-affairs:{person}")


def of_himself(person: UUID) -> GuardianshipState:
    """Return a person's relation to his own affairs: he asked to be told, here and now."""
    asked = ConsentTerm(given_on=_ALWAYS)
    return GuardianshipState(
        pupil=own_affairs(person),
        guardian=person,
        relation="self",
        may_see=True,
        barred=False,
        since=_ALWAYS,
        achievement_consent=asked,
        attendance_consent=asked,
    )
