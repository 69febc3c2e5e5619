"""Who the app is to Google: tokens fetched once for all, keys that are refused, an endpoint in trouble."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.errors import NotConnected, Unreachable
from services.workbook.google import SheetsClient
from services.workbook.google_accounts import account_of_file, account_of_key
from services.workbook.google_terms import Target
from services.workbook.pacing import Pace, Patience
from tests.on_google import Time
from tests.sheets_server.serving import LocalGoogle
from tests.workbook.test_google_client import SHEETS, a_client, adding, ids


@pytest.fixture
def target(google: LocalGoogle) -> Target:
    return Target("vebs", google.control.spreadsheet("vebs", SHEETS))


def test_a_token_that_has_run_out_is_fetched_anew(google: LocalGoogle, target: Target) -> None:
    google.control.settings(any_token=False)
    client = SheetsClient(account_of_key(google.control.service_account()), Time().pace(), google.url)
    assert client.values(target, ["Blad!A2"]) == [[["a"]]]
    google.google.accounts.tokens.clear()
    assert client.values(target, ["Blad!A2"]) == [[["a"]]]
    assert google.control.counts()["requests"]["oauth"] == 2


def test_a_key_that_google_does_not_know_is_said_to_be_refused(google: LocalGoogle, target: Target) -> None:
    google.control.settings(any_token=False)
    key = google.control.service_account()
    google.google.accounts.keys.clear()
    with pytest.raises(NotConnected, match="godtar inte appens nyckel"):
        SheetsClient(account_of_key(key), Time().pace(), google.url).values(target, ["Blad!A2"])
    with pytest.raises(NotConnected, match="godtar inte appens nyckel"):
        a_client(google).change(target, adding("c"))


@pytest.mark.slow  # google-auth waits between its own tries
@pytest.mark.parametrize("fault", ["reset", "half", 502, 503])
def test_a_token_endpoint_in_trouble_is_google_that_does_not_answer(
    google: LocalGoogle, target: Target, fault
) -> None:
    client = SheetsClient(account_of_key(google.control.service_account()), Time().pace(), google.url)
    google.control.fault(fault, match={"service": "oauth"})
    with pytest.raises(Unreachable, match="ändringen i vebs sparades inte"):
        client.change(target, adding("c"), patience=Patience(0.3))
    google.control.clear_faults()
    client.change(target, adding("c"))
    assert ids(google) == ["a", "b", "c"]


def test_a_token_that_hangs_ends_with_the_patience(google: LocalGoogle, target: Target) -> None:
    client = SheetsClient(account_of_key(google.control.service_account()), Pace(), google.url)
    google.control.fault({"kind": "hang", "seconds": 30}, match={"service": "oauth"})
    with pytest.raises(Unreachable):
        client.values(target, ["Blad!A2"], patience=Patience(0.3))


def test_all_threads_share_one_token(google: LocalGoogle, target: Target) -> None:
    client = SheetsClient(account_of_key(google.control.service_account()), Pace(), google.url)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: client.values(target, ["Blad!A2"]), range(16)))
    assert found == [[[["a"]]]] * 16
    assert google.control.counts()["requests"]["oauth"] == 1


def test_a_key_that_is_no_key_is_told(tmp_path) -> None:
    with pytest.raises(NotConnected, match="inte en hel tjänstekontonyckel"):
        account_of_key({"type": "service_account"})
    (tmp_path / "nyckel.json").write_text("[]", encoding="utf-8")
    for name in ("nyckel.json", "saknas.json"):
        with pytest.raises(NotConnected, match=name):
            account_of_file(tmp_path / name)
