"""Comparing the cores of two organisations' names in Chinese characters.

A core is what is left without region, legal form and branch. It is the same firm's when it only
says its trade with another word (中兴通讯, 中兴通信) or has one character mistaken by ear or eye
(``near``); its rare characters may agree (``words``), one core begin with the other (``short``) or
be picked out of the other name (工行, 中国工商银行: ``acronym``). Where numbers or directions
differ (第一, 第二) it is a sister company (``serial``).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cpdist

from matching.columns import Codes, Levels, Mask, Texts, Values, encode, marked, pc, same
from matching.compare.characters import Characters, align
from matching.compare.companies_weights import WeighedWords
from matching.compare.han_alike import look_alike, meet, readings_of
from matching.compare.levels import level
from models.fields.reference import words

# Characters that tell sister companies apart: numbers and directions.
_SERIAL = "一二三四五六七八九十0123456789东西南北中甲乙丙丁上下新老"
_NOT_SERIAL = f"中[国华]|[^{_SERIAL}]"
_NEAR, _SERIAL_NEAR, _WORDS = 85.0, 42.5, 0.65
_LEAST_BITS = 6
_SHORTEST = 2
# Places compared; from so many characters on, one of them may be a slip.
_WIDTH, _LONG = 16, 4
_LONGEST_SHORT = 4
# Words for one trade: the second stands for the first.
_TRADES = """
通讯=通信 技术=科技 商贸=贸易 建设=建筑 建工=建筑 制药=医药 药业=医药 饮食=餐饮 酒楼=酒店 宾馆=酒店
运输=物流 货运=物流 置业=地产 房地产=地产 房产=地产 家俱=家具 服饰=服装 制衣=服装 电气=电器
咨询=顾问
"""
_FILLERS = "发展|集团|控股|企业|国际|产业"
_GENERIC = words(
    "科技 贸易 实业 有限 发展 投资 管理 咨询 信息 网络 技术 工程 建筑 服务 商贸 电子 文化"
)


@dataclass(frozen=True, slots=True)
class HanCompanies:
    """What is known of the core of each distinct name, by code; -1 where it is nothing.

    ``trade`` is the core with one word for each trade, ``whole`` the characters of the whole name,
    ``pairs`` its neighbouring characters, ``serial`` its numbers and directions.
    """

    han: Mask
    cores: NDArray[np.object_]
    characters: Characters
    whole: Characters
    trade: Codes
    serial: Codes
    pairs: WeighedWords

    @classmethod
    def of(cls, values: Values) -> HanCompanies:
        """Prepare the distinct names of a column."""
        core = values.texts("org_core")
        han = ~marked(values.texts("script"), "latin")
        cores = [text or "" for text in core.to_pylist()]
        pairs = [_pairs(text) if mine else () for text, mine in zip(cores, han, strict=True)]
        return cls(
            han,
            np.array(cores, dtype=object),
            Characters.of(core, _WIDTH),
            Characters.of(values.texts("fold_key"), _WIDTH),
            encode(_one_word_a_trade(core)),
            encode(pc.replace_substring_regex(pc.fill_null(core, ""), _NOT_SERIAL, "")),
            WeighedWords.of(pairs, _GENERIC),
        )


def han_levels(names: HanCompanies, left: Codes, right: Codes) -> Levels:
    """Return the ``company`` level of couples of names whose cores are not the same."""
    one, other = names.cores[left], names.cores[right]
    scores: Any = cpdist(one, other, scorer=ratio, score_cutoff=_SERIAL_NEAR, dtype=np.float32)
    shared = names.pairs.shared(left, right)
    other_number = names.serial[left] != names.serial[right]
    result = np.full(len(left), level("company", "differ"), dtype=np.uint8)
    result[(shared.dice >= _WORDS) & (shared.both >= _LEAST_BITS)] = level("company", "words")
    result[_picked_out(names, left, right)] = level("company", "acronym")
    near = (scores >= _NEAR) | same(names.trade, left, right) | _slip(names.characters, left, right)
    result[near] = level("company", "near")
    result[other_number & (scores >= _SERIAL_NEAR)] = level("company", "serial")
    result[_begins(names.characters, left, right)] = level("company", "short")
    return result


def _begins(cores: Characters, left: Codes, right: Codes) -> Mask:
    """Tell where one core begins with the other, as 腾讯科技 with 腾讯."""
    shorter = np.minimum(cores.lengths[left], cores.lengths[right])
    result: Mask = (shorter >= _SHORTEST) & (shorter <= cores.width)
    result &= cores.points[left, 0] == cores.points[right, 0]
    some = np.flatnonzero(result)
    equal = cores.points[left[some]] == cores.points[right[some]]
    beyond = np.arange(cores.width)[None, :] >= shorter[some, None]
    result[some] = (equal | beyond).all(axis=1)
    return result


def _slip(cores: Characters, left: Codes, right: Codes) -> Mask:
    """Tell where one character of a long core differs, which sounds or looks alike."""
    aligned = align(cores, left, right)
    result: Mask = aligned.comparable & (aligned.differing == 1) & (aligned.hidden == 0)
    result &= cores.lengths[left] >= _LONG
    some = np.flatnonzero(result)
    points = cores.points.astype(np.uint32, copy=False)
    place = np.argmax(points[left[some]] != points[right[some]], axis=1)
    one, other = points[left[some], place], points[right[some], place]
    result[some] = look_alike(one, other) | meet(readings_of(one), readings_of(other))
    return result


def _picked_out(names: HanCompanies, left: Codes, right: Codes) -> Mask:
    """Tell where the characters of a short core stand in the other name in their order.

    Its first is the first of the other's core or of the whole name, with 中国 before it or without.
    """
    whole = names.whole.points
    china = (whole[:, :2] == [ord(char) for char in "中国"]).all(axis=1)
    start = np.where(china, whole[:, 2], whole[:, 0])
    result = np.zeros(len(left), dtype=np.bool_)
    for one, other in ((left, right), (right, left)):
        short = names.characters.lengths[one]
        fits = (short >= _SHORTEST) & (short <= _LONGEST_SHORT)
        fits &= names.characters.lengths[other] > short + 1
        first, core = names.characters.points[one, 0], names.characters.points[other, 0]
        fits &= (first == core) | (first == whole[other, 0]) | (first == start[other])
        some = np.flatnonzero(fits)
        result[some] |= _in_order(names, one[some], other[some])
    return result


def _in_order(names: HanCompanies, one: Codes, other: Codes) -> Mask:
    found = np.zeros(len(one), dtype=np.int32)
    length = names.characters.lengths[one]
    for place in range(names.whole.width):
        sought = names.characters.points[one, np.minimum(found, length - 1)]
        found += (found < length) & (names.whole.points[other, place] == sought)
    return np.asarray(found >= length)


def _pairs(core: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map("".join, pairwise(core))))


def _one_word_a_trade(cores: Texts) -> Texts:
    text = pc.replace_substring_regex(cores, f"(.{{2,}}?)(?:{_FILLERS})", r"\1")
    for pair in _TRADES.split():
        written, meant = pair.split("=")
        text = pc.replace_substring(text, written, meant)
    return text
