"""Splink's settings for company names and nothing else, by hand.

One name gives one comparison, and training needs two that may be thought independent: the
spelling, the words, and the first word.
"""

from __future__ import annotations

from splink import block_on  # type: ignore[import-not-found]
from splink import comparison_level_library as cll
from splink import comparison_library as cl

from benchmarks.rivals.splink_recipe import Recipe

_FORMS = (
    "inc ltd limited co company corp corporation llc plc gmbh ag sa spa srl bv nv ab as oy kg the "
    "of and de la for und et y group holding holdings s a pty pvt llp lp sarl kk sp zoo"
)
_WORDS = f"""
    name_words AS (
        SELECT record_id, list_filter(string_split(trim(regexp_replace(
            lower(strip_accents(name)), '[^\\p{{L}}\\p{{N}}]+', ' ', 'g')), ' '),
            lambda word: word <> '') AS every,
            list_filter(every, lambda word: NOT list_contains(string_split('{_FORMS}', ' '), word))
                AS telling,
            CASE WHEN len(telling) = 0 THEN every ELSE telling END AS words
        FROM given),
    word AS (SELECT DISTINCT record_id, unnest(words) AS word FROM name_words),
    rare AS (
        SELECT record_id, list(word ORDER BY word) AS rare FROM word
        WHERE word IN (SELECT word FROM word GROUP BY ALL HAVING count(*) <= 100) GROUP BY ALL),
    prepared AS (
        SELECT record_id, words, rare, words[1] AS first_word, words[-1] AS last_word,
            array_to_string(words, '') AS packed,
            array_to_string(list_sort(list_distinct(words)), ' ') AS sorted_words,
            array_to_string(list_transform(every, lambda word: word[1]), '') AS initials,
            substr(array_to_string(words, ''), 1, 6) AS beginning
        FROM name_words LEFT JOIN rare USING (record_id))"""
_ALL_WORDS = "list_has_all(words_l, words_r)"
_ALL_BACK = "list_has_all(words_r, words_l)"
_SHARED = "len(list_intersect(words_l, words_r))"

COMPANIES: dict[str, Recipe] = {
    "wikidata_companies": Recipe(
        origin="by hand",
        prepare=_WORDS,
        columns="words, rare, first_word, last_word, packed, sorted_words, initials, beginning",
        blocking=[
            block_on("packed"),
            block_on("rare", arrays_to_explode=["rare"]),
            "l.packed = r.initials",
            "l.initials = r.packed",
            block_on("beginning"),
        ],
        comparisons=[
            cl.CustomComparison(
                output_column_name="spelling",
                comparison_levels=[
                    cll.NullLevel("packed"),
                    cll.ExactMatchLevel("packed", term_frequency_adjustments=True),
                    cll.JaroWinklerLevel("sorted_words", 0.95),
                    cll.JaroWinklerLevel("sorted_words", 0.9),
                    cll.CustomLevel("packed_l = initials_r OR initials_l = packed_r", "initials"),
                    cll.JaroWinklerLevel("sorted_words", 0.8),
                    cll.ElseLevel(),
                ],
            ),
            cl.CustomComparison(
                output_column_name="words",
                comparison_levels=[
                    cll.NullLevel("words"),
                    cll.CustomLevel(f"{_ALL_WORDS} AND {_ALL_BACK}", "the same words"),
                    cll.CustomLevel(f"{_ALL_WORDS} OR {_ALL_BACK}", "one has all of the other"),
                    cll.CustomLevel(f"{_SHARED} >= 2", "two words"),
                    cll.CustomLevel(f"{_SHARED} >= 1", "one word"),
                    cll.ElseLevel(),
                ],
            ),
            cl.ExactMatch("first_word").configure(term_frequency_adjustments=True),
        ],
        prior=[block_on("packed")],
        recall=0.14,
        sessions=[block_on("first_word"), block_on("last_word")],
    )
}
