"""Derive the table of legal forms that Latin company names end with.

Run by a maintainer, with ``cleanco`` installed::

    python -m scripts.derive_company_forms

The package lists the abbreviations of some sixty countries; spelled-out forms are our own. Forms
that are words of their own at the end of a name (UK, OK) are left out. The written table is
committed, sorted, and read at run time by ``matching.compare.companies_latin``.
"""

from __future__ import annotations

import ast
import re
from importlib.metadata import distribution
from pathlib import Path

from models.fields.names_latin import fold
from models.fields.reference import words
from scripts.derive_han_tables import write

# One spelling for the forms people write in two ways or in full; the others stand for themselves.
SPELLINGS = {
    "inc": "inc|incorporated",
    "corp": "corp|corporation",
    "co": "co|company|and co|and company|cie|et cie|compagnie|und co|y cia|cia",
    "ltd": "ltd|limited|co ltd|company limited|co limited|company ltd|ltda|limitada",
    "llc": "llc|limited liability company|pllc",
    "plc": "plc|public limited company|public co ltd|public company limited|pcl",
    "llp": "llp|limited liability partnership|lllp",
    "lp": "lp|limited partnership",
    "gmbh": "gmbh|mbh|ges mbh|gesmbh|gesellschaft mit beschrankter haftung|ggmbh",
    "gmbh co kg": "gmbh co kg|gmbh and co kg|gmbh and co|mbh and co kg|ag and co kg|co kg",
    "ag": "ag|aktiengesellschaft",
    "se": "se|societas europaea",
    "sa": "sa|societe anonyme|sociedad anonima|sociedade anonima",
    "sarl": "sarl|societe a responsabilite limitee",
    "sas": "sas|sasu|societe par actions simplifiee",
    "spa": "spa|societa per azioni",
    "srl": "srl|srls|societa a responsabilita limitata",
    "bv": "bv|besloten vennootschap",
    "nv": "nv|naamloze vennootschap",
    "ab": "ab|aktiebolag|aktiebolaget|publ ab|ab publ",
    "as": "as|aksjeselskap|a s|aktieselskab|asa",
    "oy": "oy|oyj|osakeyhtio|oy ab",
    "kk": "kk|kabushiki kaisha|kabushiki gaisha",
    "gk": "gk|godo kaisha",
    "pt": "pt tbk|tbk",
    "sa de cv": "sa de cv|sab de cv|s de rl de cv|sapi de cv",
    "sp zoo": "sp zoo|sp z oo|spolka z oo",
    "pvt ltd": "pvt ltd|private limited|pte ltd|pte limited|pty ltd|pty limited|p ltd|private ltd",
    "sdn bhd": "sdn bhd|sendirian berhad",
    "bhd": "bhd|berhad",
    "sro": "sro|spol s ro",
    "kft": "kft|korlatolt felelossegu tarsasag",
    "zrt": "zrt|zartkoruen mukodo reszvenytarsasag",
    "na": "na|national association",
}
# Forms somewhere, words or abbreviations of something else in most names.
NOT_FORMS = words(
    "uk ok at da et pp dat sep sem fa private pse psu sd cpt etat teo ii is coop ses ent ei og bl "
    "ba ec ik ij ad ay mb cic nl pc ps sp gp hf sf ee oe ep hb fie gte peec sal aj vat ud sc ca "
    "cio ans rt ss scoop stg cxa od eu koop"
)


def main() -> None:
    """Write the table: the form, then its spellings."""
    found = {spelling: form for form, all_ in SPELLINGS.items() for spelling in all_.split("|")}
    for term in _package_terms():
        spelling = " ".join(fold(re.sub(r"[./]", "", term.replace("&", " and "))).split())
        if spelling.isascii() and len(spelling) > 1 and spelling not in NOT_FORMS:
            found.setdefault(spelling, spelling.removeprefix("and "))
    forms = sorted(set(found.values()))
    write(
        "company_forms.tsv",
        (f"{form}\t{'|'.join(sorted(s for s in found if found[s] == form))}" for form in forms),
    )


def _package_terms() -> set[str]:
    path = distribution("cleanco").locate_file("cleanco/termdata.py")
    tree = ast.parse(Path(str(path)).read_text(encoding="utf-8"))
    tables = [ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign)]
    return {term for table in tables for terms in table.values() for term in terms}


if __name__ == "__main__":
    main()
