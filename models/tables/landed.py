"""Tables beside the landed ones: what was loaded, and the rows that could not be."""

from __future__ import annotations

from models.tables.normalised import NORMALISED
from models.tables.types import Table, columns

OBJECT_LOAD = Table(
    "landed",
    "object_load",
    "one row per source object; rows read are live, superseded, deleted, duplicate or rejected",
    "每个来源对象一行；读入行数＝有效＋被更新＋已删除＋重复＋拒收",
    columns(
        ("source", "VARCHAR", "source system", "来源系统"),
        ("object", "VARCHAR", "source object", "来源对象"),
        ("runs", "BIGINT", "runs read: the last full one and all after it", "读取批次数"),
        ("rows_read", "BIGINT", "rows and unreadable lines of those runs", "读入行数"),
        ("rows_live", "BIGINT", "keys in their latest state", "有效行数"),
        ("rows_superseded", "BIGINT", "older states of a key", "被更新行数"),
        ("rows_deleted", "BIGINT", "keys deleted in the source", "已删除行数"),
        ("rows_duplicate", "BIGINT", "identical copies", "重复行数"),
        ("rows_rejected", "BIGINT", "rows in landed.rejected", "拒收行数"),
        ("keys_missing", "BIGINT", "keys a sweep listed that never arrived", "未到达主键数"),
        ("last_run_id", "VARCHAR", "newest run, NULL when never pulled", "最近批次"),
        ("extracted_at", "TIMESTAMP", "when that run was pulled", "抽取时间"),
        ("cursor", "VARCHAR", "where the next pull goes on", "增量游标"),
        ("fingerprint", "VARCHAR", "digest of the runs and rules loaded", "装载指纹"),
    ),
)

REJECTED = Table(
    "landed",
    "rejected",
    "one row per source row that cannot stand in a landed table",
    "每条无法入库的源行一行",
    next(table for table in NORMALISED if table.name == "quarantine").columns,
)
