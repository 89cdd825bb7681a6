"""Quality tables: what was checked, and the verdict."""

from __future__ import annotations

from models.tables.types import Table, columns

QUALITY: tuple[Table, ...] = (
    Table(
        "quality",
        "check_result",
        "one row per declared check of the last run",
        "每项检查一行",
        columns(
            ("check_id", "VARCHAR", "suite.check", "检查"),
            ("layer", "VARCHAR", "landed, normalised, matched or golden", "层"),
            ("table_name", "VARCHAR", "table it looks at", "表"),
            ("title_en", "VARCHAR", "what it demands", "英文名"),
            ("title_zh", "VARCHAR", "what it demands, in Chinese", "中文名"),
            ("dimension", "VARCHAR", "completeness, validity, uniqueness, …", "维度"),
            ("severity", "VARCHAR", "info, warn or critical", "严重度"),
            ("owner", "VARCHAR", "who acts", "负责人"),
            ("outcome", "VARCHAR", "pass, fail, errored or not_evaluated", "结果"),
            ("observed", "VARCHAR", "what was measured, never a personal value", "实测"),
            ("expected", "VARCHAR", "what was demanded", "期望"),
            ("rows_checked", "BIGINT", "rows looked at", "检查行数"),
            ("rows_failed", "BIGINT", "rows that failed, when counted", "失败行数"),
            ("because", "VARCHAR", "why the check exists", "理由"),
            ("because_zh", "VARCHAR", "why the check exists, in Chinese", "中文理由"),
            ("next_step", "VARCHAR", "what to do when it fails", "处置"),
            ("next_step_zh", "VARCHAR", "what to do when it fails, in Chinese", "中文处置"),
        ),
    ),
    Table(
        "quality",
        "failing_row",
        "one row per failing row of a failed row check, up to a limit per check",
        "每个失败检查的每条失败行一行（有上限）",
        columns(
            ("check_id", "VARCHAR", "suite.check", "检查"),
            ("key", "VARCHAR", "record_key or customer_id, never a value", "键"),
        ),
    ),
    Table(
        "quality",
        "previous",
        "one row per metric of the last published version; empty before the first",
        "上一发布版本每个指标一行",
        columns(
            ("metric", "VARCHAR", "customers, records, filled:<column>, …", "指标"),
            ("value", "DOUBLE", "its value then", "值"),
        ),
    ),
    Table(
        "quality",
        "verdict",
        "one row: may this candidate be published?",
        "一行：能否发布",
        columns(
            ("verdict", "VARCHAR", "pass or hold", "判定"),
            ("golden_digest", "VARCHAR", "content digest of the candidate judged", "内容摘要"),
            ("checks", "BIGINT", "checks declared", "检查数"),
            ("blocking", "VARCHAR", "JSON list of check ids that hold it", "阻断项"),
            ("run_id", "VARCHAR", "run that judged", "运行"),
        ),
    ),
)
