"""Russian names: how they are shown and how they are sorted.

No collation of the embedded PostgreSQL sorts Russian (Ё would precede А), so order is a key computed here.
Names are never declined.
"""

from dataclasses import dataclass

_ALPHABET = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_PLACE = {letter: chr(0x100 + place) for place, letter in enumerate(_ALPHABET)}
_SEPARATOR = "\x01"


@dataclass(frozen=True, slots=True)
class FullName:
    """Surname, given name and patronymic (which may be empty)."""

    surname: str
    given: str
    patronymic: str = ""

    def in_lists(self) -> str:
        """Surname and given name, as in class lists and messages: «Иванова Анна»."""
        return f"{self.surname} {self.given}".rstrip()

    def in_full(self) -> str:
        """All three, for papers: «Иванова Анна Петровна»."""
        return " ".join(part for part in (self.surname, self.given, self.patronymic) if part)

    def on_buttons(self) -> str:
        """Surname and an initial, for narrow buttons: «Иванова А.»."""
        return f"{self.surname} {self.given[:1]}." if self.given else self.surname

    def initials(self) -> str:
        """Return initials alone, for those who have not yet proved who they are: «И. А.»."""
        return f"{self.surname[:1]}. {self.given[:1]}."

    def sort_key(self) -> str:
        """Return a text whose order by code point is the order of the Russian alphabet (YEAR-23)."""
        return _SEPARATOR.join(sort_key(part) for part in (self.surname, self.given, self.patronymic))


def sort_key(text: str) -> str:
    """Return a text that sorts by code point as ``text`` sorts in Russian: ё after е, case and signs aside.

    >>> sorted(["Яшин", "Ёлкин", "Ель", "Абрамов"], key=sort_key)
    ['Абрамов', 'Ель', 'Ёлкин', 'Яшин']
    """
    folded = text.casefold().replace("-", " ")
    return "".join(_PLACE.get(letter, letter) for letter in folded)
