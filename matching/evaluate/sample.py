"""A sample of links for a person to grade, drawn the same way whatever order the links come in."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from matching.columns import Ints

# Shares of a band's links, weakest first. Mistakes stand among the weakest, so these are strata of
# their own, and each stratum gets as many places as the others.
SHARES = (0.05, 0.25)

_STRATA = """
    WITH edges AS (
        SELECT band, quantile_disc(score, {shares}) AS edge FROM links GROUP BY band),
    placed AS (
        SELECT links.*, band || ' ' || (1 + list_sum(list_transform(edge,
            lambda e: (score > e)::INTEGER)))::VARCHAR AS stratum
        FROM links JOIN edges USING (band))
    SELECT left_key, right_key, score, band, stratum,
        count(*) OVER (PARTITION BY stratum) AS links,
        row_number() OVER (PARTITION BY stratum ORDER BY
            md5(concat_ws(chr(31), $seed, least(left_key, right_key),
                greatest(left_key, right_key))), left_key, right_key) AS place
    FROM placed"""
_DRAWN = """
    SELECT left_key, right_key, score, band, stratum, links / drawn AS weight,
        NULL::BOOLEAN AS same
    FROM placed JOIN shares USING (stratum) WHERE place <= drawn
    ORDER BY band, stratum, place"""


def draw_sample(links: pa.Table, size: int, seed: int) -> pa.Table:
    """Return at most ``size`` links to be graded, with an empty column ``same``.

    ``links`` has one row per link: left_key, right_key (text), score (number), band (text). Every
    band is divided by score into strata (the weakest 5 %, the next 20 %, the rest; equal scores
    stay together), and the places are shared out evenly among the strata. Inside a stratum the
    links with the smallest hash of seed and keys are taken, so the sample depends on nothing else.

    Comes back: left_key, right_key, score, band, stratum, weight (links of the stratum for each
    one drawn; the weights of a stratum add up to its links), same (BOOLEAN, for the person who
    grades). Raises ValueError where ``size`` is smaller than the number of strata.
    """
    with duckdb.connect() as connection:
        connection.register("links", _plain(links))
        connection.execute(
            f"CREATE TABLE placed AS {_STRATA.format(shares=list(SHARES))}", {"seed": str(seed)}
        )
        strata = connection.execute(
            "SELECT stratum, any_value(links) AS links FROM placed GROUP BY ALL ORDER BY stratum"
        ).to_arrow_table()
        drawn = _shared_out(np.asarray(strata["links"]), size)
        connection.register("shares", strata.select(["stratum"]).append_column("drawn", [drawn]))
        return connection.execute(_DRAWN).to_arrow_table()


def _plain(links: pa.Table) -> pa.Table:
    """Return the four columns as text and numbers, whatever they came as."""
    wanted = {"left_key": pa.string(), "right_key": pa.string(), "score": pa.float64()}
    return pa.table({name: links[name].cast(kind) for name, kind in wanted.items()}).append_column(
        "band", links["band"].cast(pa.string())
    )


def _shared_out(links: Ints, size: int) -> Ints:
    """Return how many places each stratum gets: the same for all, but never more than its links.

    What small strata leave goes to the others; the last places go to the first of them.
    """
    if size < len(links):
        raise ValueError(
            f"A sample of {size} cannot cover {len(links)} strata. Draw at least {len(links)}."
        )
    places = np.zeros(len(links), dtype=np.int64)
    while (left := min(size, int(links.sum())) - int(places.sum())) > 0:
        open_strata = np.flatnonzero(places < links)
        if left < len(open_strata):
            places[open_strata[:left]] += 1
            break
        step = min(left // len(open_strata), int((links - places)[open_strata].min()))
        places[open_strata] += step
    return places
