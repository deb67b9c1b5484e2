"""What leaves by mail, told by a mail server: an alarm reaches who is to come, with no word of anybody's in it."""

import email
import email.policy
import os
import re
import subprocess

import pytest

from house import BINARY, ROOT
from post_office import PostOffice

pytestmark = pytest.mark.only("sqlite")
FROM, TREE = "house@example.org", ["first@example.org", "second@example.org"]


def drill(place, office, *more):
    """A drill of a new house: what it prints."""
    (place / "data").mkdir(exist_ok=True)
    settings = {key: value for key, value in os.environ.items() if not key.startswith("UNDERSTORY_")} | {
        "UNDERSTORY_DATA": str(place / "data"), "UNDERSTORY_KEY_FILE": str(place / "key"), "UNDERSTORY_ALARM_MAIL_SERVER": office,
        "UNDERSTORY_ALARM_MAIL_FROM": FROM, "UNDERSTORY_ALARM_MAIL_TO": ",".join(TREE)}
    told = ""
    for words in (("migrate",), ("drill", "--minutes", "0")):
        done = subprocess.run([str(BINARY), *words], cwd=ROOT, env=settings, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        told += done.stdout
    return told


def test_an_alarm_leaves_by_mail(engine, tmp_path):
    with PostOffice() as office:
        told = drill(tmp_path, office.address)
        ((sender, receivers, raw),) = office.letters
    assert "Sent by mail" in told and "Nobody answered" in told
    assert (sender, receivers) == (FROM, TREE[:1])  # the first step calls the first of the tree alone
    letter = email.message_from_bytes(raw, policy=email.policy.default)
    code = re.search(r"code ([0-9A-Z]{6})", told)[1]
    assert letter["subject"] == f"Somebody is needed ({code})" and letter["to"] == TREE[0] and letter["from"] == FROM
    assert letter["date"].datetime and re.fullmatch(r"<[^@\s]+@example\.org>", letter["message-id"])
    assert letter.get_content().strip() == (
        f"Drill. Somebody is needed. Code {code}, step 1. Open http://127.0.0.1:8080/duty and say that you have it.")


@pytest.mark.parametrize("refuses", ["MAIL", "RCPT", "DATA"])
def test_a_refused_alarm_is_said(engine, tmp_path, refuses):
    with PostOffice(refuses) as office:
        told = drill(tmp_path, office.address)
        assert office.letters == []
    assert "Could not be sent" in told and "Sent by" not in told


def test_nobody_at_the_post_office(engine, tmp_path):
    with PostOffice() as office:
        address = office.address
    assert "Could not be sent" in drill(tmp_path, address)
