import pathlib
import sys

import pytest
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import kit  # noqa: E402
import places  # noqa: E402


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = kit.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def place():
    running = places.Place()
    yield running
    running.stop()


@pytest.fixture
def visit(browser, place):
    made = []

    def make(shape=kit.PHONE, role="visitor", **options):
        made.append(kit.Visit(browser, shape, storage_state=place.state(browser, role), **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def where(browser, place):
    """The whole address of a page of the list."""
    return lambda role, path: place.base + place.path(browser, role, path)
