"""Password profiles: what each takes and refuses, and that common passwords are known."""

from __future__ import annotations

import random

import pytest

from portal.core.passwords import (
    CONTEXT_WORDS,
    PROFILES,
    check_password,
    initial_password,
    is_initial,
    normalise,
)
from tests import outside


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("Lm4821river", []),
        ("河畔Walk27", []),  # Chinese counts as other characters
        ("Lm-482r", ["error.password_short"]),
        ("lm4821river", ["error.password_classes"]),
        ("LM4821RIVER", ["error.password_classes"]),
        ("lm-riverbank", ["error.password_classes"]),
        ("River-48" * 17, ["error.password_long"]),
        ("Li.Min4821x", ["error.password_has_login"]),
        ("Walk李敏4821", ["error.password_has_login"]),
        ("ab", ["error.password_short", "error.password_classes"]),
        ("Password1!", ["error.password_common"]),
        ("P@ssw0rd2026", ["error.password_common"]),
        ("1qaz!QAZ", ["error.password_common"]),
        ("Woaini520!", ["error.password_common"]),
        ("Zhili@2026", ["error.password_common"]),
    ],
)
def test_djbh2(password, broken):
    assert check_password("djbh2", password, login="li.min", name="李敏") == broken


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("lantern copper seventeen", []),  # no composition is asked for
        ("雨后小巷里的一盏旧路灯亮了", []),
        ("x7" + "correct-horse-" * 8, []),  # 114 characters
        ("lm-482river", ["error.password_short"]),
        ("q" * 129, ["error.password_long"]),
        ("li.min walks home", ["error.password_has_login"]),
        ("passwordpassword", ["error.password_common"]),
        ("aaaaaaaaaaaaaaaaaaaa", ["error.password_common"]),
        ("qwertyuiop[]", ["error.password_common"]),
        ("1234567890123456", ["error.password_common"]),
        ("woaini5201314", ["error.password_common"]),
        ("wanggeyuan2026", ["error.password_common"]),
        ("治理学堂治理学堂治理学堂", ["error.password_common"]),
    ],
)
def test_asvs(password, broken):
    assert check_password("asvs", password, login="li.min", name="李敏") == broken


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("word", CONTEXT_WORDS)
def test_context_words_carry_no_password(profile, word):
    assert check_password(profile, f"{word.capitalize()}@2026!")


def test_the_three_thousand_commonest_passwords_are_refused():
    # ASVS 6.2.4; the list that zxcvbn ships is ordered by how often a password is used
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    long_enough = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 8][:3000]
    assert len(long_enough) == 3000
    padded = [f"{word}{word}" for word in long_enough]  # long enough for asvs
    for text in long_enough[::10] + padded[::10]:
        assert check_password("djbh2", text)
        assert check_password("asvs", text)


def test_a_list_of_leaked_passwords_is_mostly_refused():
    file = outside.hostile("passwords") / "django-common-passwords.txt"
    leaked = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    for profile, share in (("djbh2", 0.99), ("asvs", 0.80)):
        tried = [word for word in leaked if len(word) >= PROFILES[profile].minimum][::7]
        refused = sum(bool(check_password(profile, word)) for word in tried)
        assert refused / len(tried) >= share, profile


def test_short_words_are_too_common_to_forbid_and_chinese_names_are_not():
    assert check_password("djbh2", "Lm4821river", login="lm") == []
    assert check_password("djbh2", "王芳Walk4821", name="王芳") == ["error.password_has_login"]
    assert check_password("djbh2", "Lm4821river", login="", name="") == []


def test_full_width_typing_is_the_same_password():
    assert normalise("Ｌｍ４８２１") == "Lm4821"
    assert check_password("djbh2", "ｌｉ．ｍｉｎ4821X", login="li.min") == [
        "error.password_has_login"
    ]


def test_the_dearest_password_to_estimate_is_still_estimated():
    # every character stands for several letters, and only so many characters are looked at
    assert check_password("djbh2", "()[]{}<>4@8!|1$5+702aA" * 5) == []


def test_nothing_at_all():
    assert check_password("djbh2", "") == ["error.password_short", "error.password_classes"]


def test_initial_passwords_pass_every_profile_and_differ():
    choose = random.Random(7).choice
    made = {initial_password(choose) for _ in range(20)}
    assert len(made) == 20
    for password in made:
        assert is_initial(password)
        assert len(password) == 19
        assert not set(password) & set("0O1lIio")
