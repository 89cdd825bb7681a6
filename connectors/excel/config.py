"""What a set of workbooks says in its YAML."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from connectors.files import FileRead

RowNumber = Annotated[int, Field(ge=1)]


class ExcelRead(FileRead):
    """One sheet of a set of workbooks. ``header`` counts rows from 1, as Excel shows them."""

    sheet: str | None = None
    header: Literal["auto"] | RowNumber | list[RowNumber] = "auto"

    @field_validator("header")
    @classmethod
    def _together(cls, value: str | int | list[int]) -> str | int | list[int]:
        if isinstance(value, list) and value != list(range(value[0], value[0] + len(value))):
            raise ValueError("the rows of a header follow each other: write [2, 3]")
        return value

    @property
    def header_rows(self) -> tuple[int, int] | None:
        """First and last row of the header, counted from 0; None where it is to be found."""
        if isinstance(self.header, str):
            return None
        rows = [self.header] if isinstance(self.header, int) else self.header
        return rows[0] - 1, rows[-1] - 1
