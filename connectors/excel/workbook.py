"""One sheet of a workbook, whatever program wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from connectors.excel.header import Area, Cells
from connectors.files import SourceFile
from models.errors import IncompleteData, SchemaDrift, SourceError


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet, row by row from its first row, all equally wide."""

    name: str
    rows: Iterable[Cells]
    areas: tuple[Area, ...]


@contextmanager
def open_sheet(file: SourceFile, wanted: str | None) -> Iterator[Sheet]:
    """Yield the sheet ``wanted``, or the only visible one.

    Raises SchemaDrift when it is not there, IncompleteData when the file is cut, SourceError
    when it is protected or not a workbook.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_path(str(file.path)) as book:
            yield _sheet(book.get_sheet_by_name(_choose(file, book, wanted)))
    except PasswordError:
        raise SourceError(
            file.source, f"{file.name} is protected by a password; take it off and bring it again."
        ) from None
    except (CalamineError, OSError) as error:
        raise IncompleteData(
            file.source,
            f"{file.name} is not a whole workbook ({type(error).__name__}); nothing was landed. "
            "Open it in Excel, save it as .xlsx, and bring it again.",
        ) from None


def _choose(file: SourceFile, book: Any, wanted: str | None) -> str:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [item for item in book.sheets_metadata if item.typ == SheetTypeEnum.WorkSheet]
    visible = [item.name for item in sheets if item.visible == SheetVisibleEnum.Visible]
    if wanted is None and len(visible) == 1:
        return str(visible[0])
    if wanted is not None and wanted in {item.name for item in sheets}:
        return wanted
    shown = ", ".join(visible) or "none"
    what = "no sheet to take for certain" if wanted is None else f"no sheet {wanted!r}"
    raise SchemaDrift(
        file.source,
        f"{file.name} has {what}; its visible sheets are {shown}. Write one into read.sheet.",
    )


def _sheet(sheet: Any) -> Sheet:
    # rows come without the empty columns on the left, merged ranges are counted from column A
    skipped = sheet.start[1] if sheet.start else 0
    areas = (
        Area(top, max(left - skipped, 0), bottom, right - skipped)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if right >= skipped
    )
    return Sheet(str(sheet.name), sheet.iter_rows(), tuple(sorted(areas, key=_place)))


def _place(area: Area) -> tuple[int, int]:
    return area.top, area.left
