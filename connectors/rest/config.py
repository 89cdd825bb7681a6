"""What a REST source says in its YAML."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator

from connectors.rest.templates import check_format, marks
from models.mapping import Strict
from models.reading import Duration, Reading


def _header_safe(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not text or not text.isascii() or not text.isprintable() or text != text.strip():
        raise ValueError("must be printable ASCII without spaces around it, and not empty")
    return secret


def _origin_only(url: str) -> str:
    if not re.fullmatch(r"https?://[^/?#@\s]+(/[^?#\s]*)?", url):
        raise ValueError("write http(s)://host[:port][/path], without user, query or fragment")
    return url


Url = Annotated[str, BeforeValidator(_origin_only)]


class NoAuth(Strict):
    """The API asks for no credentials."""

    type: Literal["none"] = "none"


class HeaderAuth(Strict):
    """A secret in a header of the API's choice."""

    type: Literal["header"]
    header: str = Field(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
    value: SecretStr

    _safe = field_validator("value")(_header_safe)


class BearerAuth(Strict):
    """A token that does not change."""

    type: Literal["bearer"]
    token: SecretStr

    _safe = field_validator("token")(_header_safe)


class BasicAuth(Strict):
    """User and password."""

    type: Literal["basic"]
    user: str
    password: SecretStr


class ClientCredentials(Strict):
    """OAuth 2 client credentials (RFC 6749, section 4.4).

    ``token_path`` is below ``base_url``; ``token_url`` is an address of its own. ``send`` says
    where client id and secret stand. ``token_field`` and ``expires_field`` are paths in the answer.
    """

    type: Literal["oauth2_client_credentials"]
    token_path: str | None = Field(default=None, pattern="^/")
    token_url: Url | None = None
    client_id: str = Field(min_length=1)
    client_secret: SecretStr
    scope: str | None = None
    send: Literal["body", "basic"] = "body"
    token_field: str = "access_token"  # noqa: S105  # the name of a field
    expires_field: str = "expires_in"

    @model_validator(mode="after")
    def _one_place(self) -> ClientCredentials:
        if bool(self.token_path) == bool(self.token_url):
            raise ValueError("write 'token_path: /oauth/token', or 'token_url' for another host")
        return self


AnyAuth = Annotated[
    NoAuth | HeaderAuth | BearerAuth | BasicAuth | ClientCredentials, Field(discriminator="type")
]


def _auth(value: object) -> object:
    return {"type": "none"} if value in (None, "none") else value


class Rate(Strict):
    """At most so many requests a second."""

    per_second: float = Field(gt=0)


class Signs(Strict):
    """By which HTTP statuses and which codes in the body an error is known."""

    status: list[int] = Field(default_factory=list)
    codes: list[str] = Field(default_factory=list)


class Errors(Strict):
    """How the API says that something is wrong, beyond the usual HTTP statuses.

    ``code_path``: where the body has a code, also with HTTP 200; ``ok_codes``: what it is when
    all is well.
    """

    code_path: str | None = None
    ok_codes: list[str] = Field(default_factory=list)
    rate_limited: Signs = Signs()
    auth: Signs = Signs()
    forbidden: Signs = Signs()
    transient: Signs = Signs()

    @model_validator(mode="after")
    def _path_for_codes(self) -> Errors:
        signs = (self.rate_limited, self.auth, self.forbidden, self.transient)
        if (self.ok_codes or any(sign.codes for sign in signs)) and not self.code_path:
            raise ValueError("codes are listed: say with 'code_path' where the answer has them")
        if self.code_path and not self.ok_codes:
            raise ValueError("'code_path' needs 'ok_codes': the codes that mean success")
        return self


class Retry(Strict):
    """How long one request is tried: ``attempts`` in all, and never longer than ``budget``."""

    attempts: int = Field(default=6, ge=1)
    budget: Duration = Field(default="2m", validate_default=True)


class Connection(Strict):
    """How to reach the API. ``timeout`` is for silence, ``deadline`` for one whole answer."""

    base_url: Url
    auth: Annotated[AnyAuth, BeforeValidator(_auth)] = NoAuth()
    headers: dict[str, str] = Field(default_factory=dict)
    rate: Rate | None = None
    retry: Retry = Retry()
    errors: Errors = Errors()
    connect_timeout: Duration = Field(default="10s", validate_default=True)
    timeout: Duration = Field(default="60s", validate_default=True)
    deadline: Duration = Field(default="10m", validate_default=True)
    proxy: SecretStr | None = None
    ca_file: str | None = None


class Request(Strict):
    """What is asked for a page. ``{lo}`` and ``{hi}`` are the window, in the cursor's format."""

    method: Literal["GET", "POST"] = "GET"
    path: str = Field(pattern=r"^/[^?#\s]*$")
    params: dict[str, Any] = Field(default_factory=dict)
    body: Any = Field(default=None, alias="json")
    headers: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _body_for_post(self) -> Request:
        if self.body is not None and self.method == "GET":
            raise ValueError("a request with 'json' is a POST: write 'method: POST'")
        if self.body is not None and not isinstance(self.body, dict):
            raise ValueError("'json' is an object: write 'json: {name: value, …}'")
        return self


class NoPaging(Strict):
    """One answer holds everything."""

    type: Literal["none"] = "none"


class TokenPaging(Strict):
    """The answer holds the token of the next page at ``path``; ``param`` sends it.

    ``more``: path of a boolean that says whether there is a next page at all.
    """

    type: Literal["token"]
    param: str
    path: str
    more: str | None = None


class PageNumberPaging(Strict):
    """Pages are numbered from ``start``; ``size`` is sent as ``size_param``."""

    type: Literal["page"]
    param: str
    start: int = 1
    size_param: str | None = None
    size: int | None = Field(default=None, ge=1)
    total_path: str | None = None

    @model_validator(mode="after")
    def _size_has_name(self) -> PageNumberPaging:
        if self.size_param and self.size is None:
            raise ValueError("'size_param' needs 'size': how many records a page should have")
        if self.size is not None and not self.size_param:
            raise ValueError("'size' needs 'size_param': the parameter that sends it")
        return self


class OffsetPaging(PageNumberPaging):
    """Pages begin after so many records."""

    type: Literal["offset"]  # type: ignore[assignment]  # another kind with the same fields
    start: int = 0


class NextUrlPaging(Strict):
    """The answer holds the address of the next page at ``path``."""

    type: Literal["next_url"]
    path: str


class LinkHeaderPaging(Strict):
    """The header ``Link: <…>; rel="next"`` (RFC 8288) holds the address of the next page."""

    type: Literal["link_header"]


Paging = Annotated[
    NoPaging | TokenPaging | PageNumberPaging | OffsetPaging | NextUrlPaging | LinkHeaderPaging,
    Field(discriminator="type"),
]


class Read(Reading):
    """One endpoint. ``records`` and ``total`` are paths in the answer."""

    request: Request
    records: str = "$"
    paging: Paging = NoPaging()
    total: str | None = None

    @model_validator(mode="after")
    def _window_has_cursor(self) -> Read:
        template = (self.request.params, self.request.body)
        styles = {style for _, style in marks(template)}
        if self.cursor is None and marks(template):
            raise ValueError("{lo} and {hi} need a 'cursor': the field that grows with changes")
        for style in styles | {self.cursor.format if self.cursor else None}:
            check_format(style or "iso")
        counted = self.cursor and self.cursor.format in ("integer", "text")
        if counted and ("hi", None) in marks(template):
            raise ValueError("{hi} is a time: write its format, such as {hi:iso}, or leave it out")
        return self

    @property
    def total_path(self) -> str | None:
        """Where the answer declares how many records there are."""
        inner = getattr(self.paging, "total_path", None)
        return self.total or inner
