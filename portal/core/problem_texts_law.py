"""Words for faults of citations (L0), of statutes.toml and renumber.tsv (L1), of owners.toml (O)
and of Markdown itself (M)."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.problem_words import ProblemText

LAW_TEXTS: Mapping[str, ProblemText] = {
    "L001": ProblemText(
        "error",
        "引用了没有登记的法规《{law}》。",
        "《{law}》 is cited but not registered as a statute.",
        "核对名称是否写对；确有这部法规的，请在 courses/statutes.toml 里登记。",
        "Check the name; if the statute exists, register it in courses/statutes.toml.",
    ),
    "L002": ProblemText(
        "error",
        "引用了已不是现行有效的《{law}》。",
        "《{law}》 is cited, but that text is no longer in force.",
        "改引{now_zh}，并核对条号；如果是讲历史，请在同一句里写明“已废止”或“旧法”。",
        "Cite {now_en} and check the article; if you mean history, say so in the same sentence"
        " (“repealed”, “superseded”).",
    ),
    "L003": ProblemText(
        "error",
        "《{law}》没有{article_zh}，最后一条是{last_zh}。",
        "《{law}》 has no {article_en}; its last is {last_en}.",
        "核对条号：法规修订后条号可能已经改变。",
        "Check the number: it may have changed when the statute was amended.",
    ),
    "L004": ProblemText(
        "error",
        "《{law}》{article_zh}已经删去，是空号。",
        "{article_en} of 《{law}》 has been deleted; the number stands empty.",
        "改引现在有效的条文。",
        "Cite an article that is in force.",
    ),
    "L005": ProblemText(
        "error",
        "《{law}》的条号范围写反了：{first_zh}到{last_zh}。",
        "The range of articles of 《{law}》 runs backwards: {first_en} to {last_en}.",
        "把小的条号写在前面。",
        "Put the lower number first.",
    ),
    "L006": ProblemText(
        "warning",
        "提到了《{law}》，它已不是现行有效的法规。",
        "《{law}》 is named, but it is no longer in force.",
        "改为{now_zh}；如果是讲历史，请在同一句里写明“已废止”或“旧法”。",
        "Name {now_en} instead; if you mean history, say so in the same sentence"
        " (“repealed”, “superseded”).",
    ),
    "L007": ProblemText(
        "error",
        "“{law}”指哪一部法规？前文没有提到。",
        "Which statute does “{law}” mean? None was named before it.",
        "写出法规的全名或简称。",
        "Write the statute's name.",
    ),
    "L101": ProblemText(
        "error",
        "法规登记表读不了：{reason}",
        "The register of statutes can not be read: {reason}",
        "检查这一行的引号、等号和方括号；照着旁边的条目写。",
        "Check quotes, equals signs and brackets on this line; follow the entries beside it.",
    ),
    "L102": ProblemText(
        "error",
        "登记项“{entry}”的 {key} 缺少或不对：{value}。",
        "Entry “{entry}”: {key} is missing or wrong: {value}.",
        "title、short、english 写文字，effective 写日期（如 2026-01-01），articles 写正整数，"
        'in_force 写 true 或 false，inserted 和 deleted 写条号列表（如 ["291-1"]）。',
        "title, short and english are text, effective is a date (2026-01-01), articles a positive"
        ' number, in_force true or false, inserted and deleted lists of articles (["291-1"]).',
    ),
    "L103": ProblemText(
        "warning",
        "登记项“{entry}”里有不认识的字段 {key}。",
        "Entry “{entry}” has a field that nobody reads: {key}.",
        "检查拼写；可用的字段写在文件开头。",
        "Check its spelling; the fields are listed at the top of the file.",
    ),
    "L104": ProblemText(
        "error",
        "名称“{name}”已由“{entry}”登记，这里又登记了一次。",
        "The name “{name}” is already registered by “{entry}”.",
        "同一名称只能有一个现行文本；旧文本写 in_force = false，并写不同的 version。",
        "A name has one text in force; mark older ones in_force = false, with their own version.",
    ),
    "L105": ProblemText(
        "error",
        "“{entry}”的 replaced_by 写的是“{name}”，但没有登记这样一部现行法规。",
        "“{entry}” names “{name}” as its successor, but no such statute in force is registered.",
        "核对名称，或先登记取代它的法规。",
        "Check the name, or register the successor first.",
    ),
    "L106": ProblemText(
        "error",
        "条号对照表缺少列：{columns}。",
        "The table of renumbered articles lacks columns: {columns}.",
        "第一行写 law、old_version、old_article、new_article（可加 remark），用制表符分隔。",
        "Let the first line name law, old_version, old_article, new_article (and remark, if you"
        " like), separated by tabs.",
    ),
    "L107": ProblemText(
        "error",
        "条号对照表的这一行不对：{row}",
        "This row of the table of renumbered articles is wrong: {row}",
        "条号写作 33 或 291-2，新条号可以留空；同一旧条号只写一次。",
        "Write articles as 33 or 291-2; the new one may be empty; each old one stands once.",
    ),
    "L108": ProblemText(
        "warning",
        "条号对照表超过 {limit} 行，后面的没有读。",
        "The table of renumbered articles has more than {limit} rows; the rest was not read.",
        "删去早已改完的法规的对照。",
        "Delete the rows of statutes whose citations were renewed long ago.",
    ),
    "O001": ProblemText(
        "error",
        "课程负责人登记表读不了：{reason}",
        "The register of owners can not be read: {reason}",
        "检查引号、等号和方括号；每个负责人一段 [[owner]]。",
        "Check quotes, equals signs and brackets; each owner is an [[owner]] of its own.",
    ),
    "O002": ProblemText(
        "error",
        "负责人“{entry}”的 {key} 缺少或不对：{value}。",
        "Owner “{entry}”: {key} is missing or wrong: {value}.",
        'name 写课程里的负责人名称，holders 和 successors 写工号列表（如 ["B-0001"]），'
        "holders 不能空。",
        "name is the owner as courses write it; holders and successors are lists of staff numbers"
        ' (["B-0001"]); holders must not be empty.',
    ),
    "O003": ProblemText(
        "warning",
        "负责人“{entry}”里有不认识的字段 {key}。",
        "Owner “{entry}” has a field that nobody reads: {key}.",
        "可用的字段：name、holders、successors。",
        "The fields are name, holders and successors.",
    ),
    "O004": ProblemText(
        "error",
        "负责人“{entry}”登记了两次。",
        "Owner “{entry}” is registered twice.",
        "合并成一段。",
        "Make one entry of the two.",
    ),
    "M001": ProblemText(
        "warning",
        "不认识的提示框“[!{kind}]”，会当作普通引文显示。",
        "“[!{kind}]” is no callout that is known; it is shown as an ordinary quotation.",
        "可用：[!NOTE] [!TIP] [!WARNING] [!LAW] [!CASE] [!INJECT]。",
        "Use [!NOTE], [!TIP], [!WARNING], [!LAW], [!CASE] or [!INJECT].",
    ),
    "M002": ProblemText(
        "warning",
        "图片“{source}”不在课程文件夹里，不会显示。",
        "The picture “{source}” is not in the course's folder and is not shown.",
        "把图片放进课程的 assets 文件夹，用相对链接引用。",
        "Put the picture into the course's assets folder and link to it there.",
    ),
    "M003": ProblemText(
        "warning",
        "脚注“[^{label}]”没有对应的注释。",
        "The footnote “[^{label}]” has no text.",
        "在同一节里另起一行写“[^{label}]: 注释内容”。",
        "Write “[^{label}]: its text” on a line of its own in the same section.",
    ),
    "M004": ProblemText(
        "warning",
        "HTML 标签 {tag} 不会生效，会原样显示。",
        "The HTML tag {tag} does nothing; it is shown as it is written.",
        "改用 Markdown 写法；要显示标签本身，请放进反引号里。",
        "Use Markdown instead; to show a tag, put it between backticks.",
    ),
}
