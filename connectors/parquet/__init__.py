"""Reads Parquet files, as data lakes and other pipelines hand them over.

```yaml
connector: parquet
connection: {path: lake/wealth}
objects:
  client:
    read: {glob: "client_*.parquet", primary_key: [client_id], mode: snapshot}
```

Quirks:
- Typed values become text exactly: decimals plain, dates and timestamps ISO 8601 (with the offset
  where the column has a time zone), whole floats without a fraction.
- Structs become columns with dots, lists and maps JSON text, bytes UTF-8 text where they are
  text and hexadecimal where they are not.
- The row count in the file's footer is checked; a cut file has no footer and nothing lands.
"""
