"""Reads JSON Lines: one object per line, also ``.gz``; event logs and exports of apps.

```yaml
connector: jsonl
connection: {path: events}
objects:
  user:
    read:
      glob: "*.jsonl"
      primary_key: [user_id]
      mode: changes                 # every new file adds; or snapshot: the last file is everything
      cursor: {field: ts}           # several lines of a key: the latest wins
```

Quirks:
- Nested objects become columns with dots (``contact.mobile``); lists stay JSON text.
- A line that is not a JSON object becomes a reject with its line number; but a last line without
  its newline that is cut means a cut file, and nothing lands.
- Encoding is told as for CSV: UTF-8, else GB18030.
"""
