from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.fields.dates import parse_dates, parse_timestamps


def one(value: str | None, **options: object) -> tuple[date | None, str | None]:
    row = parse_dates(pa.array([value], pa.string()), **options).to_pylist()[0]
    return row["value"], row["rule"]


def moment(value: str, timezone: str = "Asia/Shanghai") -> tuple[datetime | None, str | None]:
    row = parse_timestamps(pa.array([value], pa.string()), timezone=timezone).to_pylist()[0]
    return row["value"], row["rule"]


at = datetime.fromisoformat
DAY = date(1990, 1, 2)
WRITTEN = [
    "19900102",
    "1990-01-02",
    "1990-1-2",
    "1990/1/2",
    "1990.01.02",
    "1990年1月2日",
    "1990年01月02日",
    "１９９０年１月２日",
    " 1990-01-02 ",
    "1990-01-02 00:00:00",
    "1990-01-02 23:59:59.999",
    "19900102235959",
    "1990-01-02T00:00:00+08:00",
    "1990-01-01T16:00:00Z",
    "1990-01-01T16:00:00.000Z",
    "1990-01-01 11:00:00-05:00",
]


@pytest.mark.parametrize("value", WRITTEN)
def test_dates_as_they_are_written(value: str) -> None:
    assert one(value) == (DAY, None)


REFUSED = {
    "90-01-02": "date_two_digit_year",
    "90年1月2日": "date_two_digit_year",
    "900102": "date_two_digit_year",
    "1990-01": "date_partial",
    "199001": "date_partial",
    "1990年": "date_partial",
    "1990-02-30": "date_impossible",
    "19901301": "date_impossible",
    "1700-01-01": "date_impossible",
    "01/02/1990": "date_form",
    "yesterday": "date_form",
    "32875": "date_form",
    "1900-01-01": "placeholder",
    "19010101": "placeholder",
    "0001-01-01": "placeholder",
    "1899-12-30": "placeholder",
    "00000000": "placeholder",
    "0000-00-00": "placeholder",
    "无": "placeholder",
    "9999-12-31": "placeholder",
    "长期": "placeholder",
    "20991231": "placeholder",
}


@pytest.mark.parametrize(("value", "rule"), REFUSED.items())
def test_what_is_no_date_is_null_and_says_why(value: str, rule: str) -> None:
    assert one(value) == (None, rule)


@pytest.mark.parametrize(
    "value", ["9999-12-31", "长期", "20991231", "2999-12-31", "永久", "Permanent"]
)
def test_an_expiry_can_be_for_ever(value: str) -> None:
    assert one(value, long_term=True) == (date(9999, 12, 31), None)


@pytest.mark.parametrize(
    ("value", "day"), [("32875", DAY), ("32875.0", DAY), ("61", date(1900, 3, 1))]
)
def test_excel_serials_when_asked(value: str, day: date) -> None:
    assert one(value, excel_serials=True) == (day, None)


def test_excel_days_before_its_false_leap_day_are_refused() -> None:
    assert one("59", excel_serials=True) == (None, "date_form")


@pytest.mark.parametrize("value", [None, "", " "])
def test_no_value_is_no_defect(value: str | None) -> None:
    assert one(value) == (None, None)


MOMENTS = {
    "local": ("2026-11-23 18:23:10", at("2026-11-23T10:23:10")),
    "midnight": ("2026-11-23", at("2026-11-22T16:00:00")),
    "compact": ("20261123182310", at("2026-11-23T10:23:10")),
    "fraction": ("2026-11-23T18:23:10.5", at("2026-11-23T10:23:10.500000")),
    "UTC": ("2026-11-23T18:23:10.123456Z", at("2026-11-23T18:23:10.123456")),
    "east": ("2026-11-23T18:23:10+08:00", at("2026-11-23T10:23:10")),
    "west": ("2026-11-23T18:23:10-0530", at("2026-11-23T23:53:10")),
    "DB2": ("2026-11-23-18.23.10.123456", at("2026-11-23T10:23:10.123456")),
    "seconds": ("1700000000", at("2023-11-14T22:13:20")),
    "milliseconds": ("1700000000123", at("2023-11-14T22:13:20.123000")),
    "Chinese": ("2026年11月23日 18时23分10秒", at("2026-11-23T10:23:10")),
}


@pytest.mark.parametrize(("value", "utc"), MOMENTS.values(), ids=MOMENTS)
def test_timestamps_become_utc(value: str, utc: datetime) -> None:
    assert moment(value) == (utc, None)


def test_summer_time_is_the_mapping_s_zone() -> None:
    assert moment("2026-07-01 12:00:00", "Europe/Berlin")[0] == at("2026-07-01T10:00:00")
    assert moment("2026-10-25 02:30:00", "Europe/Berlin")[0] == at("2026-10-25T00:30:00")


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("0001-01-01 00:00:00", "placeholder"),
        ("2026-11-23 25:00:00", "date_impossible"),
        ("x", "date_form"),
    ],
)
def test_timestamps_that_are_none(value: str, rule: str) -> None:
    assert moment(value) == (None, rule)


FORMS = ("%Y%m%d", "%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y-%m-%d 12:30:00")


@given(
    st.lists(
        st.tuples(st.dates(date(1902, 1, 1), date(2098, 1, 1)), st.sampled_from(FORMS)), min_size=1
    )
)
def test_a_written_date_reads_back(items: list[tuple[date, str]]) -> None:
    values = pa.array([day.strftime(form) for day, form in items])
    assert parse_dates(values)["value"].to_pylist() == [day for day, _ in items]


@given(st.datetimes(at("1995-01-01T00:00:00"), at("2050-01-01T00:00:00")), st.integers(-12, 12))
def test_a_written_moment_reads_back(utc: datetime, hours: int) -> None:
    local = utc + timedelta(hours=hours)
    written = (
        f"{local.isoformat(timespec='microseconds')}{'-' if hours < 0 else '+'}{abs(hours):02}:00"
    )
    assert moment(written) == (utc, None)
