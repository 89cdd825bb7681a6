"""Reads workbooks that people made: ``.xlsx``, ``.xls``, ``.xlsb``, ``.ods``.

Data flow: digest → sheet → header rows → rows of text; empty rows and lines of totals are left
out. A header of several rows becomes one name: 证件信息 over 证件号码 is ``证件信息_证件号码``.

```yaml
connector: excel
connection: {path: /data/unload/wealth}
objects:
  client:
    read:
      glob: "理财客户_*.xlsx"
      sheet: 客户                   # may be left out where only one sheet is visible
      header: auto                  # or its row, or rows, counted from 1: 3, or [2, 3]
      primary_key: [客户编号]
      mode: snapshot                # the last file is the whole state; changes: every new file adds
      deletes: {flag: {field: 客户状态, values: [已销户]}}
```

Quirks:
- Excel keeps 15 digits of a number: an identity number typed as a number has lost its end. Longer
  numbers land with an exponent (``1.101011990010112E+17``), so that the loss can be named. Leading
  zeros of numbers are gone before anybody can see them.
- ``header: auto``: title rows (one text, merged or alone) are passed over; the first row that is
  filled across the table and names the key is the header; merged cells in it tell how many rows
  it has. Headers
  of several rows without merged cells need their rows written down.
- Dates and times land in ISO 8601. A date typed into a cell without a date format is a number
  (days since 1899-12-30) and lands as one. Error cells (``#N/A``) are NULL.
- Formulas land as the value that was stored with them; a program that writes formulas without
  values leaves nothing to read.
- Lines of totals (合计, 小计, 总计, 共计, total, subtotal) are known by their first cell, when no
  key stands in the row. Rows that repeat the header are left out.
- Values in vertically merged cells stand in their first row only.
- Hidden sheets are read when they are named. Password protection must be taken off.
"""
