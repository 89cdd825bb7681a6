import pyarrow as pa
import pytest

from models.fields.emails import normalise_emails


def one(value: str | None) -> tuple[str | None, str | None, str | None]:
    row = normalise_emails(pa.array([value], pa.string())).to_pylist()[0]
    return row["value"], row["status"], row["rule"]


EMAILS = {
    "lower case": ("Wang.Wei@QQ.COM", ("wang.wei@qq.com", "valid", None)),
    "plus": ("a+b@mail.example.cn", ("a+b@mail.example.cn", "valid", None)),
    "full width": ("ａ＠ｂ．ｃｎ", ("a@b.cn", "valid", None)),
    "shown name": ("王伟 <w@163.com>", ("w@163.com", "valid", None)),
    "mailto": ("mailto:w@163.com", ("w@163.com", "valid", None)),
    "full stop after": ("w@163.com.", ("w@163.com", "valid", None)),
    "other scripts": ("王@例子.公司", ("王@例子.公司", "valid", None)),
    "several": ("a@qq.com; b@qq.com", ("a@qq.com", "valid", "several_values")),
    "no top level": ("a@b", ("a@b", "invalid", "email_form")),
    "two dots": ("a..b@qq.com", ("a..b@qq.com", "invalid", "email_form")),
    "two ats": ("a@b@qq.com", ("a@b@qq.com", "invalid", "email_form")),
    "dash at the label's end": ("a@b-.com", ("a@b-.com", "invalid", "email_form")),
    "65 characters": ("a" * 65 + "@qq.com", ("a" * 65 + "@qq.com", "invalid", "email_form")),
    "no at": ("nobody", (None, "invalid", "email_form")),
    "masked": ("w***g@qq.com", ("w***g@qq.com", "masked", "masked")),
    "test": ("test@test.com", ("test@test.com", "placeholder", "placeholder")),
    "none": ("none@qq.com", ("none@qq.com", "placeholder", "placeholder")),
    "counting": ("123456@qq.com", ("123456@qq.com", "placeholder", "placeholder")),
    "word": ("无", (None, "placeholder", "placeholder")),
    "a longer name is no filler": ("norman@testing.com", ("norman@testing.com", "valid", None)),
    "nothing": ("", (None, None, None)),
    "null": (None, (None, None, None)),
}


@pytest.mark.parametrize(("value", "expected"), EMAILS.values(), ids=EMAILS)
def test_emails(value: str | None, expected: tuple[str | None, str | None, str | None]) -> None:
    assert one(value) == expected


def test_a_row_depends_on_nothing_but_itself() -> None:
    values = [value for value, _ in EMAILS.values()]
    together = normalise_emails(pa.array(values, pa.string())).to_pylist()
    assert [(r["value"], r["status"], r["rule"]) for r in together] == [
        e for _, e in EMAILS.values()
    ]
