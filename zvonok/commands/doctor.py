"""``zvonok doctor``: what is well, what is wrong, what to do; nothing is sent, nothing changed."""

import os
from collections.abc import Sequence

import click

from core.school_time import MachineClock, SchoolClock
from texts.reader import load
from zvonok import log
from zvonok.called_as import as_called
from zvonok.commands.running import run
from zvonok.commands.russian import RussianCommand
from zvonok.doctor.examination import PROBES, Report, chosen, examine, refused_settings
from zvonok.doctor.findings import Part, Patient
from zvonok.doctor.spelling import misspelt
from zvonok.settings import SettingsError, read_settings


@click.command(cls=RussianCommand)
@click.option(
    "--part",
    "parts",
    multiple=True,
    type=click.Choice([part.value for part in PROBES]),
    help="Проверить только это; можно повторить. Настройки проверяются всегда.",
)
def doctor(parts: tuple[str, ...]) -> None:
    """Проверить установку: настройки, базу, часы, Телеграм, почту, диск. Ничего не отправляет."""
    log.configure("error")

    async def work() -> int:
        report = await _report([Part(part) for part in parts])
        for line in report.lines(load("ru")):
            click.echo(as_called(line))
        return report.code

    run(work())


async def _report(parts: Sequence[Part]) -> Report:
    names = misspelt(os.environ)
    try:
        settings = read_settings()
    except SettingsError as error:
        return refused_settings(str(error).splitlines(), names)
    patient = Patient(settings, SchoolClock(settings.school_clock_offset), MachineClock())
    return await examine(patient, names, probes=chosen(parts, settings))
