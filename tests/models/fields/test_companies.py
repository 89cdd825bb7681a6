from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fields.names import normalise_names


def read(text: str) -> dict[str, str | None]:
    row: dict[str, str | None] = normalise_names(pa.array([text]), "organisation").to_pylist()[0]
    return row


@pytest.mark.parametrize(
    ("text", "region", "core", "form", "branch"),
    [
        ("深圳市腾讯计算机系统有限公司", "深圳", "腾讯计算机系统", "有限公司", None),
        ("腾讯科技（深圳）有限公司", "深圳", "腾讯科技", "有限公司", None),
        ("阿里巴巴（中国）有限公司", "中国", "阿里巴巴", "有限公司", None),
        ("广东省深圳市南山区红树电子厂", "深圳", "红树电子厂", None, None),
        ("華為技術有限公司", None, "华为技术", "有限公司", None),
        ("华为技术有限公司深圳分公司", None, "华为技术", "有限公司", "深圳分公司"),
        ("联想(北京)有限公司上海分公司", "北京", "联想", "有限公司", "上海分公司"),
        (
            "中国工商银行股份有限公司深圳分行",
            "中国",
            "中国工商银行",
            "股份有限公司",
            "深圳分行",
        ),
        ("中国工商银行深圳南山支行", "中国", "中国工商银行", None, "深圳南山支行"),
        ("招商银行信用卡中心", None, "招商银行", None, "信用卡中心"),
        ("美的集团股份有限公司", None, "美的", "集团股份有限公司", None),
        ("中国平安保险(集团)股份有限公司", "中国", "平安保险", "集团股份有限公司", None),
        ("普华会计师事务所(特殊普通合伙)", None, "普华会计师事务所", "合伙企业", None),
        ("深圳红树投资合伙企业（有限合伙）", "深圳", "红树投资", "合伙企业", None),
        ("张三（个体工商户）", None, "张三", "个体工商户", None),
        ("深圳市福田区小李经营部", "深圳", "小李经营部", None, None),
        ("李记门市部", None, "李记门市部", None, None),
        ("北京大学", "北京", "北京大学", None, None),
        ("IBM（中国）有限公司", "中国", "ibm", "有限公司", None),
        ("红树科技有限公司(原绿树科技有限公司)", None, "红树科技", "有限公司", None),
        ("Huawei Technologies Co., Ltd.", None, "huawei technologies", "ltd", None),
        ("Huawei (China) Ltd", "china", "huawei", "ltd", None),
        ("Apple Inc.", None, "apple", "inc", None),
        ("Acme Corporation", None, "acme", "corp", None),
        ("Acme LLC", None, "acme", "llc", None),
        ("Acme P.L.C.", None, "acme", "plc", None),
        ("Siemens GmbH & Co. KG", None, "siemens", "gmbh", None),
        ("The Coca-Cola Company", None, "coca cola", "co", None),
        ("Bank of America, N.A.", None, "bank of america", "na", None),
        ("Deutsche Bank AG, Shanghai Branch", None, "deutsche bank", "ag", "shanghai branch"),
        ("HSBC Shanghai Branch", None, "hsbc", None, "shanghai branch"),
        ("Shenzhen Tencent Limited", "shenzhen", "tencent", "ltd", None),
    ],
)
def test_parts(
    text: str, region: str | None, core: str, form: str | None, branch: str | None
) -> None:
    row = read(text)
    assert (row["org_region"], row["org_core"]) == (region, core)
    assert (row["org_form"], row["org_branch"]) == (form, branch)
    assert row["status"] == "ok"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("华为技术有限公司", "華為技術有限責任公司"),
        ("腾讯科技（深圳）有限公司", "腾讯科技(深圳) 有限公司"),
        ("HUAWEI TECHNOLOGIES CO LTD", "Huawei Technologies Company Limited"),
        ("Acme S.A.", "ACME SA"),
        ("Nestlé AG", "NESTLE AG"),
    ],
)
def test_one_name_in_two_spellings(left: str, right: str) -> None:
    assert read(left)["fold_key"] == read(right)["fold_key"]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("红树科技有限公司", "红树科技股份有限公司"),
        ("红树科技有限公司", "红树科技集团有限公司"),
        ("红树科技有限公司", "红树科技有限公司深圳分公司"),
        ("第一建筑有限公司", "第二建筑有限公司"),
    ],
)
def test_different_organisations_keep_different_keys(left: str, right: str) -> None:
    first, second = read(left), read(right)
    assert first["fold_key"] != second["fold_key"]
    parts = ("org_core", "org_form", "org_branch")
    assert [first[part] for part in parts] != [second[part] for part in parts]


def test_a_branch_in_two_spellings() -> None:
    short, long = read("红树有限公司深圳南山分公司"), read("红树有限公司深圳市南山区分公司")
    assert short["org_branch"] == long["org_branch"] == "深圳南山分公司"


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("中兴通讯股份有限公司", "zhong xing tong xun"),
        ("中兴通信有限公司", "zhong xing tong xin"),
        ("Tencent Computer Systems Ltd", "computer systems tencent"),
        ("IBM（中国）有限公司", "ibm"),
    ],
)
def test_sound_of_the_core(text: str, sound: str) -> None:
    assert read(text)["sound_key"] == sound


@pytest.mark.parametrize(
    ("text", "status", "rule"),
    [
        ("测试公司", "placeholder", "placeholder"),
        ("某某公司", "placeholder", "placeholder"),
        ("有限公司", "placeholder", "placeholder"),
        ("分公司", "placeholder", "placeholder"),
        ("个体户", "placeholder", "placeholder"),
        ("自由职业", "placeholder", "placeholder"),
        ("无", "placeholder", "placeholder"),
        ("N/A", "placeholder", "placeholder"),
        ("腾讯*有限公司", "masked", "masked"),
        ("腾□有限公司", "partial", "chars_lost"),
    ],
)
def test_defects(text: str, status: str, rule: str) -> None:
    row = read(text)
    assert (row["status"], row["rule"], row["sound_key"]) == (status, rule, None)


# Free-standing accents (Sk) and combining marks (Mn) are left out: they recompose with neighbours.
ANYTHING = st.text(st.characters(exclude_categories=["Cs", "Cn", "Mn", "Sk"]), max_size=10)
PIECES = st.sampled_from(
    [
        *"华为红树中国()（）*? .&-",
        *("深圳", "北京市", "科技", "集团", "银行", "有限公司", "有限责任公司", "股份有限公司"),
        *("分公司", "支行", "有限合伙", "原", "華為", "Huawei", " Co.", " Ltd", "Branch", "S.A."),
    ]
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=7).map("".join) | ANYTHING)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = read(text)
    if once["value"] is None or once["status"] == "placeholder":
        return
    again = read(once["value"])
    for column in ("value", "fold_key", "org_core", "org_form", "org_branch", "org_region"):
        assert again[column] == once[column]
