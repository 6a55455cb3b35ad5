"""The audit as a chain: whatever is done to it by SQL is found, and nothing that writers wrote is lost."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from core.actor import OFFICE, Act, Actor
from core.audit import audit_chain, audit_check, audit_erasure
from core.audit.audit_check import Broken, Fault, Verdict
from core.audit.audit_links import EMPTY, ChainKey, Head
from core.database import Database
from core.events import SchoolKind
from core.journal import Change, audit
from core.refusals import Forbidden, Invalid, NotFound
from core.school import schools
from tests.integration.core_world import Watch, refused

AT = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)
KEY = ChainKey(b"a key that the database never sees")
TEACHER = Actor("telegram", uuid4(), uuid4())
WORDS: tuple[tuple[dict[str, Any] | None, dict[str, Any] | None, str | None], ...] = (
    ({"value": 3}, {"value": 5}, None),
    (None, {"text": 'Ёлкин Вадим молодец 👍 «5»\n"да"'}, "по просьбе"),
    (None, {}, None),
    ({"a": [1, 2.5, None, True, {"б": "\\"}], "z": "", "A": -7}, None, ""),
    (None, None, None),
)


@dataclass
class Book:
    """One school's audit."""

    core: Database
    watch: Watch
    school: UUID
    other: UUID
    rows: list[UUID] = field(default_factory=list)

    async def write(self, *words: tuple[Any, Any, str | None], school: UUID | None = None) -> None:
        changes = [
            Change("mark.correct", f"mark/{number}", before, after, why)
            for number, (before, after, why) in enumerate(words)
        ]
        async with self.core.begin() as session:
            await audit(session, TEACHER, school or self.school, AT, *changes)

    async def seal(self, *, key: ChainKey = KEY, at_once: int = 100) -> int:
        async with self.core.begin() as session:
            sealed = await audit_chain.seal(session, key, self.school, AT + timedelta(seconds=1), at_once)
        return sealed.rows if sealed else 0

    async def head(self) -> Head:
        async with self.core.begin() as session:
            return await audit_chain.head_of(session, self.school)

    async def verify(self, *kept: Head, key: ChainKey = KEY) -> Verdict:
        async with self.core.begin() as session:
            return await audit_check.verify(session, key, self.school, kept)

    async def broken(self, *kept: Head) -> tuple[Fault, int | None]:
        """Verify what must be broken; return what and where."""
        broken = (await self.verify(*kept)).broken
        assert broken is not None
        return broken.fault, broken.number

    async def broken_by(self, edits: Mapping[str, str], **names: UUID) -> dict[str, tuple[Fault, int | None] | None]:
        """Do each of these with SQL alone, verify, take it back; return what was found after each."""
        engine = create_async_engine(self.watch.url)
        found = {}
        try:
            for edit, statements in edits.items():
                async with AsyncSession(engine) as session:
                    for statement in statements.split("; "):
                        used = {name: value for name, value in names.items() if f":{name}" in statement}
                        await session.execute(text(statement), used)
                    broken = (await audit_check.verify(session, KEY, self.school)).broken
                    await session.rollback()
                found[edit] = None if broken is None else (broken.fault, broken.number)
        finally:
            await engine.dispose()
        return found

    async def sql(self, statement: str, *values: object) -> None:
        """Do what somebody with SQL alone can do, as the owner of the tables."""
        await self.watch.rows(statement, *values)

    async def row(self, number: int) -> UUID:
        """Return the row of a link."""
        query = "SELECT audit_id FROM core.audit_seal WHERE school_id = $1 AND number = $2"
        found: UUID = await self.watch.value(query, self.school, number)
        return found

    async def erase(self, *rows: UUID, actor: Actor = OFFICE, why: str = "просьба родителя", key: str = "") -> int:
        async with self.core.begin() as session:
            return await audit_erasure.erase(session, Act(actor, AT, key or str(uuid4())), self.school, rows, why)


@pytest_asyncio.fixture
async def book(core_database: Database, database_url: URL) -> AsyncIterator[Book]:
    """A chain of six links: the school's making, and five corrections."""
    async with core_database.begin() as session:
        kind, zone = SchoolKind.PRIVATE, "Asia/Yekaterinburg"
        ours = await schools.create(session, OFFICE, name="Школа 1", kind=kind, zone=zone, now=AT)
        other = await schools.create(session, OFFICE, name="Школа 2", kind=kind, zone=zone, now=AT)
    made = Book(core_database, Watch(database_url), ours.id, other.id)
    await made.write(*WORDS)
    assert await made.seal() == 6
    yield made


async def test_a_chain_that_nobody_touched_holds(book: Book) -> None:
    head = await book.head()
    assert await book.verify(head, Head(0, bytes(32))) == Verdict(book.school, head, 6, 0, 0, None)
    await book.write(({"value": 2}, {"value": 4}, None))
    assert (await book.verify(head)).waiting == 1
    assert await book.seal() == 1
    assert await book.seal() == 0
    assert (await book.verify(head)).links == 7
    async with book.core.begin() as session:
        assert await audit_chain.schools_waiting(session) == (book.other,)
        assert await audit_check.chains(session) == {book.school: "Школа 1", book.other: "Школа 2"}
        assert await audit_chain.link_at(session, book.school, 6) == head.hash
        assert await audit_chain.head_of(session, uuid4()) == EMPTY


ROW_EDITS = {
    "seq = DEFAULT": Fault.ROW_CHANGED,
    "school_id = (SELECT id FROM core.school WHERE name = 'Школа 2')": Fault.ROW_CHANGED,
    "at = at + interval '1 microsecond'": Fault.ROW_CHANGED,
    "person_id = :another": Fault.ROW_CHANGED,
    "person_id = NULL": Fault.ROW_CHANGED,
    "account_id = :another": Fault.ROW_CHANGED,
    "account_id = NULL": Fault.ROW_CHANGED,
    "via = 'max'": Fault.ROW_CHANGED,
    "action = 'mark.give'": Fault.ROW_CHANGED,
    "subject = subject || '0'": Fault.ROW_CHANGED,
    "commitment = sha256('others')": Fault.ROW_CHANGED,
    """before = '{"value": 4}'""": Fault.WORDS_CHANGED,
    "before = NULL": Fault.WORDS_CHANGED,
    """after = '{"value": 2}'""": Fault.WORDS_CHANGED,
    "why = 'так надо'": Fault.WORDS_CHANGED,
    "salt = sha256('others')": Fault.WORDS_CHANGED,
    "salt = NULL": Fault.WORDS_CHANGED,
    "before = NULL, after = NULL, salt = NULL": Fault.WORDS_GONE,
    "sealed = false": Fault.ROW_UNSEALED,
    "id = :another": Fault.ROW_MISSING,
}
"""What may be set in a row by somebody with SQL → what is found."""


@pytest.mark.req("AUDIT-06")
async def test_a_row_changed_by_sql_is_found_whatever_is_changed_in_it(book: Book) -> None:
    columns = await book.watch.rows(
        "SELECT column_name FROM information_schema.columns WHERE (table_schema, table_name) = ('core', 'audit')"
    )
    assert {edit.split(" = ", 1)[0] for edit in ROW_EDITS} >= {name for (name,) in columns}
    edits = {edit: f"UPDATE core.audit SET {edit} WHERE id = :row" for edit in ROW_EDITS}  # noqa: S608 - our own words
    found = await book.broken_by(edits, row=await book.row(2), another=uuid4())
    assert found == {edit: (fault, 2) for edit, fault in ROW_EDITS.items()}


async def test_a_row_that_was_unsealed_by_hand_is_not_sealed_anew(book: Book) -> None:
    await book.sql("UPDATE core.audit SET sealed = false WHERE id = $1", await book.row(2))
    assert await book.seal() == 0
    assert await book.broken() == (Fault.ROW_UNSEALED, 2)


async def test_what_is_broken_is_named(book: Book) -> None:
    row = await book.row(3)
    await book.sql("UPDATE core.audit SET at = at - interval '1 day' WHERE id = $1", row)
    verdict = await book.verify()
    assert (verdict.links, verdict.broken) == (
        2,
        Broken(Fault.ROW_CHANGED, 3, row, AT - timedelta(days=1), "mark.correct", "mark/1"),
    )


LINK_EDITS = {
    "DELETE FROM core.audit WHERE id = :row": (Fault.ROW_MISSING, 4),
    "DELETE FROM core.audit_seal WHERE audit_id = :row": (Fault.SEAL_MISSING, 4),
    "DELETE FROM core.audit_seal WHERE audit_id = :row; DELETE FROM core.audit WHERE id = :row": (
        Fault.SEAL_MISSING,
        4,
    ),
    "UPDATE core.audit_seal SET hash = sha256('others') WHERE number = 4": (Fault.ROW_CHANGED, 4),
    "UPDATE core.audit_seal SET sealed_at = sealed_at + interval '1 hour' WHERE number = 4": (Fault.ROW_CHANGED, 4),
    "UPDATE core.audit_seal SET number = 77 WHERE number = 4": (Fault.SEAL_MISSING, 4),
    "UPDATE core.audit_seal SET audit_id = :another WHERE number = 4": (Fault.ROW_MISSING, 4),
    "UPDATE core.audit_seal SET school_id = :another WHERE number = 4": (Fault.SEAL_MISSING, 4),
    "DELETE FROM core.audit_seal WHERE number > 4": (Fault.SEAL_MISSING, 5),
    "UPDATE core.audit_head SET number = 3 WHERE school_id = :school": (Fault.HEAD_CHANGED, 6),
    "UPDATE core.audit_head SET number = 9 WHERE school_id = :school": (Fault.SEAL_MISSING, 7),
    "UPDATE core.audit_head SET hash = sha256('others') WHERE school_id = :school": (Fault.HEAD_CHANGED, 6),
    "DELETE FROM core.audit_head WHERE school_id = :school": (Fault.HEAD_CHANGED, 6),
}
"""What may be done to the links by somebody with SQL → what is found, and at which link."""


async def test_a_link_that_was_touched_is_found(book: Book) -> None:
    names = {"row": await book.row(4), "school": book.school, "another": uuid4()}
    assert await book.broken_by({edit: edit for edit in LINK_EDITS}, **names) == LINK_EDITS


async def test_a_row_that_was_slipped_in_as_sealed_is_found(book: Book) -> None:
    await book.write(({"value": 2}, {"value": 5}, None))
    await book.sql("UPDATE core.audit SET sealed = true WHERE NOT sealed AND school_id = $1", book.school)
    assert await book.seal() == 0
    assert await book.broken() == (Fault.ROW_ADDED, None)


async def cut_the_tail(book: Book, last: int) -> None:
    """Cut off rows, seals and head together: what is left is a whole chain."""
    query = "DELETE FROM core.audit WHERE id IN (SELECT audit_id FROM core.audit_seal WHERE number > $1)"
    await book.sql(query, last)
    await book.sql("DELETE FROM core.audit_seal WHERE number > $1", last)
    head = "SELECT hash FROM core.audit_seal WHERE school_id = $2 AND number = $1"
    await book.sql(f"UPDATE core.audit_head SET number = $1, hash = ({head}) WHERE school_id = $2", last, book.school)  # noqa: S608 - our own words


async def test_a_tail_that_was_cut_off_is_found_by_a_head_on_paper(book: Book) -> None:
    paper = await book.head()
    await cut_the_tail(book, 4)
    assert (await book.verify()).broken is None, "without the paper nobody can tell"
    assert await book.broken(paper) == (Fault.TAIL_CUT, 5)
    await book.write(({"value": 2}, {"value": 5}, None), ({"value": 3}, {"value": 5}, None))
    assert await book.seal() == 2
    assert (await book.verify()).broken is None
    assert await book.broken(paper) == (Fault.CHAIN_REWRITTEN, 6)


async def test_nobody_forges_a_chain_without_the_key(book: Book) -> None:
    await cut_the_tail(book, 1)
    await book.write(*WORDS)
    assert await book.seal(key=ChainKey(b"a key that somebody guessed")) == 5
    assert await book.broken() == (Fault.ROW_CHANGED, 2)


async def test_erased_words_leave_the_chain_whole(book: Book) -> None:
    row = await book.row(3)
    async with book.core.begin() as session:
        assert await audit_erasure.rows_about(session, book.school, "mark/1") == (row,)
    assert await book.erase(row, key="once") == 1
    assert await book.erase(row, key="once") == 0
    assert await book.erase(row) == 0, "nothing is left to erase"
    assert await book.seal() == 1
    verdict = await book.verify()
    assert (verdict.links, verdict.erased, verdict.broken) == (7, 1, None)
    (kept,) = await book.watch.rows("SELECT * FROM core.audit WHERE id = $1", row)
    assert (kept["before"], kept["after"], kept["why"], kept["salt"]) == (None,) * 4
    assert (kept["person_id"], kept["at"], kept["subject"]) == (TEACHER.person, AT, "mark/1")
    (told,) = await book.watch.audit(audit_erasure.ERASE)
    assert (told["subject"], told["why"], told["via"]) == (f"audit/{row}", "просьба родителя", "office")
    async with book.core.begin() as session:
        assert await audit_erasure.rows_about(session, book.school, "mark/1") == ()


async def test_an_erasure_that_left_no_trace_is_found(book: Book) -> None:
    row = await book.row(3)
    await book.sql("INSERT INTO core.audit_erasure VALUES ($1, $2, NULL, 'так')", row, AT)
    await book.sql("SELECT core.erase_audit_words($1)", row)
    assert await book.broken() == (Fault.WORDS_GONE, 3)


EVIDENCE = """
INSERT INTO core.audit (id, school_id, at, via, action, subject, commitment, salt)
VALUES (gen_random_uuid(), $1, now(), 'office', 'audit.erase', $2, '\\x00', '\\x00')
"""


async def test_evidence_of_an_erasure_that_stands_elsewhere_is_none(book: Book) -> None:
    row = await book.row(3)
    # The third row's words go, and what is to prove it right stands in a made-up school, in another, unsealed.
    await book.sql("INSERT INTO core.audit_erasure VALUES ($1, $2, NULL, 'так')", row, AT)
    await book.sql("SELECT core.erase_audit_words($1)", row)
    for school in (uuid4(), book.other):
        await book.sql(EVIDENCE, school, f"audit/{row}")
        async with book.core.begin() as session:
            await audit_chain.seal(session, KEY, school, AT)
        assert await book.broken() == (Fault.WORDS_GONE, 3)
    await book.sql(EVIDENCE, book.school, f"audit/{row}")
    assert await book.broken() == (Fault.WORDS_GONE, 3), "nobody vouches for a row without a seal"


async def test_evidence_that_stands_before_what_was_erased_is_none(book: Book) -> None:
    row = uuid4()
    async with book.core.begin() as session:
        told = Change(audit_erasure.ERASE, audit_erasure.erasure_subject(row), None, None, "заранее")
        await audit(session, OFFICE, book.school, AT, told)
    await book.write(({"value": 2}, {"value": 4}, None))
    await book.sql("UPDATE core.audit SET id = $1 WHERE seq = (SELECT max(seq) FROM core.audit)", row)
    assert await book.seal() == 2
    assert (await book.verify()).broken is None
    await book.sql("INSERT INTO core.audit_erasure VALUES ($1, $2, NULL, 'так')", row, AT)
    await book.sql("SELECT core.erase_audit_words($1)", row)
    assert await book.broken() == (Fault.WORDS_GONE, 8)


async def test_an_erasure_is_sealed_together_with_what_it_erased(book: Book) -> None:
    row = await book.row(3)
    async with book.core.begin() as session:
        await audit_erasure.erase(session, Act(OFFICE, AT, "erase"), book.school, [row], "просьба родителя")
        await audit_chain.seal_all(session, KEY, book.school, AT)
        async with book.core.begin() as other:
            assert await audit_chain.seal(other, KEY, book.school, AT) is None
    assert (await book.verify()).links == 7
    async with book.core.begin() as session:
        await audit_chain.seal_all(session, KEY, book.other, AT)
        assert await audit_chain.schools_waiting(session) == ()


async def test_erasing_is_refused_to_whoever_may_not_and_where_it_makes_no_sense(book: Book) -> None:
    row = await book.row(3)
    before = await book.watch.everything()
    assert await refused(book.erase(row, actor=TEACHER)) == (Forbidden, "office-only")
    assert await refused(book.erase(row, why=" \n")) == (Invalid, "text-needed")
    assert await refused(book.erase()) == (NotFound, "audit-row-unknown")
    assert await refused(book.erase(row, uuid4())) == (NotFound, "audit-row-unknown")
    elsewhere = await book.watch.value("SELECT id FROM core.audit WHERE school_id = $1", book.other)
    assert await refused(book.erase(elsewhere)) == (NotFound, "audit-row-unknown")
    assert await book.watch.everything() == before
    await book.erase(row)
    (told,) = await book.watch.audit(audit_erasure.ERASE)
    assert await refused(book.erase(told["id"])) == (Invalid, "audit-erasure-stays")


async def test_a_row_that_commits_late_is_sealed_late(book: Book) -> None:
    async with book.core.begin() as session:
        await audit(session, TEACHER, book.school, AT, Change("mark.give", "mark/late", None, {"value": 4}))
        await session.flush()
        await book.write(({"value": 2}, {"value": 4}, None))
        assert await book.seal() == 1
    assert await book.seal() == 1
    assert await book.watch.value("SELECT subject FROM core.audit WHERE id = $1", await book.row(8)) == "mark/late"
    assert (await book.verify()).broken is None


async def test_two_sealers_never_hold_one_chain(book: Book) -> None:
    await book.write(*WORDS)
    async with book.core.begin() as session:
        head = await audit_chain.head_of(session, book.school)
        sealed = await audit_chain.seal(session, KEY, book.school, AT, 2)
        assert sealed is not None
        assert (sealed.rows, sealed.before, sealed.after.number) == (2, head, 8)
        async with book.core.begin() as other:
            assert await audit_chain.seal(other, KEY, book.school, AT) is None, "the other one goes away at once"
    assert await book.seal() == 3
    assert (await book.verify()).links == 11


async def test_twenty_writers_at_once_lose_nothing(book: Book) -> None:
    each, writers = 10, 20
    done = asyncio.Event()

    async def write() -> None:
        for _ in range(each):
            await book.write(({"value": 2}, {"value": 4}, None))

    async def seal() -> int:
        sealed = 0
        while not done.is_set():
            sealed += await book.seal(at_once=7)
            await asyncio.sleep(0)
        return sealed

    sealers = [asyncio.create_task(seal()) for _ in range(2)]
    try:
        await asyncio.gather(*(write() for _ in range(writers)))
    finally:
        done.set()
    sealed = sum(await asyncio.gather(*sealers))
    while count := await book.seal():
        sealed += count
    verdict = await book.verify()
    assert (sealed, verdict.links, verdict.waiting, verdict.broken) == (200, 206, 0, None)
