"""From the bytes of a file to its tables, whatever they are about. Pure; bad files never raise."""

from collections.abc import Callable
from typing import Final

from core.roster_file.cells import Book, FileRefusal, RawTable, RefusedError, refuse
from core.roster_file.csv_text import read_csv
from core.roster_file.problems import Code, fault
from core.roster_file.rows import Limits
from core.roster_file.signatures import kind_of_binary
from core.roster_file.xlsx_book import read_xlsx

_ZIP: Final = b"PK\x03\x04"
_MEGABYTE: Final = 1024 * 1024


def open_book(data: bytes, limits: Limits, score: Callable[[RawTable], int]) -> Book | FileRefusal:
    """Find out what the file is by its content, since names lie, and read it.

    ``score`` tells how much the beginning of a table looks like a wanted one: it chooses the delimiter of a CSV file.
    """
    try:
        if len(data) > limits.file_bytes:
            raise refuse(fault(Code.FILE_TOO_LARGE, megabytes=limits.file_bytes // _MEGABYTE))
        if not data.strip():
            raise refuse(fault(Code.EMPTY_FILE))
        if data.startswith(_ZIP):
            return read_xlsx(data, limits)
        binary = kind_of_binary(data)
        if binary is not None:
            raise refuse(binary)
        return read_csv(data, limits, score)
    except RefusedError as error:
        return error.refusal
