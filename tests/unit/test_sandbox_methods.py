"""Whatever a bot sends, a method does its work or refuses in Telegram's way, and a refusal changes nothing."""

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.sandbox_clock import MovableClock
from zvonok.sandbox.bot_api_methods import METHODS, Call
from zvonok.sandbox.chats import Account, Content, Profile
from zvonok.sandbox.chronicle import Chronicle
from zvonok.sandbox.files import Files
from zvonok.sandbox.happenings import Happening
from zvonok.sandbox.parameters import Parameters, Upload
from zvonok.sandbox.refusals import RefusalError
from zvonok.sandbox.updates import Updates
from zvonok.sandbox.world import World

BOT, PARENT = 42, 7
NAMES = (
    "chat_id",
    "message_id",
    "text",
    "caption",
    "parse_mode",
    "entities",
    "reply_markup",
    "reply_parameters",
    "link_preview_options",
    "document",
    "action",
    "commands",
    "scope",
    "callback_query_id",
    "file_id",
)

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-3, max_value=9),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from([str(PARENT), "HTML", "attach://a", "typing", "<b>", "[{", '{"inline_keyboard": [[5]]}', "1e9"]),
)
keys = st.one_of(
    st.sampled_from(["inline_keyboard", "keyboard", "text", "message_id", "type", "command"]), st.text(max_size=3)
)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=6
)


def small_world() -> tuple[World, list[Happening]]:
    clock = MovableClock()
    chronicle = Chronicle(None, clock=lambda: clock.wall, monotonic=lambda: clock.seconds)
    world = World(chronicle, Updates(chronicle), Files(chronicle, None))
    world.accounts[BOT] = Account(BOT, "school_bot", "Звонок")
    world.know(Profile(PARENT, "Анна"))
    for number in range(3):
        world.say(BOT, PARENT, Content(f"сообщение {number}", (), None, clock.wall))
    happened: list[Happening] = []
    publish = chronicle.happenings.publish

    def listen(happening: Happening) -> None:
        happened.append(happening)
        publish(happening)

    chronicle.happenings.publish = listen  # type: ignore[method-assign]  # the shortest way to count what happened
    return world, happened


@settings(deadline=None)
@given(
    st.sampled_from(sorted(METHODS)),
    st.dictionaries(st.sampled_from(NAMES), values, max_size=6),
    st.booleans(),
    st.booleans(),
)
def test_any_request_is_done_or_refused(method: str, sent: dict[str, Any], to_parent: bool, with_file: bool) -> None:  # noqa: FBT001 - hypothesis passes by position
    world, happened = small_world()
    parameters = Parameters(
        sent | ({"chat_id": PARENT} if to_parent else {}),
        {"a": Upload("a.txt", "text/plain", b"x")} if with_file else {},
    )
    before = len(happened)
    refusal = refused(Call(world, BOT, parameters), method)
    if refusal is None:
        assert len(happened) <= before + 2
    else:
        assert refusal.code in (400, 403)
        assert refusal.description.startswith(("Bad Request: ", "Forbidden: "))
        assert len(happened) == before


def refused(call: Call, method: str) -> RefusalError | None:
    try:
        METHODS[method](call)
    except RefusalError as refusal:
        return refusal
    return None


def test_the_watch_on_happenings_sees_them() -> None:
    world, happened = small_world()
    with suppress(RefusalError):
        METHODS["sendMessage"](Call(world, BOT, Parameters({"chat_id": 99, "text": "а"}, {})))
    assert happened == []
    METHODS["sendMessage"](Call(world, BOT, Parameters({"chat_id": PARENT, "text": "а"}, {})))
    assert [happening.kind for happening in happened] == ["message"]
