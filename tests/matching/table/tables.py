"""Made-up tables of people and companies, as columns of texts, for recognising columns."""

from __future__ import annotations

from random import Random

import pyarrow as pa


def _list(words: str) -> list[str]:
    return words.split()


GIVEN = _list(
    "James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara "
    "Richard Susan Joseph Jessica Thomas Sarah Charles Karen Daniel Nancy Matthew Lisa Anthony "
    "Betty Mark Margaret Paul Sandra Steven Ashley Andrew Dorothy Kenneth Kimberly George Emily "
    "Joshua Donna"
)
FAMILY = _list(
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez "
    "Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Perez Thompson Harris Sanchez "
    "Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill Flores"
)
VORNAMEN = _list(
    "Hans Peter Wolfgang Klaus Jürgen Dieter Manfred Uwe Günter Horst Ursula Monika Petra Sabine "
    "Renate Helga Karin Brigitte Ingrid Erika Heike Stefan Andreas Matthias Birgit Gisela Jutta"
)
NACHNAMEN = _list(
    "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer "
    "Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange"
)
STREETS = _list(
    "Main Oak Maple Washington Park Elm Lake Hill Cedar Pine Walnut Sunset River Spring"
)
STRASSEN = _list(
    "Hauptstraße Bahnhofstraße Lindenweg Schillerstr. Gartenweg Dorfstraße Goetheplatz Ringstraße "
    "Waldweg Mozartstraße Kirchgasse Bergstr. Rosenweg Birkenallee"
)
CITIES = _list(
    "Chicago Houston Phoenix Dallas Denver Seattle Boston Portland Memphis Atlanta Miami Oakland "
    "Tulsa Cleveland Tampa Cincinnati Pittsburgh Sacramento Raleigh Omaha"
)
STAEDTE = _list(
    "Berlin Hamburg München Köln Stuttgart Dortmund Essen Leipzig Bremen Dresden Nürnberg Duisburg "
    "Bochum Wuppertal Bielefeld Bonn Münster Karlsruhe"
)
SURNAMES_HAN, GIVEN_HAN = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗",
    "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀英霞平刚",
)
WARDS = _list("广东省深圳市南山区 浙江省杭州市西湖区 四川省成都市武侯区 江苏省南京市玄武区")
TRADES = _list("科技 贸易 商贸 物流 建筑 餐饮 信息 电子")
STATES = _list("TX CA NY FL OH IL PA NC GA WA CO OR")


def resident_id(random: Random) -> str:
    """Return a Chinese citizen number with a right check character."""
    born = f"{random.randint(1945, 2004)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"
    where = random.choice(["440305", "330106", "510107", "110108"])
    body = f"{where}{born}{random.randint(0, 999):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def american(rows: int = 600, seed: int = 1) -> pa.Table:
    """Return people of the United States, a third of them twice."""
    r = Random(seed)
    columns = {
        "fname": lambda: r.choice(GIVEN),
        "mi": lambda: r.choice("ABCDEFGHJKLMNPRSTW"),
        "lname": lambda: r.choice(FAMILY),
        "dob": lambda: f"{r.randint(1, 12):02d}/{r.randint(1, 28):02d}/{r.randint(1930, 2005)}",
        "ssn": lambda: f"{r.randint(100, 665)}-{r.randint(10, 99)}-{r.randint(1000, 9999)}",
        "street_no": lambda: str(r.randint(1, 9999)),
        "street": lambda: f"{r.choice(STREETS)} {r.choice(['St', 'Ave', 'Rd', 'Dr', 'Ln'])}",
        "city": lambda: r.choice(CITIES),
        "state": lambda: r.choice(STATES),
        "zip": lambda: f"{r.randint(100, 990) * 100 + r.randint(1, 9):05d}",
        "phone": lambda: f"({r.randint(200, 989)}) {r.randint(200, 989)}-{r.randint(0, 9999):04d}",
        "email": lambda: f"{r.choice(GIVEN).lower()}{r.randint(1, 99)}@mail{r.randint(1, 9)}.com",
        "wages": lambda: str(int(r.lognormvariate(10.5, 0.8))),
        "updated_at": lambda: (
            f"2024-0{r.randint(1, 9)}-1{r.randint(0, 9)} 1{r.randint(0, 9)}:30:00"
        ),
    }
    return _table(columns, rows, r)


def german(rows: int = 600, seed: int = 2) -> pa.Table:
    """Return people of Germany, a third of them twice."""
    r = Random(seed)
    columns = {
        "Vorname": lambda: r.choice(VORNAMEN),
        "Nachname": lambda: r.choice(NACHNAMEN),
        "Geburtsdatum": lambda: (
            f"{r.randint(1, 28):02d}.{r.randint(1, 12):02d}.{r.randint(1930, 2005)}"
        ),
        "Straße": lambda: r.choice(STRASSEN),
        "Hausnr": lambda: f"{r.randint(1, 180)}{r.choice(['', '', 'a'])}",
        "PLZ": lambda: f"{r.randint(10, 990) * 100 + r.randint(1, 9):05d}",
        "Ort": lambda: r.choice(STAEDTE),
        "Telefon": lambda: f"0{r.randint(151, 179)} {r.randint(1000000, 9999999)}",
        "Geschlecht": lambda: r.choice(["m", "w"]),
    }
    return _table(columns, rows, r)


def chinese(rows: int = 600, seed: int = 3) -> pa.Table:
    """Return customers of a Chinese bank, a third of them twice."""
    r = Random(seed)

    def company() -> str:
        return f"深圳{r.choice(GIVEN_HAN)}{r.choice(GIVEN_HAN)}{r.choice(TRADES)}有限公司"

    columns = {
        "客户姓名": lambda: (
            r.choice(SURNAMES_HAN) + "".join(r.choices(GIVEN_HAN, k=r.randint(1, 2)))
        ),
        "证件号码": lambda: resident_id(r),
        "手机": lambda: f"1{r.choice('3578')}{r.randint(10**8, 10**9 - 1)}",
        "出生日期": lambda: f"{r.randint(1945, 2004)}{r.randint(1, 12):02d}{r.randint(1, 28):02d}",
        "性别": lambda: r.choice("男女"),
        "通讯地址": lambda: f"{r.choice(WARDS)}{r.choice('中山人民建设')}路{r.randint(1, 300)}号",
        "工作单位": company,
        "省份": lambda: r.choice(["广东省", "浙江省", "四川省", "江苏省", "湖南省"]),
        "余额": lambda: f"{r.lognormvariate(8, 2):.2f}",
    }
    return _table(columns, rows, r)


def _table(columns: dict[str, object], rows: int, random: Random) -> pa.Table:
    made = [[make() for make in columns.values()] for _ in range(rows)]  # type: ignore[operator]
    made += [list(row) for row in made if random.random() < 0.33]
    return pa.table(dict(zip(columns, map(list, zip(*made, strict=True)), strict=True)))


def without_headers(table: pa.Table) -> pa.Table:
    """Return the table with headers that say nothing: c1, c2, …"""
    return table.rename_columns([f"c{number}" for number in range(1, table.num_columns + 1)])
