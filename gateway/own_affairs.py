"""What concerns a reader himself and nobody else: the link to a new password, and what he is told as a teacher. Pure.

Such a subject is nobody's child's: its reader follows himself, under an id that is no pupil's, so that a pupil who has
an account does not begin to follow his own marks by it. His work has an id of its own: other hours are quiet for it.
"""

from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from core.events import ConsentTerm, GuardianshipState

_ALWAYS = date(2000, 1, 1)


def own_affairs(person: UUID) -> UUID:
    """Return the id under which a person's own affairs are followed, by him alone."""
    return uuid5(NAMESPACE_URL, f"urn:zvonok:own-affairs:{person}")


def duties(person: UUID) -> UUID:
    """Return the id under which a person's duties at the school are followed, by him alone."""
    return uuid5(NAMESPACE_URL, f"urn:zvonok:duties:{person}")


def of_himself(person: UUID) -> GuardianshipState:
    """Return a person's relation to his own affairs: he asked to be told, here and now."""
    return _followed_by_himself(own_affairs(person), person)


def of_his_work(person: UUID) -> GuardianshipState:
    """Return a person's relation to his duties: no parent's consent is asked for what he is told of his work."""
    return _followed_by_himself(duties(person), person)


def _followed_by_himself(affairs: UUID, person: UUID) -> GuardianshipState:
    asked = ConsentTerm(given_on=_ALWAYS)
    return GuardianshipState(
        pupil=affairs,
        guardian=person,
        relation="self",
        may_see=True,
        barred=False,
        since=_ALWAYS,
        achievement_consent=asked,
        attendance_consent=asked,
    )
