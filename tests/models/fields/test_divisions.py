from __future__ import annotations

import pytest

from models.fields.divisions import divisions, level, locate, named, short_name


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("广东省深圳市南山区科技园", "440305", "科技园"),
        ("深圳南山科技园", "440305", "科技园"),
        ("广东深圳南山科技园", "440305", "科技园"),
        ("北京朝阳三里屯", "110105", "三里屯"),
        ("北京市北京市朝阳区三里屯", "110105", "三里屯"),
        ("北京市市辖区朝阳区", "110105", ""),
        ("中国 广东省/深圳市, 南山区", "440305", ""),
        ("广东省深圳市南山区广东省深圳市南山区科技园", "440305", "科技园"),
        ("浙江义乌小商品", "330782", "小商品"),
        ("湖北省仙桃市", "429004", ""),
        ("吉林吉林昌邑区", "220202", ""),
        ("吉林长春朝阳区", "220104", ""),
        ("朝阳市双塔区", "211302", ""),
        ("东莞市莞城", "441900", "莞城"),
        ("内蒙古呼和浩特新城区", "150102", ""),
        ("内蒙呼和浩特新城区", "150102", ""),
        ("长沙县星沙", "430121", "星沙"),
        ("云南大理", "532900", ""),
        ("大理市", "532901", ""),
        ("香港九龙", "810000", "九龙"),
        ("西安高新路", "610100", "高新路"),
        # what follows looks like a road or a gate, and is a district
        ("浙江杭州西湖区", "330106", ""),
        ("北京门头沟区", "110109", ""),
        ("哈尔滨道里区", "230102", ""),
        ("河北唐山路南区", "130202", ""),
        ("西安未央区", "610112", ""),
        ("江西九江湖口县", "360429", ""),
        ("青岛市北区", "370203", ""),
        ("青岛市市北区", "370203", ""),
    ],
)
def test_places(text: str, code: str, rest: str) -> None:
    place = locate(text)
    assert (place.code, text[place.end :]) == (code, rest)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("襄樊市樊城区", "420606"),
        ("湖北襄樊", "420600"),
        ("杭州市江干区", "330102"),
        ("四川成都郫县", "510117"),
        ("北京市崇文区", "110101"),
        ("天津塘沽区", "120116"),
        ("上海南市区", "310101"),
        ("山东省莱芜市莱城区", "370116"),
        ("安徽省巢湖市庐江县", "340124"),
        ("广西壮族自治区柳州地区融水苗族自治县", "450225"),
        ("重庆市万县市天城区", "500101"),
        ("思茅地区", "530800"),
        ("深圳市宝安县", "440306"),
    ],
)
def test_former_names_give_todays_places(text: str, code: str) -> None:
    assert locate(text).code == code


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("朝阳区三里屯", "", "朝阳区三里屯"),  # in Beijing and in Changchun
        ("朝阳双塔", "", "朝阳双塔"),
        ("鼓楼区中山路", "", "鼓楼区中山路"),
        ("江苏鼓楼区", "320000", "鼓楼区"),
        ("江干区四季青", "", "江干区四季青"),  # a former name proves nothing without its city
        ("昆山花桥", "", "昆山花桥"),
        ("南京路100号", "", "南京路100号"),
        ("南京东路100号", "", "南京东路100号"),
        ("上海南京路100号", "310000", "南京路100号"),
        ("深圳南山大道12号", "440300", "南山大道12号"),
        ("北京朝阳门外大街", "110000", "朝阳门外大街"),
        ("上海浦东南路", "310000", "浦东南路"),
        ("北京大学", "", "北京大学"),
        ("中国银行", "", "中国银行"),
        ("城区大道", "", "城区大道"),
        ("", "", ""),
    ],
)
def test_nothing_is_guessed(text: str, code: str, rest: str) -> None:
    place = locate(text)
    assert (place.code, text[place.end :]) == (code, rest)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("", "none"),
        ("440000", "province"),
        ("440300", "city"),
        ("110000", "city"),
        ("440305", "district"),
        ("429004", "district"),
    ],
)
def test_level(code: str, expected: str) -> None:
    assert level(code) == expected


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("深圳市", "深圳"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("恩施土家族苗族自治州", "恩施"),
        ("浦东新区", "浦东"),
        ("阿里地区", "阿里"),
        ("城区", "城区"),
        ("赵县", "赵县"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


def test_every_unit_is_found_by_its_full_names() -> None:
    for code in divisions():
        names = named(code)
        parts = [names.province, names.city, names.district]
        text = "".join(part for part in dict.fromkeys(parts) if part)
        assert (locate(text).code, locate(text).end) == (code, len(text)), text


def test_the_list_is_whole() -> None:
    codes = divisions()
    assert sum(code.endswith("0000") for code in codes) == 34
    assert len(codes) > 3_000
