"""A ``MatchSpec`` as the YAML a person edits: with the reasons as comments, read back as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from matching.table.recognise import KINDS
from matching.table.spec import FieldSpec, KeySpec, MatchSpec

_HEAD = """\
# How these files are matched · 匹配配置
# Edit it and run again with --config. · 修改后用 --config 重新运行。
#
# fields: what is compared. A kind is one of
#   {kinds}
# Several columns of a date are year, month and day; of other kinds they are joined by a space.
# about: whose the fact is, when not the record's own (employer, mailing, …).
"""
_CLUSTERS = """\
# false_matches: the share of wrong pairs tolerated, as the model estimates it
# review: the weakest probability worth a person's look
# duplicate_free: sources that hold nobody twice: all, none, or a list of their names
"""
_BLOCKING = """\
# blocking: which pairs are compared at all: those that agree on every key of a rule. Without this
# section the rules are proposed anew from the data; this time they were:
"""


def spec_text(spec: MatchSpec, rules: Sequence[KeySpec]) -> str:
    """Return the YAML of ``spec``; ``rules`` are shown as comments where it names none."""
    return "\n".join(_lines(spec, rules)) + "\n"


def _lines(spec: MatchSpec, rules: Sequence[KeySpec]) -> Iterator[str]:
    yield _HEAD.format(kinds=_wrapped(KINDS)).rstrip("\n")
    yield f"version: {spec.version}"
    yield ""
    yield "fields:"
    for field in spec.fields:
        if field.because:
            yield f"  # {field.because}"
        yield f"  - {_flow(_field(field))}"
    if spec.ignore:
        yield ""
        yield "# columns that are not compared, and why · 不参与比较的列及原因"
        yield "ignore:"
        for column, because in spec.ignore.items():
            yield f"  {_flow(column)}: {_flow(because)}"
    yield ""
    if spec.blocking:
        yield "blocking:"
        yield from (f"  - {_flow(_rule(rule))}" for rule in spec.blocking)
    else:
        yield _BLOCKING.rstrip("\n")
        yield "# blocking:"
        yield from (f"#   - {_flow(_rule(rule))}" for rule in rules)
    yield from (f"{name}: {_flow(value)}" for name, value in _rest(spec))
    yield ""
    yield _CLUSTERS.rstrip("\n")
    yield f"clusters: {_flow(spec.clusters.model_dump())}"


def _field(field: FieldSpec) -> dict[str, Any]:
    whole = {"name": field.name, "kind": field.kind, "columns": list(field.columns)}
    return {**whole, "about": field.about} if field.about else whole


def _rule(rule: KeySpec) -> dict[str, Any]:
    return {name: value for name, value in rule.model_dump().items() if value not in ([], None)}


def _rest(spec: MatchSpec) -> Iterator[tuple[str, Any]]:
    if spec.model:
        yield "model", spec.model


def _flow(value: Any) -> str:
    """Return a value as YAML on one line."""
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000
    )
    return text.removesuffix("\n").removesuffix("\n...").rstrip()


def _wrapped(words: Sequence[str]) -> str:
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) > 92:
            lines.append(line.rstrip())
            line = ""
        line += f"{word}, "
    return "\n#   ".join([*lines, line.rstrip(", ")])
