"""The reference pages say what the code says, of everything there is, and a stale one is noticed."""

import re
from functools import partial
from pathlib import Path

import pytest

from core.events import Event, State, read_state
from gateway.states import Reason
from scripts import reference_pages
from scripts.pages import command_line, errors, events, states
from scripts.reference_pages import FOLDER, PAGES, main, stale
from texts.reader import load
from zvonok.program import COMMANDS


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_made_from_the_code(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "run: python -m scripts.reference_pages"


def test_a_stale_page_is_noticed_and_written_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {"errors.md": "# Error codes\n\nAll.\n", "states.md": "# States\n"}
    monkeypatch.setattr(reference_pages, "PAGES", {name: partial(str, text) for name, text in pages.items()})
    assert stale(tmp_path) == list(pages)
    assert main(tmp_path) == 0
    assert stale(tmp_path) == []
    (tmp_path / "errors.md").write_text("# Error codes\n", encoding="utf-8")
    assert stale(tmp_path) == ["errors.md"]
    capsys.readouterr()
    assert main(tmp_path) == 0
    assert capsys.readouterr().out == "written: errors.md\n"


def test_every_command_has_its_words() -> None:
    page = command_line.page()
    assert [name for name in COMMANDS if f"\n## zvonok {name}\n" not in page] == []
    assert "| `--kind` | `municipal`, `state`, `private`, `branch` | Вид новой школы. |" in page
    assert "```\nzvonok import files [КЛЮЧИ] ФАЙЛ…\n```" in page
    assert "--help" not in page


def test_every_event_has_its_fields_and_an_example_that_can_be_read() -> None:
    page = events.page()
    models = list(events.states(State))
    assert len(models) >= 8
    for model in models:
        assert [field for field in model.model_fields if f"| `{field}` |" not in page] == []
    examples = re.findall(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    read = [Event.model_validate_json(text) for text in examples]
    assert [type(one.data) for one in read] == models
    assert [one.type for one in read] == [f"zvonok.{one.data.type}" for one in read]
    assert [read_state(one.data.model_dump(mode="json")) for one in read] == [one.data for one in read]


def test_a_meaning_stands_beside_its_field() -> None:
    assert "| `value` | text | A chat id or a mailbox. Never logged. |" in events.page()
    assert "| `sign` | To agree with it by name. |" in events.page()


def test_every_refusal_stands_on_the_page_with_its_class_and_sentence() -> None:
    page = errors.page()
    found = set(errors.made_in())
    assert len(found) > 25
    rows = {line.split("`")[1]: line.split(" | ") for line in page.splitlines() if line.startswith("| `")}
    assert [made for made in found if made.kind not in rows[made.code][1]] == []
    assert [made for made in found if f"`{made.module}`" not in rows[made.code][-1]] == []
    assert "| `roll-not-called` | Conflict | Переклички на этом уроке ещё не было" in page
    assert "Осталось 2 попытки." in page, "a form is chosen by a number"
    assert "Класса «‹title›» в журнале нет." in page


def test_a_planted_refusal_without_words_is_not_let_through(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    planted = tmp_path / "core" / "odd.py"
    planted.write_text('raise Conflict("odd-code" if a else "roll-not-called")\n', encoding="utf-8")
    assert {made.code for made in errors.made_in(tmp_path)} == {"odd-code", "roll-not-called"}
    with pytest.raises(KeyError, match="refusal-odd-code"):
        errors.page(tmp_path)


def test_every_reason_has_its_words() -> None:
    page = states.page()
    codes = {reason.value for kind in states.REASONS for reason in kind}
    assert set(Reason) <= codes
    assert [code for code in codes if f"| `{code}` |" not in page or not load("en").has(f"reason-{code}")] == []
