from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.plugins.parties import Party


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(
            "深圳市腾飞科技有限公司", "深圳市腾飞科技有限公司", "registered", id="full name"
        ),
        pytest.param(
            "深圳腾飞科技有限公司",
            "深圳市腾飞科技有限责任公司",
            "form",
            id="form, region folded",
        ),
        pytest.param("腾飞科技有限公司", "深圳腾飞科技有限公司", "form", id="region left out"),
        pytest.param("深圳腾飞科技", "深圳腾飞科技有限公司", "core", id="legal form left out"),
        pytest.param(
            "深圳腾飞科技有限公司", "上海腾飞科技有限公司", "region", id="another region: sisters"
        ),
        pytest.param("深圳腾飞科技有限公司", "深圳藤飞科技有限公司", "sound", id="homophone core"),
        pytest.param(
            "中国工商银行股份有限公司",
            "中国工商银行股份有限公司深圳分行",
            "branch",
            id="head and branch",
        ),
        pytest.param(
            "中国工商银行股份有限公司广州分行",
            "中国工商银行股份有限公司深圳分行",
            "branch",
            id="two branches",
        ),
        pytest.param("第一贸易有限公司", "第二贸易有限公司", "serial", id="numbers differ"),
        pytest.param("华东机械有限公司", "华西机械有限公司", "serial", id="directions differ"),
        pytest.param("腾飞有限公司", "腾飞科技发展有限公司", "short", id="short core"),
        pytest.param("宏远贸易有限公司", "腾飞科技有限公司", "differ", id="others"),
        pytest.param("中兴通讯有限公司", "中兴通信有限公司", "near", id="one trade, two words"),
        pytest.param("永胜电子有限公司", "永盛电子有限公司", "sound", id="a homophone in the core"),
        pytest.param("日昇明轩文化有限公司", "日昇朋轩文化有限公司", "near", id="a look-alike"),
        pytest.param("工行", "中国工商银行股份有限公司", "acronym", id="picked out of the name"),
        pytest.param("腾飞建筑有限公司", "宏远建筑有限公司", "differ", id="only the trade"),
        pytest.param("ACME Holdings LLC", "Acme Holdings, L.L.C.", "exact", id="Latin letters"),
        pytest.param("Acme Ltd", "ACME Limited", "exact", id="Latin: one legal form, spelled out"),
        pytest.param("Brauhaus Vogel GmbH", "Brauhaus Vogel", "core", id="Latin: no legal form"),
        pytest.param("Vogel Brauhaus", "Brauhaus Vogel", "core", id="Latin: word order"),
        pytest.param("Auto Trader Ltd", "AutoTrader Ltd", "form", id="Latin: in one piece"),
        pytest.param("Procter & Gamble", "Procter and Gamble", "exact", id="Latin: ampersand"),
        pytest.param("Café Zürich AG", "CAFE ZURICH AG", "exact", id="Latin: accents"),
        pytest.param("I.B.M.", "IBM", "exact", id="Latin: dotted initials"),
        pytest.param(
            "International Business Machines Corp", "IBM", "acronym", id="Latin: initials"
        ),
        pytest.param("Bank of Scotland", "BOS", "acronym", id="Latin: initials with of"),
        pytest.param(
            "Brightwater Tech Svcs",
            "Brightwater Technology Services",
            "core",
            id="Latin: abbreviations",
        ),
        pytest.param("Brightwater Logistics", "Brightwatre Logistics", "near", id="Latin: a slip"),
        pytest.param(
            "Brightwater Foods Group", "Brightwater Foods", "near", id="Latin: a generic word"
        ),
        pytest.param(
            "Brightwater Vantage Capital",
            "Brightwater Vantage Plumbing",
            "words",
            id="Latin: most of the rare words",
        ),
        pytest.param(
            "Brightwater", "Brightwater Kestrel Orchard", "short", id="Latin: one has all words"
        ),
        pytest.param("Kestrel Fund II", "Kestrel Fund III", "serial", id="Latin: numbers differ"),
        pytest.param(
            "Kestrel Foods East", "Kestrel Foods West", "serial", id="Latin: directions differ"
        ),
        pytest.param("Kestrel (Italy)", "Kestrel (France)", "region", id="Latin: another country"),
        pytest.param(
            "Kestrel Deutschland GmbH", "Kestrel", "region", id="Latin: a country's company"
        ),
        pytest.param("Kestrel GmbH", "Kestrel Inc.", "region", id="Latin: forms of two countries"),
        pytest.param("Kestrel Bank", "Osprey Bank", "differ", id="Latin: only a common word"),
    ],
)
def test_company_level(level_of: Callable[..., str], one: str, other: str, expected: str) -> None:
    parties = [
        Party(f"s.o:{number}", name, party_type="organisation")
        for number, name in enumerate((one, other))
    ]
    assert level_of("company", *parties) == expected
    assert level_of("company", *reversed(parties)) == expected


@pytest.mark.parametrize("name", ["Kestrel Fund II", "腾飞科技有限公司", "Kestrel (Italy)", "工行"])
def test_a_name_is_itself_however_it_is_written(level_of: Callable[..., str], name: str) -> None:
    parties = [
        Party(f"s.o:{number}", text, party_type="organisation")
        for number, text in enumerate((name, f"  {name.upper()} "))
    ]
    assert level_of("company", *parties) in ("registered", "exact")
