"""The same small school in a real database: core's own commands and queries, called by the model's short names.

One database serves a whole test; each walk has a school of its own in it, since schools are kept apart.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right, Role
from core.account import accounts, admission, logins
from core.account.password_hashing import Hasher
from core.actor import OFFICE, Act, Actor
from core.consent import consent_gate, consent_sheets
from core.consent.consent_entries import BOTH, ConsentState
from core.consent.consent_texts import TextRef
from core.consent.consent_texts import publish as publish_text
from core.database import Database, connect_arguments
from core.database import Role as DatabaseRole
from core.events import (
    AddressState,
    Channel,
    ConsentPurpose,
    Event,
    GuardianshipState,
    NoticeAsk,
    PersonMergedState,
    RelationKind,
    SchoolState,
    State,
)
from core.family import guardian_lists, majority
from core.notice import notices
from core.person import people, twins
from core.refusals import Refusal
from core.school.schools import SchoolCard
from core.staff import roles, staffing
from gateway.addresses import AddressVault
from gateway.heads import Changed, Heads
from tests.conftest import TEMPLATE
from tests.integration.core_world import DAY, FIRST_BELL, Hands
from tests.integration.trust_model import DAY as ONE
from tests.integration.trust_model import Bond, Entry, Job, Model, Pair, Post
from tests.school_builder import LONG_AGO, SchoolBuilder
from zvonok.postgres import Server

type Doing = Callable[[AsyncSession, Act], Awaitable[object]]

COMES_OF_AGE_IN = 2
"""Days."""
BORN = date(2014, 3, 5)
NAMES = {
    "anna": "Иванова Анна",
    "anna2": "Иванова Анна",
    "yan": "Яшин Ян",
    "mother": "Иванова Инна",
    "mother2": "Иванова Инна",
    "father": "Яшин Лев",
    "olga": "Зимина Ольга Львовна",
    "vera": "Ёлкина Вера Олеговна",
}
TWINS = {"anna": "anna2", "anna2": "anna", "mother": "mother2", "mother2": "mother"}
ADULTS, STAFF, CLASSES = ("mother", "mother2", "father", "vera"), ("olga", "vera"), ("5А", "11А")
AUDIT = "SELECT person_id, via, action FROM core.audit WHERE school_id = $1 ORDER BY seq OFFSET $2"
EVENTS = """SELECT event::text FROM bus.outbox
WHERE event ->> 'school' = CAST(CAST($1 AS uuid) AS text) ORDER BY seq OFFSET $2"""
FOLLOWS = "SELECT pupil, recipient, state::text FROM gateway.follow WHERE recipient = ANY($1)"
ADDRESSES = "SELECT recipient, value, ended FROM gateway.address WHERE recipient = ANY($1)"
ACCOUNTS = """SELECT p.person_id, a.channel, a.external_id, a.closed_at IS NULL AS open
FROM core.account_person p JOIN core.account a ON a.id = p.account_id WHERE p.person_id = ANY($1)"""
UNUSED = "SELECT code_hash, person_id FROM core.link_code WHERE used_at IS NULL AND person_id = ANY($1)"
TABLES = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('core', 'bus')"


@dataclass
class Ground:
    """A database, a loop to work in, and what is costly to make: for all walks of one test."""

    runner: asyncio.Runner
    core: Database
    gateway: Database
    watch: asyncpg.Connection
    hasher: Hasher
    all_rows: str

    async def rows(self) -> str:
        """Return what stands for every row of core and the bus."""
        return str(await self.watch.fetchval(self.all_rows))

    def run[T](self, doing: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(doing)

    def close(self) -> None:
        async def end() -> None:
            await self.watch.close()
            await self.core.close()
            await self.gateway.close()

        self.run(end())
        self.runner.close()


def ground(server: Server, hasher: Hasher) -> Ground:
    """Make a database for tests that are no coroutines themselves, as walks are none."""
    runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
    url, watch = runner.run(_made(server))
    names = [name for (name,) in runner.run(watch.fetch(TABLES))]
    each = " UNION ALL ".join(f"SELECT '{name}' || t::text AS line FROM {name} t" for name in names)  # noqa: S608 - the database's own names
    all_rows = f"SELECT md5(string_agg(line, '|' ORDER BY line)) FROM ({each}) everything"  # noqa: S608 - the same
    core, gateway = Database(url, DatabaseRole.CORE, pool_size=2), Database(url, DatabaseRole.GATEWAY, pool_size=2)
    return Ground(runner, core, gateway, watch, hasher, all_rows)


async def _made(server: Server) -> tuple[URL, asyncpg.Connection]:
    name = f"trust_{uuid4().hex}"
    owner = await asyncpg.connect(**connect_arguments(server.url))
    try:
        await owner.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    finally:
        await owner.close()
    url = server.database(name)
    return url, await asyncpg.connect(**connect_arguments(url))


@dataclass(frozen=True)
class Written:
    """What a command has left: its refusal, the audit that names its actor, and whether anything changed."""

    refusal: str | None
    audit: tuple[tuple[UUID | None, str], ...]
    untouched: bool
    answer: object = None


@dataclass(frozen=True)
class Picture:
    """What core says of some of its people."""

    children: dict[str, tuple[set[str], set[str]]]
    """Adult to the pupils whom he sees, and those whose parent he is."""
    rights: dict[Pair, tuple[set[Right], set[ConsentPurpose]]]
    """What an adult may of what concerns families, and the purposes that are open to him."""
    roles: dict[str, set[str]]
    posts: set[Post] | None
    """Roles given, today's and later ones; None where it was not asked for."""
    leaders: dict[str, set[str]]
    """Class to those of the employees who may do with it what its class teacher does."""
    shut_out: dict[str, str | None]
    """Why somebody may have no account."""
    sheets: dict[Pair, tuple[str, ...]] | None
    """None where it was not asked for. The register of consents as the administration reads it."""
    alone: set[str] | None
    """Pupils for whom nobody answers."""


FAMILY = (Right.DIARY_VIEW, Right.TIMETABLE_VIEW, Right.NOTICE_ANSWER, Right.ABSENCE_EXPLAIN, Right.CONSENT_GIVE)


@dataclass
class World:
    """The school of one walk."""

    ground: Ground
    hands: Hands
    builder: SchoolBuilder
    school: SchoolCard
    ids: dict[str, UUID]
    classes: dict[str, UUID]
    notices: dict[str, UUID]
    text: TextRef
    text_hash: dict[str, str]
    heard: dict[str, dict[int, State]] = field(default_factory=dict)
    """Every state that was published, by subject and version."""
    events: list[Event] = field(default_factory=list)
    posts: dict[int, UUID] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    audited: int = 0

    @property
    def names(self) -> dict[UUID, str]:
        return {one: name for name, one in self.ids.items()}

    def actor(self, by: str) -> Actor:
        return OFFICE if by == "office" else Actor("telegram", self.ids[by])

    async def does(self, by: str, doing: Doing, *, refused: bool = False, twice: bool = False) -> Written:
        """Give a command, if wanted a second time under its key, and say what was written.

        ``refused``: it is to be, so that it is looked whether anything has changed.
        """
        act = Act(self.actor(by), self.hands.move(seconds=1), str(uuid4()))
        before = await self.ground.rows() if refused else ""
        refusal, answer = await self._tried(doing, act)
        after = await self.ground.rows() if refused or twice else ""
        if twice and refusal is None:
            await self._tried(doing, act)
            assert await self.ground.rows() == after, "done twice under one key"
        return Written(refusal, await self.news(), before == after, answer)

    async def _tried(self, doing: Doing, act: Act) -> tuple[str | None, object]:
        try:
            async with self.ground.core.begin() as session:
                return None, await doing(session, act)
        except Refusal as refusal:
            return refusal.code, None

    async def news(self) -> tuple[tuple[UUID | None, str], ...]:
        """Take in what was published since, and return who acted, by the audit."""
        rows = await self.ground.watch.fetch(AUDIT, self.school.id, self.audited)
        self.audited += len(rows)
        for (body,) in await self.ground.watch.fetch(EVENTS, self.school.id, len(self.events)):
            event = Event.model_validate_json(body)
            known = self.heard.setdefault(event.subject, {})
            assert known.get(event.version, event.data) == event.data, "one version, one state"
            known[event.version] = event.data
            self.events.append(event)
        return tuple((row["person_id"], row["via"]) for row in rows)

    async def night(self) -> tuple[tuple[UUID | None, str], ...]:
        """Let a night pass, and do the daily jobs."""
        self.hands.move(days=1)
        async with self.ground.core.begin() as session:
            await majority.come(session, self.school, self.hands.at)
            await staffing.close_behind_the_gone(session, self.school, self.hands.at)
        return await self.news()

    def latest(self, subject: str) -> State | None:
        """Return what a listener keeps who goes by the highest version."""
        known = self.heard.get(subject, {})
        return known[max(known)] if known else None

    # What core answers.

    async def code_issued(self, session: AsyncSession, by: str, number: int, person: str) -> None:
        issue = await accounts.issue_codes(
            session, self.actor(by), self.builder.keeper, [self.ids[person]], self.hands.at
        )
        if issue.codes:
            self.codes[number] = issue.codes[0].code

    async def code_shown(self, session: AsyncSession, number: int, chat: str, born: Callable[[], date]) -> None:
        account = accounts.MessengerAccount(Channel.TELEGRAM, f"{chat}-{self.school.id}")
        code = self.codes.get(number, "AAAAAAAAAA")
        shown = await accounts.show_code(session, self.builder.keeper, account, code, self.hands.at)
        if isinstance(shown, accounts.LinkOffer):
            await accounts.answer_offer(session, account, born(), self.hands.at)

    async def observed(self, adults: Collection[str], pairs: Collection[Pair], staff: Collection[str]) -> Picture:
        """Ask core about these people."""
        async with self.ground.core.begin() as session:
            eye = _Eye(self, session)
            return Picture(
                children={one: await eye.children(one) for one in adults},
                rights={pair: await eye.rights(pair) for pair in pairs},
                roles={one: await eye.roles(one) for one in {*staff, *(adults if len(adults) > 1 else ())}},
                posts=await eye.posts() if staff else None,
                leaders={title: await eye.leaders(title, staff) for title in self.classes if staff},
                shut_out={one: await eye.shut_out(one) for one in adults},
                sheets=await eye.sheets() if pairs else None,
                alone=await eye.alone() if pairs else None,
            )

    async def accounts(self) -> tuple[dict[str, set[str]], dict[str, set[bool]], dict[str, str]]:
        """Return chats by person, whether logins are open by person, and who has a code that is not used yet."""
        mine = list(self.ids.values())
        chats: dict[str, set[str]] = {}
        open_logins: dict[str, set[bool]] = {}
        for row in await self.ground.watch.fetch(ACCOUNTS, mine):
            person = self.names[row["person_id"]]
            if row["channel"] == logins.CHANNEL:
                open_logins.setdefault(person, set()).add(row["open"])
            else:
                chats.setdefault(person, set()).add(row["external_id"].partition("-")[0])
        rows = await self.ground.watch.fetch(UNUSED, mine)
        return chats, open_logins, {row["code_hash"]: self.names[row["person_id"]] for row in rows}

    async def listed(self) -> set[str]:
        """Return everybody who stands in any list of the school."""
        async with self.ground.core.begin() as session:
            return await _Eye(self, session).listed()

    # What the gateway knows.

    async def gateway_hears(self, order: Random) -> None:
        """Hand everything said of people to the real gateway in any order, some of it twice."""
        news = [
            one
            for one in self.events
            if isinstance(one.data, SchoolState | GuardianshipState | AddressState | PersonMergedState)
        ]
        news += order.sample(news, k=min(3, len(news)))
        order.shuffle(news)
        heads = Heads(AddressVault(b"k" * 32), {"telegram": "telegram:1"})
        async with self.ground.gateway.begin() as session:
            for one in news:
                await heads.take(session, one, Changed())

    async def gateway_knows(self) -> tuple[dict[Pair, State], dict[str, str | None]]:
        """Return the relations and addresses that the gateway keeps."""
        mine = list(self.ids.values())
        follows = {
            (self.names[row["pupil"]], self.names[row["recipient"]]): GuardianshipState.model_validate_json(
                row["state"]
            )
            for row in await self.ground.watch.fetch(FOLLOWS, mine)
        }
        vault = AddressVault(b"k" * 32)
        addresses = {
            self.names[row["recipient"]]: None if row["ended"] else vault.open(row["value"]).partition("-")[0]
            for row in await self.ground.watch.fetch(ADDRESSES, mine)
        }
        return dict(follows), addresses


@dataclass(frozen=True)
class _Eye:
    """Asks core's queries within one transaction."""

    world: World
    session: AsyncSession

    @property
    def now(self) -> datetime:
        return self.world.hands.at

    async def children(self, adult: str) -> tuple[set[str], set[str]]:
        who, names = self.world.ids[adult], self.world.names
        seen = await people.children(self.session, who, self.now)
        own = await people.children(self.session, who, self.now, as_guardian=True)
        return {names[one.pupil] for one in seen}, {names[one.pupil] for one in own}

    async def rights(self, pair: Pair) -> tuple[set[Right], set[ConsentPurpose]]:
        pupil = self.world.ids[pair[0]]
        facts = await rights.of_pupil(self.session, self.world.actor(pair[1]), pupil, self.now)
        open_to = await consent_gate.open_to(self.session, facts, pupil, self.now)
        return {right for right in FAMILY if facts.may(right)}, set(open_to)

    async def roles(self, person: str) -> set[str]:
        facts = await rights.of_school(self.session, self.world.actor(person), self.world.school.id, self.now)
        return {str(one.role) for one in facts.standing.held}

    async def posts(self) -> set[Post]:
        names, titles = self.world.names, {str(one): title for title, one in self.world.classes.items()}
        found = await roles.of_school(self.session, OFFICE, self.world.school.id, self.now)
        return {
            Post(names[one.person], Role(one.role), one.since, one.until, titles.get(str(one.school_class)))
            for one in found
            if one.person in names
        }

    async def leaders(self, title: str, staff: Collection[str]) -> set[str]:
        found = set()
        for person in staff:
            actor, one = self.world.actor(person), self.world.classes[title]
            if (await rights.of_class(self.session, actor, one, self.now)).may(Right.VERIFICATION_CONFIRM):
                found.add(person)
        return found

    async def shut_out(self, person: str) -> str | None:
        return (await admission.of_person(self.session, self.world.ids[person], self.now)).refusal

    async def sheets(self) -> dict[Pair, tuple[str, ...]]:
        names, plain = self.world.names, {ConsentState.WITHDRAWN: "refused"}
        return {
            (names[line.pupil], names[line.guardian]): tuple(plain.get(one, one.value) for one in line.states)
            for sheet in await consent_sheets.of_school(self.session, OFFICE, self.world.school.id, self.now)
            for line in sheet.lines
        }

    async def alone(self) -> set[str]:
        found = await guardian_lists.alone(self.session, OFFICE, self.world.school.id, self.now)
        return {self.world.names[one.pupil] for one in found}

    async def listed(self) -> set[str]:
        school, session, now = self.world.school, self.session, self.now
        found: set[UUID] = set()
        for title, one in self.world.classes.items():
            found |= {mate.pupil for mate in await people.of_class(session, one)}
            found |= set(await people.guardians_of_class(session, school, title, now))
        for name in set(NAMES.values()):
            found |= set(await people.by_name(session, school, name))
        for twin in await twins.listed(session, OFFICE, school.id, now):
            found |= {twin.first.person, twin.second.person}
        for pupil in ("anna", "anna2", "yan"):
            found |= await self._adults(pupil)
        found |= {one.pupil for one in await majority.unanswered(session, OFFICE, school.id, now)}
        found |= {one.person for one in await staffing.of_school(session, OFFICE, school.id, now)}
        return {self.world.names[one] for one in found if one in self.world.names}

    async def _adults(self, pupil: str) -> set[UUID]:
        try:
            found = await guardian_lists.of_pupil(self.session, OFFICE, self.world.ids[pupil], self.now)
        except Refusal:
            return set()
        return {one.card.guardian for one in found}


async def build(ground: Ground) -> tuple[World, Model]:
    """Make the school, and the same in the model."""
    hands = Hands(FIRST_BELL + timedelta(minutes=10))
    builder = SchoolBuilder(ground.core, hands.clock)
    school = await builder.school(f"Школа {uuid4()}")
    ids = {one: await builder.teacher(school, NAMES[one]) for one in STAFF}
    head = await builder.teacher(school, "Орлов Пётр Ильич", administers=True)
    classes = {
        "5А": await builder.school_class(school, "5А", ids["olga"]),
        "11А": await builder.school_class(school, "11А"),
    }
    grown = (DAY + COMES_OF_AGE_IN * ONE).replace(year=DAY.year - 18)
    born = {"anna": BORN, "anna2": BORN, "yan": grown}
    home = {"anna": "5А", "anna2": "5А", "yan": "11А"}
    for pupil, day in born.items():
        ids[pupil] = await builder.pupil(classes[home[pupil]], NAMES[pupil], day)
    consented = {"mother": True, "mother2": True, "father": False}
    children: dict[str, Collection[str]] = {"mother": ("anna", "yan"), "mother2": ("anna2",), "father": ("yan",)}
    for adult, consent in consented.items():
        own = [ids[child] for child in children[adult]]
        ids[adult] = await builder.guardian(*own, name=NAMES[adult], consent=consent)
    world = World(ground, hands, builder, school, ids, classes, {}, TextRef(0, ""), {})
    await _begin(world, head)
    await world.news()
    return world, _model(home, born, children, consented)


def _act_of(world: World) -> Act:
    """Return an act of the office."""
    return Act(OFFICE, world.hands.at, str(uuid4()))


async def _begin(world: World, head: UUID) -> None:
    async with world.ground.core.begin() as session:
        world.text = (await publish_text(session, _act_of(world), world.school.id, "Согласие на обработку данных")).ref
        for title, one in world.classes.items():
            draft = notices.NoticeDraft("Поездка", "Едем в музей", NoticeAsk.SIGN)
            by = Act(Actor("telegram", head), world.hands.at, str(uuid4()))
            world.notices[title] = await notices.publish(session, by, one, draft)
            world.text_hash[title] = notices.hash_of(draft.title, draft.text)
        term = roles.Term("приказ № 1", DAY)
        world.posts[0] = await roles.grant(session, _act_of(world), world.ids["olga"], Role.SECRETARY, term)


def _model(
    home: dict[str, str], born: dict[str, date], children: dict[str, Collection[str]], consented: dict[str, bool]
) -> Model:
    model = Model(DAY, born, home, frozenset(ADULTS))
    model.jobs = {one: Job() for one in STAFF}
    model.posts[0] = Post("olga", Role.SECRETARY, DAY)
    model.leads = {"5А": "olga", "11А": None}
    for adult, own in children.items():
        for child in own:
            model.bonds[child, adult] = Bond("parent", RelationKind.PARENT, LONG_AGO)
            if consented[adult]:
                model.register += [((child, adult), Entry(one, given=True, since=LONG_AGO)) for one in BOTH]
    return model


__all__ = ["ADULTS", "CLASSES", "STAFF", "TWINS", "Ground", "World", "Written", "build", "ground"]
