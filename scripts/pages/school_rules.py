"""``docs/reference/school-rules.md``: every rule of a school with its source, both profiles and what it may be."""

from core.rule_book.model import KEPT_ELSEWHERE, Group, SchoolRules, rule_of
from core.rule_book.profiles import Profile, kept, rules_by
from core.rule_book.wording import Kind, bounds_of, choices_of, kind_of, may_be_off, written
from scripts.pages.source import HEAD, meanings, table
from texts.reader import load

INTRODUCTION = (
    "Deadlines, codes and thresholds that a school decides itself: every row of the tables DL and CONF of the "
    "[requirements](requirements/README.md). A school begins with the first profile; `zvonok school rules` shows, "
    "changes, and chooses another."
)


def page() -> str:
    """Return the page. Raises ``TextMissingError`` for a rule without a title."""
    profiles = [(f"`{one}`", load("ru").format(f"rules-profile-{one}")) for one in Profile]
    parts = [
        "# Rules of a school",
        f"{INTRODUCTION} {HEAD}",
        table(("profile", "name"), profiles),
        *(part for group in Group for part in _group(group)),
        "## Answered elsewhere",
        table(("row", "where"), [(f"`{row}`", why) for row, why in KEPT_ELSEWHERE.items()]),
    ]
    return "\n\n".join(parts) + "\n"


def _group(group: Group) -> tuple[str, str]:
    texts = meanings(SchoolRules)
    both = [kept(rules_by(profile, {})) for profile in Profile]
    rows = [
        (
            f"`{name}`",
            texts[name],
            load("ru").format(f"rule-{name}"),
            ", ".join(rule_of(name).rows),
            rule_of(name).source,
            *(f"`{written(name, rules[name])}`" for rules in both),
            _may_be(name),
        )
        for name in SchoolRules.model_fields
        if rule_of(name).group is group
    ]
    head = ("rule", "meaning", "по-русски", "rows", "source", *(f"`{profile}`" for profile in Profile), "may be")
    return f"## {group.capitalize()}", table(head, rows)


def _may_be(name: str) -> str:
    off = " or `нет`" if may_be_off(name) else ""
    match kind_of(name):
        case Kind.NUMBER:
            lowest, highest = bounds_of(name)
            return f"{lowest}…{highest}{off}"
        case Kind.CHOICE:
            return ", ".join(f"`{one}`" for one in choices_of(name)) + off
        case Kind.CHOICES:
            return "several of " + ", ".join(f"`{one}`" for one in choices_of(name)) + off
        case kind:
            return _FORMS[kind] + off


_FORMS = {
    Kind.SWITCH: "`да`, `нет`",
    Kind.CLOCK: "a time, `21:00`",
    Kind.DAY: "a day of the year, `05.09`",
    Kind.GRADES: "grades, `2-4`",
    Kind.CODES: "`code:kind:missed+told or -:meaning; …`, kinds `unexcused`, `illness`, `excused`, `exempt`",
    Kind.TEXT: "one line",
}
