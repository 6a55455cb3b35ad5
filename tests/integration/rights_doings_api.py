"""What is done about programs' keys and through their lists, as somebody would do it in one of the three places."""

from core.access import Right
from core.account import api_keys
from core.person import class_lists
from tests.integration.rights_tries import Doing, Thing
from tests.integration.rights_world import KEY, NOW

ON_KEYS = (
    Doing(
        "hand out a program's key",
        Thing.SCHOOL,
        Right.API_KEY_MANAGE,
        lambda s, it: api_keys.make(s, it.act, it.school, KEY),
    ),
    Doing(
        "list the keys of programs",
        Thing.SCHOOL,
        Right.API_KEY_MANAGE,
        lambda s, it: api_keys.listed(s, it.actor, it.school, NOW),
    ),
    Doing(
        "revoke a program's key",
        Thing.SCHOOL,
        Right.API_KEY_MANAGE,
        lambda s, it: api_keys.revoke(s, it.act, it.whole.key),
    ),
    Doing(
        "list the classes",
        Thing.SCHOOL,
        Right.YEAR_VIEW,
        lambda s, it: class_lists.of_school(s, it.actor, it.school, NOW),
    ),
)
