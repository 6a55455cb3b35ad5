"""Keys of accounts and hashes of passwords: what is kept tells nothing, and every answer takes as long."""

import asyncio
import time

import pytest
from aiohttp.test_utils import make_mocked_request
from argon2 import Parameters, Type
from cryptography.fernet import InvalidToken
from hypothesis import given, settings
from hypothesis import strategies as st

from core.account.account_keeper import AccountKeeper, fresh_token
from core.account.identity_documents import Document
from core.account.logins import fold_login
from core.account.password_hashing import PRODUCT, Hasher
from web.json_api import source_of

KEEPER, OTHER = AccountKeeper(b"k" * 32), AccountKeeper(b"o" * 32)
QUICK = Parameters(Type.ID, 19, 16, 32, 1, 8, 1)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=40))
def test_what_is_sealed_is_read_again_by_the_same_key_for_the_same_use(value: str) -> None:
    sealed = KEEPER.seal("one", value)
    assert KEEPER.open("one", sealed) == value
    for keeper, use in ((KEEPER, "two"), (OTHER, "one")):
        with pytest.raises(InvalidToken):
            keeper.open(use, sealed)
    assert len({KEEPER.hash("one", value), KEEPER.hash("two", value), OTHER.hash("one", value)}) == 3


def test_a_device_is_known_for_its_own_login_only() -> None:
    mark = KEEPER.device_mark("ivanova")
    assert KEEPER.knows_device("ivanova", mark)
    nonce, _, signature = mark.partition(".")
    for login, shown in (("petrova", mark), ("ivanova", f"x{mark}"), ("ivanova", nonce), ("ivanova", f".{signature}")):
        assert not KEEPER.knows_device(login, shown)
    assert not OTHER.knows_device("ivanova", mark)
    assert not KEEPER.knows_device("ivanova", "ё.ё"), "whatever a stranger puts into a cookie"


def test_keys_and_secrets_stay_out_of_what_is_printed() -> None:
    assert "kkk" not in repr(KEEPER)
    assert "6505" not in repr(Document("passport", "6505 123456"))
    assert len({fresh_token() for _ in range(100)}) == 100


def test_signs_between_digits_of_a_document_do_not_matter() -> None:
    written = {Document("", number).hash(KEEPER) for number in ("6505123456", "65 05 № 123-456", "6505_123456")}
    assert len(written) == 1


def test_logins_are_folded() -> None:
    assert fold_login("  Ivanova-AP ") == "ivanova-ap"
    assert fold_login("ｉｖａｎｏｖａ") == "ivanova"
    assert len(fold_login("x" * 500)) == 64


async def test_hashing_leaves_the_loop_free_and_nobody_takes_as_long_as_somebody() -> None:
    hasher = Hasher(Parameters(Type.ID, 19, 16, 32, 8, 8192, 1))
    kept = await hasher.make("четыре рыжих чайника")
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    turning = asyncio.create_task(turn())
    started = time.process_time()
    assert not await hasher.fits(kept, "не тот")
    somebody, wrong_turns = time.process_time() - started, turns
    assert not await hasher.fits(None, "не тот")
    turning.cancel()
    assert wrong_turns > 3
    assert somebody > 0
    assert await hasher.fits(kept, "четыре рыжих чайника")
    assert kept.startswith("$argon2id$")


async def test_a_hash_made_with_weaker_parameters_is_known() -> None:
    kept = await Hasher(QUICK).make("пароль")
    assert Hasher(PRODUCT).outdated(kept)
    assert not Hasher(QUICK).outdated(kept)
    assert not await Hasher(QUICK).fits("no hash at all", "пароль")


async def test_nobodys_hash_is_of_the_same_cost() -> None:
    """What an unknown login is compared with costs what a known one does, and fits no password."""
    hasher = Hasher(QUICK)
    nobody = hasher._nobody
    assert (
        nobody.rpartition("$")[0].rpartition("$")[0] == (await hasher.make("x")).rpartition("$")[0].rpartition("$")[0]
    )
    assert not await hasher.fits(None, "")


@pytest.mark.parametrize(
    ("peer", "forwarded", "source"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # a stranger says what he likes
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "1.2.3.4, 198.51.100.1", "198.51.100.1"),  # what stands before us adds its own at the end
        ("127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("::1", "198.51.100.1", "198.51.100.1"),
    ],
)
def test_a_source_is_what_the_machine_before_us_says(peer: str, forwarded: str | None, source: str) -> None:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = make_mocked_request("POST", "/api/login", headers=headers).clone(remote=peer)
    assert source_of(request) == source
