"""Names of organisations, taken apart: region, distinctive words, legal form, branch.

``fold_key`` is the whole name in one spelling; ``sound_key`` the pinyin of the distinctive words,
or these words sorted where they are Latin. A branch (分公司, 支行, 办事处 …) is what follows the
last legal form: it is another party than its head, so it is never folded away.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from models.fields import companies_latin, han
from models.fields.divisions import MUNICIPALITIES, divisions, short_name
from models.fields.han import HAN, LOST, MASK
from models.fields.name import NOTHING, Name, clean, is_placeholder, placeholder, script_of
from models.fields.reference import any_of, words

_NO_COMPANY = words(
    "个体 个体户 自由职业 自由职业者 无业 无单位 无工作 待业 退休 家庭主妇 学生 务农 务工 公司 单位"
)

# Legal forms of one kind under one name; 股份有限公司 stays apart.
_FORMS = {
    "有限责任公司": "有限公司",
    "有限公司": "有限公司",
    "股份有限公司": "股份有限公司",
    "股份公司": "股份有限公司",
    "总公司": "公司",
    "公司": "公司",
    "特殊普通合伙企业": "合伙企业",
    "普通合伙企业": "合伙企业",
    "有限合伙企业": "合伙企业",
    "合伙企业": "合伙企业",
    "特殊普通合伙": "合伙企业",
    "普通合伙": "合伙企业",
    "有限合伙": "合伙企业",
    "个人独资企业": "个人独资企业",
    "个体工商户": "个体工商户",
    "农民专业合作社": "合作社",
    "专业合作社": "合作社",
    "合作社": "合作社",
}
_FORM = re.compile(f"(?<![分子支])(?:{any_of(' '.join(_FORMS))})")
# With a parent in front (a bank, a company) these end a branch …
_BRANCH_ENDS = (
    "分公司 支公司 子公司 分行 支行 分理处 分社 储蓄所 营业部 营业所 营业厅 办事处 代表处 "
    "信用卡中心 门市部 经营部 分店 分厂 分部 分校 分院 分所 分会 事业部 项目部 专卖店 旗舰店 "
    "工会委员会 工会 食堂 "
)
# … and these say so on their own.
_ALWAYS_BRANCH = "分公司 支公司 分行 支行 分理处 办事处 代表处 信用卡中心 分店 分厂 分校 分院 分社"
_PARENT = re.compile(
    rf"(.*?(?:银行|信用社|联社|保险|人寿|财险|证券|邮政|集团|公司|厂|大学|医院))(.{{0,30}}?(?:{any_of(_BRANCH_ENDS)}))$"
)
_ON_ITS_OWN = re.compile(rf"(.+?)({any_of(_ALWAYS_BRANCH)})$")
_UNIT_IN_BRANCH = re.compile(f"(?<=[{HAN}]{{2}})[省市区县](?=[{HAN}])")
_NOTE = re.compile(r"\((?:原名?|曾用名|前身|已?注销|已?吊销|停业|歇业|盖章|公章|本部|总部)[^()]*\)")
_OPEN, _CLOSE = re.compile(r"\s*\(\s*"), re.compile(r"\s*\)")
_BRACKET = re.compile(r"\(([^()]*)\)")
_MUTE = re.compile(rf"[^{HAN}a-z0-9?*()]")
_NOTHING_ELSE = re.compile(f"{any_of(' '.join(_FORMS))}|{any_of(_ALWAYS_BRANCH)}|集团|[()]")
_TOKEN = re.compile(f"[a-z0-9]+|[{HAN}]")
_WITHOUT_REGION = words(
    "银行 大学 学院 医院 电信 移动 联通 铁塔 石油 石化 海油 人寿 人保 财险 平安 邮政 铁路 航空 "
    "烟草 电力 电网 保险 证券 信托 农商行 农村商业银行 工商银行 建设银行 农业银行 集团 科技 贸易 "
    "商贸 实业 投资 控股 发展 物流 建筑 建设 城建 地铁 机场 港务 日报 饭店 宾馆 "
)


def organisation(text: str) -> Name:
    """Return what one organisation's name says; ``NOTHING`` for an empty text."""
    cleaned = clean(text)
    if not cleaned:
        return NOTHING
    if is_placeholder(cleaned) or cleaned in _NO_COMPANY:
        return placeholder(cleaned)
    script = script_of(cleaned)
    name = _han(cleaned, script) if script in ("han", "mixed") else companies_latin.read(cleaned)
    if name.fold_key and MASK in name.fold_key:
        return name._replace(sound_key=None, status="masked", rule="masked")
    if name.fold_key and LOST in name.fold_key:
        return name._replace(sound_key=None, status="partial", rule="chars_lost")
    return name._replace(status="ok") if name.fold_key else placeholder(cleaned)


def _han(cleaned: str, script: str) -> Name:
    bracketed = "(" in cleaned
    shown = (_NOTE.sub("", cleaned) if bracketed else cleaned).strip(" ,.;、") or cleaned
    plain = _MUTE.sub("", han.fold(shown).casefold())
    head, regions, group = _brackets(plain) if bracketed else (plain, [], False)
    head, form, branch = _split(head)
    head, group = _without_group(head, group)
    core, region = _core(head, regions)
    if not core.strip("某x×") or not _NOTHING_ELSE.sub("", plain):
        return Name(cleaned, script)
    folded = plain.replace("(", "").replace(")", "").replace("有限责任公司", "有限公司")
    return Name(
        _CLOSE.sub("）", _OPEN.sub("（", shown)) if bracketed else shown,
        script,
        fold_key=folded or None,
        sound_key=" ".join(map(han.syllable, _TOKEN.findall(core))) or None,
        org_region=region,
        org_core=core or None,
        org_form=(f"集团{form}" if group and form else "集团" if group else form) or None,
        org_branch=branch or None,
    )


def _brackets(plain: str) -> tuple[str, list[str], bool]:
    """Return the name without its brackets, the regions they held, whether one said 集团."""
    regions: list[str] = []
    group = False

    def put(match: re.Match[str]) -> str:
        nonlocal group
        inside = match.group(1)
        if inside in _region_words():
            regions.append(inside)
            return ""
        if inside == "集团":
            group = True
            return ""
        return "" if inside in _FORMS and _FORM.search(plain[: match.start()]) else inside

    return re.sub("[()]", "", _BRACKET.sub(put, plain)), regions, group


def _split(head: str) -> tuple[str, str, str]:
    """Return (what stands before the legal form, the form, the branch)."""
    found = list(_FORM.finditer(head))
    if found and found[-1].start() > 0:
        last = found[-1]
        return head[: last.start()], _FORMS[last.group()], _branch(head[last.end() :])
    for pattern in (_PARENT, _ON_ITS_OWN):
        if match := pattern.match(head):
            return match.group(1), "", _branch(match.group(2))
    return head, "", ""


def _branch(tail: str) -> str:
    """Return a branch in one spelling: 深圳市南山区分公司 and 深圳南山分公司 are one."""
    return _UNIT_IN_BRANCH.sub("", tail) if len(tail) > 1 else ""


def _without_group(head: str, group: bool) -> tuple[str, bool]:
    if len(head) > 3 and head.endswith("集团"):
        return head[:-2], True
    return head, group


def _core(head: str, regions: list[str]) -> tuple[str, str | None]:
    """Return the distinctive words, and the region in one word: rather a city than 中国."""
    names, lengths = _region_words(), _region_lengths()
    core = head
    while True:
        sizes = lengths.get(core[:2], ())
        size = next((size for size in sizes if core[:size] in names), 0)
        if not size or len(core) - size < 2:
            break
        regions.append(core[:size])
        core = core[size:]
    if core in _WITHOUT_REGION or len(core) < 2:
        core = head
    ranked = sorted(names[region] for region in regions)
    return core, ranked[0][1] if ranked else None


@cache
def _region_words() -> dict[str, tuple[int, str]]:
    """Return region word → (rank, the word without 省, 市 …); counties only by their full names.

    A city outranks a province and that a county: names say the city far more often than both.
    """
    found: dict[str, tuple[int, str]] = {"中国": (3, "中国"), "中华": (3, "中国")}
    for code, name in sorted(divisions().items(), reverse=True):
        short = short_name(name)
        if code[4:] != "00":
            found[name] = (2, short)
            continue
        city = code[2:4] != "00" or code[:2] in MUNICIPALITIES
        found[name] = (0 if city else 1, short)
        if not city or name.endswith("市"):  # 阿里 begins 阿里巴巴 more often than 阿里地区
            found[short] = found[name]
    return found


@cache
def _region_lengths() -> dict[str, list[int]]:
    """Return the lengths of region words by their first two characters, longest first."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for name in _region_words():
        found[name[:2]].add(len(name))
    return {start: sorted(sizes, reverse=True) for start, sizes in found.items()}
