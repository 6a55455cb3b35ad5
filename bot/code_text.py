"""Knowing a one-time code in what a person typed. Pure.

A code is read from paper and typed on a Russian keyboard, where half of the Latin capitals have a twin that looks just
so.
"""

import re
from datetime import date

from bot.birth_date import read_birth_date
from core.account.accounts import CODE_ALPHABET, CODE_LENGTH, plain_code

_NEARLY = 2
"""A word so much shorter or longer than a code, with a figure in it, was meant as one."""
_START = re.compile(r"/start(?:@\w+)?\s+(\S.*)", re.DOTALL)


def shown_code(text: str) -> str | None:
    """Return the code in ``/start CODE`` (whatever it looks like) or in a text that is a code and nothing else."""
    command = _START.fullmatch(text.strip())
    if command is not None:
        return code_in(command[1]) or command[1]
    return code_in(text)


def code_in(text: str) -> str | None:
    """Return the code that ``text`` is, with Latin letters and no blanks; None if it is not a code."""
    plain = plain_code(text)
    return plain if len(plain) == CODE_LENGTH and set(plain) <= set(CODE_ALPHABET) else None


def nearly_code(text: str) -> bool:
    """Tell whether ``text`` was meant as a code and has a wrong length or a sign that no code has."""
    if read_birth_date(text, date.max) is not None:
        # «5 марта 2014»: every letter of it has a Latin twin.
        return False
    plain = plain_code(text)
    one_word = plain.isascii() and plain.isalnum()
    has_both = any(sign.isdigit() for sign in plain) and any(sign.isalpha() for sign in plain)
    return one_word and has_both and abs(len(plain) - CODE_LENGTH) <= _NEARLY and code_in(text) is None
