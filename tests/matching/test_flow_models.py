"""Matching with weights: learnt anew, or read from a file; and what the model may not decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import numpy as np
import pytest

from matching.config import load_matching
from matching.flow import learn_models, match
from matching.flow_models import BankModels, KeptModel, models_text, read_models
from matching.flow_rarity import Commonness
from matching.model.parameters import Model, Weights
from matching.values import ORGANISATION, PERSON
from models.errors import ConfigError
from tests.plugins.parties import Address, Bank, Party

PEOPLE = 150
CONFIG = load_matching("model: {least_records: 100}")
_FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
_GIVEN = "明华强芳敏静磊洋勇艳杰娟涛超霞平刚桂英兰建国志文丽红军玉萍"


def crowd(size: int = PEOPLE) -> Iterator[Party]:
    """Yield people who each stand in two systems: same home, mostly the same phone."""
    for at in range(size):
        family, one = _FAMILIES[at % len(_FAMILIES)], _GIVEN[at * 7 % len(_GIVEN)]
        name = family + one + _GIVEN[at * 11 % len(_GIVEN)]
        home: Address = ("440305", "深圳市", "南山区", f"科技路{at}号1栋{at % 30 + 1}01室")
        born = f"{1950 + at % 50}-{at % 12 + 1:02}-{at * 5 % 27 + 2:02}"
        phone = f"+86138{at:04}{at * 37 % 10000:04}"
        yield Party(f"a.c:{at:03}", name, birth=born, address=home, mobile=phone)
        lost = at % 5 == 0
        yield Party(f"b.c:{at:03}", name, birth=born, address=home, mobile=[] if lost else phone)


CROWD = tuple(crowd())
TWINS = (
    Party(
        "a.c:900", "郑小明", birth="1985-03-12", address=("440305", "深圳市", "南山区", "后海路9号")
    ),
    Party(
        "b.c:901", "郑小亮", birth="1985-03-12", address=("440305", "深圳市", "南山区", "后海路9号")
    ),
)
# Nothing but the model joins these two: no rule knows what to do with a slip in the birth date.
BAY: Address = ("440305", "深圳市", "南山区", "后海路77号2栋301室")
SLIP = (
    Party("a.c:910", "欧阳德华", birth="1971-06-21", address=BAY),
    Party("b.c:911", "欧阳德华", birth="1971-06-24", address=BAY),
)


def test_weights_are_learnt_and_written(bank: Bank) -> None:
    report = bank.fill(*CROWD).match(CONFIG)
    weights = {(comparison, level): bits for _, comparison, level, *_, bits in weight_rows(bank)}
    assert weights["name", "exact"] > 5 > 0 > weights["name", "differ"]
    assert weights["prior", ""] < 0
    assert report.clusters == PEOPLE


def test_too_few_records_teach_nothing(bank: Bank) -> None:
    bank.fill(*CROWD[:40]).match(CONFIG)
    assert weight_rows(bank) == []
    assert all(score is None for *_, score in bank.dump()["pair"])


def test_weights_from_a_file_decide_as_when_they_were_learnt(bank: Bank) -> None:
    bank.fill(*CROWD, *TWINS, *SLIP).match(CONFIG)
    learnt = bank.dump()
    models = read_models(models_text(learn_models(bank.connection, CONFIG)))
    match(bank.connection, CONFIG, models=models)
    assert bank.dump() == learnt
    few = bank.fill(*CROWD[:40])
    match(few.connection, CONFIG, models=models)
    assert len(weight_rows(bank)) > 0


def test_the_order_of_rows_and_the_chunk_change_nothing_that_is_learnt(bank: Bank) -> None:
    parties = (*CROWD, *TWINS, *SLIP)
    bank.fill(*parties).match(CONFIG)
    first = bank.dump()
    bank.fill(*parties, shuffle=5).match(CONFIG)
    assert bank.dump() == first
    bank.match(load_matching("model: {least_records: 100}\nlimits: {chunk: 50}"))
    assert bank.dump() == first


def test_the_model_joins_what_no_rule_knows_and_says_why(bank: Bank) -> None:
    bank.fill(*CROWD, *SLIP).match(CONFIG)
    rows = {row[:2]: row[2:] for row in bank.dump()["pair"]}
    decision, rule, because, _, score = rows["a.c:910", "b.c:911"]
    assert (decision, rule) == ("match", "model")
    assert "the same address" in because
    assert "地址相同" in because
    assert score > 0.99


def test_twins_wait_for_a_person_however_much_they_share(bank: Bank) -> None:
    bank.fill(*CROWD, *TWINS).match(CONFIG)
    assert ("a.c:900", "b.c:901", "other_given_name") in bank.reviews()


def test_reviews_stand_strongest_first(bank: Bank) -> None:
    bank.fill(*CROWD, *TWINS, *SLIP).match(
        load_matching("model: {least_records: 100, least_bits: 60}")
    )
    scores = [row[-1] for row in bank.dump()["review"]]
    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)


def test_a_source_that_holds_nobody_twice_keeps_its_records_apart(bank: Bank) -> None:
    phone = "+8613812345678"
    twice = [Party(f"a.c:{at}", "张伟", mobile=phone) for at in (1, 2)]
    bank.fill(*twice, Party("b.c:3", "张伟", mobile=phone))
    match(bank.connection, CONFIG)
    assert len(bank.clusters()) == 1
    report = match(bank.connection, CONFIG, duplicate_free=["a"])
    assert sorted(map(len, bank.clusters())) == [1, 2]
    assert report.refused == 2
    assert any("holds nobody twice" in row[3] for row in bank.dump()["review"])


def test_no_cluster_grows_beyond_its_limit(bank: Bank) -> None:
    one = [Party(f"s{at}.c:1", "张伟", mobile="+8613812345678") for at in range(8)]
    bank.fill(*one).match(load_matching("limits: {cluster_records: 3}"))
    assert max(map(len, bank.clusters())) <= 3
    assert {rule for *_, rule in bank.reviews()} == {"cluster_conflict"}


def test_what_a_run_used_is_written_and_read_again_to_the_bit(bank: Bank) -> None:
    report = bank.fill(*CROWD, *TWINS).match(CONFIG)
    ((text,),) = bank.connection.execute("SELECT text FROM matched.model").fetchall()
    models = read_models(text)
    assert models_text(models) == text
    assert models.kept(PERSON).match_bits == report.match_bits["person"]
    assert models == learn_models(bank.connection, CONFIG)
    match(bank.connection, CONFIG, models=models)
    assert bank.connection.execute("SELECT text FROM matched.model").fetchall() == [(text,)]


@pytest.mark.parametrize(
    "bits", [9.25, float("inf"), float(np.float32(12.3456789)), 1e-7, 123456789.125]
)
def test_any_limit_comes_back_as_it_was_written(bits: float) -> None:
    weights = Weights(
        comparison="name", levels=["none", "same"], match=[0, 0.9], chance=[0, 1e-9], strangers=1e-5
    )
    model = Model(records=3, candidates=2, rounds=1, prior=0.1, weights=[weights])
    usual = Commonness(known=123, usual=-bits / 3 if np.isfinite(bits) else -1.0)
    kept = BankModels().having(PERSON, KeptModel(model, bits, {"name": usual}))
    assert read_models(models_text(kept)) == kept
    assert kept.kept(PERSON).match_bits == bits


def test_a_limit_chosen_before_stands_whatever_the_records_say(bank: Bank) -> None:
    bank.fill(*CROWD, *TWINS, *SLIP).match(CONFIG)
    models = learn_models(bank.connection, CONFIG)
    assert bank.pair("a.c:910", "b.c:911") == ("match", "model")
    high = models.model_copy(update={"match_bits": {"person": 200.0}})
    report = match(bank.connection, CONFIG, models=high)
    assert report.match_bits["person"] == 200.0
    assert bank.pair("a.c:910", "b.c:911") == ("review", "model")
    older = models.model_copy(update={"match_bits": {}})
    assert "match_bits" not in models_text(older)
    assert match(bank.connection, CONFIG, models=read_models(models_text(older))).match_bits == {
        "person": models.match_bits["person"]
    }


def test_a_record_more_moves_no_score_of_other_values(bank: Bank) -> None:
    bank.fill(*CROWD, *TWINS, *SLIP).match(CONFIG)
    before = {row[:2]: row[2:] for row in bank.dump()["pair"]}
    models = used_models(bank)
    new = Party("z.c:1", "司马无双", birth="1999-09-09", mobile="+8618900000001")
    bank.fill(*CROWD, *TWINS, *SLIP, new)
    match(bank.connection, CONFIG, models=models)
    assert {row[:2]: row[2:] for row in bank.dump()["pair"]} == before
    unkept = models.model_copy(update={"common": {}})
    match(bank.connection, CONFIG, models=unkept)
    assert {row[:2]: row[2:] for row in bank.dump()["pair"]} != before


def test_what_models_lack_is_learnt_and_what_nobody_needs_is_kept(bank: Bank) -> None:
    bank.fill(*CROWD)
    models = learn_models(bank.connection, CONFIG)
    match(bank.connection, CONFIG, models=BankModels())
    assert used_models(bank) == models
    bank.fill(*(replace(party, party_type="organisation") for party in CROWD))
    match(bank.connection, CONFIG, models=models)
    both = used_models(bank)
    assert both.person == models.person
    assert both.organisation is not None
    assert both.kept(ORGANISATION).match_bits is not None


def used_models(bank: Bank) -> BankModels:
    ((text,),) = bank.connection.execute("SELECT text FROM matched.model").fetchall()
    return read_models(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("[", "not YAML", id="not YAML"),
        pytest.param("persons: {}", "persons", id="unknown entry"),
    ],
)
def test_a_file_of_weights_that_cannot_be_read_is_named(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=r"^matching-model\.yml") as raised:
        read_models(text, "matching-model.yml")
    assert says in str(raised.value)


def test_weights_of_other_comparisons_are_refused(bank: Bank) -> None:
    bank.fill(*CROWD).match(CONFIG)
    models = learn_models(bank.connection, CONFIG)
    assert models.person is not None
    fewer = models.person.model_copy(update={"weights": models.person.weights[1:]})
    with pytest.raises(ConfigError, match="other comparisons"):
        match(bank.connection, CONFIG, models=BankModels(person=fewer))


def weight_rows(bank: Bank) -> list[tuple[str, str, str, float, float, float]]:
    connection: duckdb.DuckDBPyConnection = bank.connection
    return connection.execute("FROM matched.weight").fetchall()
