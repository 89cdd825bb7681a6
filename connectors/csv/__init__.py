"""Reads delimited text files, as banks unload them: CSV, TSV, ``|``, ``\\x01``, ``|@|``, ``.gz``.

Data flow: digest → encoding → delimiter and quoting from the first lines → records → text
columns; a line that does not fit the header becomes a reject with its line number.

```yaml
connector: csv
connection: {path: /data/unload/card}
objects:
  holder:
    read:
      glob: "CARD_CUST_*.csv"
      primary_key: [KHH]
      mode: snapshot              # the last file is the whole state; changes: every new file adds
      encoding: auto              # utf-8, gb18030, utf-16
      delimiter: auto             # or "|", "\\t", "|@|", …
      control: {suffix: .ctl}     # holds the row count; the file is read once it is there
```

Quirks:
- An empty field is NULL: the format cannot tell the two apart.
- The last line must be whole: without a final newline and with too few fields the file is cut
  and nothing lands.
- A quote that is never closed spoils only its own line; the lines after it are read again.
- ``|``, ``\\x01`` and ``|@|`` files are taken as unquoted unless their first lines show quotes.
"""
