"""Records that say something, and decisions about them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from matching.decided import write_decisions
from models.decision import Decision, Kind
from warehouse.store import Connection

NOON = datetime(2026, 11, 23, 12)  # noqa: DTZ001 - kept as UTC without a zone
TODAY = date(2026, 11, 24)
Row = tuple[int, str, str, str]


def write(con: Connection, key: str, says: str, party: str = "person") -> None:
    place, _, pk = key.partition(":")
    source, _, name = place.partition(".")
    erase(con, key)
    con.execute(
        "INSERT INTO normalised.record BY NAME SELECT $key AS record_key, $source AS source, "
        "$name AS object, $pk AS source_pk, $party AS party_type",
        {"key": key, "source": source, "name": name, "pk": pk, "party": party},
    )
    con.execute("INSERT INTO normalised.fingerprint VALUES (?, ?, ?)", [key, says, says])


def erase(con: Connection, *keys: str) -> None:
    for key in keys:
        for name in ("record", "fingerprint"):
            con.execute(f"DELETE FROM normalised.{name} WHERE record_key = ?", [key])


def give_number(con: Connection, key: str, value: str, status: str = "valid") -> None:
    con.execute(
        "INSERT INTO normalised.identifier BY NAME SELECT $key AS record_key, 0 AS ordinal, "
        "'resident_id' AS id_class, $value AS value, $status AS status",
        {"key": key, "value": value, "status": status},
    )


def decided(number: int, kind: Kind, left: str, right: str = "", **more: object) -> Decision:
    """Decide on records named by ``a`` + digit (core.c) and ``b`` + digit (crm.p)."""
    one, other = (tuple(key(name) for name in side.split()) for side in (left, right))
    evidence = {item: item.replace(":", "-") for item in one + other}
    return Decision(
        number, kind, one, other, "wang", "seen", NOON + timedelta(minutes=number),
        **{"evidence": evidence} | more,  # type: ignore[arg-type]
    )  # fmt: skip


def key(name: str) -> str:
    return {"a": "core.c:", "b": "crm.p:"}[name[0]] + name[1:]


def written(con: Connection, *decisions: Decision, previous: Path | None = None) -> list[Row]:
    write_decisions(con, decisions, TODAY, previous)
    return con.execute(
        "SELECT decision_id, side, record_key, status FROM matched.decision ORDER BY ALL"
    ).fetchall()


def because(con: Connection, number: int) -> set[str | None]:
    rows = con.execute("SELECT because FROM matched.decision WHERE decision_id = ?", [number])
    return {row[0] for row in rows.fetchall()}
