"""The way in is kept safe: what the browser is given on https and on loopback, and what is kept of the six words."""

import contextlib
import os
import socket
import subprocess
import time

import pytest

from face import JSON, Face
from house import BINARY, ROOT, Cluster, free_port
from test_edges import join

ADDRESS = "https://house.example.org"


@contextlib.contextmanager
def served(place, **settings):
    """`understory serve` with these settings, behind whatever ends the https in front of it."""
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("UNDERSTORY_")} | {
        "UNDERSTORY_DATA": str(place / "data"), "UNDERSTORY_KEY_FILE": str(place / "key"), "UNDERSTORY_PORT": str(port), **settings}
    with open(place / "log", "wb") as log:
        running = subprocess.Popen([str(BINARY), "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert running.poll() is None, (place / "log").read_text()[-600:]
            time.sleep(0.1)
        yield port
    finally:
        running.terminate()
        running.wait(20)


def parts(text):
    """A cookie's name, value and flags."""
    pair, *flags = [part.strip() for part in text.split(";")]
    name, _, value = pair.partition("=")
    return name, value, {flag.lower() for flag in flags}


@pytest.mark.only("sqlite")
def test_on_https_the_cookie_is_of_this_host_alone(engine, tmp_path):
    """`__Host-`, Secure, no Domain, and no other cookie is taken for it; browsers are told to come by https every time."""
    with served(tmp_path, UNDERSTORY_ADDRESS=ADDRESS) as port:
        face = Face(port)
        join(face).ok(201)
        name, token, flags = parts(face.set_cookies[-1])
        assert name == "__Host-understory" and len(token) > 20
        assert flags == {"path=/", "httponly", "samesite=lax", "secure", "max-age=7776000"}
        assert face.get("/mine").status == 200
        # On a shared device it ends with the browser.
        shared = Face(port)
        join(shared, shared=True).ok(201)
        assert parts(shared.set_cookies[-1])[2] == {"path=/", "httponly", "samesite=lax", "secure"}
        # Which a page over plain http could set for the whole domain: not taken, in whatever order they come.
        for cookie, status in ((f"understory={token}", 401), ("understory=x; __Host-understory=" + token, 200),
                               (f"__Host-understory={token}; understory=x", 200), (f"__host-understory={token}", 401)):
            got = Face(port).raw("GET", "/mine", accept=JSON, headers={"Cookie": cookie})
            assert got.status == status, f"{cookie.replace(token, 'TOKEN')}: {got.status}"
        # Every answer says it: pages, JSON, files, refusals, what is not there, a HEAD.
        told = [face.open("/today"), face.get("/rooms"), face.open("/app.css"), face.get("/nothing"), Face(port).get("/mine"),
                face.raw("HEAD", "/"), face.raw("PUT", "/today"), Face(port).send("/sign-in", name="Robin-3", words="bee")]
        assert [got.headers.get_all("Strict-Transport-Security") for got in told] == [["max-age=31536000"]] * len(told)
        # A form comes from this address or not at all.
        for origin, status in ((ADDRESS, 200), ("http://house.example.org", 403), (f"http://127.0.0.1:{port}", 403)):
            got = face.raw("POST", "/check-ins", accept=JSON, body=b'{"word": "ok"}', headers={
                "Content-Type": JSON, "X-CSRF-Token": face.csrf, "Origin": origin})
            assert got.status == status, f"{origin}: {got.status} {got.text[:200]}"
        face.post("/sign-out").ok()
        name, token, flags = parts(face.set_cookies[-1])
        assert (name, token) == ("__Host-understory", "") and "max-age=0" in flags and "secure" in flags and "path=/" in flags
        assert face.get("/mine").status == 401


def test_on_loopback_the_cookie_is_a_plain_one(house):
    """Over http on one's own machine: HttpOnly, without what browsers refuse there, and no promise of https."""
    face = house.visitor()
    join(face).ok(201)
    name, token, flags = parts(face.set_cookies[-1])
    assert name == "understory" and flags == {"path=/", "httponly", "samesite=lax", "max-age=7776000"}
    got = Face(house.port).raw("GET", "/mine", accept=JSON, headers={"Cookie": f"__Host-understory={token}"})
    assert got.status == 401, "taken by a name that was not given"
    for path in ("/today", "/app.css", "/nothing"):
        assert face.open(path).header("Strict-Transport-Security") == ""


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("settings, said", [
    ({"UNDERSTORY_ADDRESS": "http://house.example.org"}, "address: http is for loopback alone; use https"),
    ({"UNDERSTORY_ADDRESS": "http://127.0.0.1:8080", "UNDERSTORY_HOST": "0.0.0.0"}, "the server binds to loopback alone"),
    ({"UNDERSTORY_ADDRESS": "house.example.org"}, "address must be a whole address")])
def test_a_session_over_plain_http_elsewhere_is_refused(engine, tmp_path, settings, said):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("UNDERSTORY_")} | {
        "UNDERSTORY_DATA": str(tmp_path / "data"), "UNDERSTORY_KEY_FILE": str(tmp_path / "key"), **settings}
    done = subprocess.run([str(BINARY), "serve"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and said in done.stderr, done.stderr
    assert not (tmp_path / "data").exists(), "it began all the same"


def kept(house):
    """Everything that is kept, as bytes: every file beside the log, or a whole dump."""
    if house.engine == "sqlite":
        return b"\n".join(path.read_bytes() for path in sorted(house.folder.rglob("*")) if path.is_file() and path != house.log)
    return subprocess.run([Cluster.tool("pg_dump"), house.database], capture_output=True, timeout=60, cwd="/", check=True).stdout


def test_of_the_six_words_only_a_slow_hash_is_kept(house):
    """Argon2id with a salt of its own for each account; the words stand nowhere, in no way of writing them."""
    def more():
        return [join(house.visitor()).ok(201).json["wayBack"], house.moderator().post("/you/way-back").ok().json["wayBack"]]

    first = more()
    before = kept(house).lower()
    joined = first + more() + more()
    told = [row["hash"] for row in house.sql("SELECT hash FROM way_back")]
    assert len(told) == len(joined)
    for hash in told:
        kind, version, cost, salt, rest = hash.split("$")[1:]
        assert hash.startswith("$argon2id$") and (kind, version, cost) == ("argon2id", "v=19", "m=19456,t=2,p=1"), hash[:32]
        assert len(salt) == 22 and len(rest) == 43, "sixteen bytes of salt, thirty-two of hash"
    assert len({hash.split("$")[4] for hash in told}) == len(told), "two accounts have one salt"
    lies, log = kept(house), house.logged()
    assert told[0].encode() in lies, "this reads what is kept"
    lies = lies.lower()
    looked = 0
    for words in joined:
        for two in (joint.join(pair) for pair in zip(words, words[1:]) for joint in (" ", "-", ", ", ",", "\n", "")):
            assert two.encode() not in lies and two.encode().hex().encode() not in lies and two not in log, "words lie in the file"
        # A short word stands in any file by chance, and some stand beside every account.
        for word in words if words not in first else ():
            if len(word) >= 5 and word.encode() not in before:
                assert word.encode() not in lies and word.encode().hex().encode() not in lies, "one of the words lies in the file"
                looked += 1
    assert looked >= 4, "too few words were looked for"
