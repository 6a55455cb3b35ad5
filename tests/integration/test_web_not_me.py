"""A password used in a browser that was not known: its owner is told, and throws everybody out by one press."""

import asyncio
import re
from http import HTTPStatus
from uuid import uuid4

from core.account.logins import IssuedLogin
from core.actor import OFFICE, Act
from core.school import organisations
from core.tables import Person, RoleAssignment
from tests.integration.account_site import BETTER, GOOD, ORIGIN, Browser
from tests.integration.test_web_password_link import ENTERED, Post, post
from tests.integration.test_web_second_factor import knock, set_up, show
from zvonok.sandbox.mail_spool import Mail

__all__ = ["post"]

LINK = re.compile(rf"{re.escape(ORIGIN)}(/e/[\w-]+)")
PHONE = "Mozilla/5.0 (Linux; Android 14) Chrome/126 Mobile. Позвоните 8 800 000-00-00"


async def told(post: Post) -> list[Mail]:
    """Send what is due; return the letters about new browsers."""
    return [one for one in await post.deliver_all() if one.subject == ENTERED]


async def newest(post: Post) -> str:
    """Return the path of the newest link that says «Это не я»."""
    found = LINK.search((await told(post))[-1].text or "")
    assert found is not None
    return found[1]


async def press(post: Post, path: str, act: str = "not-me") -> tuple[int, str]:
    status, words, _ = await post.site.browser().raw("POST", path, data={"act": act})
    return status, words


async def looks(post: Post, path: str, method: str = "GET") -> tuple[int, str]:
    status, words, _ = await post.site.browser().raw(method, path)
    return status, words


async def inside(browser: Browser) -> bool:
    return (await browser.get("/api/session"))[0] == HTTPStatus.OK


async def new_password(post: Post, issued: IssuedLogin, password: str) -> None:
    token = await post.link(issued.login)
    assert (await post.site.browser().post("/api/password/new", token=token, new=password))[0] == HTTPStatus.OK


async def test_the_owner_is_told_of_a_new_browser_once_and_never_of_a_known_one(post: Post) -> None:
    issued, known = await post.site.settled(post.site.teacher)
    assert len(await told(post)) == 1, "the first of all is new"
    for _ in range(2):
        assert (await known.enter(issued, GOOD))[0] == HTTPStatus.OK
    assert (await post.site.browser().enter(issued, "забыто"))[0] == HTTPStatus.UNAUTHORIZED
    assert len(await told(post)) == 1
    phone = post.site.browser(agent=PHONE)
    for _ in range(2):
        assert (await phone.fill_in("/login", login=issued.login, password=GOOD))[2] == "home"
    _, letter = await told(post)
    words = (letter.text or "").replace("\xa0", " ")
    assert letter.recipients == ("teacher@example.org",)
    assert "Chrome, Android, 24 ноября в 8:40" in words
    assert "800" not in words, "what a stranger's browser says of itself is not passed on"
    assert "Кузнецова" not in words


async def test_looking_changes_nothing_and_one_press_throws_everybody_out(post: Post) -> None:
    issued, known = await post.site.settled(post.site.teacher)
    await told(post)
    stranger = post.site.browser(agent=PHONE)
    assert (await stranger.enter(issued, GOOD))[0] == HTTPStatus.OK
    path = await newest(post)
    for method in ("HEAD", "GET", "GET"):
        status, words = await looks(post, path, method)
        assert status == HTTPStatus.OK
    assert "Chrome, Android, 24 ноября в 8:40" in words.replace("\xa0", " ")
    assert "Кузнецова" not in words
    assert (await press(post, path, "yes"))[0] == HTTPStatus.BAD_REQUEST
    assert await inside(stranger)

    status, words = await press(post, path)
    assert (status, "Входы закрыты" in words) == (HTTPStatus.OK, True)
    assert [await inside(one) for one in (stranger, known)] == [False, False]
    assert (await stranger.enter(issued, GOOD))[0] == HTTPStatus.UNAUTHORIZED, "whatever the browser"
    assert len(await post.site.watch.audit("login.disown")) == 1
    await new_password(post, issued, BETTER)
    assert (await known.enter(issued, BETTER))[0] == HTTPStatus.OK
    for answer in (await press(post, path), await looks(post, path)):
        assert answer[0] == HTTPStatus.GONE, "pressed again, it would take the new password away"
    assert await inside(known)


async def test_a_stranger_who_left_is_thrown_out_all_the_same_and_the_link_is_used_up(post: Post) -> None:
    issued, known = await post.site.settled(post.site.teacher)
    await told(post)
    stranger = post.site.browser(agent=PHONE)
    await stranger.enter(issued, GOOD)
    path = await newest(post)
    await stranger.fill_in("/logout")
    assert (await press(post, path))[0] == HTTPStatus.OK
    assert not await inside(known)
    assert (await press(post, path))[0] == HTTPStatus.GONE


async def test_a_link_the_stranger_had_asked_for_dies_with_the_password(post: Post) -> None:
    issued, _ = await post.site.settled(post.site.teacher)
    token = await post.link(issued.login)
    assert (await press(post, await newest(post)))[0] == HTTPStatus.OK
    assert (await looks(post, f"/p/{token}"))[0] == HTTPStatus.GONE


async def test_with_a_second_factor_only_whoever_showed_it_has_entered(post: Post) -> None:
    site = post.site
    issued, known, phone, _ = await set_up(site)
    before = len(await told(post))
    site.hands.move(minutes=5)
    stopped = await knock(site, issued)
    assert len(await told(post)) == before, "the password alone opens nothing"
    site.machine.move(seconds=30)
    assert await show(stopped, phone.at(site.machine.at)) == HTTPStatus.OK
    path = await newest(post)
    assert len(await told(post)) == before + 1
    assert (await press(post, path))[0] == HTTPStatus.OK
    await new_password(post, issued, BETTER)
    assert (await known.enter(issued, BETTER))[1] == {"due": "second-factor"}, "set up before, it is the owner's"


async def test_a_second_factor_that_the_stranger_set_up_goes_with_him(post: Post) -> None:
    issued, _, _, _ = await set_up(post.site)
    # Entered before the application was set up: for all that is known, by whoever set it up.
    assert (await press(post, await newest(post)))[0] == HTTPStatus.OK
    await new_password(post, issued, BETTER)
    assert (await post.site.browser().enter(issued, BETTER))[1]["due"] == "nothing"


async def test_what_a_link_vouches_for_is_not_told_to_where_the_link_went(post: Post) -> None:
    issued, _ = await post.site.settled(post.site.teacher)
    before = len(await told(post))
    page = f"/p/{await post.link(issued.login)}"
    assert (await post.site.browser().fill_in(page, act="enter"))[2] == "../home"
    assert len(await told(post)) == before


async def test_after_a_week_or_by_another_link_nobody_is_thrown_out(post: Post) -> None:
    issued, known = await post.site.settled(post.site.teacher)
    path = await newest(post)
    notice, swapped = path.replace("/e/", "/n/"), f"/e/{await post.link(issued.login)}"
    for other in (path[:-2] + "AA", path + "x", "/e/nothing", swapped):
        assert (await press(post, other))[0] == HTTPStatus.GONE
    assert (await looks(post, notice))[0] != HTTPStatus.OK
    post.site.hands.move(days=7)
    assert (await looks(post, path))[0] == HTTPStatus.GONE
    assert (await press(post, path))[0] == HTTPStatus.GONE
    assert (await known.enter(issued, GOOD))[0] == HTTPStatus.OK


async def test_of_two_presses_at_once_one_counts_and_whoever_enters_meanwhile_is_out(post: Post) -> None:
    issued, _ = await post.site.settled(post.site.teacher)
    path = await newest(post)
    entering = [post.site.browser() for _ in range(6)]
    answers = await asyncio.gather(
        *(press(post, path) for _ in range(2)), *(one.enter(issued, GOOD) for one in entering)
    )
    assert sorted(answer[0] for answer in answers[:2]) == [HTTPStatus.OK, HTTPStatus.GONE]
    assert not any([await inside(one) for one in entering])


async def test_a_late_word_of_it_is_not_sent(post: Post) -> None:
    await post.site.settled(post.site.teacher)
    post.site.hands.move(days=8)
    assert await told(post) == []


async def test_an_officer_of_an_authority_enters_and_no_school_tells_him(post: Post) -> None:
    site = post.site
    async with site.database.begin() as session:
        region = await organisations.found_region(session, Act(OFFICE, site.hands.at, "region"), "Область")
        officer = Person(id=uuid4(), authority_id=region, surname="Ильин", given="Пётр", patronymic="", sort_key="и")
        session.add(officer)
        await session.flush()
        role = RoleAssignment(
            id=uuid4(),
            person_id=officer.id,
            authority_id=region,
            role="regional-officer",
            since=site.hands.at.date(),
            why="приказ 1",
            by_list=False,
            granted_at=site.hands.at,
        )
        session.add(role)
    _, browser = await site.settled(officer.id)
    assert await inside(browser)
    assert await told(post) == []
