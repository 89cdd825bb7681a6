"""What stands in a published file beside the golden tables."""

from __future__ import annotations

from models.tables.types import Table, columns

# Says which version a reader has open.
VERSION_INFO = Table(
    "main",
    "version_info",
    "one row: this published version",
    "一行：本发布版本",
    columns(
        ("version", "VARCHAR", "name of the version's folder", "版本"),
        ("previous_version", "VARCHAR", "version it continues, NULL for the first", "上一版本"),
        ("published_at", "TIMESTAMP", "when, UTC", "发布时间"),
        ("run_id", "VARCHAR", "run that made it", "运行"),
        ("digest", "VARCHAR", "content digest of the golden tables", "内容摘要"),
        ("customers", "BIGINT", "current customers", "客户数"),
        ("records", "BIGINT", "source records linked", "源记录数"),
        ("last_id_number", "BIGINT", "highest id number ever given", "已用最大编号"),
    ),
)

# Turns the version numbers of customer_history into times. A version that was rolled back, and
# those it led to, are not among them: what it knew is not known any more.
VERSION = Table(
    "main",
    "version",
    "one row per version that led to this one, and this one",
    "本版本及其所承接的每个版本一行",
    columns(
        ("number", "BIGINT", "number of the version", "版本号"),
        ("version", "VARCHAR", "name of its folder", "版本"),
        ("published_at", "TIMESTAMP", "when, UTC", "发布时间"),
    ),
)
