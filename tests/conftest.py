"""Shared helpers: parsed sentences written by hand, and the shipped model loaded once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from histor.jobs.coding import Coding, default_coding
from histor.store.project import Project, init_project
from histor.store.settings import DATABASE
from tests.postgres import fresh_database, server

# Of one example: on a machine that does other things it says nothing of the code.
settings.register_profile("histor", deadline=None)
settings.load_profile("histor")


@pytest.fixture(scope="session")
def coding() -> Coding:
    """The shipped engine and lexicon."""
    return default_coding()


LONG_EXAMPLES = 2_000
"""Examples of a law in the long form, where a test does not set a number of its own: 10,000 of the laws of matching."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="More repetitions where chance plays a part.")
    parser.addoption("--promise", metavar="NAME", help="Only the tests that show this promise.")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--long"):
        settings.register_profile("long", max_examples=LONG_EXAMPLES, deadline=None)
        settings.load_profile("long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("--promise")
    if wanted is not None:
        other = [i for i in items if all(m.args[0] != wanted for m in i.iter_markers("promise"))]
        config.hook.pytest_deselected(items=other)
        items[:] = [i for i in items if i not in set(other)]
    if not config.getoption("--long"):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="slow: run with --long"))


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    """Whether the long form of a test is asked for."""
    return bool(request.config.getoption("--long"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("promise"):
        item.user_properties.append(("promise", marker.args[0]))


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Says what a test of a promise has counted; `make reliability` puts it into the table."""
    return lambda words: record_property("figure", words)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a real PostgreSQL server; tests that need it are skipped where there is none."""
    try:
        with server() as address:
            yield address
    except RuntimeError as error:
        pytest.skip(str(error))


@pytest.fixture(params=["sqlite", "postgresql"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Project]:
    """An empty project, on each kind of database."""
    address = DATABASE
    if request.param == "postgresql":
        address = fresh_database(request.getfixturevalue("postgres"))
    with init_project(tmp_path / "project", address) as made:
        yield made
