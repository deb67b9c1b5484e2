"""Every story runs on both engines, each on an installation of its own."""

import json
import os
import re

import pytest

from house import BINARY, Cluster, House

ENGINES = ["sqlite", "postgresql"]


def pytest_addoption(parser):
    parser.addoption("--engine", choices=ENGINES, help="only this engine")
    parser.addoption("--results", help="write what passed to this file, as JSON")


def pytest_configure(config):
    config.addinivalue_line("markers", "partly(left): this much of the check comes with a later format")
    config.addinivalue_line("markers", "only(engine): a story about one engine alone")
    path = config.getoption("--results")
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Counting(path))


def pytest_generate_tests(metafunc):
    if "engine" in metafunc.fixturenames:
        only = metafunc.config.getoption("--engine")
        mine = metafunc.definition.get_closest_marker("only")
        engines = [e for e in ENGINES if only in (None, e) and (mine is None or e in mine.args)]
        metafunc.parametrize("engine", engines, scope="function")


@pytest.fixture(scope="session")
def cluster():
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is not there: build first", returncode=2)
    made = Cluster()
    yield made
    made.stop()


@pytest.fixture
def house(request, engine, tmp_path):
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is not there: build first", returncode=2)
    made = House(engine, tmp_path / "house", request.getfixturevalue("cluster") if engine == "postgresql" else None)
    yield made
    made.close()


def _keys(item):
    """`test_KOOTH_1[sqlite]` is the id KOOTH-1 on SQLite; anything else is an edge."""
    engine = getattr(getattr(item, "callspec", None), "params", {}).get("engine", "both")
    found = re.match(r"test_([A-Z0-9]+)_(\d+)(?:\[|$|_)", item.name)
    return (f"{found[1]}-{found[2]}" if found else item.originalname), engine, bool(found)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    # Travels with the report from a worker to whoever counts.
    why = str(call.excinfo.value)[:2000] if report.failed and call.excinfo else ""
    report.story = [*_keys(item), bool(item.get_closest_marker("partly")), why]


class Counting:
    """What passed, from the reports of every worker."""

    def __init__(self, path):
        self.path, self.stories = path, {"ids": {}, "edges": {}, "why": {}}

    def pytest_runtest_logreport(self, report):
        # A worker that broke down sends a report that nobody here made.
        key, engine, is_id, partly, why = getattr(report, "story", (report.nodeid, "both", False, False, str(report.longrepr)[:2000]))
        table = self.stories["ids" if is_id else "edges"].setdefault(key, {})
        if report.failed:
            table[engine] = "failed"
            self.stories["why"][f"{key} {engine}"] = why
        elif report.when == "call" and report.passed and table.get(engine) != "failed":
            table[engine] = "partly" if partly else "passed"

    def pytest_sessionfinish(self):
        with open(self.path + ".part", "w") as out:
            json.dump(self.stories, out, indent=1)
        os.replace(self.path + ".part", self.path)
