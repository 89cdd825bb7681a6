"""A first mapping for a table nobody has described yet, from its column names alone.

Only names that are spelled like a known one are proposed; every other column is listed for a
person to decide. The proposal is text for that person to read, never applied unseen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# target → spellings, compared without case, spaces, dashes and underscores
_SPELLINGS: dict[str, str] = {
    "names.full": "name fullname customername custname custnm khmc khxm 姓名 客户姓名 客户名称",
    "names.family": "surname lastname familyname last sname lname 姓",
    "names.given": "givenname firstname forename fname first 名",
    "names.middle": "middlename middleinitial mname",
    "companies.full": "companyname company organisation organization 企业名称 公司名称 单位名称",
    "identifiers.resident_id": "idcard idno certno zjhm sfzh 身份证号 身份证号码 证件号码 证件号",
    "identifiers.uscc": "uscc creditcode 统一社会信用代码 社会信用代码",
    "identifiers.national_id": "ssn socsecid socialsecuritynumber nationalid nino tfn",
    "contacts.mobile": "mobile mobileno mobilephone cell cellphone sjh sjhm 手机 手机号 手机号码",
    "contacts.phone": "phone phoneno phonenumber telephone tel 电话 联系电话 固定电话",
    "contacts.email": "email emailaddress mail yx 邮箱 电子邮箱 电子邮件",
    "addresses.text": "address fulladdress addr dz 地址 联系地址 通讯地址 家庭住址",
    "addresses.line": "streetnumber housenumber street street1 address1 address2 addressline1"
    " addressline2 streetname unitnumber",
    "addresses.city": "city town suburb 城市",
    "addresses.region": "state region county province 省份",
    "addresses.postcode": "postcode zip zipcode postalcode 邮编 邮政编码",
    "attributes.birth_date": "dob dateofbirth birthdate birthday birth csrq 出生日期 生日",
    "attributes.sex": "sex gender xb 性别",
    "attributes.nationality": "nationality 国籍",
    "attributes.occupation": "occupation job 职业",
    "attributes.employer": "employer employername 工作单位",
    "updated_at": "updatedat updated lastmodified modifiedat updtime updatetime gxsj 更新时间",
}
_TARGET = {spelling: target for target, all_ in _SPELLINGS.items() for spelling in all_.split()}
_KEY = re.compile(r"(^|_|-)(id|key|no|code)$|^(id|rec|record)|编号|主键|客户号", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping as YAML text, the key column, and the columns nobody recognised."""

    mapping: str
    unknown: tuple[str, ...]


def target_of(column: str) -> str | None:
    """Return the target a column's name is a known spelling of, if any."""
    return _TARGET.get(re.sub(r"[\s_\-./]+", "", column).lower())


def likely_key(columns: Sequence[str], unique: Sequence[str]) -> str:
    """Return the column that looks most like the key: named like one and unique, or just unique."""
    named = [column for column in unique if _KEY.search(column) and target_of(column) is None]
    free = [column for column in unique if target_of(column) is None]
    return next(iter(named or free or unique or columns))


def propose(columns: Sequence[str], key: str, *, country: str) -> Proposal:
    """Return a mapping of ``columns``; ``country`` is where addresses and phones are from."""
    found: dict[str, list[str]] = {}
    for column in columns:
        target = target_of(column) if column != key else None
        if target:
            found.setdefault(target, []).append(column)
    lines = [*_party(found), *_names(found), *_identifiers(found, country)]
    lines += [*_contacts(found, country), *_addresses(found, country), *_attributes(found)]
    used = {column for group in found.values() for column in group}
    unknown = tuple(column for column in columns if column not in used and column != key)
    return Proposal("\n".join(lines), unknown)


def _party(found: dict[str, list[str]]) -> list[str]:
    organisation = "companies.full" in found and not any(k.startswith("names.") for k in found)
    lines = [f"party: {'organisation' if organisation else 'person'}"]
    if "updated_at" in found:
        lines.append(f"updated_at: {_text(found['updated_at'][0])}")
    return lines


def _names(found: dict[str, list[str]]) -> list[str]:
    full = [f"  - full: {_text(c)}" for c in found.get("names.full", [])]
    full += [f"  - full: {_text(c)}" for c in found.get("companies.full", [])]
    parts = [
        f"{part}: {_text(found[f'names.{part}'][0])}"
        for part in ("family", "given", "middle")
        if f"names.{part}" in found
    ]
    if parts and not full:
        full = [f"  - {{{', '.join(parts)}}}"]
    return ["names:", *full] if full else ["# names:  - {full: COLUMN}"]


def _identifiers(found: dict[str, list[str]], country: str) -> list[str]:
    lines = []
    for id_class in ("resident_id", "uscc", "national_id"):
        # a column called "id number" may hold any document: the form of each number decides
        fixed = "" if id_class == "resident_id" else f", id_class: {id_class}"
        fixed += f", country: {country}" if id_class == "national_id" else ""
        for column in found.get(f"identifiers.{id_class}", []):
            lines.append(f"  - {{number: {_text(column)}{fixed}}}")
    return ["identifiers:", *lines] if lines else []


def _contacts(found: dict[str, list[str]], country: str) -> list[str]:
    lines = []
    for kind in ("mobile", "phone", "email"):
        where = f", country: {country}" if kind != "email" and country != "CN" else ""
        for column in found.get(f"contacts.{kind}", []):
            lines.append(f"  - {{{kind}: {_text(column)}{where}}}")
    return ["contacts:", *lines] if lines else []


def _addresses(found: dict[str, list[str]], country: str) -> list[str]:
    where = f", country: {country}" if country != "CN" else ""
    lines = [f"  - {{text: {_text(c)}{where}}}" for c in found.get("addresses.text", [])]
    parts = []
    if "addresses.line" in found:
        parts.append(f"line: [{', '.join(_text(c) for c in found['addresses.line'])}]")
    parts += [
        f"{part}: {_text(found[f'addresses.{part}'][0])}"
        for part in ("city", "region", "postcode")
        if f"addresses.{part}" in found
    ]
    if parts and not lines:
        lines = [f"  - {{{', '.join(parts)}{where}}}"]
    return ["addresses:", *lines] if lines else []


def _attributes(found: dict[str, list[str]]) -> list[str]:
    lines = [
        f"  {target.removeprefix('attributes.')}: {_text(columns[0])}"
        for target, columns in sorted(found.items())
        if target.startswith("attributes.")
    ]
    return ["attributes:", *lines] if lines else []


def _text(column: str) -> str:
    """Return a column's name as YAML reads it back."""
    plain = re.fullmatch(r"[^\W\d][\w]*", column) and column.lower() not in _YAML_WORDS
    return column if plain else '"' + column.replace("\\", "\\\\").replace('"', '\\"') + '"'


_YAML_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
