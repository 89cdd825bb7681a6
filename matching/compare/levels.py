"""The levels every comparison can reach, from no evidence (0) upwards, and what they say in words.

A higher level wins when a record has several values. ``missing`` (or ``none``) is always 0.
"""

from __future__ import annotations

from matching.comparison import Level

Texts = dict[str, tuple[str, str]]


def _dates(what: str, zh: str) -> Texts:
    return {
        "missing": (f"a {what} is not known", f"{zh}缺失"),
        "differ": (f"another {what}", f"{zh}不同"),
        "same_year": (f"only the year of the {what} is the same", f"{zh}仅年份相同"),
        "january_first": (
            f"the same year; a {what} is a mere 1 January",
            f"{zh}同年，一方为1月1日",
        ),
        "one_digit": (f"one digit of the {what} differs", f"{zh}一位数字不同"),
        "transposed": (f"day and month of the {what} change places", f"{zh}日月互换"),
        "same": (f"the same {what}", f"{zh}相同"),
    }


def _phones(what: str, zh: str) -> Texts:
    return {
        "missing": (f"a {what} is not known", f"{zh}缺失"),
        "differ": (f"other {what}s", f"{zh}不同"),
        "masked": (f"{what}s that agree where they can be read", f"{zh}可见部分相符"),
        # the same number, but people of several names use it
        "shared": (f"the same {what}, which others use too", f"{zh}相同（多人共用）"),
        "same": (f"the same {what}", f"{zh}相同"),
    }


_TEXTS: dict[str, Texts] = {
    "party": {
        "missing": ("not told whether a person", "客户类型未知"),
        "differ": ("a person and an organisation", "自然人与机构"),
        "same": ("two persons, or two organisations", "客户类型相同"),
    },
    "source": {
        "missing": ("the source is not known", "来源未知"),
        "same": ("both stand in one source", "同一来源"),
        "other": ("they stand in two sources", "不同来源"),
    },
    "identifier": {
        "missing": ("no numbers of one class", "无同类证件号码"),
        "unlike": ("other numbers", "证件号码不同"),
        "masked": ("numbers that agree where they can be read", "证件号码可见部分相符"),
        "near": (
            "numbers one slip apart, of which one fails its check",
            "证件号码仅差一处且其一校验不过",
        ),
        # of a class without check digit
        "weak": ("the same number, without a check digit", "证件号码相同（无校验位）"),
        # one number inside another class
        "cross": (
            "one number stands inside the other",
            "号码互含（组织机构代码与统一社会信用代码）",
        ),
        "same": ("the same valid number", "有效证件号码相同"),
    },
    "conflict": {
        "none": ("no two lifelong numbers", "无终身号码冲突"),
        "conflict": ("two valid lifelong numbers of one class", "两个有效的终身号码不同"),
    },
    "name": {
        "missing": ("a name is not known", "姓名缺失"),
        "differ": ("other names", "姓名不同"),
        "family": ("only the family name is the same", "仅姓相同"),
        "given": ("only the given name is the same", "仅名相同"),
        # another given name in one family, as sisters and twins have
        "one_char": ("one character of the name differs", "姓名一字不同"),
        "short": ("one name is the other without its last character", "一方姓名缺末字"),
        "masked": ("names that agree where they can be read", "姓名可见部分相符"),
        "initials": ("one name is the other's initials", "一方为姓名首字母"),
        "near": ("names nearly the same", "姓名很相近"),
        "slip": ("one character differs that sounds or looks alike", "姓名一字音近或形近"),
        "nickname": ("a name and its nickname", "本名与昵称"),
        "reordered": ("the same names in another order", "姓名词序不同"),
        "sound": ("names that sound the same", "姓名读音相同"),
        "exact": ("the same name", "姓名相同"),
    },
    # by how many records go by the name: up to 200, 12, 6
    "rarity": {
        "missing": ("a name is not known", "姓名缺失"),
        "common": ("a common name", "常见姓名"),
        "uncommon": ("an uncommon name", "不常见姓名"),
        "rare": ("a rare name", "罕见姓名"),
        "unique": ("a name hardly anybody goes by", "极少见姓名"),
    },
    "company": {
        "missing": ("a name is not known", "名称缺失"),
        "differ": ("other names", "名称不同"),
        # 第一/第二, 东/西, Fund II/III
        "serial": ("another number or direction in the name", "名称中的序号或方位不同"),
        "branch": ("one is a branch of the other", "总分支机构"),
        # the same core under another region or country
        "region": ("the same name in another region", "字号相同但地区不同"),
        # one name has all words of the other
        "short": ("one name has all words of the other", "一方名称包含另一方"),
        "words": ("most of the rare words are the same", "多数少见词相同"),
        "acronym": ("one name is the other's initials", "一方为另一方的缩写"),
        "near": ("names nearly the same", "名称很相近"),
        "sound": ("names that sound the same", "名称读音相同"),
        "core": ("the same name, another legal form", "字号相同"),
        "form": ("the same name and legal form", "字号与组织形式相同"),
        "exact": ("the same name", "名称相同"),
        # the same full name with region and legal form
        "registered": ("the same registered name", "登记名称相同"),
    },
    "birth_date": _dates("birth date", "出生日期"),
    # as typed, without what a number says: independent evidence between two equal numbers
    "typed_birth_date": _dates("stated birth date", "登记出生日期"),
    "sex": {
        "missing": ("sex is not known", "性别缺失"),
        "differ": ("other sex", "性别不同"),
        "same": ("the same sex", "性别相同"),
    },
    "mobile": _phones("mobile", "手机"),
    "landline": _phones("landline", "固定电话"),
    "email": {
        "missing": ("an e-mail is not known", "邮箱缺失"),
        "differ": ("other e-mails", "邮箱不同"),
        "local": ("the same before the @", "邮箱@前相同"),
        "shared": ("the same e-mail, which others use too", "邮箱相同（多人共用）"),
        "same": ("the same e-mail", "邮箱相同"),
    },
    "address": {
        "missing": ("an address is not known", "地址缺失"),
        "differ": ("another province or city", "省市不同"),
        "province": ("the same province", "同省"),
        "city": ("the same city", "同城"),
        "district": ("the same district", "同区县"),
        "near": ("addresses nearly the same", "地址很相近"),
        "same": ("the same address", "地址相同"),
    },
}
LEVELS: dict[str, tuple[str, ...]] = {name: tuple(texts) for name, texts in _TEXTS.items()}


def level(comparison: str, name: str) -> int:
    """Return the code of a level; ValueError if the comparison has none of that name."""
    return LEVELS[comparison].index(name)


def described(comparison: str) -> tuple[Level, ...]:
    """Return the levels of a comparison with what they say, in English and in Chinese."""
    return tuple(Level(name, *words) for name, words in _TEXTS[comparison].items())
