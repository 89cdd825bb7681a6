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
己已 未末 土士 日曰 人入 大太 天夫 玉王 木本 目自 午牛 刀力 丸九 千干 乌鸟 代伐
今令 问间 拔拨 侯候 冶治 晴睛 倩情 清请 样洋 娜那 莹萤 荧莹 玲铃 伶怜 岭领 俊峻
俊骏 峻竣 俊浚 悔梅 悔海 敏梅 伟炜 伟玮 炜玮 伟纬 伟祎 晖辉 挥晖 晖浑 军晕 佳桂
佳娃 挂桂 佳圭 杰焦 秀透 季秀 季李 李杏 呆杏 材林 材村 村衬 洪烘 拱洪 淇琪 琪祺
棋祺 棋琪 淇祺 琦绮 崎琦 椅琦 琦畸 淋琳 彬琳 彬杉 杉衫 形彤 丹彤 彭澎 彭膨 朋鹏
明朋 朋棚 旭旮 九旭 吴昊 旻昊 昱煜 昱翌 晟盛 晨辰 辰震 晓烧 晓浇 晓饶 尧晓 停婷
亭婷 亭停 庭廷 延廷 庭挺 挺艇 妍研 妍开 娟捐 娟绢 捐绢 娇骄 侨骄 侨桥 娇桥 净静
净睁 争净 燕蒸 绝艳 两丽 两雨 雪雷 雳雷 瑕霞 暇瑕 暇遐 品磊 品晶 磊鑫 森焱 炎焱
森淼 瑾谨 勤谨 仅瑾 槿谨 槿瑾 旋璇 漩璇 旋漩 璐露 路露 璐路 摇瑶 摇遥 瑶遥 瑶谣
苹萍 平苹 洋萍 利莉 俐莉 梨莉 茜西 茜酉 菁青 菁靖 清靖 婧靖 婧情 精靖 云芸 芝芸
之芝 芬芳 分芬 方芳 容蓉 荣蓉 茶荣 茶荼 何荷 何河 柯河 柯珂 河珂 柯轲 何阿 坡波
坡披 波玻 泽译 择译 择泽 峰锋 峰蜂 峰烽 烽锋 逢锋 铬铭 名铭 酩铭 悦锐 脱锐 税锐
均钧 匀均 钧钩 纲钢 刚纲 刚钢 岗纲 玉钰 钮钰 泽铎 棉锦 绵锦 棉绵 浴裕 俗浴 俗裕
容谷 涛祷 涛筹 寿涛 滔稻 滔蹈 稻韬 毫豪 亳豪 亳毫 亨享 孝考 老考 孝教 字宇 宇守
宁宇 于宇 妥安 宏肱 宏雄 宝室 宜宣 官宫 宛苑 婉宛 婉碗 嫣焉 妙纱 妙炒 好妤 妮泥
呢泥 妮尼 妹昧 味妹 味昧 妹姝 姝株 株珠 殊珠 株殊 朱株 徐涂 徐除 涂除 余徐 汁许
计许 汁计 汪注 住注 住往 旺汪 旺胜 江红 江汪 扬汤 扬杨 杨汤 场杨 场汤 刘对 吕宫
吕品 卢庐 庐芦 庐炉 薛薜 壁薜 壁璧 壁碧 斐裴 装裴 奕弈 变奕 亦奕 栾滦 孪滦 恋栾
仰柳 仰抑 仰迎 卯柳 柳聊 朗郎 朗浪 廊郎 琅郎 狠狼 浪狼 娘狼 良郎 敦郭 敦淳 淳谆
淳醇 催崔 催摧 崔霍 崔雀 雀霍 潭覃 潭谭 覃谭 岑芩 芩苓 琴芩 岑琴 瞿翟 翟耀 濯耀
曜濯 曜耀 曹糟 曹漕 曹遭 曼蔓 慢曼 曼漫 慢漫 嫚曼 巍魏 魁魏 愧魏
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
    true = [*slips(SOUNDS * 16, draw), *slips(SHAPES, draw)]  # two sound slips for a shape slip
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
