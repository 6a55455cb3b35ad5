"""Whoever opens a Mini App is who the messenger says, or nobody: signed, fresh, by this bot, one spelling."""

import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from aiogram.utils.web_app import check_webapp_signature
from hypothesis import given
from hypothesis import strategies as st

from web.launch_data import CLOCKS_DIFFER, LIVES, LONGEST, AppKey, Flaw, LaunchError, read_launch

TOKEN, OTHER = "42:of-this-bot", "43:of-another-bot"
KEY = AppKey.of_token(TOKEN)
NOW = datetime(2026, 11, 24, 5, 31, tzinfo=UTC)
USER = {"id": 279058397, "first_name": "Мария", "last_name": "Кузнецова & Ко", "language_code": "ru"}
USUAL = {
    "query_id": "AAHdF6IQAAAAAN0XohDhrOrc",
    "user": json.dumps(USER, ensure_ascii=False),
    "auth_date": str(int(NOW.timestamp())),
}
DAY = json.dumps({"id": 1})


def written(fields: dict[str, str], key: AppKey = KEY) -> str:
    """Write it as a messenger does: the hash is one more field."""
    return urlencode(fields | {"hash": key.sign(fields)}, quote_via=quote)


def flaw_of(init_data: str, now: datetime = NOW) -> Flaw:
    with pytest.raises(LaunchError) as caught:
        read_launch(init_data, KEY, now)
    assert str(caught.value) == caught.value.flaw, "nothing of what came is repeated"
    return caught.value.flaw


def at(moment: datetime) -> dict[str, str]:
    return USUAL | {"auth_date": str(int(moment.timestamp()))}


def test_what_the_messenger_signed_is_believed() -> None:
    launch = read_launch(written(USUAL | {"start_param": "roll-7_x"}), KEY, NOW)
    assert (launch.user, launch.start, launch.signed_at) == ("279058397", "roll-7_x", NOW)


def test_the_key_is_what_the_documents_say() -> None:
    """Step by step, as core.telegram.org describes it, without a line of ours; and as aiogram checks it."""
    lines = "\n".join(f"{name}={USUAL[name]}" for name in ("auth_date", "query_id", "user"))
    secret = hmac.new(b"WebAppData", TOKEN.encode(), sha256).digest()
    shown = hmac.new(secret, lines.encode(), sha256).hexdigest()
    init_data = urlencode(USUAL | {"hash": shown})
    assert read_launch(init_data, KEY, NOW).user == "279058397"
    assert check_webapp_signature(TOKEN, written(USUAL))


def test_telegrams_signature_for_strangers_is_a_field_like_any_other() -> None:
    signed = USUAL | {
        "signature": "zL-ucjNyREiHDE8aihFwpfR9aggP2xiAo3NSpfe-p7IbCisNlDKlo7Kb6G4D0Ao2mBrSgEk4maLSdv6MLIlADQ"
    }
    assert read_launch(written(signed), KEY, NOW).user == "279058397"
    taken_away = "&".join(part for part in written(signed).split("&") if not part.startswith("signature="))
    assert flaw_of(taken_away) is Flaw.FORGED
    assert flaw_of(f"{written(USUAL)}&signature=x") is Flaw.FORGED


@pytest.mark.parametrize("unit", [1, 1000], ids=["seconds", "milliseconds"])
def test_a_moment_is_seconds_or_milliseconds(unit: int) -> None:
    fields = USUAL | {"auth_date": str(int(NOW.timestamp()) * unit)}
    assert read_launch(written(fields), KEY, NOW).signed_at == NOW


def test_it_is_good_for_an_hour_and_not_before_it_was_written() -> None:
    for moment in (NOW - LIVES, NOW, NOW + CLOCKS_DIFFER):
        assert read_launch(written(at(moment)), KEY, NOW).signed_at == moment
    for moment in (NOW - LIVES - timedelta(seconds=1), NOW + CLOCKS_DIFFER + timedelta(seconds=1), NOW - LIVES * 24):
        assert flaw_of(written(at(moment))) is Flaw.OLD


@pytest.mark.parametrize(
    "date",
    ["", "0", "-5", "1e9", "１７００００００００", " 1700000000", "99999999999999999", "now", "1700000000.5"],
)
def test_a_moment_that_is_none_is_refused(date: str) -> None:
    assert flaw_of(written(USUAL | {"auth_date": date})) in {Flaw.BROKEN, Flaw.OLD}


def test_another_bots_signature_opens_nothing_here() -> None:
    assert flaw_of(written(USUAL, AppKey.of_token(OTHER))) is Flaw.FORGED
    assert flaw_of(written(USUAL, AppKey(TOKEN.encode()))) is Flaw.FORGED


def test_exactly_one_hash() -> None:
    good, usual = KEY.sign(USUAL), urlencode(USUAL, quote_via=quote)
    for hashes in ("", f"&hash={good}&hash={good}", f"&hash={'0' * 64}&hash={good}", f"&hash={good}&hash={'0' * 64}"):
        assert flaw_of(usual + hashes) is Flaw.BROKEN
    for wrong in ("", good[:-1], f"{good}0", good.upper(), f" {good}", f"0x{good[2:]}"):
        assert flaw_of(f"{usual}&hash={quote(wrong)}") is Flaw.BROKEN
    assert flaw_of(f"{usual}&hash={'0' * 64}") is Flaw.FORGED
    assert flaw_of(f"{usual}&%68ash={good}") is Flaw.BROKEN


def test_a_field_that_stands_twice_means_nothing() -> None:
    for twice in ("user", "auth_date", "query_id"):
        assert flaw_of(f"{written(USUAL)}&{twice}={quote(USUAL[twice])}") is Flaw.BROKEN


def test_fields_cannot_be_put_together_by_line_breaks() -> None:
    """The same signed lines, cut elsewhere: a user who was never signed as such would stand in one of them."""
    joined = {"auth_date": USUAL["auth_date"], "query_id": f"{USUAL['query_id']}\nuser={USUAL['user']}"}
    assert KEY.sign(joined) == KEY.sign(USUAL)
    assert flaw_of(written(joined)) is Flaw.BROKEN
    assert flaw_of(written(USUAL | {"query_id": "a\nuser=b"})) is Flaw.BROKEN
    assert flaw_of(written(USUAL).replace("user=", "user%3D=", 1)) is Flaw.BROKEN


def test_fields_may_stand_in_any_order_and_in_any_spelling_of_the_same_signs() -> None:
    parts = written(USUAL).split("&")
    for order in (parts, parts[::-1], sorted(parts)):
        assert read_launch("&".join(order), KEY, NOW).user == "279058397"
    everything = "&".join(
        f"{name}={''.join(f'%{byte:02x}' for byte in value.encode())}" for name, value in parse_qsl(written(USUAL))
    )
    assert read_launch(everything, KEY, NOW).user == "279058397"
    assert read_launch(urlencode(parse_qsl(written(USUAL))), KEY, NOW).user == "279058397", "a blank as a plus"


def test_what_is_encoded_twice_is_something_else() -> None:
    twice = "&".join(f"{name}={quote(quote(value))}" for name, value in parse_qsl(written(USUAL)))
    assert flaw_of(twice) is Flaw.FORGED


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "&",
        "=",
        "hash",
        "a=b",
        "user",
        "&&",
        "user=%ff",
        "user=%ED%A0%80",
        "\ud800=1",
        "user=\ud800",
        "x" * (LONGEST + 1),
        "User=1",
        "a b=1",
    ],
)
def test_what_no_messenger_writes_is_no_reason_to_break(broken: str) -> None:
    assert flaw_of(broken) is Flaw.BROKEN
    assert flaw_of(f"{written(USUAL)}&{broken}") in {Flaw.BROKEN, Flaw.FORGED}


@pytest.mark.parametrize(
    "user",
    [
        "",
        "null",
        "[]",
        "7",
        '{"id": "7"}',
        '{"id": true}',
        '{"id": 0}',
        '{"id": -7}',
        '{"id": 7.0}',
        "{",
        '{"no": 7}',
        "[" * 4000,
    ],
)
def test_a_user_who_is_none_is_refused_though_signed(user: str) -> None:
    assert flaw_of(written(USUAL | {"user": user})) is Flaw.BROKEN


def test_a_start_word_that_no_link_of_ours_carries_is_refused() -> None:
    assert flaw_of(written(USUAL | {"start_param": "../home"})) is Flaw.BROKEN


_names = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True).filter(
    lambda name: name not in {"hash", "user", "auth_date", "start_param"}
)
_SIGNS = "аяЁ日 aZ09{}[]\":=&%+;#?/\\'~\u00a0\u2028🙂"
"""Letters, and whatever means something in addresses, in JSON or in lines."""
_lines = st.text(_SIGNS, max_size=40)


@given(st.dictionaries(_names, _lines, max_size=5), st.integers(1, 2**53), st.integers(0, 3600))
def test_whatever_else_is_signed_is_read_back(more: dict[str, str], user: int, ago: int) -> None:
    fields = more | {"user": json.dumps({"id": user}), "auth_date": str(int(NOW.timestamp()) - ago)}
    assert read_launch(written(fields), KEY, NOW).user == str(user)


@given(st.integers(0, 10_000), st.sampled_from([*_SIGNS, "\x00", "\n", "f"]))
def test_a_changed_sign_is_never_believed_of_another(place: int, sign: str) -> None:
    whole = written(USUAL)
    place %= len(whole)
    changed = whole[:place] + sign + whole[place + 1 :]
    try:
        launch = read_launch(changed, KEY, NOW)
    except LaunchError:
        return
    # Only another spelling of the same signs is left.
    assert dict(parse_qsl(changed)) == dict(parse_qsl(whole))
    assert launch.user == "279058397"


@given(st.text(max_size=300))
def test_whatever_comes_is_no_reason_to_break(init_data: str) -> None:
    assert flaw_of(init_data) in {Flaw.BROKEN, Flaw.FORGED}
