"""The mail account: the server answers, is what it says it is, lets us in, lets us send. No letter leaves."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from notifiers.mail_connection import Connection, open_connection
from notifiers.mail_settings import MailSettings
from zvonok.doctor.findings import THIS_MACHINE, Finding, Patient, off, well, wrong

LONGEST_REPLY = timedelta(seconds=10)


async def look_at_mail(patient: Patient) -> list[Finding]:
    """Connect, secure the connection, log in, offer the sender; the account's own settings, a shorter patience."""
    account = patient.settings.mail()
    if account is None:
        return [off("mail-off")]
    account = replace(account, timeout=min(account.timeout, LONGEST_REPLY))
    context = await asyncio.to_thread(account.tls_context)
    opened = await open_connection(account, context)
    if not isinstance(opened, Connection):
        trial = patient.settings.sandbox and account.host == THIS_MACHINE
        return [_refused("mail-connection", opened.reason, account, trial="yes" if trial else "no")]
    try:
        refusal = await opened.try_sender()
    finally:
        opened.say_goodbye()
    place = {"host": account.host, "port": str(account.actual_port), "security": account.security.value}
    if refusal is not None:
        return [well("mail-connection-well", **place), _refused("mail-sender", refusal.reason, account)]
    return [well("mail-well", **place, login="no" if account.username is None else "yes")]


def _refused(step: str, reason: str, account: MailSettings, **more: str) -> Finding:
    return wrong(step, reason=reason, host=account.host, port=str(account.actual_port), **more)
