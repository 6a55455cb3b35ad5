"""Files that are no text at all, told by how they begin."""

from typing import Final

from core.roster_file.problems import Code, Fault, fault

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BEGINNINGS: Final = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"PK\x05\x06", "archive"),
    (b"PK\x07\x08", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"{\\rtf", "word"),
)
_MARKUP: Final = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<meta")
_BOM: Final = b"\xef\xbb\xbf"


def kind_of_binary(data: bytes) -> Fault | None:
    """Return why the file cannot be a table in text form; None if it may be one."""
    if data.startswith(_OLE):
        return _old_office(data)
    beginning = data[:512].removeprefix(_BOM).lstrip().lower()
    if beginning.startswith(_MARKUP):
        return fault(Code.NOT_A_TABLE, kind="web-page")
    kind = next((kind for signature, kind in _BEGINNINGS if data.startswith(signature)), None)
    return None if kind is None else fault(Code.NOT_A_TABLE, kind=kind)


def _old_office(data: bytes) -> Fault:
    """Tell apart what Office keeps in its compound files: they name their streams in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return fault(Code.ENCRYPTED)
    if "WordDocument".encode("utf-16-le") in data:
        return fault(Code.NOT_A_TABLE, kind="word")
    return fault(Code.OLD_EXCEL)
