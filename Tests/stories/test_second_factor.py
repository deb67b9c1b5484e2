"""Staff come in with six words and a code: the code is asked for, counts once, and is not there to be guessed."""

import base64
import datetime
import hashlib
import hmac
import re
import struct

from face import Face
from test_screening_commands import command


def added(house, name, role="professional"):
    """Somebody new, as a host adds them at the command line: what is shown once."""
    told = command(house, "staff", "add", name, role)
    words, seed = re.search(r"six words\s+(.+)\n\s*authenticator\s+([A-Z2-7]+)", told).groups()
    return words.strip(), seed


def step(house):
    """The thirty seconds that the house is in, by its own clock."""
    return int(datetime.datetime.fromisoformat(house.advance(0).replace("Z", "+00:00")).timestamp()) // 30


def code(seed, step):
    """RFC 6238, as an authenticator on a telephone works it out."""
    key = base64.b32decode(seed + "=" * (-len(seed) % 8))
    mac = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    return f"{(struct.unpack('>I', mac[mac[19] & 15:][:4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def wrong(house, seed):
    """A code that fits nowhere near now."""
    near = {code(seed, step(house) + n) for n in range(-3, 4)}
    return next(one for one in map("{:06d}".format, range(10)) if one not in near)


def half(house, name, words):
    """Signed in with the six words alone."""
    face = house._face(Face(house.port, name=name, house=house))
    assert face.post("/sign-in", name=name, words=words).ok().json["next"] == "/sign-in/code"
    assert face.get("/session").json["secondFactor"] is False
    return face


def passed(face):
    return face.get("/session").json["secondFactor"] is True and face.get("/queue").status == 200


def test_staff_give_a_code_after_their_words(house):
    """Before the code the desk is shut; the right one opens it; the same one opens nothing a second time."""
    words, seed = added(house, "Ada")
    face = house._face(Face(house.port, name="Ada", house=house))
    came = face.send("/sign-in", name="Ada", words=words)
    assert (came.status, came.header("Location")) == (303, "/sign-in/code")
    form = face.open("/sign-in/code").ok(200).page.form("/sign-in/code")
    assert form and form["method"] == "post" and "code" in form["fields"]
    face.get("/queue").refused("second-factor", 403)
    for bad in (wrong(house, seed), "", "12345", "abcdef"):
        face.post("/sign-in/code", code=bad).refused(("wrong-code", "missing"), 403, 422)
        assert not passed(face), f"{bad!r} let somebody in"
    face.post("/sign-in/code", code=wrong(house, seed)).refused("wrong-code", 403)
    house.advance(minutes=1)
    used = step(house)
    # As people type it.
    right = code(seed, used)
    came = face.send("/sign-in/code", code=f"{right[:3]} {right[3:]}")
    assert (came.status, came.header("Location")) == (303, "/queue") and passed(face)
    # Whoever read it over a shoulder, and has the words as well, comes too late: with it, and with one from before it.
    other = half(house, "Ada", words)
    for late in (used, used - 1):
        other.post("/sign-in/code", code=code(seed, late)).refused("wrong-code", 403)
        other.get("/queue").refused("second-factor", 403)
    assert passed(face), "who is in stays in"
    # The next one is new, and a telephone may be half a minute ahead; two minutes off is no code.
    other.post("/sign-in/code", code=code(seed, step(house) + 4)).refused("wrong-code", 403)
    other.post("/sign-in/code", code=code(seed, used + 1)).ok()
    assert passed(other)


def test_guessing_a_code_is_slowed(house):
    """Five are free; then even the right one waits, longer with each that is wrong; nobody else waits with them."""
    (words, seed), (theirs, their_seed) = added(house, "Ada"), added(house, "Bo")
    face, other = half(house, "Ada", words), half(house, "Bo", theirs)

    def guess():
        face.post("/sign-in/code", code=wrong(house, seed)).refused("wrong-code", 403)

    def held_up(who=None):
        (who or face).post("/sign-in/code", code=code(seed, step(house))).refused("too-fast", 429)
        assert not passed(who or face)

    for _ in range(5):
        guess()
    held_up()
    # Another browser with the same words is the same guesser.
    held_up(half(house, "Ada", words))
    other.post("/sign-in/code", code=code(their_seed, step(house))).ok()
    assert passed(other), "one person's guesses hold another up"
    # Each wrong one doubles the wait: half of it is not enough.
    house.advance(16)
    for wait in (30, 60, 120, 240):
        guess()
        house.advance(wait // 2)
        held_up()
        house.advance(wait // 2 + 1)
    face.post("/sign-in/code", code=code(seed, step(house))).ok()
    assert passed(face)
    # Whoever had it right begins anew.
    face = half(house, "Ada", words)
    house.advance(minutes=1)
    for _ in range(4):
        guess()
    face.post("/sign-in/code", code=code(seed, step(house))).ok()
