"""A slip told from a stranger: name pairs that differ in one character.

The look-alikes and homophones here were written down from schoolbook lists, not taken from the
tables the comparison reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pytest
from rapidfuzz.distance import JaroWinkler

from matching.columns import Column, Levels, Values
from matching.compare.levels import level
from matching.compare.names import judge_names, prepare_names
from models.fields.names import normalise_names
from models.fields.reference import words
from tests.plugins.parties import Party

FAMILIES = "赵钱孙李周吴郑冯卫蒋沈韩杨朱秦许何吕施孔曹严金魏姜谢邹苏潘葛范彭鲁马方任袁柳史唐薛雷"
# About as often in given names as each other.
GIVEN = """
伟芳娜敏静丽强磊军洋勇艳杰娟涛超秀霞刚桂英慧巧美玲红梅燕飞鹏波斌宇浩凯健俊帆旭宁龙林欢阳建国志文
辉力毅峰保东永世广义兴良海山仁贵福生元全胜学祥才发武新利顺信子昌成康星光达安岩中茂进有坚和彪博诚先
敬震振壮会思群豪心承乐绍功松善厚庆友裕河哲江亮政谦亨奇固之轮翰朗伯宏言若鸣朋梁栋维启克伦翔泽晨辰士
以家致树炎德行时泰盛雄琛钧冠策腾楠榕风航弘嘉琼叶璧璐娅琦晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓
""".replace("\n", "")
SHAPES = sorted(
    words("""
未末 土士 日曰 大太 天夫 本木 治冶 晴睛 倩情 清请 洋样 娜那 莹荧 玲铃 伶怜 俊峻 竣峻 梅悔 伟炜 伟纬
辉挥 佳桂 佳娃 杰焦 秀透 季李 杏呆 材林 洪拱 淇琪 琪棋 崎琦 琦椅 琳淋 杉衫 彤形 彭膨 朋棚 昊吴 昱煜
晨辰 震晨 晓烧 晓浇 停婷 庭廷 挺庭 妍研 娟捐 骄娇 桥娇 静净 睁净 霞瑕 暇霞 淼森 谨瑾 槿瑾 璇旋 露璐
路璐 瑶摇 遥瑶 苹萍 梨莉 茜酉 菁青 婧情 芸云 芬芳 蓉容 荣茶 荷何 柯河 珂柯 坡波 泽译 择泽 锋峰 蜂峰
烽锋 铭铬 锐悦 钧钩 纲钢 钮钰 棉锦 绵锦 俗裕 浴裕 筹涛 滔稻 豪毫 亨享 考孝 字宇 守宇 宜宣 碗婉 纱妙
炒妙 好妤 泥妮 味妹 姝株 珠株
""")
)
SOUNDS = sorted(
    words("""
小晓 明铭 伟玮 华骅 强蔷 芳坊 静靖 丽莉 敏闽 杰洁 涛韬 辉晖 军君 勇永 娜纳 超朝 秀绣 霞遐 平萍 刚钢
桂贵 英瑛 慧惠 玲琳 红宏 梅枚 燕艳 飞菲 鹏朋 波博 斌彬 宇羽 浩昊 凯楷 建健 俊骏 帆凡 旭绪 宁柠 龙隆
""")
)


def prepared(texts: list[str]) -> tuple[Callable[..., Levels], int]:
    table = normalise_names(pa.array(texts), "person")
    codes = np.arange(len(texts), dtype=np.int32)
    names = prepare_names(Values(Column.build(codes, codes, len(texts)), table))
    return lambda left, right: judge_names(names, left, right), len(texts)


def levels_of(couples: list[tuple[str, str]]) -> Levels:
    judge, count = prepared([name for couple in couples for name in couple])
    return judge(np.arange(0, count, 2, dtype=np.int32), np.arange(1, count, 2, dtype=np.int32))


def slips(pairs: list[str], draw: np.random.Generator) -> Iterator[tuple[str, str]]:
    """Yield names and the same with one given character mistaken."""
    for pair in pairs:
        yield _named(draw, str(draw.choice(list(GIVEN))), *list(pair))


def strangers(count: int, draw: np.random.Generator) -> Iterator[tuple[str, str]]:
    """Yield names of two people whose given names have one character in common."""
    for _ in range(count):
        yield _named(draw, *draw.choice(list(GIVEN), 3, replace=False))


def _named(draw: np.random.Generator, common: str, one: str, other: str) -> tuple[str, str]:
    """Return two names with ``one`` and ``other`` in the same place, first or last."""
    family = draw.choice(list(FAMILIES))
    if draw.random() < 0.5:
        return f"{family}{common}{one}", f"{family}{common}{other}"
    return f"{family}{one}{common}", f"{family}{other}{common}"


def auc(true: np.ndarray, false: np.ndarray) -> float:
    """Return how often a true pair is above a false one; ties count half."""
    ordered = np.sort(false)
    below = np.searchsorted(ordered, true, "left") + np.searchsorted(ordered, true, "right")
    return float(below.mean() / 2 / len(false))


def test_a_slip_is_told_from_a_stranger_where_letters_tell_nothing() -> None:
    draw = np.random.default_rng(3)
    true = [*slips(SOUNDS * 6, draw), *slips(SHAPES, draw)]  # two sound slips for a shape slip
    false = list(strangers(4000, draw))
    judged = auc(levels_of(true), levels_of(false))
    letters = auc(*(np.array([JaroWinkler.similarity(*c) for c in some]) for some in (true, false)))
    assert judged >= 0.97
    assert 0.45 <= letters <= 0.55


def test_strangers_seldom_look_like_a_slip() -> None:
    found = levels_of(list(strangers(4000, np.random.default_rng(4))))
    assert np.mean(found == level("name", "one_char")) >= 0.96


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("王小明", "王小朋", "slip", id="looks alike"),
        pytest.param("王未", "王末", "slip", id="two characters, looks alike"),
        pytest.param("陈林", "陈玲", "slip", id="a final n and ng"),
        pytest.param("张乐", "张月", "slip", id="another reading of the character"),
        pytest.param("陈静怡", "程静怡", "given", id="families that nearly sound alike"),
        pytest.param("欧阳小明", "欧阳小红", "one_char", id="a compound family name: siblings"),
        pytest.param("王yan", "王䶮", "sound", id="a rare character written as its pinyin"),
        pytest.param("王yan", "王妍", "sound", id="pinyin fits every character it may be"),
        pytest.param("王yan", "王伟", "family", id="pinyin that does not fit"),
        pytest.param("王□", "王䶮", "masked", id="a box"),
        pytest.param("王小＊", "王小明", "masked", id="a full-width star"),
        pytest.param("王\ue000明", "王小明", "masked", id="a private-use character"),
        pytest.param("阿卜杜拉", "阿不都拉", "sound", id="transliterated: the same syllables"),
        pytest.param(
            "艾合买提·买买提", "艾海买提·买卖提", "near", id="transliterated: one differs"
        ),
        pytest.param("阿卜杜拉·买买提", "阿卜杜拉", "short", id="without the father's name"),
        pytest.param("阿卜杜拉·买买提", "古丽娜尔·艾力", "differ", id="transliterated: others"),
        pytest.param("单雄信", "SHAN Xiongxin", "sound", id="a surname's own reading"),
        pytest.param("吕布", "LYU BU", "sound", id="ü as yu"),
        pytest.param("吕布", "LV BU", "sound", id="ü as v"),
        pytest.param("赵雪峰", "趙雪峯", "exact", id="traditional and variant"),
        pytest.param("王小明先生", "王小明", "exact", id="a title"),
    ],
)
def test_name_level(level_of: Callable[..., str], one: str, other: str, expected: str) -> None:
    parties = [Party(f"s.o:{number}", name) for number, name in enumerate((one, other))]
    assert level_of("name", *parties) == expected
    assert level_of("name", *reversed(parties)) == expected
