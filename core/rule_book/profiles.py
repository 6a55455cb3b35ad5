"""Two ready sets of rules: what a region decreed, and what one school decided for itself."""

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from core.rule_book.model import SchoolRules


class Profile(StrEnum):
    """A ready set of rules, by its name in the database."""

    REGION_2020 = "region-2020"
    """«Регламент региона, 2020»: the regulation of 28.02.2020 (001), and the tables' defaults where it says nothing."""
    SCHOOL_2023 = "school-2023"
    """«Положение школы, 2023»: the regulation of 31.08.2023 (002) where it decides otherwise, else the same."""


DECIDED: Mapping[Profile, Mapping[str, Any]] = MappingProxyType(
    {
        Profile.REGION_2020: MappingProxyType({}),
        Profile.SCHOOL_2023: MappingProxyType(
            {
                "absence_codes": [
                    {"code": "н", "kind": "unexcused", "missed": True, "told": True, "meaning": "причина неизвестна"},
                    {"code": "УП", "kind": "excused", "missed": True, "told": False, "meaning": "уважительная причина"},
                    {"code": "Б", "kind": "illness", "missed": True, "told": False, "meaning": "болезнь"},
                    {"code": "ОСВ", "kind": "exempt", "missed": False, "told": False, "meaning": "освобождение"},
                ],
                "class_teacher_sets_absence": True,
                "written_work_days": None,
                "next_lesson_grades": [2, 4],
                "senior_work_days": 4,
                "creative_work_days": 7,
                "homework_minutes": None,
                "homework_by": "21:00:00",
                "finals_open": "any-time",
                "sheet_years": 75,
                "login_staff": ["password"],
                "login_pupils": ["password"],
                "login_parents": ["password"],
            }
        ),
    }
)
"""What each profile decides otherwise than the tables' defaults, in the form in which rules are kept."""


RULES_IN_SQL = "((CAST(:profiles AS jsonb) -> s.profile) || s.rules)"
"""The rules of school ``s`` as JSON; ``:profiles`` is ``every_profile()``, a text."""


def rules_by(profile: Profile, own: Mapping[str, Any]) -> SchoolRules:
    """Return the rules of a school: its own over its profile's over the defaults. Raises pydantic's error."""
    # From JSON, as they are kept: a number is then no switch, and a word no number.
    return SchoolRules.model_validate_json(json.dumps({**DECIDED[profile], **own}))


def rules_kept(profile: str, own: Mapping[str, Any]) -> SchoolRules:
    """Return the same of a stored row, read once for all who ask: every roll that is called does."""
    return _read_once(profile, json.dumps(own, sort_keys=True))


@lru_cache(maxsize=2048)
def _read_once(profile: str, own: str) -> SchoolRules:
    return rules_by(Profile(profile), json.loads(own))


@cache
def every_profile() -> str:
    """Return, as JSON, the rules that each profile gives to a school that has decided nothing, for ``RULES_IN_SQL``."""
    return json.dumps({profile.value: kept(rules_by(profile, {})) for profile in Profile})


def kept(rules: SchoolRules) -> dict[str, Any]:
    """Return rules in the form in which they are kept."""
    return rules.model_dump(mode="json")
