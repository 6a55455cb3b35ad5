"""A bounded walk over the XML of an XLSX part (ECMA-376), by local names, so that both its dialects are read.

No document type, hence no entities; no more elements than a table within the limits can need.
"""

from collections.abc import Callable
from typing import Protocol
from xml.parsers import expat

from core.roster_file.cells import refuse
from core.roster_file.problems import Code, fault
from core.roster_file.rows import Limits

_NAMESPACE_END = " "


class Visitor(Protocol):
    """Receives a document as it is read."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element; ``name`` is local, attributes of a namespace have it before a space."""
        ...

    def end(self, name: str) -> None:
        """Take the end of an element."""
        ...

    def text(self, text: str) -> None:
        """Take a piece of text."""
        ...


class Leaves:
    """A visitor that collects the attributes of some elements, each with the name of its parent."""

    def __init__(self, *wanted: str) -> None:
        self._wanted = frozenset(wanted)
        self._path: list[str] = []
        self.found: list[tuple[str, str, dict[str, str]]] = []
        """(parent, name, attributes by local name) in the order of the document."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        if name in self._wanted:
            local = {_local(key): value for key, value in attributes.items()}
            self.found.append((self._path[-1] if self._path else "", name, local))
        self._path.append(name)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        del name
        self._path.pop()

    def text(self, text: str) -> None:
        """Ignore text."""


class Walker:
    """Walks through the parts of one workbook, which together may have so many elements and no more."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.elements

    def walk(self, part: bytes, visitor: Visitor, *, sheet: str | None = None) -> None:
        """Read a part through the visitor. Raises :class:`~core.roster_file.cells.RefusedError`, naming the sheet."""

        def start(name: str, attributes: dict[str, str]) -> None:
            self._left -= 1
            if self._left < 0:
                raise refuse(fault(Code.TOO_MANY_ROWS, most=self._limits.rows), sheet=sheet)
            visitor.start(_local(name), attributes)

        def doctype(*_: object) -> None:
            raise refuse(fault(Code.DAMAGED), sheet=sheet)

        parser = expat.ParserCreate(namespace_separator=_NAMESPACE_END)
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = _on_local(visitor.end)
        parser.CharacterDataHandler = visitor.text
        parser.StartDoctypeDeclHandler = doctype
        try:
            parser.Parse(part, True)  # noqa: FBT003 - expat's own signature, positional only
        except (expat.ExpatError, ValueError, LookupError) as error:  # the last two: encodings that expat has not
            raise refuse(fault(Code.DAMAGED), sheet=sheet) from error


def _local(name: str) -> str:
    return name[name.rfind(_NAMESPACE_END) + 1 :]


def _on_local(take: Callable[[str], None]) -> Callable[[str], None]:
    return lambda name: take(_local(name))
