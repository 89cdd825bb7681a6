"""Matched tables: compared pairs, clusters and the identities they are given."""

from __future__ import annotations

from models.tables.normalised import RECORD_KEY
from models.tables.types import Table, columns

MATCHED: tuple[Table, ...] = (
    Table(
        "matched",
        "decision",
        "one row per steward decision and record it names",
        "每项人工决定涉及的每条记录一行",
        columns(
            ("decision_id", "BIGINT", "number in the state database", "决定编号"),
            ("kind", "VARCHAR", "link, split or pin", "类型"),
            (
                "side",
                "VARCHAR",
                "left or right: a split keeps each record of one side from all of the other",
                "侧",
            ),
            RECORD_KEY,
            ("attribute", "VARCHAR", "pin: column of customer", "属性"),
            ("value", "VARCHAR", "pin: the value that shall stand; NULL: none shall", "值"),
            ("author", "VARCHAR", "who decided", "决定人"),
            ("decided_at", "TIMESTAMP", "when, UTC", "决定时间"),
            (
                "status",
                "VARCHAR",
                "in_force, evidence_changed (in force, to be confirmed), refused, no_record",
                "状态",
            ),
            ("because", "VARCHAR", "why it is not simply in force", "说明"),
        ),
    ),
    Table(
        "matched",
        "model",
        "one row: what agreement is worth in this run, as the YAML of matching-model.yml",
        "一行：本次运行所用的匹配模型",
        columns(("text", "VARCHAR", "YAML; holds no value of a customer", "模型文本")),
    ),
    Table(
        "matched",
        "pair",
        "one row per compared pair worth keeping: match, review or veto",
        "每个保留的记录对一行",
        columns(
            ("left_key", "VARCHAR", "record, the smaller key", "左记录"),
            ("right_key", "VARCHAR", "record, the larger key", "右记录"),
            ("decision", "VARCHAR", "match, review or veto", "判定"),
            ("rule", "VARCHAR", "rule that decided", "规则"),
            ("because", "VARCHAR", "the rule's reason", "理由"),
            ("levels", "VARCHAR", "JSON: the level each comparison reached", "比较结果"),
            (
                "score",
                "DOUBLE",
                "the model's odds, 0 to 1; NULL if too few records to learn",
                "强度",
            ),
        ),
    ),
    Table(
        "matched",
        "cluster",
        "one row per normalised record",
        "每条记录一行",
        columns(
            RECORD_KEY,
            ("cluster_id", "VARCHAR", "smallest record_key of the cluster", "簇"),
        ),
    ),
    Table(
        "matched",
        "review",
        "one row per doubtful pair that was not merged",
        "每个待审记录对一行",
        columns(
            ("left_key", "VARCHAR", "record, the smaller key", "左记录"),
            ("right_key", "VARCHAR", "record, the larger key", "右记录"),
            ("rule", "VARCHAR", "rule that doubts", "规则"),
            ("because", "VARCHAR", "why it is doubtful", "理由"),
            (
                "score",
                "DOUBLE",
                "the model's odds, 0 to 1; NULL if too few records to learn",
                "强度",
            ),
        ),
    ),
    Table(
        "matched",
        "weight",
        "one row per answer the model weighs: the prior, a comparison's level, two levels together",
        "模型权重：先验、每个比较的每个等级、以及等级组合，各一行",
        columns(
            ("party_type", "VARCHAR", "person or organisation", "客户类型"),
            (
                "comparison",
                "VARCHAR",
                "comparison; prior; or two of them that depend on each other, joined by +",
                "比较项",
            ),
            ("level", "VARCHAR", "level reached; two where two comparisons stand", "等级"),
            ("match", "DOUBLE", "how often between two records of one party", "同一客户中的概率"),
            ("chance", "DOUBLE", "how often between two strangers", "不同客户间的概率"),
            ("bits", "DOUBLE", "weight: log2 of match over chance", "权重（比特）"),
        ),
    ),
    Table(
        "matched",
        "blocking",
        "one row per blocking rule",
        "每条分块规则一行",
        columns(
            ("rule", "VARCHAR", "blocking rule", "规则"),
            ("blocks", "BIGINT", "blocks of two or more records", "块数"),
            ("biggest", "BIGINT", "records in the biggest block", "最大块"),
            ("pairs", "BIGINT", "pairs the rule proposes", "候选对"),
            ("new_pairs", "BIGINT", "pairs no earlier rule proposed", "新增候选对"),
            (
                "split",
                "BIGINT",
                "oversized blocks divided by a second key",
                "拆分块数",
            ),
            (
                "set_aside",
                "BIGINT",
                "blocks no key could make small enough; their pairs were not compared",
                "搁置块数",
            ),
        ),
    ),
    Table(
        "matched",
        "stop_value",
        "one row per value shared by too many to be evidence",
        "每个过度共享的值一行",
        columns(
            ("kind", "VARCHAR", "mobile, email, identifier, …", "类型"),
            ("value", "VARCHAR", "the value", "值"),
            ("records", "BIGINT", "records that carry it", "记录数"),
            ("names", "BIGINT", "different names among them", "不同姓名数"),
        ),
    ),
    Table(
        "matched",
        "identity",
        "one row per normalised record",
        "每条记录一行",
        columns(
            RECORD_KEY,
            ("customer_id", "VARCHAR", "stable customer id", "客户号"),
        ),
    ),
    Table(
        "matched",
        "identity_event",
        "one row per customer id: what became of it since the previous version",
        "每个客户号自上一版本以来的去向一行",
        columns(
            ("customer_id", "VARCHAR", "customer id", "客户号"),
            ("event", "VARCHAR", "created, kept, merged, split or retired", "事件"),
            ("other_customer_id", "VARCHAR", "merged into, or split from", "相关客户号"),
            ("records", "BIGINT", "records it has, or had when it went", "记录数"),
        ),
    ),
    Table(
        "matched",
        "basis",
        "one row: the published version these identities continue",
        "一行：本次身份所承接的已发布版本",
        columns(
            ("version", "VARCHAR", "previous version, NULL for the first", "上一版本"),
            ("digest", "VARCHAR", "its content digest", "其内容摘要"),
            ("last_id_number", "BIGINT", "highest id number ever given", "已用最大编号"),
        ),
    ),
)
