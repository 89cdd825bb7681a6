"""Reads customers from an HTTP API that answers in JSON; everything it needs stands in YAML.

Data flow: one request per page, in the order the API hands them over; every record becomes a row
of text. Nested objects become columns with dots (``address.city``), lists stay JSON text, numbers
stay exactly the digits that were sent.

```yaml
connector: rest
connection:
  base_url: "${CRM_URL:-https://crm.example.com}"
  auth: {type: oauth2_client_credentials, token_path: /oauth/token,
         client_id: "${CRM_ID}", client_secret: "${CRM_SECRET}"}
         # or {type: header, header: X-Api-Key, value: …} | {type: bearer, token: …}
         # or {type: basic, user: …, password: …} | none
  rate: {per_second: 20}
  errors: {code_path: code, ok_codes: ["0"], auth: {codes: ["40101"]}}
objects:
  contact:
    read:
      request: {method: GET, path: /v1/contacts,
                params: {page_size: 500, updated_from: "{lo}", updated_to: "{hi}"}}
      records: data.items                       # "$" when the answer itself is the list
      paging: {type: token, param: page_token, path: data.next}
      total: data.total                         # declared count: checked
      primary_key: [id]
      cursor: {field: updated_at, lookback: 10m, safety: 1m, format: iso}
      deletes: {flag: {field: status, values: [DELETED]}}
```

``paging``: ``token`` (param, path), ``page`` (param, start, size_param, size), ``offset`` (the
same), ``next_url`` (path), ``link_header``, ``none``. ``format``, also as ``{lo:epoch_millis}``:
``iso``, ``epoch``, ``epoch_millis``, ``date``, a pattern such as ``%Y-%m-%d %H:%M:%S`` (in the
cursor's time zone), ``integer`` or ``text``.

Quirks:
- A full read sends no parameter that has ``{lo}`` or ``{hi}`` in it: everything is wanted, also
  what changed while it was read. The cursor still stays below the clock.
- A body counts as complete when its length is right and it is one whole JSON object or list. A cut
  body is asked for again, and then refused.
- Pages may repeat records (rows move while they are read). The same record twice is one row; the
  declared total is compared with the number of different keys.
- A short page is not the end: servers cap page sizes silently. The end is the declared total, an
  empty page, or two pages with nothing new (servers that repeat the last page for ever).
- Redirects and next pages are followed on the same host only, and proxies and ``.netrc`` are taken
  from ``connection`` only, so credentials go nowhere else.
"""
