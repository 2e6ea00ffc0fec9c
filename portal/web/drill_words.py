"""What drills say in the reader's language: ratings, the situation board, after-action reports.

Everything is composed as Markdown and shown by the one renderer; words of options are plain text
and escaped, reasons and injects are the author's Markdown.
"""

from __future__ import annotations

from collections.abc import Sequence

from portal.actions.drill_views import Gauge
from portal.core.citations import find_citations
from portal.core.drill_grammar import Value, number_text
from portal.core.drill_report import Judged, Moment, Report
from portal.core.drill_run import Arrived
from portal.core.drill_scores import ObjectiveScore
from portal.core.drills import Drill, Inject, Rating
from portal.core.questions import Citation
from portal.core.statutes import StatuteRegistry
from portal.web import render
from portal.web.session import t

_SIGNS = {"P": "●", "S": "◕", "M": "◔", "U": "○"}


def rating(given: Rating | None) -> str:
    """``● 做到 (P)``: shape, word and letter; never colour alone."""
    if given is None:
        return t("drill.not_met")
    return f"{_SIGNS[given]} {_rating_word(given)} ({given})"


def minute(clock: float) -> str:
    """Scenario minutes as exercises write them, ``T+5`` or ``T+1:30``."""
    whole, rest = divmod(round(clock * 60), 60)
    return f"T+{whole}:{rest:02d}" if rest else f"T+{whole}"


def value(given: Value) -> str:
    """A number, or yes or no."""
    if isinstance(given, bool):
        return t("drill.yes") if given else t("drill.no")
    return number_text(given)


def board(gauges: Sequence[Gauge], locale: str) -> str:
    """The situation as a row of badges, each with what the last decision changed."""
    return f"{t('drill.board')} " + " ".join(
        f":gray-badge[{render.escape(one.label.in_(locale))} **{value(one.value)}**{_change(one)}]"
        for one in gauges
    )


def inject(arrived: Arrived, locale: str) -> str:
    """One inject as a callout."""
    text = news(arrived.inject, locale)
    return "> [!INJECT]\n" + quoted(f"**{minute(arrived.clock)}**　{text}")


def news(inject: Inject, locale: str) -> str:
    """The words of an inject as Markdown."""
    text = inject.text.in_(locale)
    return render.escape(text) if inject.is_plain else text


def judged(one: Judged, locale: str, *, is_mine: bool) -> str:
    """A decision beside the best one, with reason and law; ``is_mine``: the reader's alone."""
    lines = [f"**{t('drill.mine' if is_mine else 'drill.taken')}** {_mine(one, locale)}"]
    if one.mine.reason is not None:
        lines.append(quoted(one.mine.reason.in_(locale)))
    if not one.is_best:
        best = render.escape(one.best.text.in_(locale))
        lines.append(f"**{t('drill.better')}** {best}")
        if one.best.reason is not None:
            lines.append(quoted(one.best.reason.in_(locale)))
    laws = [_law(law) for law in one.decision.laws]
    if laws:
        lines.append(f"**{t('drill.law')}** {t('common.list_separator').join(laws)}")
    return "\n\n".join(lines)


def next_time(gaps: Sequence[Judged], statutes: StatuteRegistry, locale: str) -> str:
    """What to do next time, a line a gap: the better way in bold, when, and by which law."""
    lines = []
    for n, one in enumerate(gaps, start=1):
        when = [render.escape(one.decision.title.in_(locale)), _first_law(one, statutes, locale)]
        note = t("drill.point_separator").join(filter(None, when))
        best = render.escape(one.best.text.in_(locale))
        lines.append(f"{n}. **{best}**{t('drill.point_note', note=note)}")
    return "\n".join(lines)


def objectives(scores: Sequence[ObjectiveScore], locale: str) -> str:
    """The ratings by objective as a table."""
    head = [t("drill.objective"), t("drill.rating"), t("drill.decisions")]
    rows = [
        [objective_title(one, locale), _rating_of(one), str(one.decisions or "—")] for one in scores
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * 3, *rows])


def objective_title(score: ObjectiveScore, locale: str) -> str:
    """The objective's title; critical ones say so."""
    title = render.escape(score.objective.title.in_(locale))
    return f"{title}{t('drill.critical')}" if score.objective.critical else title


def timeline(report: Report, locale: str) -> str:
    """What happened, in order, as a list."""
    return "\n".join(f"- {_moment(one, locale)}" for one in report.moments)


def verdict(report: Report) -> str:
    """The result in one sentence, with what matters most about it."""
    count = len(report.gaps)
    if report.is_best and not count:
        return t("drill.verdict_best")
    if not count:
        return t("drill.verdict_good")
    return t("drill.verdict_best_but" if report.is_best else "drill.verdict_gaps", n=count)


def goals(drill: Drill, locale: str) -> str:
    """What the drill trains, as a list; critical objectives say so."""
    return "\n".join(
        f"- {render.escape(one.title.in_(locale))}{t('drill.critical') if one.critical else ''}"
        for one in drill.objectives
    )


def quoted(markdown: str) -> str:
    """Markdown as a quotation, line by line."""
    return "\n".join(f"> {line}" for line in markdown.split("\n"))


# Private functions


def _rating_word(given: Rating) -> str:
    match given:
        case "P":
            return t("drill.rating_P")
        case "S":
            return t("drill.rating_S")
        case "M":
            return t("drill.rating_M")
        case "U":
            return t("drill.rating_U")


def _rating_of(score: ObjectiveScore) -> str:
    capped = t("drill.capped") if score.is_capped else ""
    return rating(score.rating) + capped


def _change(gauge: Gauge) -> str:
    before, now = gauge.before, gauge.value
    if before == now or isinstance(before, bool) or isinstance(now, bool):
        return t("drill.changed") if before != now else ""
    sign = "▲" if now > before else "▼"
    return f" {sign}{number_text(abs(now - before))}"


def _mine(one: Judged, locale: str) -> str:
    words = render.escape(one.mine.text.in_(locale))
    late = t("drill.by_clock") if one.taken.by_clock else ""
    return f"{words}{late} — {rating(one.rating)}"


def _moment(moment: Moment, locale: str) -> str:
    time = f"**{minute(moment.clock)}** "
    if moment.scene is not None:
        return time + t("drill.scene", title=render.escape(moment.scene.title.in_(locale)))
    if moment.inject is not None:
        return time + "✉ " + _flat(news(moment.inject.inject, locale))
    if moment.ending is not None:
        return time + t("drill.ending", title=render.escape(moment.ending.title.in_(locale)))
    assert moment.judged is not None  # exactly one of the four is set
    title = render.escape(moment.judged.decision.title.in_(locale))
    return f"{time}{title} → {_mine(moment.judged, locale)}"


def _first_law(one: Judged, statutes: StatuteRegistry, locale: str) -> str:
    """The article that the better way rests on, as it is cited; "" where none is."""
    if one.decision.laws:
        return _law(one.decision.laws[0])
    reason = one.best.reason.in_(locale) if one.best.reason is not None else ""
    found = find_citations(reason, statutes)
    return reason[found[0].start : found[0].end] if found else ""


def _law(law: Citation) -> str:
    number = law.article.replace("-", "条之", 1) if "-" in law.article else f"{law.article}条"
    return f"《{law.law}》第{number}"


def _flat(markdown: str) -> str:
    return " ".join(markdown.split())
