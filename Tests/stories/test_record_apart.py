"""A record of help, checked by somebody who has the published keys and none of the house's code (RFC 7515, RFC 8032)."""

import base64
import hashlib
import json

import pytest

from cast import MINE, answer, write
from test_offers import before, supporter
from test_talk import shown_id

# Ed25519 as RFC 8032 writes it down, slow and short: the curve, points as (X, Y, Z, T), and the check of section 5.1.7.
P, ORDER = 2 ** 255 - 19, 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    three, four = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = two - one, four - three, four + three, two + one
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    made = (0, 1, 1, 0)
    while number:
        if number & 1:
            made = add(made, point)
        point, number = add(point, point), number >> 1
    return made


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def point(data):
    """A point from its 32 bytes; None when there is none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or x == 0 and sign:
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def holds(key, message, signature):
    public, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or public is None or r is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return same(times(s, BASE), add(r, times(k, public)))


@pytest.mark.only("sqlite")
def test_this_check_is_the_one_of_the_rfc(engine):
    """The first three vectors of RFC 8032, section 7.1, and each of them spoiled."""
    for key, message, signature in (
            ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
             "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
            ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
             "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
            ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
             "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")):
        key, message, signature = map(bytes.fromhex, (key, message, signature))
        assert holds(key, message, signature)
        assert not holds(key, message + b"x", signature) and not holds(key, message, bytes([signature[0] ^ 1]) + signature[1:])


def read(part):
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)


def put(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def test_a_record_of_help_holds_by_its_published_key_alone(house):
    """Signed by a key that anybody can have; it says who issued it, hours and months; one byte changed and it holds no more; and it
    leads to no name, no post and no room."""
    pro = house.professional(duty=10_000)
    room = house.room("lantern", "byRisk", promise=600)
    one, author = supporter(house, room, pro), house.member()
    helped = house.word()
    item = write(author, room, MINE.format("today"))["id"]
    house.jobs()
    one.post(f"/offers/{before(one)[item]['id']}/accept").ok()
    house.advance(minutes=70)
    reply = answer(one, item, f"I read it, and what helped me was the {helped}.")["id"]
    got = one.post("/you/record").ok(200)
    assert got.header("Content-Type") == "application/vc+jwt" and 'filename="record.jwt"' in got.header("Content-Disposition")
    token = got.text
    head, body, sign = token.split(".")
    header, said, signature = json.loads(read(head)), json.loads(read(body)), read(sign)
    assert header["alg"] == "EdDSA" and header["typ"] == "vc+jwt" and set(header) == {"alg", "typ", "kid"}

    # A stranger's check, with the keys as they are published.
    keys = {key["kid"]: key for key in house.visitor().get("/record/keys").ok().json["keys"]}
    key = keys[header["kid"]]
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("OKP", "Ed25519", "EdDSA", "sig") and "d" not in key
    public, message = read(key["x"]), f"{head}.{body}".encode()
    assert len(public) == 32 and holds(public, message, signature)
    for place in (0, len(head) - 1, len(head) + 1, len(message) // 2, len(message) - 1):
        spoiled = message[:place] + bytes([message[place] ^ 1]) + message[place + 1:]
        assert not holds(public, spoiled, signature), place
    for place in (0, 31, 32, 63):
        assert not holds(public, message, signature[:place] + bytes([signature[place] ^ 1]) + signature[place + 1:]), place
    # The house says the same of every one of them: of the claims, of the signature, of another key's number.
    inside = read(body)
    forged = [f"{head}.{put(inside[:n] + bytes([inside[n] ^ 1]) + inside[n + 1:])}.{sign}" for n in range(0, len(inside), len(inside) // 8)]
    forged += [f"{head}.{body}.{put(signature[:n] + bytes([signature[n] ^ 1]) + signature[n + 1:])}" for n in range(0, 64, 9)]
    forged += [f"{put(json.dumps({**header, 'kid': '9'}).encode())}.{body}.{sign}", f"{put(json.dumps(header).encode())}.{body}.{sign}"]
    stranger = house.visitor()
    assert stranger.post("/record/check", {"record": token}).ok().json["valid"] is True
    for one_forged in forged:
        assert stranger.post("/record/check", {"record": one_forged}).refused("record-signature", 422).json["valid"] is False

    # What it says, and nothing else.
    assert said["@context"] == ["https://www.w3.org/ns/credentials/v2"] and said["type"] == ["VerifiableCredential", "RecordOfHelp"]
    assert set(said) == {"@context", "type", "id", "issuer", "issuerName", "validFrom", "credentialSubject"}
    assert said["issuer"].startswith("http://127.0.0.1:") and said["issuerName"]
    today = house.advance(0)[:10]
    assert said["validFrom"] == f"{today}T00:00:00Z" and said["id"].startswith("urn:record:")
    assert said["credentialSubject"] == {"hours": 1, "firstMonth": today[:7], "lastMonth": today[:7], "training": []}
    numbers = [value for row in house.sql(f"SELECT id, account FROM name WHERE shown IN ('{one.name}', '{author.name}')") for value in row.values()]
    secret = {one.name, author.name, item, reply, room, helped, "lantern"} | {str(n) for n in numbers} | {shown_id(n) for n in numbers}
    whole = read(head).decode() + inside.decode()
    assert not [word for word in secret if word in whole]
    # Not what ties two of them together either: beside its number a second one of the day is the same.
    again = json.loads(read(one.post("/you/record").ok().text.split(".")[1]))
    assert again.pop("id") != said.pop("id") and again == said
    assert house.grep(token.split(".")[2][:40]) == 0, "records are kept"
