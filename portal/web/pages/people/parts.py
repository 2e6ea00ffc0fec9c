"""Words and inputs that the views of people share."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portal.core.postings import TRAINER_POST
from portal.web import session
from portal.web.session import t


def post_names() -> dict[str, str]:
    """Posts to choose from by key, in the reader's language; the trainer's comes last."""
    posts = session.portal().library.catalogue.capabilities.posts
    return {
        **{post.key: post.name.in_(session.locale()) for post in posts},
        TRAINER_POST: t("people.post_trainer"),
    }


def pick_posts(key: str, chosen: Sequence[str] = ()) -> list[str]:
    """Several posts, the first of them the main one."""
    names = post_names()
    picked: list[str] = st.multiselect(
        t("people.posts"),
        list(names),
        default=[post for post in chosen if post in names],
        format_func=lambda post: names.get(post, post),
        placeholder=t("question.choose"),
        key=key,
    )
    return picked
