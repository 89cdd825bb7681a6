from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.plugins.parties import Party

Tell = Callable[..., str]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("+8613812345678", "+8613812345678", "same", id="same"),
        pytest.param("+8613812345678", "+8613812345679", "differ", id="others"),
        pytest.param(
            ["+8613812345678", "+8613900001111"], ["+8613900001111"], "same", id="one of two"
        ),
        pytest.param("+86138****5678", "+8613812345678", "masked", id="fits the mask"),
        pytest.param("+86138****5678", "+8613912345678", "differ", id="does not fit the mask"),
        pytest.param("+86138****5678", "+86138****5678", "masked", id="two masks"),
        pytest.param("+86*******5678", "+8613812345678", "differ", id="the mask shows too little"),
        pytest.param((), "+8613812345678", "missing", id="none"),
    ],
)
def test_mobile_level(level_of: Tell, one: str, other: str, expected: str) -> None:
    people = Party("s.o:1", "张伟", mobile=one), Party("s.o:2", "张伟", mobile=other)
    assert level_of("mobile", *people) == expected


@pytest.mark.parametrize(
    ("third", "expected"),
    [
        pytest.param("张薇", "same", id="a name that sounds the same is the same person's"),
        pytest.param("李芳", "shared", id="a wife's too"),
        pytest.param("张*", "same", id="a masked name is nobody else's"),
    ],
)
def test_a_number_under_several_names_is_shared(level_of: Tell, third: str, expected: str) -> None:
    people = [
        Party(f"s.o:{number}", name, mobile="+8613812345678")
        for number, name in enumerate(("张伟", "张伟", third))
    ]
    assert level_of("mobile", *people) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("zhangwei88@qq.com", "zhangwei88@qq.com", "same"),
        ("zhangwei88@qq.com", "zhangwei88@163.com", "local"),
        ("info@qq.com", "info@163.com", "differ"),
        ("zhangwei88@qq.com", "lifang@qq.com", "differ"),
        ("zhangwei88@qq.com", (), "missing"),
    ],
)
def test_email_level(level_of: Tell, one: str, other: str, expected: str) -> None:
    people = Party("s.o:1", "张伟", email=one), Party("s.o:2", "张伟", email=other)
    assert level_of("email", *people) == expected
