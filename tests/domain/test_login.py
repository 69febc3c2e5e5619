"""A login is trusted only if the organisation's own provider said, today and to us, whose it is."""

import datetime as dt
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.domain.login import GOOGLE, LONGEST, SKEW, Identity, LoginFault, identity

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
DOMAINS = frozenset({"example.se", "skola.example.se"})
US = "this-app"


def claims(**other: Any) -> dict[str, Any]:
    """What a provider says of Unni, an hour after she logged in; None leaves a claim out."""
    told = {
        "iss": "https://login.example.se",
        "aud": US,
        "sub": "1",
        "email": "unni@example.se",
        "email_verified": True,
        "iat": int(NOW.timestamp()) - 3600,
        "given_name": "Unni",
    }
    return {name: value for name, value in (told | other).items() if value is not None}


def judged(**other: Any) -> Identity | LoginFault:
    return identity(claims(**other), DOMAINS, US, NOW)


def test_a_good_login_says_who_it_is() -> None:
    assert judged() == Identity("unni@example.se", "Unni")


@pytest.mark.parametrize("written", ["Unni@Example.se", "UNNI@EXAMPLE.SE", " unni@example.se "])
def test_an_address_is_the_same_in_any_case(written: str) -> None:
    assert judged(email=written) == Identity("unni@example.se", "Unni")


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"given_name": "  Unni "}, "Unni"),
        ({"given_name": " ", "name": "Unni Berg"}, "Unni Berg"),
        ({"given_name": ["Unni"], "name": ""}, "unni"),
        ({"given_name": None}, "unni"),
    ],
)
def test_somebody_without_a_name_is_greeted_by_her_address(told: dict[str, Any], name: str) -> None:
    assert judged(**told) == Identity("unni@example.se", name)


@pytest.mark.parametrize("said", [False, None, "true", "True", 1, [True], {}])
def test_only_true_is_a_verified_address(said: object) -> None:
    assert judged(email_verified=said) is LoginFault.UNVERIFIED


@pytest.mark.parametrize(
    "email",
    [
        "unni@example.com",
        "unni@example.se.evil.com",
        "unni@evilexample.se",
        "unni@xn--exmple-cua.se",
        "example.se@evil.com",
        "unni@andra.example.se",
    ],
)
def test_another_domain_is_foreign_however_alike(email: str) -> None:
    assert judged(email=email) is LoginFault.FOREIGN


@pytest.mark.parametrize(
    "email",
    [
        None,
        "",
        "unni",
        "@example.se",
        "unni@",
        "unni@evil.com@example.se",
        '"unni@evil.com"@example.se@',
        "unni@evil.com\nunni@example.se",
        "unni @example.se",
        "unni@example.se\x00",
        "unni@example.se\u200b",
        "unn\u0131@example.se",
        "unni@\u017fkola.example.se",  # a long s, which some make an s
        "unni@s\u212aola.example.se",  # the sign for kelvin, which in lower case is a k
        "unni@ex\u0430mple.se",  # a Cyrillic a
        "unni@example\u3002se",  # a dot of another alphabet
        ["unni@example.se"],
        {"email": "unni@example.se"},
        True,
        17,
    ],
)
def test_an_address_that_could_be_read_in_two_ways_is_nobodys(email: object) -> None:
    assert judged(email=email) is LoginFault.UNREADABLE


def test_a_plus_in_an_address_makes_it_another_address() -> None:
    found = judged(email="unni+rektor@example.se")
    assert isinstance(found, Identity) and found.email == "unni+rektor@example.se"


@pytest.mark.parametrize("issuer", GOOGLE)
def test_google_says_itself_whose_account_it_is(issuer: str) -> None:
    # A private account may have any address, if its owner can read mail sent there.
    assert judged(iss=issuer) is LoginFault.FOREIGN
    assert judged(iss=issuer, hd="evil.com") is LoginFault.FOREIGN
    assert isinstance(judged(iss=issuer, hd="Example.se"), Identity)
    # An organisation may have addresses in a second domain.
    assert isinstance(judged(iss=issuer, hd="example.se", email="unni@malmo.example"), Identity)


@pytest.mark.parametrize("hosted", ["evil.com", "", ["example.se"], True, "s\u212aola.example.se"])
def test_the_account_of_a_foreign_organisation_is_foreign_whatever_its_address(hosted: object) -> None:
    assert judged(hd=hosted) is LoginFault.FOREIGN


def test_an_organisation_in_the_token_does_not_make_up_for_the_address() -> None:
    assert judged(hd="example.se", email="unni@evil.com") is LoginFault.FOREIGN


@pytest.mark.parametrize("to", ["another-app", "", None, [], ["another-app"], [US, "another-app"], {US: 1}])
def test_a_token_for_another_app_is_nothing_to_us(to: object) -> None:
    assert judged(aud=to, azp=US) is LoginFault.UNREADABLE


def test_an_app_that_does_not_know_its_own_name_lets_nobody_in() -> None:
    assert identity(claims(aud=""), DOMAINS, "", NOW) is LoginFault.UNREADABLE


@pytest.mark.parametrize(
    ("age", "trusted"),
    [
        (dt.timedelta(0), True),
        (LONGEST, True),
        (LONGEST + dt.timedelta(seconds=1), False),
        (dt.timedelta(days=29), False),
        (-SKEW, True),
        (-SKEW - dt.timedelta(seconds=1), False),
        (-dt.timedelta(days=3650), False),
    ],
)
def test_a_login_holds_for_twelve_hours(age: dt.timedelta, trusted: bool) -> None:
    found = judged(iat=(NOW - age).timestamp())
    assert isinstance(found, Identity) if trusted else found is LoginFault.EXPIRED


@pytest.mark.parametrize("moment", [math.nan, math.inf, -math.inf, 10**400, -(10**400), 0])
def test_a_time_that_is_none_is_too_long_ago(moment: float) -> None:
    assert judged(iat=moment) is LoginFault.EXPIRED


@pytest.mark.parametrize("moment", [None, "1795000000", True, [1795000000]])
def test_a_login_that_does_not_say_when_is_unreadable(moment: object) -> None:
    assert judged(iat=moment) is LoginFault.UNREADABLE


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
ADDRESSES = st.sampled_from(
    ["unni@example.se", "unni@evil.com", "unni@example.se@evil.com", "ünni@example.se"]
)
AGES = st.integers(-100_000, 100_000).map(lambda age: NOW.timestamp() - age)
HALF_SANE = st.fixed_dictionaries(
    {},
    optional={
        "iss": st.sampled_from([*GOOGLE, "https://login.example.se"]) | ANYTHING,
        "aud": st.sampled_from([US, [US], [US, "other"]]) | ANYTHING,
        "email": ADDRESSES | ANYTHING,
        "email_verified": st.booleans() | ANYTHING,
        "iat": AGES | ANYTHING,
        "hd": st.sampled_from(["example.se", "evil.com"]) | ANYTHING,
        "name": ANYTHING,
        "given_name": ANYTHING,
    },
)


@given(HALF_SANE | st.dictionaries(st.text(), ANYTHING))
@example(claims())
@example(claims(iat=10**400))
def test_no_claims_whatever_let_anybody_in_who_is_not_verified_ours_and_recent(told: dict[str, Any]) -> None:
    found = identity(told, DOMAINS, US, NOW)

    if isinstance(found, Identity):
        assert told["email_verified"] is True
        assert told["aud"] in (US, [US])
        assert -120 <= NOW.timestamp() - told["iat"] <= 12 * 3600
        assert found.email == told["email"].strip().lower() and found.email.isascii()
        organisation = told.get("hd") or found.email.rpartition("@")[2]
        assert organisation.lower() in DOMAINS
        assert told.get("iss") not in GOOGLE or told["hd"]
        assert found.name
