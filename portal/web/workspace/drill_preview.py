"""A drill from what is being written: its map, its opening, and each scene as the learner meets it.

Nothing runs here: no clock, no record. What an option leads to is shown when it is asked for.
"""

from __future__ import annotations

import streamlit as st

from portal.core.drill_grammar import number_text, shown
from portal.core.drill_json import drill_from_json
from portal.core.drill_map import drill_map
from portal.core.drills import Decision, Drill, Inject, Option, Scene
from portal.web import data, drill_words, render, session
from portal.web.session import t
from portal.web.workspace import parts


def show(drill: Drill, line: int, base: str) -> None:
    """The part that ``line`` belongs to, or another that the reader picks; the map when wanted."""
    locale = session.locale()
    st.header(render.label(drill.title.in_(locale)))
    if st.toggle(t("workspace.drill_map"), key=f"workspace.map:{locale}:{drill.path}"):
        st.mermaid_chart(drill_map(drill, locale, {}), alt=t("drill_map.alt"))
    scenes = parts.numbered([one.title.in_(locale) for one in drill.scenes])
    titles = [t("workspace.drill_opening"), *scenes]
    at = max((n for n, one in enumerate(drill.scenes, 1) if one.line <= line), default=0)
    chosen = parts.chosen(t("workspace.drill_part"), titles, at, drill.path)
    if chosen == 0:
        _opening(drill, base)
    else:
        _scene(drill, drill.scenes[chosen - 1], base)


def find(value: str, path: str) -> Drill | None:
    """The drill of what is written now; where that has errors, as it was before them, with a word
    about it; None when it never was without."""
    key = f"workspace.drill:{path}"
    if value:
        session.remember(key, value)
        return _read(value, path)
    before = session.recall(key)
    st.info(t("workspace.drill_before" if before else "workspace.drill_errors"))
    return _read(before, path) if before else None


# Private functions


def _read(value: str, path: str) -> Drill:
    return data.personal(("drill", value), lambda: drill_from_json(value, path=path))


def _opening(drill: Drill, base: str) -> None:
    locale = session.locale()
    role = render.escape(drill.role.in_(locale))
    st.markdown(t("drill.you_are", role=role, minutes=drill.minutes))
    if drill.intro.zh:
        render.show(drill.intro.in_(locale), drill.course, base)
    st.subheader(t("drill.objectives"))
    st.markdown(drill_words.goals(drill, locale))


def _scene(drill: Drill, scene: Scene, base: str) -> None:
    locale = session.locale()
    st.subheader(render.label(scene.title.in_(locale)))
    if scene.is_ending:
        st.caption(t("workspace.drill_is_ending"))
    render.show(scene.text.in_(locale), drill.course, base)
    for one in scene.injects:
        render.show(_news(one), drill.course, base)
    for decision in scene.decisions:
        _decision(drill, decision, base)


def _decision(drill: Drill, decision: Decision, base: str) -> None:
    locale = session.locale()
    with st.container(border=True):
        st.markdown(f"**{render.label(decision.title.in_(locale))}** `#{decision.id}`")
        if decision.text.zh:
            render.show(decision.text.in_(locale), drill.course, base)
        for one in decision.injects:
            render.show(_news(one), drill.course, base)
        limit = t("workspace.drill_limit", n=decision.seconds)
        st.caption(limit if decision.seconds else t("drill.no_limit"))
        st.radio(
            t("drill.choose"),
            range(len(decision.options)),
            index=None,
            format_func=lambda at: _option(decision, at),
            key=f"try-{locale}-{decision.id}-{len(decision.options)}",
            label_visibility="collapsed",
        )
        if st.toggle(t("workspace.drill_answers"), key=f"answers-{locale}-{decision.id}"):
            for option in decision.options:
                render.show(_judged(drill, option), drill.course, base)


def _option(decision: Decision, at: int) -> str:
    known = at in range(len(decision.options))
    return render.escape(decision.options[at].text.in_(session.locale())) if known else ""


def _news(one: Inject) -> str:
    when = f"{'+' if one.is_relative else 'T+'}{number_text(one.minutes)}"
    return "> [!INJECT]\n" + drill_words.quoted(f"**{when}**　{one.text.in_(session.locale())}")


def _judged(drill: Drill, option: Option) -> str:
    """Rating, what it changes, where it leads, and why."""
    locale = session.locale()
    titles = {scene.id: scene.title.in_(locale) for scene in drill.scenes}
    titles |= {decision.id: decision.title.in_(locale) for _, decision in drill.decisions()}
    words = render.escape(option.text.in_(locale))
    parts = [
        drill_words.rating(option.rating),
        *(f"`{shown(effect)}`" for effect in option.effects),
        f"→ {render.escape(titles.get(option.target, option.target))}",
    ]
    lines = [f"**{words}**", " · ".join(parts)]
    if option.condition is not None:
        lines.append(t("workspace.drill_only_if", condition=f"`{shown(option.condition)}`"))
    if option.reason is not None:
        lines.append(drill_words.quoted(option.reason.in_(locale)))
    return "\n\n".join(lines)
