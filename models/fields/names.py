"""Names by the column: persons and organisations, in any script.

``normalise_names`` and ``normalise_name_parts`` return one row per input row, with the columns of
``models.fields.name.Name``: those of ``normalised.name``, ``status`` (ok, partial, masked or
placeholder) and ``rule``, NULL or the name of the defect. A row without a name is all NULL.

Only names with status ``ok`` may be taken for equal by their keys. In the ``fold_key`` of a
partial name ``?`` stands for each lost character, in that of a masked name ``*`` for each hidden
one; neither sign ever stands in the key of an ok name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pyarrow as pa

from models.fields import companies, han, names_han, names_latin
from models.fields.columns import Texts, on_distinct, pc, texts
from models.fields.name import NOTHING, Name, clean, is_placeholder, placeholder, script_of

SCHEMA = pa.schema([(column, pa.string()) for column in Name._fields])
_PART_END = "\x1f"
_HAN_RUN = re.compile(f"[{han.HAN}·?*]+")
_SPELLED_OUT = re.compile(f"[{han.HAN}]{{1,3}} ?[A-Za-zü]+ ?[{han.HAN}]{{0,2}}")


def normalise_names(values: Texts, party_type: str, kind: str = "legal") -> pa.Table:
    """Return the names in ``values``, one row per value.

    ``party_type`` is ``person`` or ``organisation``, ``kind`` one of ``vocabulary.NAME_KINDS``.
    """
    if party_type == "organisation":
        return _by_distinct(values, companies.organisation)
    return _by_distinct(values, lambda text: person(text, kind))


def normalise_name_parts(
    family: Texts | None,
    given: Texts | None,
    middle: Texts | None = None,
    kind: str = "legal",
) -> pa.Table:
    """Return the names of persons whose parts stand in columns of their own."""
    columns = [family, given, middle]
    length = next(len(column) for column in columns if column is not None)
    filled = [pa.repeat("", length) if column is None else texts(column) for column in columns]
    joined = pc.binary_join_element_wise(
        *filled, _PART_END, null_handling="replace", null_replacement=""
    )
    return _by_distinct(joined, lambda text: _of_parts(text, kind))


def person(text: str, kind: str) -> Name:
    """Return what one person's name says; ``NOTHING`` for an empty text."""
    if name := names_han.plain(text):
        return name
    cleaned = clean(text)
    if not cleaned:
        return NOTHING
    if is_placeholder(cleaned):
        return placeholder(cleaned)
    script = script_of(cleaned)
    if script == "mixed":
        script, cleaned = _one_script(cleaned)
    if script == "latin":
        return names_latin.person(cleaned)
    if script == "han" or not any(char.isalpha() for char in cleaned):
        return names_han.person(cleaned, kind)
    return _mixed(cleaned) if script == "mixed" else _other(cleaned)


def _of_parts(joined: str, kind: str) -> Name:
    family, given, middle = map(clean, joined.split(_PART_END))
    together = f"{family}{given}{middle}"
    if not together:
        return NOTHING
    if is_placeholder(together):
        return placeholder(together)
    family, given = (
        "" if is_placeholder(part) and not part.isascii() else part for part in (family, given)
    )
    if not (family or given or middle):
        return placeholder(together)
    scripts = {script_of(part) for part in (family, given, middle) if part}
    if scripts <= {"han", "other"} and family and given and "han" in scripts:
        return names_han.of_parts(family, given + middle)
    if scripts == {"latin"}:
        return names_latin.of_parts(family, given, middle)
    return person(" ".join(part for part in (family, given, middle) if part), kind)


def _one_script(cleaned: str) -> tuple[str, str]:
    """Return the Chinese part of a name that is only titles or its own pinyin besides."""
    characters = "".join(_HAN_RUN.findall(cleaned))
    rest = " ".join(_HAN_RUN.sub(" ", cleaned).split())
    words = names_latin.words_of(rest)
    if not words or set(names_latin.fold(rest).split()) <= {"x", "xx", "xxx"}:
        return "han", cleaned if words else characters
    spoken = sorted(syllable for word in words for syllable in names_latin.spelled(word))
    known = names_han.person(characters, "legal")
    if known.sound_key and sorted(known.sound_key.split()) == spoken:
        return "han", characters
    return "mixed", cleaned


def _mixed(cleaned: str) -> Name:
    """Return a name in both scripts; 王yan is 王 and a character the source spelled out."""
    fold = names_latin.fold(han.fold(cleaned)).replace("·", "")
    if _SPELLED_OUT.fullmatch(cleaned) and (sound := _spelled_out(cleaned)):
        return Name(
            cleaned,
            "mixed",
            cleaned[0] if cleaned[0] in names_han.surnames() else None,
            fold_key=_lost_syllables(fold),
            sound_key=sound,
            status="partial",
            rule="chars_lost",
        )
    characters = "".join(_HAN_RUN.findall(cleaned))
    words = names_latin.fold(_HAN_RUN.sub(" ", cleaned)).split()
    sound = " ".join(sorted([*names_han.sound(characters, 0).split(), *words]))
    name = Name(cleaned, "mixed", fold_key=fold, sound_key=sound)
    return names_latin.marked(name)


def _spelled_out(cleaned: str) -> str:
    """Return the reading of Chinese characters with syllables among them, "" if they are none."""
    pieces: list[str] = []
    for piece in re.findall(f"[{han.HAN}]+|[^{han.HAN} ]+", cleaned):
        if re.match(f"[{han.HAN}]", piece):
            pieces.append(names_han.sound(piece, 0) if not pieces else names_han.spoken(piece))
        else:
            syllables = names_latin.spelled(piece)
            if not 1 <= len(syllables) <= 2:
                return ""
            pieces += syllables
    return " ".join(pieces)


def _lost_syllables(fold: str) -> str:
    """Return a folded name with one ``?`` for each syllable written in place of a character."""
    together = fold.replace(" ", "")
    return re.sub("[a-z]+", lambda run: han.LOST * len(names_latin.spelled(run.group())), together)


def _other(cleaned: str) -> Name:
    """Return a name in another script: folded words, nothing read into it."""
    key = names_latin.fold(cleaned)
    return names_latin.marked(
        Name(cleaned, "other", fold_key=key, sound_key=" ".join(sorted(key.split())))
    )


def _by_distinct(values: Texts, read: Callable[[str], Name]) -> pa.Table:
    """Read every distinct value once and lay the results out in the order of ``values``."""
    return on_distinct(texts(values), lambda distinct: as_table(map(read, distinct.to_pylist())))


def as_table(names: Iterable[Name]) -> pa.Table:
    """Return names as a table, one row each."""
    columns = list(zip(*names, strict=True)) or [()] * len(SCHEMA)
    return pa.table([pa.array(column, pa.string()) for column in columns], schema=SCHEMA)
