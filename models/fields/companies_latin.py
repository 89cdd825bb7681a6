"""Names of organisations in Latin letters, taken apart like the Chinese ones."""

from __future__ import annotations

import re
from functools import cache

from models.fields import han
from models.fields.divisions import divisions, short_name
from models.fields.name import Name, script_of
from models.fields.names_latin import fold
from models.fields.reference import words

# Legal forms by their words, and the form each stands for.
_FORMS: dict[tuple[str, ...], str] = {
    tuple(spelling.split()): unified
    for unified, spellings in {
        "ltd": "co ltd|company limited|co limited|company ltd|ltd co|ltd|limited|ltda|limitada",
        "pvt ltd": "pvt ltd|private limited|pte ltd|pte limited|pty ltd|pty limited|sdn bhd",
        "inc": "inc|incorporated|co inc|company inc",
        "corp": "corp|corporation",
        "llc": "llc|co llc|limited liability company",
        "llp": "llp|lp|limited partnership|limited liability partnership",
        "plc": "plc|public limited company",
        "gmbh": "gmbh|gmbh co kg|gmbh and co kg|mbh",
        "ag": "ag|se|kgaa",
        "sa": "sa|sas|sarl|spa|srl|sl|sau|sasu",
        "nv": "nv|bv",
        "ab": "ab|as|asa|oy|oyj|aps",
        "kk": "kk|kabushiki kaisha",
        "na": "na|national association",
        "co": "co|company",
    }.items()
    for spelling in spellings.split("|")
}
_LONGEST_FORM = max(map(len, _FORMS))
_BRANCH_WORDS = words("branch office outlet division subbranch")
_FORMERLY = re.compile(r"\((?:formerly|fka|f/k/a|previously)[^()]*\)", re.IGNORECASE)
_BRACKET = re.compile(r"\(([^()]*)\)")
_OTHER_PLACES = words("china hongkong macau macao taiwan prc")


def read(cleaned: str) -> Name:
    """Return the parts of a cleaned name; ``fold_key`` is NULL when no letter is left."""
    shown = " ".join(_FORMERLY.sub(" ", cleaned).split()).strip(" ,;")
    regions = [region for region in map(_folded, _BRACKET.findall(shown)) if region]
    tokens = _folded(_BRACKET.sub(" ", shown)).split()
    start, stop, form = _form(tokens)
    head, tail = tokens[:start], tokens[stop:]
    branch = ""
    if set(tail) & _BRANCH_WORDS:
        branch = " ".join(tail)
    elif not form and len(head) > 2 and head[-1] in _BRANCH_WORDS:
        branch, head = " ".join(head[-2:]), head[:-2]
    else:
        head += tail
    core, region = _core(head)
    whole = [*head, *([form] if form else []), *regions, *branch.split()]
    return Name(
        shown,
        script_of(shown),
        fold_key=" ".join(whole) or None,
        sound_key=" ".join(sorted(core)) or None,
        org_region=region or next(iter(regions), None),
        org_core=" ".join(core) or None,
        org_form=form or None,
        org_branch=branch or None,
    )


def _folded(text: str) -> str:
    """Return lower-case words; dots join (S.A. → sa), the ampersand is a word."""
    return fold(re.sub(r"\.(?=\s|,|$|\w\b)", "", text).replace("&", " and "))


def _form(tokens: list[str]) -> tuple[int, int, str]:
    """Return where the last legal form begins and ends, and its unified name ("" for none)."""
    for stop in range(len(tokens), 1, -1):
        for size in range(min(_LONGEST_FORM, stop - 1), 0, -1):
            if unified := _FORMS.get(tuple(tokens[stop - size : stop])):
                return stop - size, stop, unified
    return len(tokens), len(tokens), ""


def _core(head: list[str]) -> tuple[list[str], str | None]:
    """Return the distinctive words, and the Chinese city or province the name begins with."""
    core = head[1:] if len(head) > 1 and head[0] == "the" else head
    if len(core) > 1 and core[0] in _places():
        return core[1:], core[0]
    return core, core[-1] if len(core) > 1 and core[-1] in _OTHER_PLACES else None


@cache
def _places() -> frozenset[str]:
    """Return the names of provinces and cities in pinyin, as one word."""
    names = [short_name(name) for code, name in divisions().items() if code[4:] == "00"]
    return frozenset("".join(map(han.syllable, name)) for name in names)
