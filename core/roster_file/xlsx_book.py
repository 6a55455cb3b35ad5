"""An XLSX workbook (ECMA-376, both dialects): which sheets it has, and everything their cells refer to."""

from posixpath import join, normpath
from typing import Final

from core.roster_file.cells import Book, RawTable, SheetRemark, clean_text, refuse
from core.roster_file.problems import Code, Fault, NoticeCode, fault
from core.roster_file.rows import Limits
from core.roster_file.xlsx_numbers import NumberStyles, Shape, shape_of_format
from core.roster_file.xlsx_sheet import SheetVisitor, StringsVisitor, small_number
from core.roster_file.xlsx_xml import Leaves, Walker
from core.roster_file.zip_parts import Parts, open_parts

_MOST_SHEETS: Final = 200
_TRUE: Final = frozenset({"1", "true", "on"})
_MAIN_PARTS: Final = ("xl/workbook.xml", "xl/workbook2.xml")  # the second: written by one well-known web service
_OTHER_ARCHIVES: Final = (
    ("word/document.xml", fault(Code.NOT_A_TABLE, kind="word")),
    ("ppt/presentation.xml", fault(Code.NOT_A_TABLE, kind="presentation")),
    ("xl/workbook.bin", fault(Code.OTHER_SPREADSHEET)),
    ("content.xml", fault(Code.OTHER_SPREADSHEET)),
)

type _Targets = dict[str, tuple[str, str]]
"""Relation id → (kind, name of the part)."""


def read_xlsx(data: bytes, limits: Limits) -> Book:
    """Read all visible worksheets. Raises :class:`~core.roster_file.cells.RefusedError`."""
    return _Workbook(open_parts(data, limits), limits).book()


class _Workbook:
    """The parts of one workbook and what they say of each other."""

    def __init__(self, parts: Parts, limits: Limits) -> None:
        self._parts = parts
        self._limits = limits
        self._walker = Walker(limits)
        name = self._name_of_main_part()
        leaves = self._leaves(name, "sheet", "workbookPr")
        self._sheets = [attributes for _, leaf, attributes in leaves if leaf == "sheet"]
        self._from_1904 = any(attributes.get("date1904", "") in _TRUE for _, _, attributes in leaves)
        self._targets = self._relations(name)

    def book(self) -> Book:
        """Read the sheets."""
        if len(self._sheets) > _MOST_SHEETS:
            raise refuse(fault(Code.TOO_MANY_SHEETS, most=_MOST_SHEETS))
        names = [clean_text(sheet.get("name", ""))[: self._limits.cell_characters] for sheet in self._sheets]
        if len(set(names)) < len(names):
            raise refuse(fault(Code.DAMAGED))  # no spreadsheet program allows it, and places would be ambiguous
        styles, strings = self._styles(), self._strings()
        tables: list[RawTable] = []
        remarks: list[SheetRemark] = []
        for name, sheet in zip(names, self._sheets, strict=True):
            kind, part = self._targets.get(sheet.get("id", ""), ("", ""))
            if kind != "worksheet":
                continue  # a sheet that is one chart
            if sheet.get("state", "visible") != "visible":
                remarks.append(SheetRemark(name, NoticeCode.SHEET_HIDDEN))
                continue
            visitor = SheetVisitor(name, strings, styles, self._limits)
            self._walker.walk(self._required(part), visitor, sheet=name)
            tables.append(visitor.table())
        return Book(tuple(tables), tuple(remarks))

    def _name_of_main_part(self) -> str:
        for kind, target in self._relations("").values():
            if kind == "officeDocument" and target.casefold().endswith(_MAIN_PARTS):
                return target
        raise refuse(self._not_a_workbook())

    def _not_a_workbook(self) -> Fault:
        """Tell what else the archive is."""
        for part, what in _OTHER_ARCHIVES:
            if part in self._parts:
                return what
        return fault(Code.NOT_A_TABLE, kind="archive")

    def _relations(self, source: str) -> _Targets:
        folder, _, name = source.rpartition("/")
        part = self._parts.read(join(folder, "_rels", f"{name}.rels"))
        if part is None:
            return {}
        leaves = Leaves("Relationship")
        self._walker.walk(part, leaves)
        return {
            attributes.get("Id", ""): (
                attributes.get("Type", "").rpartition("/")[2],
                normpath(join("/", folder, attributes.get("Target", ""))),
            )
            for _, _, attributes in leaves.found
        }

    def _leaves(self, name: str, *wanted: str) -> list[tuple[str, str, dict[str, str]]]:
        leaves = Leaves(*wanted)
        self._walker.walk(self._required(name), leaves)
        return leaves.found

    def _required(self, name: str) -> bytes:
        part = self._parts.read(name)
        if part is None:
            raise refuse(fault(Code.DAMAGED))
        return part

    def _part_of_kind(self, wanted: str) -> str | None:
        return next((part for kind, part in self._targets.values() if kind == wanted), None)

    def _styles(self) -> NumberStyles:
        part = self._part_of_kind("styles")
        if part is None:
            return NumberStyles((), self._from_1904)
        own: dict[int, str] = {}
        shapes: list[Shape] = []
        for parent, name, attributes in self._leaves(part, "numFmt", "xf"):
            number = small_number(attributes.get("numFmtId", "")) or 0
            if name == "numFmt":
                own[number] = attributes.get("formatCode", "")
            elif parent == "cellXfs":
                shapes.append(shape_of_format(number, own.get(number)))
        return NumberStyles(tuple(shapes), self._from_1904)

    def _strings(self) -> list[str]:
        part = self._part_of_kind("sharedStrings")
        if part is None:
            return []
        visitor = StringsVisitor(self._limits)
        self._walker.walk(self._required(part), visitor)
        return visitor.strings
