"""CPU for each request: what the server's processes used while wrk asked, over what wrk counted."""
import dataclasses
import pathlib
import secrets
import shutil
import subprocess
import time

from throwaway import Trouble

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass
class Figure:
    cpu_ms: float  # of all server processes, for one request
    requests: int
    per_second: float
    p50_ms: float
    p99_ms: float
    failed: int = 0
    size: int = 0
    note: str = ""
    database_ms: float = 0.0  # of it, what PostgreSQL's processes used


def ready():
    if not shutil.which("wrk"):
        raise Trouble("wrk is not installed: run bin/setup.")


class Meter:
    """Sums the CPU time of the server and, where there is one, of every PostgreSQL process."""

    def __init__(self, server, database=None):
        self.server, self.database = server, database

    def database_seconds(self):
        return self.database.cpu_seconds() if self.database else 0.0

    def seconds(self):
        return self.server.cpu_seconds() + self.database_seconds()

    def run(self, path, seconds, script="get.lua", headers=(), arguments=(), connections=4, less=0.0):
        """`less`: CPU seconds a second that something else is known to use meanwhile."""
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(HERE / script)]
        for header in headers:
            command += ["-H", header]
        command += [self.server.url + path, *(["--", *arguments] if arguments else [])]
        before, of_it, began = self.seconds(), self.database_seconds(), time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True)
        used, of_it, took = self.seconds() - before, self.database_seconds() - of_it, time.monotonic() - began
        line = next((line for line in done.stdout.splitlines() if line.startswith("RESULT ")), None)
        if line is None:
            raise Trouble(f"wrk said no result for {path.split('?')[0]}: {(done.stderr or done.stdout).strip()[-200:]}")
        requests, microseconds, refused, broken, p50, p99 = (float(part) for part in line.split()[1:])
        if not requests:
            raise Trouble(f"No answer at all on {path.split('?')[0]}.")
        return Figure(
            (used - less * took) / requests * 1000, int(requests), requests / microseconds * 1e6, p50, p99,
            int(refused + broken), database_ms=of_it / requests * 1000)

    def warmed(self, path, seconds, **more):
        self.run(path, 1, **more)
        return self.run(path, seconds, **more)

    def beside_compressed(self, path, seconds, headers):
        """(plain, compressed): three turns of each in turn, the middle one of each, so that drift is no difference."""
        kinds = [headers, [*headers, "Accept-Encoding: gzip"]]
        self.run(path, 1, headers=headers)
        turns = [[], []]
        for _ in range(3):
            for kind, asked in enumerate(kinds):
                turns[kind].append(self.run(path, max(1, seconds // 2), headers=asked))
        for kind in turns:
            kind.sort(key=lambda figure: figure.cpu_ms)
            kind[1].failed = sum(figure.failed for figure in kind)
            kind[1].requests = sum(figure.requests for figure in kind)
        return turns[0][1], turns[1][1]

    def warmed_post(self, senders, seconds):
        """New items: each run has keys of its own."""
        for length in (1, seconds):
            figure = self.run("/", length, script="post.lua", arguments=[str(senders), secrets.token_hex(4)])
        return figure
