"""What a set of delimited files says in its YAML."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, field_validator

from connectors.files import FileRead
from connectors.lines import Encoding
from models.mapping import Strict


class Control(Strict):
    """A small file beside each data file; its ``rows`` pattern finds the declared row count.

    ``x.csv`` has ``x.csv.ctl`` or ``x.ctl`` where ``suffix`` is ``.ctl``.
    """

    suffix: str = Field(pattern=r"^\.[A-Za-z0-9_.]+$")
    rows: str = r"(?:rows?|records?|count|行数|记录数|总数)\D{0,5}(\d+)|^\s*(\d+)\s*$"

    @field_validator("rows")
    @classmethod
    def _one_number(cls, value: str) -> str:
        try:
            groups = re.compile(value).groups
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        if not groups:
            raise ValueError("put the part that is the number into parentheses")
        return value


class CsvRead(FileRead):
    """One set of delimited files. ``columns`` names them where the files have no header."""

    encoding: Encoding = "auto"
    delimiter: str = Field(default="auto", min_length=1)
    quotes: Literal["auto", "double", "none"] = "auto"
    columns: list[str] | None = None
    skip_lines: int = Field(default=0, ge=0)
    control: Control | None = None
