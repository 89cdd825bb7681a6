"""Why a column was read as it was, or left out: in English and Chinese, without any value."""

from __future__ import annotations

from collections.abc import Sequence

from matching.table.spec import Kind

NAMES: dict[Kind, tuple[str, str]] = {
    "given_name": ("given names", "名字"),
    "family_name": ("family names", "姓氏"),
    "other_names": ("middle or other names", "其他名字"),
    "person_name": ("names of people", "姓名"),
    "company": ("names of companies", "企业名称"),
    "date": ("dates", "日期"),
    "sex": ("words for the sex", "性别"),
    "identifier": ("identity or account numbers", "证件号或账号"),
    "phone": ("phone numbers", "电话号码"),
    "email": ("e-mail addresses", "电子邮箱"),
    "street": ("streets", "街道"),
    "house_number": ("house numbers", "门牌号"),
    "unit": ("units, flats or boxes", "单元、房号或信箱"),
    "city": ("towns", "城市"),
    "district": ("districts", "区县"),
    "postcode": ("postcodes", "邮政编码"),
    "region": ("states or provinces", "省份"),
    "country": ("countries", "国家"),
    "address": ("whole addresses", "完整地址"),
    "category": ("words or codes out of a short list", "少量取值的类别"),
    "number": ("numbers", "数字"),
    "words": ("lists of words", "词语列表"),
    "text": ("free text", "自由文本"),
}
IGNORED: dict[str, tuple[str, str]] = {
    "empty": ("the column is empty", "此列为空"),
    "constant": ("every record has the same value", "所有记录取值相同"),
    "nearly_constant": ("nearly every record has the same value", "几乎所有记录取值相同"),
    "nested": (
        "holds whole records as JSON; make columns of them first",
        "内含JSON记录，请先拆成列",
    ),
    "moment": (
        "says when the row was written or used, not who it is",
        "记录写入或使用的时间，与身份无关",
    ),
    "year": ("the year the row is about, not a birth year", "数据所属年份，不是出生年份"),
    "amount": ("an amount or a measure changes and is no identity", "金额或度量会变化，不是身份"),
    "sort": ("says what sort of row it is, not who", "说明记录的种类或状态，不是身份"),
    "running": ("numbers the rows", "行的流水编号"),
    "own": (
        "every record has its own value: no two can agree on it",
        "每条记录的值都不同，无法相互印证",
    ),
    "note": ("remarks of staff say little about who it is", "备注与身份关系不大"),
    "household": ("says which household, not who in it", "说明所属家庭，不是个人"),
    "people": ("names who looks after the record, not whose it is", "经办人或机构，不是客户本人"),
    "number": ("plain numbers that nothing shows to be an identity", "普通数字，看不出与身份有关"),
    "unknown": ("neither the header nor the values say what it is", "列名与取值都无法识别"),
    "little": ("too few different values to say anything", "取值太少，说明不了什么"),
}
_PARTS = {"year": ("years", "年份"), "month": ("months", "月份"), "day": ("days", "日")}


def of_kind(kind: Kind, *, named: bool) -> tuple[str, str]:
    """Return why a column is of ``kind``: its header said so, or its values alone."""
    en, zh = NAMES[kind]
    if named:
        return f"{en}, by the header; the values fit", f"列名表明为{zh}，取值相符"
    return f"{en}, by the values", f"取值为{zh}"


def of_part(part: str) -> tuple[str, str]:
    """Return why a column is the year, month or day of a date."""
    en, zh = _PARTS[part]
    return f"{en} of a date", f"日期中的{zh}"


HOUSE_NUMBER = ("small numbers beside a street", "街道旁边的小数字")
STREET = (
    "words between house numbers and other parts of an address",
    "门牌号与地址其他部分旁的词语",
)
SECOND_NAME = ("a second column of names, mostly empty", "第二个名字列，多数为空")
OTHER_WORDS = (
    "the whole name: its words beside the given and the family name",
    "完整姓名中除名字与姓氏以外的词",
)
DATE_IN_PARTS = ("year, month and day of one date", "同一日期的年、月、日")


def copy_of(column: str) -> tuple[str, str]:
    """Return that a column repeats another."""
    return f"repeats column {column!r}", f"与列 {column!r} 重复"


def words_of(columns: Sequence[str]) -> tuple[str, str]:
    """Return that a column holds nothing but the words of others."""
    named = ", ".join(columns)
    return f"has the words of {named} and no others", f"只含 {named} 中的词"
