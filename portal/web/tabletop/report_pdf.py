"""What only a group's report has, as parts of its PDF: roles, how each decision came about with
votes and arguments, what the facilitator observed, what everybody said afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from portal.actions.drill_reports import ReportView
from portal.core.drills import ROLES, Decision
from portal.core.tabletop import Decided, Room
from portal.core.tabletop_rules import tally
from portal.exchange.pdf import Grid, Heading, Part, Text

Translate = Callable[..., str]


def parts(view: ReportView, locale: str, t: Translate) -> Iterator[Part]:
    """Nothing for a run that was played alone."""
    room = view.room
    if room is None:
        return
    yield Heading(t("tabletop.pdf_roles"))
    head = [t("tabletop.pdf_name"), t("tabletop.pdf_role")]
    yield Grid(head, list(cast(room, view.names, t)), "ll", (3, 5))
    yield Heading(t("tabletop.pdf_decisions"))
    for at, (taken, how) in enumerate(zip(view.report.state.taken, room.decided, strict=True)):
        decision = view.report.drill.decision(taken.decision_id)
        given = taken.rated or decision.options[taken.option].rating
        rating = f"{t(f'drill.rating_{given}')} ({given})"
        yield Text(f"{at + 1}. {decision.title.in_(locale)} — {rating}")
        chosen = decision.options[taken.option].text.in_(locale)
        yield Text(f"{_way(how, view.names, t)}{t('common.colon')}{chosen}")
        yield from _votes(decision, how, view.names, locale, t)
        for key, words in (("reason", room.reasons.get(at)), ("observed", room.comments.get(at))):
            if words:
                yield Text(f"{t(f'tabletop.{key}')}{t('common.colon')}{words}", muted=True)
    yield from _wash(room, view.names, t)


def cast(room: Room, names: Mapping[int, str], t: Translate) -> Iterator[tuple[str, str]]:
    """(name, what they were) of everybody who took part: facilitators first."""
    for lead in sorted(room.leads):
        yield names.get(lead, "—"), t("tabletop.pdf_lead")
    for person_id, held in room.members.items():
        roles = [t(f"tabletop.role_{role}") for role in ROLES if role in held]
        named = t("common.list_separator").join(roles) or t("tabletop.no_role")
        yield names.get(person_id, "—"), named


# Private functions


def _way(how: Decided, names: Mapping[int, str], t: Translate) -> str:
    name = names.get(how.person_id or 0, "—")
    match how.way:
        case "role":
            return t("tabletop.way_role", name=name)
        case "vote":
            return t("tabletop.way_vote")
        case "lead":
            return t("tabletop.way_lead", name=name)
        case "clock":
            return t("tabletop.way_clock")


def _votes(
    decision: Decision, how: Decided, names: Mapping[int, str], locale: str, t: Translate
) -> Iterator[Part]:
    """How many votes each option had, then who argued what."""
    options = [option.text.in_(locale) for option in decision.options]
    counted = [(options[at], str(n)) for at, n in tally(how.votes)]
    if counted:
        yield Grid([t("tabletop.pdf_option"), t("tabletop.pdf_votes")], counted, "lr", (8, 1))
    said = [(names.get(person_id, "—"), vote.words) for person_id, vote in how.votes.items()]
    said.append((names.get(how.person_id or 0, t("tabletop.pdf_lead")), how.words))
    said = [(name, words) for name, words in said if words]
    if said:
        yield Grid([t("tabletop.pdf_name"), t("tabletop.arguments")], said, "ll", (2, 7))


def _wash(room: Room, names: Mapping[int, str], t: Translate) -> Iterator[Part]:
    if not room.remarks and not room.comments.get(-1):
        return
    yield Heading(t("tabletop.wash"))
    for is_good in (True, False):
        rows = [
            (one.text, names.get(one.person_id, "—") if one.person_id is not None else "—")
            for one in room.remarks
            if one.is_good == is_good
        ]
        if rows:
            head = t("tabletop.went_well" if is_good else "tabletop.to_change")
            yield Grid([head, t("tabletop.pdf_name")], rows, "ll", (7, 2))
    if room.comments.get(-1):
        yield Text(f"{t('tabletop.observed')}{t('common.colon')}{room.comments[-1]}", muted=True)
