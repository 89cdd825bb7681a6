"""The closed lists of the shared schema: classes, kinds and attribute names.

The person and organisation model follows GB/T 31186-2014 (bank customer information: one
internal id, many names, identity numbers, addresses and phones). Classes of number and types of
document are kept apart: an identity card, a temporary card and a household booklet carry the
same citizen number (as the PBoC's second-generation credit system codes it, ``10``).
"""

from __future__ import annotations

NAME_KINDS = ("legal", "former", "alias", "latin", "short")

ID_CLASSES = (
    "resident_id",  # GB 11643 citizen number; also residence permits 81/82/83
    "foreigner_permit",  # permanent residence card: 18 digits from 2023, 15 characters before
    "hkmo_permit",  # 港澳居民来往内地通行证: H/M and 8 digits; lifelong
    "tw_permit",  # 台湾居民来往大陆通行证: 8 digits; lifelong
    "passport_cn",
    "passport_foreign",
    "military_id",
    "uscc",  # GB 32100 unified social credit code
    "org_code",  # GB 11714 organisation code, 9 characters; positions 9-17 of a uscc
    "business_reg",  # GS 15 business licence number, 15 digits
    "tax_id",  # 15 or 20 characters, before the uscc
    "lei",  # ISO 17442
    "national_id",  # another country's person number (SSN, TFN, …), with its country
    "company_id",  # another country's company number, with its country
    "other",
)

# Numbers that the state gives once and for life: two different valid ones are two parties.
LIFELONG_ID_CLASSES = ("resident_id", "hkmo_permit", "tw_permit", "uscc")

ADDRESS_USES = ("home", "work", "mail", "registered", "household", "business", "other")

RELATION_TYPES = (
    "spouse",
    "parent",
    "child",
    "household",
    "legal_rep",
    "shareholder",
    "beneficial_owner",
    "guarantor",
    "employer",
    "agent",
    "branch_of",
    "group_of",
)

DATE_ATTRIBUTES = ("birth_date", "registered_on", "deceased_on")

ATTRIBUTES = (
    *DATE_ATTRIBUTES,
    "sex",
    "nationality",
    "occupation",
    "employer",
    "marital_status",
    "education",
    "industry",
    "risk_level",
    "customer_level",
)
