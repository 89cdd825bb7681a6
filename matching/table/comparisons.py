"""One comparison for each field: what its kind can find, judged on distinct couples of values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from matching.columns import Codes, Judge, Levels, Mask, Values, best_level, encode, marked
from matching.compare.companies import judge_companies, prepare_companies
from matching.compare.couples import RememberedCouples
from matching.compare.names import judge_names, prepare_names
from matching.compare.texts import Spellings
from matching.comparison import Comparison
from matching.table.crossed import crossed_names
from matching.table.fields import TableField
from matching.table.kinds import levels
from matching.table.kinds.codes import Days, Emails, Numbers, Phones, Postcodes
from matching.table.kinds.levels import described
from matching.table.kinds.names import NameWords, PersonNames
from matching.table.kinds.words import Amounts, Places, Streets, WordSets, weighed
from matching.table.spec import Kind


@dataclass(frozen=True, slots=True)
class _Judged:
    """How couples of different values of a field are judged; ``fuzzy`` as in ``Comparison``."""

    levels: Sequence[str]
    judge: Judge
    fuzzy: int = 0


def comparisons(fields: Sequence[TableField]) -> list[Comparison]:
    """Return one comparison for each field, in their order; a field without any value has none."""
    return [_comparison(field, fields) for field in fields if len(field.values.codes)]


def _comparison(field: TableField, fields: Sequence[TableField]) -> Comparison:
    judged = _JUDGES[field.kind](field)
    couples: Judge = RememberedCouples(judged.judge, len(judged.levels) - 1)
    if field.kind == "person_name":
        couples = partial(_person_couples, couples, marked(field.part("status"), "ok"))
    first = field.first
    judge: Judge = partial(_single, first, couples)
    if field.several:
        judge = partial(best_level, field.values, judge=couples)
    elif field.kind in ("given_name", "family_name"):
        judge = crossed_names(field, fields, judged.levels.index("crossed"), judge)
    return Comparison(
        name=field.name,
        levels=described(judged.levels),
        judge=judge,
        values=first,
        texts=field.texts,
        role=field.role,
        fuzzy=judged.fuzzy,
    )


def _single(codes: Codes, couples: Judge, left: Codes, right: Codes) -> Levels:
    return couples(codes[left], codes[right])


def _person_couples(couples: Judge, whole: Mask, left: Codes, right: Codes) -> Levels:
    """Judge names; of two equal ones that are masked nobody knows whether they are the same."""
    result = couples(left, right)
    equal = np.flatnonzero((left == right) & (left >= 0))
    hidden = equal[~whole[left[equal]]]
    result[hidden] = levels.PERSON.index("masked")
    return result


def _spellings(field: TableField) -> Spellings:
    return Spellings.of(field.part("key"))


def _given(field: TableField) -> _Judged:
    return _Judged(levels.GIVEN, NameWords.given(field.part("key")).judge, 2)


def _family(field: TableField) -> _Judged:
    return _Judged(levels.FAMILY, NameWords.family(field.part("key")).judge, 2)


def _other_names(field: TableField) -> _Judged:
    sets = WordSets(weighed(field.part("key")), _spellings(field))
    return _Judged(levels.NAME_WORDS, sets.judge_names, 1)


def _person(field: TableField) -> _Judged:
    names = prepare_names(Values(field.values, field.table))
    whole = PersonNames.of(partial(judge_names, names), field.part("fold_key"))
    return _Judged(levels.PERSON, whole.levels, 2)


def _company(field: TableField) -> _Judged:
    names = prepare_companies(Values(field.values, field.table))
    return _Judged(levels.COMPANY, partial(judge_companies, names), 3)


def _date(field: TableField) -> _Judged:
    return _Judged(levels.DATE, Days.of(field.part("key")).judge, 1)


def _code(field: TableField) -> _Judged:
    return _Judged(levels.CODE, Numbers(_spellings(field)).judge, 1)


def _identifier(field: TableField) -> _Judged:
    numbers = Numbers(_spellings(field))
    lifelong = encode(field.part("lifelong"))

    def judge(left: Codes, right: Codes) -> Levels:
        result = numbers.judge(left, right)
        # Two numbers that both pass their check are two numbers, however alike.
        proven = (lifelong[left] == lifelong[right]) & (lifelong[left] >= 0)
        result[proven] = levels.CODE.index("differ")
        return result

    return _Judged(levels.CODE, judge, 1)


def _short_code(field: TableField) -> _Judged:
    return _Judged(levels.SHORT_CODE, Numbers(_spellings(field)).judge_short)


def _postcode(field: TableField) -> _Judged:
    area, outward = (encode(field.part(name)) for name in ("area", "outward"))
    return _Judged(levels.POSTCODE, Postcodes(_spellings(field), area, outward).judge, 1)


def _phone(field: TableField) -> _Judged:
    return _Judged(levels.PHONE, Phones.of(field.part("key")).judge, 1)


def _email(field: TableField) -> _Judged:
    return _Judged(levels.EMAIL, Emails.of(field.part("key")).judge, 1)


def _place(field: TableField) -> _Judged:
    return _Judged(levels.SPELLING, Places(_spellings(field)).judge, 2)


def _category(field: TableField) -> _Judged:
    return _Judged(levels.CATEGORY, Places(_spellings(field)).judge_category, 1)


def _street(field: TableField) -> _Judged:
    whole = field.kind == "address"
    streets = Streets.of(field.part("key"), field.part("number"), whole=whole)
    return _Judged(levels.STREET, streets.judge, 1)


def _plain(field: TableField) -> _Judged:
    return _Judged(levels.PLAIN, _differ)


def _differ(left: Codes, right: Codes) -> Levels:
    return np.full(len(left), levels.PLAIN.index("differ"), dtype=np.uint8)


def _number(field: TableField) -> _Judged:
    amounts = np.asarray(field.part("amount").to_numpy(zero_copy_only=False), dtype=np.float64)
    return _Judged(levels.NUMBER, Amounts(amounts).judge)


def _words(field: TableField) -> _Judged:
    return _Judged(levels.WORDS, WordSets(weighed(field.part("key")), _spellings(field)).judge, 1)


_JUDGES: Mapping[Kind, Callable[[TableField], _Judged]] = {
    "given_name": _given,
    "family_name": _family,
    "other_names": _other_names,
    "person_name": _person,
    "company": _company,
    "date": _date,
    "sex": _plain,
    "identifier": _identifier,
    "phone": _phone,
    "email": _email,
    "street": _street,
    "house_number": _short_code,
    "unit": _short_code,
    "city": _place,
    "district": _place,
    "postcode": _postcode,
    "region": _category,
    "country": _category,
    "address": _street,
    "category": _category,
    "number": _number,
    "words": _words,
    "text": _words,
}
