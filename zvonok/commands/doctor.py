"""``zvonok doctor``: what is well, what is wrong, what to do; nothing is sent, nothing changed."""

import os
from collections.abc import Sequence

import click

from core.school_time import MachineClock, SchoolClock
from texts.reader import load
from zvonok import log
from zvonok.commands.running import run, say_lines
from zvonok.commands.russian import RussianCommand
from zvonok.data_folder import data_folder
from zvonok.demo.alone import is_of_demonstration
from zvonok.demo.visiting import clock_of
from zvonok.doctor.examination import PROBES, Report, chosen, examine, refused_settings
from zvonok.doctor.findings import Finding, Part, Patient
from zvonok.doctor.spelling import misspelt
from zvonok.settings import Settings, SettingsError, read_settings


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
        say_lines(report.lines(load("ru")))
        return report.code

    run(work())


async def _report(parts: Sequence[Part]) -> Report:
    demonstration = _demonstration()
    if demonstration is not None:
        return await _examined(demonstration, clock_of(demonstration.data), [], parts)
    names = misspelt(os.environ)
    try:
        settings = read_settings()
    except SettingsError as error:
        return refused_settings(str(error).splitlines(), names)
    return await _examined(settings, SchoolClock(settings.school_clock_offset), names, parts)


async def _examined(settings: Settings, clock: SchoolClock, names: Sequence[Finding], parts: Sequence[Part]) -> Report:
    patient = Patient(settings, clock, MachineClock())
    return await examine(patient, names, probes=chosen(parts, settings))


def _demonstration() -> Settings | None:
    """Return the settings of the demonstration whose folder this is: it reads nobody's ``.env``, nor is that examined.

    None in any other folder.
    """
    try:
        folder = data_folder()
    except UnicodeDecodeError:
        return None  # whoever reads all of the settings says what is wrong with the file
    return Settings.model_construct(data=folder) if is_of_demonstration(folder) else None
