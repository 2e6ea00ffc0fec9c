"""The page that the tests of the gate open: says who it is for, and remembers its clicks."""

from __future__ import annotations

import time

import streamlit as st

from portal.web import identity


@st.cache_resource
def kept() -> float:
    return time.perf_counter()


person = identity.current_person()
if person is None:
    st.stop()
st.session_state.setdefault("secret", f"secret of {person.login}")
st.session_state.setdefault("runs", 0)
st.session_state["runs"] += 1
st.text(f"person={person.login}")
st.text(f"roles={','.join(sorted(person.role_names))}")
st.text(f"secret={st.session_state['secret']}")
st.text(f"runs={st.session_state['runs']}")
st.text(f"query={st.query_params.get('id', '')}")
st.text(f"kept={kept()}")
st.button("again", key="again")
st.file_uploader("file", key="file")


@st.fragment
def part() -> None:
    now = identity.current_person()
    st.text(f"part={now.login if now else 'nobody'}")
    st.button("in part", key="part")


part()
if st.button("fail", key="fail"):
    raise RuntimeError("the words of this error are for the log alone")
