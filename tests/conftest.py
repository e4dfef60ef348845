"""One app for all tests that ask a running one."""

from collections.abc import Iterator

import pytest

import app
from tests.ports import free


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    house = app.build()
    yield app.serve(house, prevent_thread_lock=True, server_port=free())
    house.page.close(verbose=False)
