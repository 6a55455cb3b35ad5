"""The sealed file: what was written is read, and nothing else ever is."""

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zvonok.backup import sealing
from zvonok.backup.sealing import CHUNK, HEADER, TAG, BackupKey, SealedWriter, opened
from zvonok.backup.troubles import DamagedError, WrongKeyError

KEY = BackupKey(b"k" * 32)
PATH = Path("zvonok-test.backup")


def sealed(*pieces: bytes) -> bytes:
    file = BytesIO()
    writer = SealedWriter(file, KEY)
    for piece in pieces:
        writer.write(piece)
    writer.close()
    return file.getvalue()


def unsealed(data: bytes, key: BackupKey = KEY) -> bytes:
    return b"".join(opened(BytesIO(data), key, PATH))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_written_is_read(size: int) -> None:
    data = bytes(index % 251 for index in range(size))
    assert unsealed(sealed(data)) == data
    assert unsealed(sealed(data[: size // 3], data[size // 3 :])) == data


def test_two_files_of_the_same_look_different() -> None:
    assert sealed(b"the same") != sealed(b"the same")


def test_another_key_is_told_from_damage() -> None:
    with pytest.raises(WrongKeyError, match="Ключ не подходит"):
        unsealed(sealed(b"secret"), BackupKey(b"j" * 32))


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "CHUNK", 16)


@pytest.mark.usefixtures("small_chunks")
def test_a_file_cut_anywhere_is_refused() -> None:
    whole = sealed(bytes(range(64)))
    for length in range(len(whole)):
        with pytest.raises(DamagedError):
            unsealed(whole[:length])


@pytest.mark.usefixtures("small_chunks")
def test_a_byte_changed_anywhere_is_refused() -> None:
    whole = sealed(bytes(range(64)))
    for place in range(len(whole)):
        spoilt = bytearray(whole)
        spoilt[place] ^= 1
        with pytest.raises(DamagedError):
            unsealed(bytes(spoilt))


@pytest.mark.usefixtures("small_chunks")
def test_chunks_moved_dropped_or_added_are_refused() -> None:
    whole = sealed(bytes(range(64)))
    head, chunks = whole[:HEADER], [whole[at : at + 16 + TAG] for at in range(HEADER, len(whole), 16 + TAG)]
    for wrong in ([chunks[1], chunks[0], *chunks[2:]], chunks[1:], chunks[:-1], [*chunks, chunks[-1]]):
        with pytest.raises(DamagedError):
            unsealed(head + b"".join(wrong))


@given(st.binary(max_size=300))
def test_whatever_else_is_given_is_no_backup(data: bytes) -> None:
    with pytest.raises(DamagedError):
        unsealed(data)


def test_the_place_of_the_damage_is_named() -> None:
    whole = bytearray(sealed(bytes(3 * CHUNK)))
    whole[HEADER + CHUNK + TAG + 5] ^= 1
    with pytest.raises(DamagedError, match=rf"испорчены байты {HEADER + CHUNK + TAG}–"):
        unsealed(bytes(whole))
    with pytest.raises(DamagedError, match="обрезан"):
        unsealed(sealed(bytes(3 * CHUNK))[:-1])


def test_neither_key_nor_contents_are_shown() -> None:
    assert "kkk" not in repr(KEY)
    assert b"secret" not in sealed(b"secret")
