"""What the office does with the audit at the command line: verifies it, writes its heads down, erases words."""

from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text
from core.actor import OFFICE, Act
from core.audit import audit_chain, audit_check, audit_erasure
from core.audit.audit_check import Broken, Verdict
from core.audit.audit_links import Head
from core.refusals import NotFound
from core.school import schools
from texts.reader import load
from zvonok.installation import Installation
from zvonok.kept_heads import KeptHeads
from zvonok.trouble import OfficeError


def read_head(written: str | None) -> Head | None:
    """Read a head from paper. Raises ``OfficeError`` if it is none."""
    if written is None:
        return None
    head = Head.read(written)
    if head is None:
        raise OfficeError(load("ru").format("audit-head-unreadable"))
    return head


async def verify(here: Installation, school_name: str | None, paper: Head | None) -> list[str]:
    """Walk every chain, or one school's, and say of each whether it is whole.

    A chain of which nothing is left but its kept head is walked too. Raises ``OfficeError`` with the same lines if one
    is not whole, and if a head from paper is given without its school.
    """
    kept = KeptHeads(here.settings.data).read()
    async with here.journal() as database:
        async with database.begin() as session:
            names = await _chains(session, school_name)
        if school_name is None:
            names = {**{school: str(school) for school in kept}, **names}
        if paper is not None and len(names) > 1:
            raise OfficeError(load("ru").format("audit-head-whose"))
        verdicts = []
        for school in names:
            heads = [head for head in (paper, kept.get(school)) if head is not None]
            async with database.begin() as session:
                verdicts.append(await audit_check.verify(session, here.secret.chain_key(), school, heads))
    lines = [_told(verdict, names[verdict.school]) for verdict in verdicts]
    if any(verdict.broken for verdict in verdicts):
        raise OfficeError("\n".join(lines))
    return lines


async def heads(here: Installation, school_name: str | None, *, anew: bool) -> list[str]:
    """Return the head of each chain, to be written down; with ``anew`` the data folder keeps these from now on."""
    async with here.journal() as database, database.begin() as session:
        names = await _chains(session, school_name)
        found = {school: await audit_chain.head_of(session, school) for school in names}
    kept = KeptHeads(here.settings.data)
    if anew:
        kept.write({**({} if school_name is None else kept.read()), **found})
    say = load("ru").format
    return [say("audit-head", school=names[school], head=head.on_paper()) for school, head in found.items()]


async def erase(here: Installation, school_name: str | None, what: str, why: str) -> list[str]:
    """Erase the words of a row of the audit, by its id, or of every row about a subject such as ``remark/…``."""
    what = free_text.plain(what)
    async with here.journal() as database, database.begin() as session:
        school = (await schools.find(session, school_name)).id
        row = _id(what)
        rows = (row,) if row is not None else await audit_erasure.rows_about(session, school, what)
        if not rows:
            raise NotFound("audit-row-unknown")
        act = Act(OFFICE, here.school_clock.now(), f"audit-erase:{uuid4()}")
        erased = await audit_erasure.erase(session, act, school, rows, why)
        # Sealed at once: until then, words that are gone look like words that somebody took away.
        await audit_chain.seal_all(session, here.secret.chain_key(), school, here.machine_clock.now())
    return [load("ru").format("audit-erased", count=erased)]


async def _chains(session: AsyncSession, school_name: str | None) -> dict[UUID, str]:
    """Return the chains that there are with the names of whose they are; a school that is gone has its id for one."""
    if school_name is not None:
        school = await schools.find(session, school_name)
        return {school.id: school.name}
    return dict(await audit_check.chains(session))


def _told(verdict: Verdict, name: str) -> str:
    say = load("ru").format
    if verdict.broken is None:
        counts = {"links": verdict.links, "erased": verdict.erased, "waiting": verdict.waiting}
        return say("audit-whole", school=name, **counts)
    return say("audit-broken", school=name, links=verdict.links, fault=_fault(verdict.broken))


def _fault(broken: Broken) -> str:
    """Say what is wrong, where, and which row it is about as far as that can be told."""
    row = f"{broken.row}, {broken.at:%d.%m.%Y %H:%M:%S} UTC, {broken.action}, {broken.subject}" if broken.at else ""
    return load("ru").format(f"audit-fault-{broken.fault}", number=str(broken.number or ""), row=row)


def _id(what: str) -> UUID | None:
    try:
        return UUID(what)
    except ValueError:
        return None
