"""The settings as a Markdown table, for the operator's guide."""

from __future__ import annotations

from pathlib import Path

from portal.settings import HOME, SETTINGS, Settings, Value

_HEADS = {
    "zh": "| 设置 | 环境变量 | 类型 | 默认值 | 含义 |",
    "en": "| setting | variable | type | default | meaning |",
}


def table(locale: str) -> str:
    """All settings in the order of ``SETTINGS``, in ``zh`` or ``en``; ends with a line break."""
    lines = [_HEADS[locale], "| --- | --- | --- | --- | --- |"]
    defaults = Settings()
    for setting in SETTINGS:
        cells = (
            f"`{setting.name}`",
            f"`{setting.variable}`",
            setting.type.replace("|", "\\|"),
            _shown(getattr(defaults, setting.name)),
            setting.zh if locale == "zh" else setting.en,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _shown(value: Value) -> str:
    if isinstance(value, Path):
        value = f"./{value.relative_to(HOME)}".removesuffix(".")
    elif isinstance(value, bool):
        value = str(value).lower()
    elif isinstance(value, tuple):
        value = ",".join(map(str, value))
    return f"`{value}`" if value != "" else ""


if __name__ == "__main__":
    print(table("zh"))
    print(table("en"))
