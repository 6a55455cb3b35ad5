"""Every text people read: whole in both languages, fillable with what the code gives, right in its plurals."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from fluent.runtime import FluentBundle
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from core.events import AbsenceKind, NoticeAct, ProposedReason
from core.roster_file import Code, NoticeCode
from scripts.pages.source import called
from tests.unit.fluent_files import FILES, entries
from texts import reader
from texts.reader import FOLDER, LANGUAGES, TextMissingError, Texts, load

ROOT = FOLDER.parent
REFUSALS = {"Refusal", "NotFound", "Forbidden", "Conflict", "Invalid"}
DEMAND = "rights.demand"
MAKING = re.compile(rf"\b(?:{'|'.join(REFUSALS)}|demand)\b")
MIXED = re.compile(r"\b\w*(?:[а-яё][a-z]|[a-z][а-яё])\w*\b", re.IGNORECASE)


class _Inside(Visitor):
    """Collects what stands inside a message: its arguments, and those by which a form is chosen."""

    def __init__(self) -> None:
        self.arguments: set[str] = set()
        self.counted: dict[str, set[str]] = {}

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802 - named by the library
        self.arguments.add(node.id.name)

    def visit_SelectExpression(self, node: ftl.SelectExpression) -> None:  # noqa: N802 - named by the library
        keys = {variant.key.name for variant in node.variants if isinstance(variant.key, ftl.Identifier)}
        assert isinstance(node.selector, ftl.VariableReference), "a form is chosen by an argument"
        self.counted.setdefault(node.selector.id.name, set()).update(keys)
        self.generic_visit(node)


@dataclass(frozen=True)
class Message:
    arguments: frozenset[str]
    forms: Mapping[str, set[str]]
    """Names of the forms by argument."""


@cache
def messages(language: str, *files: str) -> Mapping[str, Message]:
    """Read messages of these files, or of all."""
    found: dict[str, Message] = {}
    for name in files or FILES:
        for message_id, entry in entries(language, name).items():
            assert message_id not in found, f"{message_id} stands twice"
            inside = _Inside()
            inside.visit(entry)
            found[message_id] = Message(frozenset(inside.arguments), inside.counted)
    return found


@pytest.fixture(scope="module")
def russian() -> Mapping[str, Message]:
    return messages("ru")


PLURALS = {"zero", "one", "two", "few", "many", "other"}


def test_the_languages_have_the_same_files_messages_and_arguments() -> None:
    assert sorted(path.name for path in (FOLDER / "en").glob("*.ftl")) == list(FILES)
    russian, english = ({name: one.arguments for name, one in messages(of).items()} for of in ("ru", "en"))
    assert russian == english
    assert len(russian) > 2_000


def filling(message: Message, number: int) -> dict[str, str | int]:
    """Fill in a number where a form is chosen by one, else a word."""
    counted = {name for name, forms in message.forms.items() if forms & PLURALS or not forms}
    return {name: number if name in counted else "слово" for name in message.arguments}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [0, 1, 2, 5, 11, 21, 111])
def test_every_message_can_be_said(language: str, number: int) -> None:
    for name, message in messages(language).items():
        filled = filling(message, number)
        if number and number not in filled.values():  # no form depends on it: said with 0
            continue
        text = load(language).format(name, **filled)
        assert text.strip(), name
        assert not re.search(r"[{}\u2068\u2069]", text), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_read_alone_says_what_it_says_in_its_file(language: str) -> None:
    """The reader cuts the files by itself; here they are parsed whole."""
    bundle = FluentBundle([language], use_isolating=False)
    for file in FILES:
        bundle.add_resource(ftl.Resource([*entries(language, file).values()]))
    for name, message in messages(language).items():
        pattern = bundle.get_message(name).value
        assert pattern is not None, name
        filled = filling(message, 2)
        assert load(language).format(name, **filled) == bundle.format_pattern(pattern, filled)[0]


def test_each_message_is_all_that_stands_up_to_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "FOLDER", tmp_path)
    (tmp_path / "ru").mkdir()
    (tmp_path / "ru" / "a.ftl").write_text(
        "### a = of no message\n\none = Первое,\n  two = не второе,\n\n  а его конец.\n# three = nothing\n"
        "two =\n    { $n ->\n        [one] один\n       *[other] много\n    }\n",
        encoding="utf-8",
    )
    texts = Texts("ru")
    assert texts.format("one") == "Первое,\ntwo = не второе,\n\nа его конец."
    assert [texts.format("two", n=number) for number in (1, 7)] == ["один", "много"]
    assert [name for name in ("a", "three", "four") if texts.has(name)] == []


def test_what_is_said_again_is_said_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is only words and names side by side is put together another way from the second time on."""
    monkeypatch.setattr(reader, "FOLDER", tmp_path)
    (tmp_path / "ru").mkdir()
    (tmp_path / "ru" / "a.ftl").write_text('one = { $who }: { "{" }сказал{ "}" }, { $many }\n', encoding="utf-8")
    (tmp_path / "ru" / "b.ftl").write_text("two = { $who }, { $many }\n", encoding="utf-8")
    texts = Texts("ru")
    for _ in range(3):
        assert texts.format("one", who="{who}", many="5") == "{who}: {сказал}, 5"
        assert texts.format("two", who="{many}", many="5") == "{many}, 5"
        assert texts.format("two", who="Анна", many=12345) == "Анна, 12\N{NO-BREAK SPACE}345"
        assert texts.format("two", who=AbsenceKind.ILLNESS, many="5") == f"{AbsenceKind.ILLNESS.value}, 5"
        with pytest.raises(TextMissingError, match="two: "):
            texts.format("two", who="Анна")


def plural(number: int) -> str:
    """Return the Russian form of a whole number, as schools teach it."""
    if number % 10 == 1 and number % 100 != 11:
        return "one"
    if number % 10 in {2, 3, 4} and number % 100 not in {12, 13, 14}:
        return "few"
    return "many"


@pytest.mark.parametrize(
    ("name", "argument", "forms"),
    [
        ("alert-total", "count", ("пропущен {} урок.", "пропущено {} урока.", "пропущено {} уроков.")),
        ("office-more-errors", "count", ("И ещё {} ошибка.", "И ещё {} ошибки.", "И ещё {} ошибок.")),
        ("roster-errors-more", "count", ("И ещё {} ошибка.", "И ещё {} ошибки.", "И ещё {} ошибок.")),
        (
            "refusal-link-birth-date-wrong",
            "left",
            ("Осталась {} попытка.", "Осталось {} попытки.", "Осталось {} попыток."),
        ),
        ("bot-recorded-absent", "absent", ("отсутствует {}.", "отсутствуют {}.", "отсутствуют {}.")),
        ("trace-absences", "count", ("на {} уроке.", "на {} уроках.", "на {} уроках.")),
        ("bot-why-when", "seconds", ("через {} секунду.", "через {} секунды.", "через {} секунд.")),
    ],
)
def test_russian_counts_are_declined_as_in_school(name: str, argument: str, forms: tuple[str, str, str]) -> None:
    for number in (1, 2, 4, 5, 11, 12, 14, 20, 21, 22, 25, 101, 111, 112):
        wanted = dict(zip(("one", "few", "many"), forms, strict=True))[plural(number)].format(number)
        assert wanted in load("ru").format(name, since="", **{argument: number})


def test_nothing_is_counted_in_words_of_its_own() -> None:
    say = load("ru").format
    assert say("alert-total", since="С 1 сентября", count=0) == "С 1 сентября пропущено 0 уроков."
    assert "Код больше не действует" in say("refusal-link-birth-date-wrong", left=0)
    assert say("trace-absences", count=0) == "Сейчас отсутствий нет."
    assert "уходит сразу" in say("bot-why-when", seconds=0)


def test_a_count_that_russian_declines_has_all_the_forms_it_needs(russian: Mapping[str, Message]) -> None:
    incomplete = {
        name: forms
        for name, message in russian.items()
        for forms in message.forms.values()
        if forms & PLURALS and "few" in forms and not {"one", "few"} <= forms
    }
    assert incomplete == {}


def test_a_large_number_is_not_torn_apart_by_unseen_signs() -> None:
    assert load("ru").format("alert-total", since="С 1 сентября", count=999) == "С 1 сентября пропущено 999 уроков."


def test_what_is_missing_is_our_mistake_and_said_so() -> None:
    texts = load("ru")
    assert texts.has("alert-pupil")
    assert not texts.has("no-such-text")
    with pytest.raises(TextMissingError, match="no-such-text"):
        texts.format("no-such-text")
    with pytest.raises(TextMissingError, match="alert-pupil"):
        texts.format("alert-pupil", name="Иванова Анна")
    with pytest.raises(TextMissingError, match="tt"):
        load("tt")


def test_no_russian_word_hides_a_latin_letter() -> None:
    for name in FILES:
        for number, line in enumerate((FOLDER / "ru" / name).read_text(encoding="utf-8").splitlines(), 1):
            assert MIXED.findall(line) == [], f"{name}:{number}"


def test_names_are_never_declined_and_a_child_has_no_sex(russian: Mapping[str, Message]) -> None:
    """Words that would need the child's sex, or a declined name beside them."""
    sexed = re.compile(r"\b(?:отсутствовала?|пропустила?|болела?|опоздала?|пришла|приш[её]л|ученица)\b")
    said = {name: load("ru").format(name, **filling(message, 1)) for name, message in russian.items()}
    assert {name: text for name, text in said.items() if sexed.search(text.lower())} == {}


@dataclass(frozen=True)
class Raised:
    """A refusal where core raises it."""

    place: str
    code: str
    details: frozenset[str]


def _code(call: ast.Call) -> str:
    """Read the code of a refusal; a right that is demanded without one has its own."""
    if called(call.func) in {DEMAND, "demand"}:
        return str(ast.literal_eval(call.args[2])) if len(call.args) > 2 else "not-allowed"
    return str(ast.literal_eval(call.args[0]))


def _counted(path: Path, tree: ast.Module, call: ast.Call) -> Iterator[Raised]:
    codes = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    details = frozenset(str(one.arg) for one in call.keywords)
    yield from (Raised(f"{path.name}:{call.lineno}", code, details) for code in codes if code.endswith("-too-many"))


def raised_in(path: Path) -> Iterator[Raised]:
    """Find every refusal made in a module: by its class, or by a subclass for itself."""
    source = path.read_text(encoding="utf-8")
    if not MAKING.search(source):  # none of the names below stands in it
        return
    tree = ast.parse(source)
    demands = {DEMAND, "demand"} if path.name == "rights.py" else {DEMAND}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and {called(base) for base in node.bases} & REFUSALS:
            calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
            found = [call for call in calls if called(call.func) == "super().__init__"]
        elif isinstance(node, ast.Call) and called(node.func) in {*REFUSALS, *demands}:
            found = [node]
        else:
            continue
        for call in found:
            if path.name == "rights.py" and ast.unparse(call) == "Forbidden(code, **details)":
                continue  # ``rights.demand`` raises what it is told to: its callers are read
            if path.name == "login_tries.py" and ast.unparse(call.args[0]) == "count.code":
                yield from _counted(path, tree, call)  # each count has a code of its own
                continue
            code = _code(call)
            yield Raised(f"{path.name}:{call.lineno}", code, frozenset(one.arg or "**" for one in call.keywords))


CORE = sorted(path for path in (ROOT / "core").rglob("*.py") if path.name != "refusals.py")
ELSEWHERE = sorted(path for room in ("bot", "gateway", "web", "zvonok") for path in (ROOT / room).rglob("*.py"))


@pytest.fixture(scope="module")
def refusals() -> list[Raised]:
    """Every refusal of the product."""
    return [one for path in [*CORE, *ELSEWHERE] for one in raised_in(path)]


def test_every_refusal_has_words_and_gives_them_what_they_need(
    refusals: list[Raised], russian: Mapping[str, Message]
) -> None:
    assert len(refusals) > 20
    assert [one for one in refusals if f"refusal-{one.code}" not in russian] == []
    wanting = [one for one in refusals if not russian[f"refusal-{one.code}"].arguments <= one.details]
    assert wanting == []


def test_every_refusal_that_has_words_is_raised_somewhere(
    refusals: list[Raised], russian: Mapping[str, Message]
) -> None:
    raised = {f"refusal-{one.code}" for one in refusals}
    assert {name for name in russian if name.startswith("refusal-")} - raised == set()


def test_a_planted_refusal_is_found(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        'class Odd(Invalid):\n    def __init__(self):\n        super().__init__("odd")\nraise Conflict("no", a=1)\n'
        'rights.demand(facts, Right.X)\nrights.demand(facts, Right.X, "yours", b=1)\n'
    )
    assert set(raised_in(module)) == {
        Raised("module.py:3", "odd", frozenset()),
        Raised("module.py:4", "no", frozenset({"a"})),
        Raised("module.py:5", "not-allowed", frozenset()),
        Raised("module.py:6", "yours", frozenset({"b"})),
    }


@pytest.mark.parametrize(("prefix", "codes"), [("roster-error-", Code), ("roster-notice-", NoticeCode)])
def test_every_problem_of_a_file_has_words(
    prefix: str, codes: type[Code] | type[NoticeCode], russian: Mapping[str, Message]
) -> None:
    assert {f"{prefix}{code}" for code in codes} <= set(russian)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_a_sentence_or_two_without_reproach(language: str) -> None:
    for name, message in messages(language, "refusals.ftl").items():
        text = load(language).format(name, **filling(message, 1))
        assert text[0].isupper() or text.startswith("слово"), name
        assert text.endswith((".", "/start")), name
        assert "!" not in text, name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("detail", [*ProposedReason, *NoticeAct])
def test_whatever_a_reader_did_can_be_traced_in_words(language: str, detail: str) -> None:
    assert load(language).format(f"trace-detail-{detail}")
