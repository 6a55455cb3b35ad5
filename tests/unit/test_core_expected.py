"""By which code a roll is filled, whatever the school's table; and that what is known beforehand has words."""

import re
import shlex
from datetime import date
from pathlib import Path

import click
import pytest

from core.learning.announced_absences import AbsenceReason
from core.learning.expected import code_for
from core.learning.release_orders import ReleaseKind
from core.rule_book.profiles import Profile, rules_by
from core.rule_book.values import AbsenceClass, AbsenceCode
from core.year.span import Span
from texts.reader import LANGUAGES, load
from zvonok.absence_numbers import days_words
from zvonok.absences import Whose
from zvonok.program import program
from zvonok.trouble import OfficeError

UNKNOWN = AbsenceCode(code="н", kind=AbsenceClass.UNEXCUSED, missed=True, told=True, meaning="причина неизвестна")
ILL = AbsenceCode(code="б", kind=AbsenceClass.ILLNESS, missed=True, told=False, meaning="болезнь")
ILL_AT_HOME = AbsenceCode(code="бд", kind=AbsenceClass.ILLNESS, missed=True, told=False, meaning="болезнь дома")


@pytest.mark.parametrize(
    ("profile", "wanted"), [(Profile.REGION_2020, "б ну ну ну"), (Profile.SCHOOL_2023, "Б УП УП ОСВ")]
)
def test_the_code_is_the_schools_own(profile: Profile, wanted: str) -> None:
    codes = rules_by(profile, {}).absence_codes
    assert [code_for(reason, codes) for reason in (*AbsenceReason, ReleaseKind.DUTY)] == wanted.split()


def test_a_table_without_such_a_code_fills_nothing_in() -> None:
    assert code_for(AbsenceReason.ILLNESS, (UNKNOWN, ILL, ILL_AT_HOME)) == "б"
    told = ILL.model_copy(update={"code": "бт", "told": True})
    assert code_for(AbsenceReason.ILLNESS, (told, ILL)) == "б", "the family knows already, and is not told"
    assert code_for(AbsenceReason.ILLNESS, (UNKNOWN, told)) == "бт"
    assert code_for(AbsenceReason.FAMILY, (UNKNOWN, ILL)) is None
    assert {code_for(kind, (UNKNOWN, ILL)) for kind in ReleaseKind} == {None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_kind_has_words(language: str) -> None:
    texts = load(language)
    assert all(texts.has(f"absence-reason-{one}") for one in AbsenceReason)
    assert all(texts.has(f"release-kind-{one}") for one in ReleaseKind)


def test_days_are_said_once() -> None:
    first, last = date(2026, 12, 1), date(2026, 12, 4)
    assert (days_words(Span(first, first)), days_words(Span(first, last))) == ("01.12.2026", "01.12.2026 – 04.12.2026")


def test_a_class_or_a_pupil_is_asked_for() -> None:
    Whose().check()
    with pytest.raises(OfficeError, match="--class или --pupil"):
        Whose("5А", "Иванова Анна").check()


@pytest.mark.parametrize("page", ["absences.md", "absences.ru.md"])
def test_every_command_of_the_page_can_be_called_as_it_stands(page: str) -> None:
    said = (Path("docs/how-to") / page).read_text(encoding="utf-8")
    commands = re.findall(r"^\.venv/bin/zvonok (.+)$", said, re.MULTILINE)
    assert len(commands) == 11
    for group, name, *words in map(shlex.split, commands):
        above = click.Context(program, info_name="zvonok")
        command = program.get_command(above, group)
        assert isinstance(command, click.Group)
        assert command.commands[name].make_context(name, words, parent=above).params, name


def test_the_pages_name_every_reason_and_kind() -> None:
    for page in ("absences.md", "absences.ru.md"):
        said = (Path("docs/how-to") / page).read_text(encoding="utf-8")
        assert [one for one in (*AbsenceReason, *ReleaseKind) if f"`{one}`" not in said] == []
