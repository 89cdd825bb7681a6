"""Foreign customers: transliterated names in several orders, passports, dates often missing."""

from __future__ import annotations

from random import Random

from tests.matching.quality.made import Made, Row, made
from tests.matching.quality.slips import digits, slip, sometimes, wrong_day
from tests.matching.quality.words import family_names, given_names

FIELDS = """
version: 1
fields:
  - {name: name, kind: person_name, columns: [full_name]}
  - {name: passport, kind: identifier, columns: [passport_no]}
  - {name: born, kind: date, columns: [date_of_birth]}
  - {name: nationality, kind: country, columns: [nationality]}
  - {name: sex, kind: sex, columns: [gender]}
  - {name: phone, kind: phone, columns: [mobile]}
"""
# (as in the passport, how other systems spell it)
_ARABIC = (
    ("Mohammed", "Muhammad Mohamed Mohamad Mohd"), ("Ahmed", "Ahmad Ahmet"),
    ("Yusuf", "Yousef Youssef"),
    ("Hussein", "Husain Hossein Hussain"), ("Abdullah", "Abdallah Abdulla"), ("Khalid", "Khaled"),
    ("Fatima", "Fatema Fatimah"),
    ("Aisha", "Ayesha Aysha"), ("Omar", "Umar Omer"), ("Hassan", "Hasan"),
    ("Ibrahim", "Ebrahim Brahim"),
    ("Said", "Saeed Sayid"), ("Layla", "Leila Laila"), ("Nur", "Noor Nour"),
)  # fmt: skip
_SLAVIC = (
    ("Sergei", "Sergey Serghei"), ("Dmitri", "Dmitry Dmitriy"), ("Aleksandr", "Alexander Alexandr"),
    ("Yuri", "Yury Iurii"), ("Yevgeni", "Evgeny Evgenii"), ("Natalia", "Nataliya Natalya"),
    ("Ekaterina", "Yekaterina Katerina"), ("Mikhail", "Michail Mihail"),
    ("Andrei", "Andrey Andrej"),
    ("Tatiana", "Tatyana Tatjana"), ("Oksana", "Oxana"), ("Vasili", "Vasily Vasiliy"),
)  # fmt: skip
_KOREAN = (
    ("Kim", "Gim"), ("Lee", "Yi Rhee"), ("Park", "Pak Bak"),
    ("Choi", "Choe"), ("Jung", "Jeong Chung"),
    ("Minjun", "Min-jun Min Jun"), ("Seoyeon", "Seo-yeon Suh-yeon"), ("Jihoon", "Ji-hoon Jihun"),
    ("Hyunwoo", "Hyun-woo Hyeonu"), ("Jiwoo", "Ji-woo Jiu"), ("Sungmin", "Sung-min Seongmin"),
)  # fmt: skip
_SPELLINGS = {name: other.split() for name, other in (*_ARABIC, *_SLAVIC, *_KOREAN)}
_COUNTRIES = {
    "Russia": ("RUS", "RU", "Russian Federation"), "Egypt": ("EGY", "EG", "Egypt"),
    "South Korea": ("KOR", "KR", "Korea"), "Pakistan": ("PAK", "PK", "Pakistan"),
    "Germany": ("DEU", "DE", "Germany"), "United States": ("USA", "US", "United States"),
    "Brazil": ("BRA", "BR", "Brazil"), "Viet Nam": ("VNM", "VN", "Vietnam"),
}  # fmt: skip


def foreigners() -> Made:
    """One file of about 2,500 records of 1,300 people."""
    r = Random("foreigners")
    rows = []
    for entity in range(1300):
        country = r.choice(list(_COUNTRIES))
        words = _name(r, country)
        born = (r.randint(1950, 2005), r.randint(1, 12), r.randint(1, 28))
        passports = [_passport(r), _passport(r)]
        person = (words, country, born, passports, f"1{r.choice('3578')}{r.randint(0, 10**9):09d}")
        rows += [(entity, _written(r, *person)) for _ in range(r.choice([1, 1, 2, 2, 3, 4]))]
    return made(r, {"foreigners": rows}, FIELDS)


def _name(r: Random, country: str) -> list[str]:
    """Return given names, then the family name."""
    if country in ("Egypt", "Pakistan"):
        names = [name for name, _ in _ARABIC]
        return [r.choice(names), r.choice(names), r.choice([*names, family_names()(r)])]
    if country == "Russia":
        return [r.choice(_SLAVIC)[0], family_names()(r)]
    if country == "South Korea":
        return [r.choice(_KOREAN[5:])[0], r.choice(_KOREAN[:5])[0]]
    middle = [given_names()(r)] if r.random() < 0.5 else []
    return [given_names()(r), *middle, family_names()(r)]


def _passport(r: Random) -> str:
    return r.choice("ABCEGHKLNPRX") + str(r.randint(10_000_000, 99_999_999))


def _written(
    r: Random,
    words: list[str],
    country: str,
    born: tuple[int, int, int],
    passports: list[str],
    phone: str,
) -> Row:
    spelt = [
        r.choice(_SPELLINGS[word]) if word in _SPELLINGS and r.random() < 0.35 else word
        for word in words
    ]
    spelt = [slip(r, word) if r.random() < 0.06 else word for word in spelt]
    *given, family = spelt
    if len(given) > 1 and r.random() < 0.3:
        given = [given[0], *(word[0] for word in given[1:])] if r.random() < 0.5 else given[:1]
    order = r.random()
    name = f"{' '.join(given)} {family}"
    if order < 0.3:
        name = f"{family} {' '.join(given)}"
    elif order < 0.45:
        name = f"{family}, {' '.join(given)}"
    passport = passports[0] if r.random() < 0.85 else passports[1]
    day = wrong_day(r, born) if r.random() < 0.08 else born
    number = digits(r, passport) if r.random() < 0.08 else passport
    return {
        "full_name": name.upper() if r.random() < 0.5 else name,
        "passport_no": sometimes(r, 0.25, number),
        "date_of_birth": sometimes(r, 0.3, "{:04d}-{:02d}-{:02d}".format(*day)),
        "nationality": sometimes(r, 0.1, r.choice(_COUNTRIES[country])),
        "gender": sometimes(r, 0.1, "MF"[len(words[0]) % 2]),
        "mobile": sometimes(r, 0.5, digits(r, phone) if r.random() < 0.05 else phone),
    }
