"""Rolls that were read seconds ago: a finger that ticks name after name need not have the same list read at each.

Kept in this process only. Ticks are kept elsewhere (``bot.drafts``); what is shown from here is who is on the list,
what is known of them beforehand, and what parents have answered: at most seconds old.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

from bot.drafts import RollDraft
from core.account.accounts import MessengerAccount
from core.learning.attendance import Roll

SECONDS = 10.0
"""For so long a roll that was read is shown again."""
MOST = 500
"""Rolls kept: a bell has no more in one process, and each holds a class list."""

type _Key = tuple[MessengerAccount, UUID, UUID]


@dataclass(slots=True)
class RecentRolls:
    """The newest reads of rolls, by who read them."""

    _kept: OrderedDict[_Key, tuple[float, Roll]] = field(default_factory=OrderedDict)

    def of(self, account: MessengerAccount, draft: RollDraft, now: float) -> Roll | None:
        """Return the roll behind a draft if it was read lately, and by this list; ``now`` is monotonic, in seconds."""
        found = self._kept.get((account, draft.person, draft.lesson))
        if found is None or now - found[0] >= SECONDS:
            return None
        roll = found[1]
        return roll if (roll.version, roll.roster) == (draft.version, draft.roster) else None

    def keep(self, account: MessengerAccount, draft: RollDraft, roll: Roll, now: float) -> None:
        """Keep what was read."""
        key = account, draft.person, draft.lesson
        self._kept[key] = now, roll
        self._kept.move_to_end(key)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
