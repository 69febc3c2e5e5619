"""How near the local Google comes to the recorded answers of the real one."""

from collections.abc import Callable

import pytest

from tests.google.replaying import RECORDINGS, episodes, recorded, replay
from tests.sheets_server.serving import LocalGoogle

ENOUGH = 0.97


@pytest.mark.slow
def test_recorded_answers_are_given_again(
    running: LocalGoogle, capsys: pytest.CaptureFixture[str], record_property: Callable[[str, object], None]
) -> None:
    if not RECORDINGS.exists():
        pytest.skip(
            "The recordings of the real Google are not here: put the folder google-recordings in a folder "
            "named shared beside the project to hold the local Google against them."
        )

    def anew() -> None:
        running.control.reset(seed=0)
        running.control.settings(check_answers=True)

    score = replay(episodes(recorded()), running.url, anew)
    record_property("replay", str(score))
    with capsys.disabled():
        print(f"\nThe local Google against the recordings: {score}")  # noqa: T201 - the figure is the point
    assert score.replayed > 500
    assert score.share >= ENOUGH, str(score)
    problems = running.control.problems()
    assert (problems["answers"], problems["crashes"]) == ([], [])
