"""One app for all tests that ask a running one."""

from collections.abc import Iterator

import pytest

import app
from tests.ports import free


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    page = app.build()
    yield app.serve(page, prevent_thread_lock=True, server_port=free())
    page.close(verbose=False)
