"""The log in sentences: trouble once, in Russian, with what it means; then that it is over."""

from typing import Any

import pytest
import structlog

from texts.reader import LANGUAGES, load
from zvonok import log_words
from zvonok.commands.running import running_words
from zvonok.log_words import Sentences
from zvonok.settings import read_settings


def told(*entries: dict[str, Any]) -> list[str]:
    say, lines = Sentences(load("ru")), []
    for entry in entries:
        try:
            lines.append(say(None, "", {"timestamp": "08:40:00", "level": "warning", **entry}))
        except structlog.DropEvent:
            continue
    return lines


AWAY = {"event": "bot.updates-not-fetched", "failure": "TelegramNetworkError", "pause": 2.0}
BACK = {"event": "bot.updates-fetched", "level": "info"}


def test_trouble_is_said_once_until_it_ends_and_its_end_is_said() -> None:
    lines = told(AWAY, AWAY, AWAY, BACK, AWAY)
    assert [line.partition(":")[0] for line in (line.partition("  ")[2] for line in lines)] == [
        "Телеграм недоступен",
        "Телеграм снова отвечает.",
        "Телеграм недоступен",
    ]
    assert lines[0].startswith("08:40:00  ")


def test_trouble_that_lasts_is_said_again(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter((0.0, 599.0, 601.0))
    monkeypatch.setattr(log_words, "monotonic", lambda: next(moments))
    assert len(told(AWAY, AWAY, AWAY)) == 2


def test_a_channel_and_a_reason_are_named_in_words() -> None:
    entry = {"event": "nothing gets through", "credential": "mail:school@example.org", "reason": "connect-failed"}
    bot = {**entry, "credential": "telegram:42", "reason": "dns-failed"}
    works = {"event": "credential works", "level": "info", "credential": "mail:school@example.org"}
    assert told(entry, bot, entry, works) == [
        "08:40:00  почта: отправить не удалось (соединиться не удалось). Сообщения ждут, пробую снова.",
        "08:40:00  Телеграм: отправить не удалось (такого имени в сети нет). Сообщения ждут, пробую снова.",
        "08:40:00  почта: отправка снова идёт.",
    ]


def test_trouble_without_a_sentence_is_named_and_what_is_no_trouble_is_left_out() -> None:
    known = {"event": "a thing broke", "level": "error", "error": "OSError"}
    assert told(known, {"event": "bot.refused", "level": "info", "key": "7"}) == [
        "08:40:00  Неполадка: a thing broke. Подробнее скажет журнал для машин: ZVONOK_LOG_FORMAT=events"
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_end_of_a_trouble_has_a_sentence_in_every_language(language: str) -> None:
    say = Sentences(load(language))
    for event in log_words.ENDS:
        entry = {"timestamp": "08:40:00", "level": "info", "event": event, "credential": "mail:a@example.org"}
        assert say(None, "", entry)


def test_what_runs_is_said_with_the_pages_address_and_what_is_left_out() -> None:
    bare = read_settings(_env_file=None, mail_host="127.0.0.1", mail_from="a@example.org", mail_security="plain")
    assert running_words(bare) == [
        "Запущено: журнал, шлюз.",
        "Бота нет: не задан ни ZVONOK_MAX_TOKEN, ни ZVONOK_TELEGRAM_TOKEN.",
        "Страниц нет, и ссылок в письмах не будет: не задан ZVONOK_PUBLIC_URL.",
        "Остановить: Ctrl+C. Если что-то сломается, это будет сказано здесь.",
    ]
    only_max = read_settings(_env_file=None, max_token="a", public_url="https://school.example")
    assert running_words(only_max)[0] == "Запущено: журнал, шлюз, бот, страницы."
    full = read_settings(_env_file=None, telegram_token="1:a", public_url="https://school.example", web_port=8090)
    assert running_words(full) == [
        "Запущено: журнал, шлюз, бот, страницы.",
        "Страницы для родителей: https://school.example (на этой машине — 127.0.0.1:8090).",
        "Писем не будет: не задан ZVONOK_MAIL_HOST.",
        "Остановить: Ctrl+C. Если что-то сломается, это будет сказано здесь.",
    ]
