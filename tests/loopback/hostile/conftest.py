"""One real gateway and its scripted next hop for the hostile tests that leave them as they were."""

from collections.abc import Iterator

import pytest

from tests.hostile import Pair, running_pair


@pytest.fixture(scope="module")
def shared_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """For a whole file of tests."""
    with running_pair(tmp_path_factory.mktemp("hostile")) as pair:
        yield pair


@pytest.fixture
def pair(shared_pair: Pair) -> Iterator[Pair]:
    """The same, its next hop well-behaved again."""
    shared_pair.hop.script = {}
    shared_pair.hop._used.clear()
    shared_pair.hop.transactions.clear()
    yield shared_pair
    shared_pair.hop.script = {}
