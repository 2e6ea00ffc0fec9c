"""Before publishing: who stands on the questions that change, and what becomes of their answers."""

from __future__ import annotations

import streamlit as st

from portal.actions import publishing, regrading
from portal.actions.errors import Refused
from portal.actions.publishing_impact import Counts, Impact, Standing
from portal.web import data, render, session
from portal.web.session import t

_COUNTED_FOR = 10  # minutes
_MOST_IDS = 10
_MOST_SHOWN = 20


def show(change_id: int, found: list[Impact]) -> None:
    """What publishing the change does, file by file."""
    for one in found:
        for name in ("added", "changed", "removed"):
            ids = getattr(one, name)
            if ids:
                shown = t("common.list_separator").join(f"#{key}" for key in ids[:_MOST_IDS])
                st.write(t(f"workspace.impact_{name}", n=len(ids), ids=render.escape(shown)))
        for remark in one.remarks:
            words = t(remark.key, **remark.args)
            (st.warning if remark.asks else st.write)(words)
    if all(not (one.added or one.changed or one.removed or one.remarks) for one in found):
        st.caption(t("workspace.impact_none"))
    standings = [one for impact in found for one in impact.standings]
    # what asks stands first
    first = sorted(standings, key=lambda one: not one.decides)[:_MOST_SHOWN]
    with st.spinner(t("impact.counting")):
        counted = [_counts(one) for one in first]
    for standing, counts in zip(first, counted, strict=True):
        _standing(change_id, standing, counts)
    if len(standings) > _MOST_SHOWN:
        st.caption(t("impact.more", n=len(standings) - _MOST_SHOWN))


# Private functions


def _counts(one: Standing) -> Counts:
    """Who stands on the question. In a city that takes a while, so a figure serves ten minutes."""
    portal, me = session.portal(), session.person()
    moment = portal.now().replace(second=0, microsecond=0)
    hold = moment.replace(minute=moment.minute - moment.minute % _COUNTED_FOR)
    key = ("impact", me.id, one.question_id, one.versions, hold)
    return data.personal(key, lambda: publishing.counts(portal, me, one))


def _in_words(one: Counts) -> str:
    words = []
    if one.attempts:
        words.append(
            t("impact.stands", attempts=one.attempts, people=one.people, passed=one.passed)
        )
    for name in ("completions", "open", "checkpoints"):
        if getattr(one, name):
            words.append(t(f"impact.{name}", n=getattr(one, name)))
    return " ".join(words) or t("impact.nobody")


def _standing(change_id: int, one: Standing, counts: Counts) -> None:
    with st.container(border=True):
        st.markdown(f"**{render.label(one.title)}** `#{one.question_id}`")
        if one.gone:
            st.caption(t("impact.gone"))
        else:
            names = [t(f"impact.change_{change}") for change in one.changes]
            words = t("common.list_separator").join(names) or t("impact.change_none")
            st.caption(t("impact.changes", words=words))
        st.write(_in_words(counts))
        if counts.passed:
            _people(one)
        if one.decides:
            _decision(change_id, one, counts)


def _people(one: Standing) -> None:
    """Names, for who manages people among them."""
    if not session.person().managed_paths:
        return
    if st.toggle(t("impact.who"), key=f"impact-who-{one.question_id}"):
        rows = regrading.people_on(
            session.portal(), session.person(), one.question_id, one.versions
        )
        if not rows:
            st.caption(t("impact.who_none"))
        lines = [f"- {render.escape(row['name'])} · {render.escape(row['unit'])}" for row in rows]
        st.markdown("\n".join(lines))


def _decision(change_id: int, one: Standing, counts: Counts) -> None:
    if one.choice is not None:
        words = t(f"impact.chosen_{one.choice['deed']}")
        st.success(f"{words} {t('impact.because', reason=render.escape(one.choice['reason']))}")
        if not st.toggle(t("impact.choose_again"), key=f"impact-again-{one.question_id}"):
            return
    else:
        st.warning(t("impact.decide"))
    deeds = [deed for deed in regrading.DEEDS if deed != "regrade" or one.obstacle is None]
    if one.obstacle is not None:
        st.caption(t(f"error.decision_{one.obstacle}"))
    with st.form(f"impact-choice-{one.question_id}", border=False):
        deed = st.radio(
            t("impact.what"),
            deeds,
            format_func=lambda name: t(f"impact.deed_{name}"),
            captions=[_means(name, counts) for name in deeds],
            index=None,
        )
        take = False
        if counts.passed:
            take = st.checkbox(t("impact.take_passes"))
            st.caption(t("impact.take_passes_help", passed=counts.passed))
        reason = st.text_input(t("impact.reason"), max_chars=regrading.LONGEST)
        if not st.form_submit_button(t("impact.choose")):
            return
    if deed is None:
        st.warning(t("impact.choose_one"))
        return
    try:
        publishing.choose(
            session.portal(),
            session.person(),
            change_id,
            one.question_id,
            deed,
            reason or "",
            take_passes=take,
        )
    except Refused as refused:
        st.warning(t(refused.key, **refused.args_by_name))
        return
    st.rerun()


def _means(deed: str, counts: Counts) -> str:
    """What a choice does, and to how many."""
    return t(f"impact.deed_{deed}_means", attempts=counts.attempts, people=counts.people)
