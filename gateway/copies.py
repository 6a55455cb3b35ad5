"""The duplicate by letter: whoever wants it is told twice, by a messenger and by his mailbox (NOTIF-02, MSG-20). Pure.

His ways are then two tracks: the messengers, of which one tells him while the others stand in for it, and the mailbox.
Each track tells once, is corrected by itself and stands in for nothing of the other's; so a mailbox never gets the same
letter as a copy and as a second way. Where one of them leads nowhere, there is one track as for everybody else.
Source: docs/adr/0042-copies-by-letter.md.
"""

from dataclasses import dataclass, replace

from core.events import Channel
from gateway.categories import Category, Topic
from gateway.routing import Route, Untold
from gateway.states import IN_FLIGHT, Purpose, State
from gateway.thread import Thread, Wanted, spoke_last
from gateway.threads import Plan, Reader

COPIES = Channel.MAIL
"""The channel that copies go by."""


@dataclass(frozen=True, slots=True)
class Track:
    """Ways that stand in for each other, and the threads by which they told."""

    ways: tuple[Route, ...] | Untold
    threads: tuple[Thread, ...]
    copy: bool = False
    """It repeats what the other track tells."""

    @property
    def has_begun(self) -> bool:
        """Tell whether something was told from here, may have been, or is about to be."""
        about_to = IN_FLIGHT | {State.PENDING}
        return any(thread.may_be_known or thread.state in about_to for thread in self.threads)

    def assures(self, wanted: Wanted) -> bool:
        """Tell whether the reader certainly has these facts from here."""
        last = spoke_last(self.threads)
        return last is not None and last.assures(wanted.on(last.channel))

    def named(self, reader: Reader, plan: Plan) -> Plan:
        """Return the plan under the name that its thread bears in the ledger: a copy is one, whatever becomes of it."""
        new = self.copy and reader.on(plan.channel) is None
        return replace(plan, purpose=Purpose.COPY) if new else plan


def copied(topic: Topic) -> bool:
    """Tell whether there are copies of a topic: not of work, and not of a link that somebody has just asked for."""
    return isinstance(topic, Category)


def tracks(
    ways: tuple[Route, ...] | Untold, threads: tuple[Thread, ...], wanted: Wanted, *, copies: bool
) -> tuple[Track, ...]:
    """Return by which tracks a reader is to be told; ``copies``: he wants a duplicate by letter.

    What comes by letter first has no duplicate. What one track has told is not begun by the other one: a duplicate is
    of what happens from now on, and a messenger linked anew does not repeat what a letter has told.
    """
    if not copies or isinstance(ways, Untold) or ways[0].channel == COPIES:
        return (Track(ways, threads),)
    by_letter = tuple(way for way in ways if way.channel == COPIES)
    if not by_letter:
        return (Track(ways, threads),)
    both = (
        Track(
            tuple(way for way in ways if way.channel != COPIES),
            tuple(thread for thread in threads if thread.channel != COPIES),
        ),
        Track(by_letter, tuple(thread for thread in threads if thread.channel == COPIES), copy=True),
    )
    known = any(track.assures(wanted) for track in both)
    return tuple(track for track in both if track.has_begun or not known)
