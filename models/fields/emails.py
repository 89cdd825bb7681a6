"""E-mail addresses: lower case, well formed, and not made up to fill the field.

Rules: ``placeholder``, ``masked``, ``email_form``, ``several_values`` (the first one is kept).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from models.fields.columns import Mask, Texts, mask, matches, nulls, on_filled, pc, put, texts
from models.fields.text import clean, is_empty_word

_ATOM = "[a-z0-9!#$%&'+/=?^_`{|}~-]+"
_SIMPLE = rf"^{_ATOM}(?:\.{_ATOM})*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{{2,24}}$"
# RFC 6531 allows letters of every script; dots only between atoms
_LABEL = r"[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?"
_WIDE_ATOM = r"[\p{L}\p{N}!#$%&'+/=?^_`{|}~-]+"
_FORM = (
    rf"^{_WIDE_ATOM}(?:\.{_WIDE_ATOM})*@(?:{_LABEL}\.)+(?:\p{{L}}{{2,24}}|xn--[a-z0-9-]{{2,59}})$"
)
_TOO_LONG = r"^.{65,}@|^.{255,}$"  # RFC 5321
_MASKED = r"[*＊●•×]|x{4,}@|^x{3,}"
_SEVERAL = r"^([^\s,;、/|<>]+@[^\s,;、/|<>]+)[\s,;、/|]+\S+@\S+.*$"
_SHOWN_NAME = r"^.*<([^<>]+@[^<>]+)>$|^mailto:(.+)$"

_FILLER_DOMAINS = """
test.com test.cn test.org example.com example.org example.net example.cn none.com no.com null.com
noemail.com nomail.com no-email.com noreply.com invalid.com unknown.com xxx.com xx.com x.com.cn
a.a aa.com aaa.com 1.com 11.com 111.com 123.com email.email mail.mail localhost.localdomain
"""
_FILLER_LOCALS = """
none null no na nil noemail no-email no_email nomail noreply no-reply test testtest xxx xxxx 无 没有
123 1234 12345 123456 1234567 12345678 123456789 1234567890
"""
_FILLER = (
    rf"^(?:{'|'.join(_FILLER_LOCALS.split())}|0+|1+)@"
    rf"|@(?:{'|'.join(_FILLER_DOMAINS.split())})$".replace(".", r"\.")
)


def normalise_emails(values: Texts) -> pa.Table:
    """Return one row per value: kind (``email``), value, extension (NULL), status, rule."""
    return on_filled(texts(values), lambda filled, _: _normalised(filled))


def _normalised(values: Texts) -> pa.Table:
    raw = pc.utf8_lower(clean(values))
    filled, empty = mask(pc.is_valid(raw)), is_empty_word(raw)
    simple = matches(raw, _SIMPLE)
    odd = filled & ~simple
    value, several = raw, np.zeros(len(raw), np.bool_)
    if odd.any():
        some = pc.replace_substring_regex(raw.filter(pa.array(odd)), _SHOWN_NAME, r"\1\2")
        several[odd] = matches(some, _SEVERAL)
        some = pc.replace_substring_regex(some, _SEVERAL, r"\1")
        value = put(raw, odd, pc.replace_substring_regex(some, r"\s|[.,;。]+$", ""))
    status, rule = _judged(value, simple)
    rule = put(rule, several & mask(pc.is_null(rule)), "several_values")
    return pa.table(
        {
            "kind": put(pa.repeat(pa.scalar("email"), len(raw)), ~filled, None),
            "value": put(value, empty | ~mask(pc.match_substring(value, "@")), None),
            "extension": nulls(len(raw)),
            "status": put(put(status, empty, "placeholder"), ~filled, None),
            "rule": put(put(rule, empty, "placeholder"), ~filled, None),
        }
    )


def _judged(value: Texts, simple: Mask) -> tuple[Texts, Texts]:
    """Return status and rule of each address; ``simple`` ones are known to be well formed."""
    formed = simple.copy()
    if not simple.all():
        formed |= matches(put(value, simple, None), _FORM)
    formed &= ~matches(value, _TOO_LONG)
    status = put(pa.repeat(pa.scalar("invalid"), len(value)), formed, "valid")
    rule = put(pa.repeat(pa.scalar("email_form"), len(value)), formed, None)
    for pattern, name in ((_MASKED, "masked"), (_FILLER, "placeholder")):
        found = matches(value, pattern)
        status, rule = put(status, found, name), put(rule, found, name)
    return status, rule
