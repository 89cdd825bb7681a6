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

DATA_DICTIONARY = Table(
    "main",
    "data_dictionary",
    "one row per column of this version's tables",
    "本版本每张表的每个字段一行",
    columns(
        ("table_name", "VARCHAR", "table", "表"),
        ("column_name", "VARCHAR", "column", "字段"),
        ("position", "BIGINT", "its place in the table, from 1", "序号"),
        ("type", "VARCHAR", "DuckDB type", "类型"),
        ("meaning_en", "VARCHAR", "what it means", "英文含义"),
        ("meaning_zh", "VARCHAR", "what it means, in Chinese", "中文含义"),
        ("classification", "VARCHAR", "C1, C2 or C3 of JR/T 0171-2020", "数据分级"),
        ("sources", "VARCHAR", "sources its best records come from; NULL: made here", "来源系统"),
        ("table_rows", "BIGINT", "rows of the table", "行数"),
        ("fill_rate", "DOUBLE", "share of rows with a value, 0 to 1", "填充率"),
        ("distinct_values", "BIGINT", "different values, to about 2 %", "不同值个数（近似）"),
    ),
)

# Beside the golden tables, in Parquet too: version_info is of the one file it stands in.
BESIDE_GOLDEN = (VERSION, DATA_DICTIONARY)
