"""What the verbs about registers say, in English and Chinese."""

from __future__ import annotations

__all__ = ["REGISTER_WORDS"]

REGISTER_WORDS: dict[str, tuple[str, str]] = {
    # batch
    "batch_title": ("Decided: {file}", "已判定：{file}"),
    "batch_outcome": ("{outcome}: {count}", "{outcome}：{count}"),
    "batch_undetermined": (
        "not determined, as facts are missing or the sources leave it open: {count}",
        "缺少事实或现有依据未作定论，不能得出结论：{count}",
    ),
    "batch_conflict": ("the rules contradict each other: {count}", "规则相互矛盾：{count}"),
    "batch_no_rule": ("no rule applies: {count}", "没有规则适用：{count}"),
    "batch_missing": (
        "No column has these facts, which may matter: {facts}. --also needs shows which of them each row lacks.",
        "登记册没有以下可能影响结论的事实：{facts}。用 --also needs 可逐行显示缺少哪些。",
    ),
    # register, impact
    "register_title": ("What a synthetic register is made from: {title}", "模拟登记册的假设：{title}"),
    "register_synthetic": (
        "No row stands for a real product, and each says so. Only what is published has a source; all else is assumed. "
        "{command} makes rows.",
        "各行均为模拟数据，不代表真实产品，并逐行注明。标明“已公布”的比例有出处，其余均为假设。生成数据：{command}",
    ),
    "basis_published": ("published", "已公布"),
    "basis_assumed": ("assumed", "假设"),
    "assumption": ("{where} — {basis}", "{where}——{basis}"),
    "share": ("{share} %: {value}", "{share}%：{value}"),
    "impact_title": ("What the change does to {register}", "改动对 {register} 的影响"),
    "impact_rows": ("Rows: {count}", "登记册行数：{count}"),
    "impact_changed": ("another answer: {count}", "结论改变：{count}"),
    "impact_unchanged": ("the same answer: {count}", "结论不变：{count}"),
    "impact_undecided": ("cannot be decided: {count}", "不能得出结论：{count}"),
    "impact_rejected": ("rejected: {count}", "不予采用：{count}"),
    "impact_no_rows": ("The register has no rows.", "登记册中没有数据行。"),
    "impact_approvals": (
        "Rows that need an approval: {before} before, {after} after",
        "需要准入的行：改动前 {before} 行，改动后 {after} 行",
    ),
    "impact_unsure": (
        "not sure whether they do: {before} before, {after} after",
        "是否需要准入不能确定的行：改动前 {before} 行，改动后 {after} 行",
    ),
    "impact_synthetic": (
        "{count} rows are labelled synthetic: they show how the change works, not how many products it touches.",
        "其中 {count} 行注明为模拟数据，只说明改动如何起作用，不说明涉及多少产品。",
    ),
    "impact_synthetic_one": (
        "{count} row is labelled synthetic: it shows how the change works, not how many products it touches.",
        "其中 {count} 行注明为模拟数据，只说明改动如何起作用，不说明涉及多少产品。",
    ),
    "impact_asked": ("Asked: {facts}.", "询问条件：{facts}。"),
    "impact_between": ("Before: {before}. After: {after}.", "改动前：{before}。改动后：{after}。"),
    "impact_near": (
        "The column {column} is not read as a fact. If it is “{fact}”, name it {name} or say so with --map.",
        "未将列 {column} 作为事实读取。如其为“{fact}”，请将列名改为 {name}，或者用 --map 指明。",
    ),
    "impact_answer": ("Where the answer changes", "结论改变的情形"),
    "impact_details": ("Where the answer stays and its details change", "结论不变、相关要求改变的情形"),
    "impact_reasons": (
        "Rows of which only the reasons change, such as rules or sources: {count}; --format json lists the regions.",
        "仅依据（如规则、出处）改变的行：{count}；用 --format json 列出各种情形。",
    ),
    "impact_from_to": ("{before} → {after}", "{before} → {after}"),
    "rows": ("{count} rows", "{count} 行"),
    "rows_one": ("{count} row", "{count} 行"),
    "impact_partly": (
        "and perhaps {count} rows more, where facts are missing",
        "另有 {count} 行缺少事实，可能属于此情形",
    ),
    "impact_partly_one": (
        "and perhaps {count} row more, where facts are missing",
        "另有 {count} 行缺少事实，可能属于此情形",
    ),
    "impact_before": ("before: {rules}", "改动前：{rules}"),
    "impact_after": ("after: {rules}", "改动后：{rules}"),
    "impact_by_value": (
        "by {column}: {values}",
        "按“{column}”：{values}",
    ),
    "impact_several": (
        "Further rows of which the answer changes, though missing facts leave open in which of the regions they are: "
        "{count}.",
        "另有结论改变、但因缺少事实不能确定属于何种情形的行：{count}。",
    ),
    "impact_empty": (
        "In {count} further regions the register has no row.",
        "另有 {count} 种情形，登记册中没有对应的行。",
    ),
    "impact_empty_one": (
        "In {count} further region the register has no row.",
        "另有 {count} 种情形，登记册中没有对应的行。",
    ),
    "impact_none": ("No answer changes anywhere.", "没有任何结论改变。"),
    "impact_by": (
        "By {column}",
        "按“{column}”统计",
    ),
    "impact_by_more": (
        "Values not shown: {count}, with {rows} rows; --format json lists them.",
        "未列出的取值：{count} 个，共 {rows} 行；用 --format json 列出全部。",
    ),
    "column_rows": ("rows", "行数"),
    "column_changed": ("changed", "改变"),
    "column_before": ("approvals before", "改动前需准入"),
    "column_after": ("approvals after", "改动后需准入"),
    "column_undecided": ("undecided", "不能得出结论"),
    "column_rejected": ("rejected", "不予采用"),
    "value_empty": ("(empty)", "（空）"),
    "value_unreadable": ("(cannot be read)", "（无法读取）"),
    "undecided_title": ("Rows that cannot be decided", "不能得出结论的行"),
    "undecided_missing": ("{rows}: facts are missing and matter — {facts}", "{rows}：缺少影响结论的事实——{facts}"),
    "undecided_open": ("{rows}: the sources leave it open", "{rows}：现有依据未作定论"),
    "undecided_conflict": ("{rows}: the rules contradict each other", "{rows}：规则相互矛盾"),
    "undecided_no_rule": ("{rows}: no rule applies", "{rows}：没有规则适用"),
    "undecided_before": ("only before the change", "仅改动前如此"),
    "undecided_after": ("only after the change", "仅改动后如此"),
    "undecided_may_change": ("{count} of them may get another answer", "其中 {count} 行的结论可能改变"),
    "fact_without_column": ("{fact} (no column has it)", "{fact}（登记册没有此列）"),
    "rejected_title": ("Rejected rows", "不予采用的行"),
    "rejected_row": ("row {row}", "第 {row} 行数据"),
    "rejected_line": ("row {row}, line {line} of the file", "第 {row} 行数据（文件第 {line} 行）"),
    "rejected_cell": ("{column}: {message}", "{column}：{message}"),
    "rejected_more": (
        "Not shown: {count}. With --rejected FILE all of them are written.",
        "未列出：{count} 行。可用 --rejected 文件 写出全部。",
    ),
    "rejected_written": (
        "All of them are in {file}: {count}.",
        "全部已写入 {file}：{count} 行。",
    ),
}
