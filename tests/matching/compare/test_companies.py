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
        pytest.param("ACME Holdings LLC", "Acme Holdings, L.L.C.", "exact", id="Latin letters"),
    ],
)
def test_company_level(level_of: Callable[..., str], one: str, other: str, expected: str) -> None:
    parties = [
        Party(f"s.o:{number}", name, party_type="organisation")
        for number, name in enumerate((one, other))
    ]
    assert level_of("company", *parties) == expected
