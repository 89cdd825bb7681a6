"""Reads tables and queries of any database that SQLAlchemy speaks to.

Data flow: one read-only, repeatable-read transaction per object; a server-side cursor hands over
batches; every value becomes text exactly as the database holds it.

```yaml
connector: sql
connection: {url: "postgresql://reader:${CORE_PASSWORD}@db.bank:5432/core", schema: cif}
objects:
  customer:
    read:
      table: CUST_INFO                 # or query: "select …"
      primary_key: [CUST_NO]
      cursor: {field: UPD_TS, lookback: 10m, timezone: Asia/Shanghai}
      deletes: {flag: {field: DEL_FLG, values: ["1"]}}     # or {sweep: true}
```

URLs: ``sqlite:///file.db`` (relative to the project folder, opened read-only),
``postgresql://…`` (extra ``postgres``), ``mysql://…`` and ``mariadb://…`` (extra ``mysql``);
others as https://docs.sqlalchemy.org/en/21/dialects/ says, with their driver installed.

Quirks:
- Rows whose cursor is NULL are read at every pull, and so are rows dated in the future; neither
  moves the cursor. Rows that are committed later than ``lookback`` after their cursor value are
  missed until the next full pull: choose it longer than the longest transaction.
- ``CHAR(n)`` columns lose their trailing padding, which has no meaning in SQL.
- Oracle and DB2 columns land under the names the database shows (upper case).
- MySQL's ``0000-00-00`` lands as that text.
- Columns of SQLite have no fixed types: a timestamp lands as whatever text stands there.
"""
