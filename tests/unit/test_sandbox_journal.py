"""The sandbox's memory on disk."""

from pathlib import Path

import pytest

from zvonok.sandbox.chronicle import Chronicle
from zvonok.sandbox.happenings import Happening, WatcherTooSlowError
from zvonok.sandbox.journal import Journal, JournalError


def written(path: Path, *records: dict[str, object]) -> None:
    journal = Journal(path)
    for record in records:
        journal.append(record)
    journal.close()


def read(path: Path) -> list[dict[str, object]]:
    journal = Journal(path)
    try:
        return list(journal.read())
    finally:
        journal.close()


def test_records_come_back_in_order(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "journal.jsonl"
    written(path, {"a": "Звонок"}, {"b": "\ud800 и \u2028"})
    assert read(path) == [{"a": "Звонок"}, {"b": "\ud800 и \u2028"}]


def test_a_torn_last_line_is_dropped_and_nothing_is_glued_to_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    written(path, {"a": 1})
    with path.open("ab") as file:
        file.write(b'{"b": 2, "c"')
    journal = Journal(path)
    assert list(journal.read()) == [{"a": 1}]
    journal.append({"d": 4})
    journal.close()
    assert read(path) == [{"a": 1}, {"d": 4}]


@pytest.mark.parametrize("line", [b"{]\n", b"5\n"])
def test_a_broken_line_elsewhere_is_named(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "journal.jsonl"
    written(path, {"a": 1})
    path.write_bytes(path.read_bytes() + line + b'{"c": 3}\n')
    with pytest.raises(JournalError, match=r"строк\w 2"):
        read(path)


def test_one_owner_at_a_time(tmp_path: Path) -> None:
    first = Journal(tmp_path / "journal.jsonl")
    with pytest.raises(JournalError, match="уже занят"):
        Journal(tmp_path / "journal.jsonl")
    first.close()
    Journal(tmp_path / "journal.jsonl").close()


def chronicle(folder: Path | None) -> tuple[Chronicle, list[Happening]]:
    applied: list[Happening] = []
    made = Chronicle(folder)
    made.on("rang", applied.append)
    made.replay()
    return made, applied


def test_a_chronicle_goes_on_where_the_last_one_stopped(tmp_path: Path) -> None:
    first, applied = chronicle(tmp_path)
    first.record("rang", {"times": 1})
    first.close()
    second, replayed = chronicle(tmp_path)
    assert replayed == applied
    second.record("rang", {"times": 2})
    second.close()
    assert [(one.number, one.data["times"]) for one in replayed] == [(1, 1), (2, 2)]


async def test_those_who_watch_are_told_after_it_is_true() -> None:
    made, applied = chronicle(None)
    made.record("rang", {"times": 1})
    with made.happenings.watch() as watcher:
        made.record("rang", {"times": 2})
        assert await anext(watcher) is applied[1]
    made.record("rang", {"times": 3})
    assert len(applied) == 3


async def test_a_watcher_that_never_reads_is_cut_off_after_what_it_got() -> None:
    made, _ = chronicle(None)
    with made.happenings.watch() as watcher:
        for number in range(10_001):
            made.record("rang", {"times": number})
        numbers = [(await anext(watcher)).number for _ in range(10_000)]
        with pytest.raises(WatcherTooSlowError):
            await anext(watcher)
    assert numbers == list(range(1, 10_001))
