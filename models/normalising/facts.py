"""Attributes, accounts, relationships and consents of each row."""

from __future__ import annotations

import pyarrow as pa

from models.fields.codes import apply_codes, normalise_currencies, normalise_sexes
from models.fields.columns import Texts, mask, nulls, pc, put, texts
from models.fields.countries import normalise_countries
from models.fields.dates import parse_dates
from models.fields.id_junk import compact, upper
from models.fields.identifiers import normalise_identifiers
from models.fields.text import is_empty_word, normalise_texts
from models.fields.vocabulary import DATE_ATTRIBUTES
from models.mapping import AccountMap, Coded, RelationshipMap
from models.normalising.batch import Batch, is_blank
from models.normalising.pieces import Pieces, first_of


def add_attributes(batch: Batch, pieces: Pieces) -> None:
    """Add the single-valued facts."""
    for attribute, use in batch.mapping.attributes.items():
        column = use.field if isinstance(use, Coded) else use
        facts = _coded(batch, use) if isinstance(use, Coded) else _fact(batch, attribute, use)
        value = texts(facts["value"])
        pieces.add("attribute", mask(pc.is_valid(value)), attribute=attribute, value=value)
        pieces.defects(column, facts["rule"])


def _fact(batch: Batch, attribute: str, column: str) -> pa.Table:
    values = batch.text(column)
    if attribute in DATE_ATTRIBUTES:
        return _dates(batch, column)
    if attribute == "sex":
        return normalise_sexes(values)
    if attribute == "nationality":
        return normalise_countries(values)
    return normalise_texts(values)


def _coded(batch: Batch, use: Coded) -> pa.Table:
    return apply_codes(batch.text(use.field), use.codes)


def _dates(batch: Batch, column: str) -> pa.Table:
    return parse_dates(
        batch.text(column),
        excel_serials=batch.from_spreadsheet,
        timezone=batch.mapping.timezone,
    )


def add_accounts(batch: Batch, pieces: Pieces) -> None:
    """Add the accounts; one without a number is none."""
    for ordinal, item in enumerate(batch.mapping.accounts):
        numbers = account_numbers(batch.text(item.number))
        pieces.defects(item.number, numbers["rule"])
        value = texts(numbers["value"])
        columns = _account_columns(batch, item, pieces)
        pieces.add(
            "account", mask(pc.is_valid(value)), ordinal=ordinal, account_no=value, **columns
        )


def _account_columns(batch: Batch, item: AccountMap, pieces: Pieces) -> dict[str, Texts | str]:
    columns: dict[str, Texts | str] = {}
    for name, use in (("product", item.product), ("status", item.status)):
        if isinstance(use, Coded):
            coded = _coded(batch, use)
            columns[name] = coded["value"]
            pieces.defects(use.field, coded["rule"])
        elif use:
            columns[name] = use
    for name, column in (("opened_on", item.opened), ("closed_on", item.closed)):
        if column:
            dates = _dates(batch, column)
            columns[name] = dates["value"]
            # an open account is closed "for ever from now": a sentinel there is no defect
            sentinel = pc.equal(dates["rule"], "placeholder")
            pieces.defects(column, put(texts(dates["rule"]), mask(sentinel), None))
    if item.currency:
        currencies = normalise_currencies(batch.text(item.currency))
        columns["currency"] = currencies["value"]
        pieces.defects(item.currency, currencies["rule"])
    return columns


def account_numbers(values: Texts) -> pa.Table:
    """Return ``value`` and ``rule`` of account, card and contract numbers.

    No check digit is demanded: card numbers have one, account numbers do not.
    """
    value, lost = compact(upper(values))
    empty = is_empty_word(value)
    rule = put(nulls(len(value)), empty, "placeholder")
    return pa.table(
        {"value": put(value, empty, None), "rule": put(rule, lost, "account_precision_lost")}
    )


def add_relationships(batch: Batch, pieces: Pieces) -> None:
    """Add the relations; one that names no other party is none."""
    for ordinal, item in enumerate(batch.mapping.relationships):
        kind = _relation(batch, item, pieces)
        other = _others(batch, item, pieces)
        named = mask(pc.is_valid(first_of(*other.values())))
        pieces.add(
            "relationship", named & mask(pc.is_valid(kind)), ordinal=ordinal, type=kind, **other
        )


def _relation(batch: Batch, item: RelationshipMap, pieces: Pieces) -> Texts:
    if not isinstance(item.type, Coded):
        return pa.repeat(pa.scalar(item.type), batch.length)
    coded = _coded(batch, item.type)
    pieces.defects(item.type.field, coded["rule"])
    return texts(coded["value"])


def _others(batch: Batch, item: RelationshipMap, pieces: Pieces) -> dict[str, Texts]:
    """Return key, name and number of the other party."""
    keys, empty = batch.text(item.key), nulls(batch.length)
    others = {"other_record_key": empty, "other_name": empty, "other_identifier": empty}
    if item.object:
        others["other_record_key"] = put(batch.record_key(item.object, keys), is_blank(keys), None)
    if item.name:
        names = normalise_texts(batch.text(item.name))
        pieces.defects(item.name, names["rule"])
        others["other_name"] = texts(names["value"])
    if item.identifier:
        numbers = normalise_identifiers(batch.text(item.identifier))
        pieces.defects(item.identifier, numbers["rule"])
        filler = mask(pc.equal(numbers["status"], "placeholder"))
        others["other_identifier"] = put(texts(numbers["value"]), filler, None)
    return others


def add_consents(batch: Batch, pieces: Pieces) -> None:
    """Add the consents; one with an unknown status is none, which means: not granted."""
    for ordinal, item in enumerate(batch.mapping.consents):
        status = _coded(batch, item.status)
        pieces.defects(item.status.field, status["rule"])
        columns = {"purpose": item.purpose, "channel": item.channel, "status": status["value"]}
        if item.decided:
            dates = _dates(batch, item.decided)
            pieces.defects(item.decided, dates["rule"])
            columns["decided_on"] = dates["value"]
        pieces.add("consent", mask(pc.is_valid(status["value"])), ordinal=ordinal, **columns)
