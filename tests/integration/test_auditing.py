"""The sealer's loop, the heads kept outside the database, and the office's commands for the audit."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import URL

from core.actor import OFFICE, Act, Actor
from core.audit.audit_links import Head
from core.database import Database
from core.events import SchoolKind
from core.journal import Change, audit
from core.refusals import NotFound
from core.school import organisations, schools
from core.school_time import MachineClock, SchoolClock
from tests.integration.core_world import Watch, refused
from tests.integration.eventually import eventually
from zvonok import auditing, sealing
from zvonok.installation import Installation
from zvonok.kept_heads import KeptHeads
from zvonok.processes.clockwork import run_core
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.trouble import InstallationError, OfficeError

AT = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)
TEACHER = Actor("telegram", uuid4(), uuid4())


@dataclass
class Desk:
    """One school with some rows in its audit, none sealed yet."""

    core: Database
    watch: Watch
    here: Installation
    school: UUID

    @property
    def kept(self) -> KeptHeads:
        return KeptHeads(self.here.settings.data)

    async def write(self, count: int, text: str = "Ёлкин") -> None:
        async with self.core.begin() as session:
            changes = [Change("remark.write", "remark/1", None, {"text": text}) for _ in range(count)]
            await audit(session, TEACHER, self.school, AT, *changes)

    async def seal(self) -> bool:
        return await sealing.sealer(self.here, self.core).pass_once()

    async def verify(self, paper: str | None = None, name: str | None = None) -> str:
        (line,) = await auditing.verify(self.here, name, auditing.read_head(paper))
        return line

    async def broken(self, paper: str | None = None) -> str:
        with pytest.raises(OfficeError) as refusal:
            await self.verify(paper)
        return str(refusal.value)

    async def sealed(self) -> int:
        return int(await self.watch.value("SELECT count(*) FROM core.audit_seal"))

    async def all_sealed(self, running: asyncio.Task[None]) -> bool:
        """Tell whether everything is sealed; whoever seals must be alive."""
        assert not running.done()
        return await self.sealed() == 4

    async def cut(self, last: int) -> None:
        """Cut off the end of the chain, head and rows included."""
        for statement in (
            "DELETE FROM core.audit WHERE id IN (SELECT audit_id FROM core.audit_seal WHERE number > $1)",
            "DELETE FROM core.audit_seal WHERE number > $1",
            "UPDATE core.audit_head SET number = $1, hash = (SELECT hash FROM core.audit_seal WHERE number = $1)",
        ):
            await self.watch.rows(statement, last)


@pytest_asyncio.fixture
async def desk(core_database: Database, database_url: URL, tmp_path: Path) -> Desk:
    async with core_database.begin() as session:
        made = await schools.create(
            session, OFFICE, name="Школа 1", kind=SchoolKind.PRIVATE, zone="Asia/Yekaterinburg", now=AT
        )
    secret = Secret(b"the secret of these tests, of thirty-two bytes")
    settings = Settings(data=tmp_path, database_url=None)
    here = Installation(settings, database_url, secret, SchoolClock(source=lambda: AT), MachineClock())
    found = Desk(core_database, Watch(database_url), here, made.id)
    await found.write(3)
    return found


async def test_the_journals_process_seals_within_a_second(desk: Desk) -> None:
    assert sealing.EVERY_SECONDS <= 0.5
    running = asyncio.create_task(run_core(desk.here))
    try:
        await eventually(lambda: desk.all_sealed(running))
    finally:
        running.cancel()
        await asyncio.wait([running])
    assert await desk.verify() == (
        "Школа 1: журнал действий цел. Записей в цепочке: 4, из них со стёртыми словами: 0. Ждут печати: 0."
    )


async def test_a_pass_seals_everything_and_keeps_the_head(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await desk.seal() is False
    assert await desk.sealed() == 4
    assert await desk.seal() is False, "nothing to do"
    before = desk.kept.read()[desk.school]
    monkeypatch.setattr(sealing, "AT_ONCE", 1)
    await desk.write(1)
    assert await desk.seal() is True, "there may be more"
    assert (before.number, desk.kept.read()[desk.school].number) == (4, 5)
    assert "Записей в цепочке: 5" in await desk.verify()


async def test_a_tail_cut_by_sql_is_found_by_the_head_in_the_data_folder(desk: Desk) -> None:
    await desk.seal()
    await desk.cut(2)
    assert await desk.broken() == (
        "Школа 1: журнал действий нарушен. Целых записей от начала: 2. "
        "Цепочка кончается раньше, чем записано вне базы: записей от № 3 больше нет. "
        "Если базу восстановили из копии, так и должно быть."
    )
    kept = desk.kept.read()
    await desk.write(5, "другое")
    await desk.seal()
    assert await desk.sealed() == 7
    assert desk.kept.read() == kept, "what proves the cut is not overwritten"
    assert "Звено № 4 не то, что записано вне базы" in await desk.broken()
    await auditing.heads(desk.here, None, anew=True)
    assert "Записей в цепочке: 7" in await desk.verify()


async def test_a_chain_that_is_gone_altogether_is_found_by_its_kept_head(desk: Desk) -> None:
    async with desk.core.begin() as session:
        region = await organisations.found_region(session, Act(OFFICE, AT, "region"), "Край")
    assert len(await auditing.verify(desk.here, None, None)) == 2, "a region has a chain before anything is sealed"
    await desk.seal()
    for statement in (
        "DELETE FROM core.audit_seal WHERE school_id = $1",
        "DELETE FROM core.audit_head WHERE school_id = $1",
        "DELETE FROM core.audit WHERE school_id = $1",
        "DELETE FROM core.authority WHERE id = $1",
    ):
        await desk.watch.rows(statement, region)
    with pytest.raises(OfficeError) as refusal:
        await auditing.verify(desk.here, None, None)
    assert f"{region}: журнал действий нарушен" in str(refusal.value)
    assert "записей от № 1 больше нет" in str(refusal.value)
    assert "Школа 1: журнал действий цел" in str(refusal.value)


async def test_a_head_on_paper_is_enough(desk: Desk) -> None:
    await desk.seal()
    (line,) = await auditing.heads(desk.here, "Школа 1", anew=False)
    school, _, paper = line.rpartition(": ")
    assert school == "Школа 1"
    assert "цел." in await desk.verify(paper)
    await desk.cut(2)
    desk.kept.path.unlink()
    assert "Записей в цепочке: 2" in await desk.verify(), "without the paper nobody can tell"
    assert "записей от № 3 больше нет" in await desk.broken(paper)
    with pytest.raises(OfficeError, match="Это не конец цепочки"):
        auditing.read_head("128")


async def test_whose_head_it_is_must_be_said_where_there_are_several(desk: Desk) -> None:
    async with desk.core.begin() as session:
        await schools.create(
            session, OFFICE, name="Школа 2", kind=SchoolKind.PRIVATE, zone="Asia/Yekaterinburg", now=AT
        )
    await desk.seal()
    with pytest.raises(OfficeError, match="Добавьте --school"):
        await auditing.verify(desk.here, None, Head(1, b"0" * 10))
    lines = await auditing.verify(desk.here, None, None)
    assert sorted(line.split(":")[0] for line in lines) == ["Школа 1", "Школа 2"]
    assert "Записей в цепочке: 4" in await desk.verify(name="Школа 1")


async def test_one_school_whose_chain_is_spoilt_does_not_stop_the_others(desk: Desk) -> None:
    await desk.seal()
    await desk.watch.rows("UPDATE core.audit_head SET number = 2")
    async with desk.core.begin() as session:
        other = await schools.create(
            session, OFFICE, name="Школа 2", kind=SchoolKind.PRIVATE, zone="Asia/Yekaterinburg", now=AT
        )
    await desk.write(1)
    await desk.seal()
    assert desk.kept.read()[desk.school].number == 4
    assert desk.kept.read()[other.id].number == 1


async def test_a_spoilt_file_of_heads_is_named_and_left_as_it_is(desk: Desk) -> None:
    for spoilt in ("{", "[]", '{"1": "2"}', f'{{"{uuid4()}": "2"}}'):
        desk.kept.path.write_text(spoilt, encoding="utf-8")
        with pytest.raises(InstallationError, match=r"audit-heads\.json"):
            desk.kept.read()
    await desk.seal()
    assert await desk.sealed() == 4
    assert desk.kept.path.read_text(encoding="utf-8") == spoilt


async def test_words_about_a_subject_are_erased(desk: Desk) -> None:
    await desk.seal()
    assert await auditing.erase(desk.here, None, "remark/1", "просьба родителя") == ["Слова стёрты. Записей: 3."]
    assert "Записей в цепочке: 7, из них со стёртыми словами: 3." in await desk.verify()
    assert await refused(auditing.erase(desk.here, None, "remark/1", "просьба")) == (NotFound, "audit-row-unknown")
    row = await desk.watch.value("SELECT id FROM core.audit WHERE action = 'school.create'")
    assert await auditing.erase(desk.here, None, str(row), "просьба") == ["Слова стёрты. Записей: 1."]
    assert await refused(auditing.erase(desk.here, None, str(uuid4()), "просьба")) == (NotFound, "audit-row-unknown")
