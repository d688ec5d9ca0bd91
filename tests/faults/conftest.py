"""The portal under fault, one for all these tests; a clinic of its own for each."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal import parts
from tests.faults.system import System
from tests.faults.world import World

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    """Name the mark of this folder."""
    config.addinivalue_line("markers", "faults: real processes are killed; minutes, not seconds")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder: `-m "not faults"` leaves it out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.faults)


@pytest.fixture(scope="session")
def portal_processes(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[System]:
    """Database, broker and web; worker and beat are started by whom they concern."""
    if parts.broker_binary() is None:
        pytest.fail("no valkey-server or redis-server on this machine")
    system = System(tmp_path_factory.mktemp("faults"), django_db_blocker)
    try:
        system.begin()
        yield system
    finally:
        system.stop()


@pytest.fixture
def system(portal_processes: System) -> Iterator[System]:
    """The portal, whole again before and after."""
    portal_processes.start("broker", "web")
    yield portal_processes
    portal_processes.quiet()


@pytest.fixture
def world(system: System) -> World:
    """A clinic that nobody else touches."""
    return World(system)
