"""What the host sets is read strictly: all that is wrong is named at once, and nothing starts."""

import os
import subprocess

import pytest

from house import BINARY, ROOT, free_port

pytestmark = pytest.mark.only("sqlite")


def run(place, *words, seconds=60, **settings):
    """A command with these settings and no others; what it answered and everything it said."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("UNDERSTORY_")}
    env |= {"UNDERSTORY_DATA": str(place / "data"), "UNDERSTORY_KEY_FILE": str(place / "key")}
    env |= {f"UNDERSTORY_{key}": str(value) for key, value in settings.items()}
    done = subprocess.run(
        [str(BINARY), *words], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds)
    return done.returncode, done.stdout + done.stderr


def refused(place, **settings):
    """`serve` does not start: what it says, line by line. Nothing is made, and nobody listens."""
    status, told = run(place, "serve", **settings)
    assert status != 0 and "listening" not in told, (settings, told)
    assert "These settings can not be used" in told and "Fatal" not in told, told
    assert not (place / "data").exists() and not (place / "key").exists(), "a start that was refused left something"
    return [line.strip() for line in told.splitlines() if line.startswith("  ")]


WRONG = {
    "PORT": ("70000", "port must be a number from 0 to 65535"),
    "TRUSTED_HOPS": ("-1", "trusted.hops must be a number from 0 to 10"),
    "LOG_LEVEL": ("loud", "log.level must be debug, info, notice, warning or error"),
    "ADDRESS": ("http://example.org", "address: http is for loopback alone; use https"),
    "CONTENT": ("/nowhere/content", "content: there is no folder /nowhere/content"),
    "PUBLIC": ("/nowhere/public", "public: there is no folder /nowhere/public"),
    "ALARM_COMMAND": ("/nowhere/ring", "alarm.command: /nowhere/ring is not a program"),
    "ALARM_WEBHOOK": ("example.org/ring", "alarm.webhook must be an http address"),
    "ALARM_MAIL_SERVER": ("example.org", "alarm.mail.server must begin with smtp:// or smtps://"),
    "MAIL_FROM": ("nobody", "mail.from must be an address"),
    "COLOUR": ("moss", "UNDERSTORY_COLOUR is not a setting"),
    "ADRESS": ("https://example.org", "UNDERSTORY_ADRESS is not a setting"),
}


def test_all_that_is_wrong_is_named_at_once(engine, tmp_path):
    told = refused(tmp_path, **{key: value for key, (value, _) in WRONG.items()})
    missing = [says for _, says in WRONG.values() if says not in told]
    assert not missing, f"{missing} not among {told}"
    # Values may be secrets: a server's address holds a password.
    told = "\n".join(refused(tmp_path, ALARM_MAIL_SERVER="ftp://me:jellytoad@example.org", MAIL_SERVER="jellytoad"))
    assert "alarm.mail needs from and to" in told and "mail.server needs mail.from" in told and "jellytoad" not in told


@pytest.mark.parametrize("key", WRONG)
def test_each_of_them_alone_stops_the_start(engine, tmp_path, key):
    value, says = WRONG[key]
    told = refused(tmp_path, **{key: value})
    assert says in told, told
    extra = {"ALARM_MAIL_SERVER": ["alarm.mail needs from and to"]}.get(key, [])
    assert sorted(told) == sorted([says, *extra]), "something is named that is not wrong"


HTTP, BINDS = "address: http is for loopback alone; use https", "host: with an http address the server binds to loopback alone"


@pytest.mark.parametrize("address, host, says", [
    ("http://example.org", "127.0.0.1", [HTTP]),
    ("http://192.168.1.20:8080", "127.0.0.1", [HTTP]),
    ("http://127.0.0.1.example.org", "127.0.0.1", [HTTP]),
    ("http://localhost@example.org", "127.0.0.1", [HTTP]),
    ("http://example.org", "0.0.0.0", [HTTP, BINDS]),
    ("http://127.0.0.1:8080", "0.0.0.0", [BINDS]),
    ("http://localhost:8080", "::", [BINDS]),
    ("ftp://example.org", "127.0.0.1", ["address must begin with https://"]),
    ("example.org", "127.0.0.1", ["address must be a whole address, as https://example.org"]),
])
def test_plain_http_stays_on_the_machine(engine, tmp_path, address, host, says):
    assert sorted(refused(tmp_path, ADDRESS=address, HOST=host)) == sorted(says)


@pytest.mark.parametrize("address, host", [
    ("https://example.org", "0.0.0.0"), ("https://example.org", "127.0.0.1"), ("http://localhost:8080", "127.0.0.1"),
    ("http://[::1]:8080", "::1")])
def test_what_is_right_is_taken(engine, tmp_path, address, host):
    status, told = run(tmp_path, "migrate", ADDRESS=address, HOST=host, PORT=free_port(), LOG_LEVEL="warning", TRUSTED_HOPS=1)
    assert status == 0 and "up to date" in told, told
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0, "others can read the key"


@pytest.mark.parametrize("data, key", [
    ("data", "data/key"), ("data", "data/deep/down/key"), ("data/", "data/key"), ("data", "other/../data/key"), ("x/../data", "data/key"),
    ("data", "linked/key")])
def test_the_key_lies_outside_the_data_folder(engine, tmp_path, data, key):
    """Whoever copies the one must not have copied the other, however its path is written."""
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    (home / "linked").symlink_to(home / "data")
    status, told = run(tmp_path, "serve", DATA=f"{home}/{data}", KEY_FILE=f"{home}/{key}", PORT="no number")
    assert status != 0 and "key.file must lie outside the data folder" in told, told
    assert list((home / "data").iterdir()) == [], "something was put there"


def test_a_key_beside_the_data_folder_is_taken(engine, tmp_path):
    """A folder whose name begins alike is another folder; without a word it lies beside."""
    status, told = run(tmp_path, "migrate", KEY_FILE=tmp_path / "data-key" / "key")
    assert status == 0 and (tmp_path / "data-key" / "key").exists(), told
    assert [p.name for p in (tmp_path / "data").iterdir() if "key" in p.name] == []


@pytest.mark.parametrize("ways, says", [
    ({"ALARM_WEBHOOK": "https://example.org/ring", "ALARM_COMMAND": "/bin/true"}, "alarm: choose one of command, webhook and mail"),
    ({"ALARM_MAIL_SERVER": "smtp://127.0.0.1", "ALARM_MAIL_FROM": "a@example.org"}, "alarm.mail needs from and to"),
    ({"ALARM_MAIL_SERVER_FILE": "/nowhere/server"}, "alarm.mail.server.file can not be read"),
    ({"MAIL_SERVER": "smtp://127.0.0.1"}, "mail.server needs mail.from"),
    ({"MAIL_FROM": "a@example.org"}, "mail.from needs mail.server"),
    ({"MAIL_FROM": "a@example.org", "MAIL_SERVER": "http://127.0.0.1"}, "mail.server must begin with smtp:// or smtps://"),
])
def test_a_way_out_is_whole_or_not_there(engine, tmp_path, ways, says):
    assert says in refused(tmp_path, **ways)


@pytest.mark.parametrize("words", [("migrate",), ("drill", "--minutes", "0"), ("staff", "add", "Ada", "professional"), ("backup", "copy")])
def test_no_other_command_gets_past_them(engine, tmp_path, words):
    status, told = run(tmp_path, *words, LOG_LEVEL="loud", COLOUR="moss")
    assert status != 0 and "log.level must be" in told and "UNDERSTORY_COLOUR is not a setting" in told, told
    assert not (tmp_path / "data").exists()
