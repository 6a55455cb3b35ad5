"""Mailboxes that people give themselves: a school with its pages, a gateway and a mail server that takes all."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from core.actor import Act, Actor
from core.person import mailboxes
from core.person.mailboxes import OwnMailbox
from tests.integration.account_site import ORIGIN
from tests.integration.test_web_password_link import Post
from zvonok.sandbox.mail_spool import Mail

LINK = re.compile(rf"{re.escape(ORIGIN)}(/m/[\w-]+)")


@dataclass(frozen=True)
class Boxes:
    """What is done with mailboxes."""

    post: Post

    def act(self, person: UUID) -> Act:
        """Return an act of a person in his own chat."""
        return Act(Actor(via="telegram", person=person), self.post.site.hands.at, str(uuid4()))

    async def give(self, person: UUID, typed: str) -> None:
        """Give a mailbox, as a person types it."""
        async with self.post.site.database.begin() as session:
            await mailboxes.ask(session, self.act(person), person, typed)

    async def take_back(self, person: UUID) -> None:
        """Take it back."""
        async with self.post.site.database.begin() as session:
            await mailboxes.take_back(session, self.act(person), person)

    async def seen(self, person: UUID) -> OwnMailbox:
        """Return what a person is shown."""
        async with self.post.site.database.begin() as session:
            return await mailboxes.standing(session, self.act(person), person)

    async def tidy(self) -> None:
        """Let the clockwork pass once."""
        async with self.post.site.database.begin() as session:
            await mailboxes.tidy(session, self.post.site.hands.at)

    async def letters(self, to: str) -> Sequence[Mail]:
        """Send what is due; return all letters that a mailbox has got."""
        return [letter for letter in await self.post.deliver() if letter.recipients == (to,)]

    async def link(self, to: str) -> str:
        """Return the path of the newest link that a mailbox has got."""
        found = LINK.search((await self.letters(to))[-1].text or "")
        assert found is not None
        return found[1]

    async def page(self, path: str, method: str = "GET") -> tuple[int, str]:
        """Look at a page."""
        status, words, _ = await self.post.site.browser().raw(method, path)
        return status, words

    async def press(self, path: str, act: str) -> tuple[int, str]:
        """Press a button of a page."""
        status, words, _ = await self.post.site.browser().raw("POST", path, data={"act": act})
        return status, words
