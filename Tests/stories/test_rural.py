"""Rural forum: places too small to name, and a network too slow to wait for."""

import http.client
import json
import re
import socket
import time
import urllib.parse

from cast import MINE, content, found, need_case, see, threads, write


def test_RURAL_1(house):
    """A member picks an area no smaller than a set population; names of smaller places in posts are held."""
    room = house.room("forum", "byRisk")
    operator, me, reader = house.operator(), house.member(), house.member()
    staff = house.moderator()
    places = content("places.json")
    # Off unless the organisation turns it on: nothing is asked.
    assert not me.open("/you").ok(200).page.form("/you/area") and me.post("/you/area", area=places["areas"][0]["id"]).status == 404
    operator.post("/operator/organisation", lowest_band="11-12", parents_rule="none", area_on=True).ok()
    # Only areas of the country, and none that is too small.
    offered = [area["id"] for area in me.get("/you").ok().json["areas"]]
    people = {area["id"]: area["population"] for area in places["areas"]}
    assert offered and all(people[one] >= places["minimumPopulation"] >= 50_000 for one in offered)
    page = me.open("/you").ok(200).page
    assert page.form("/you/area") and set(offered) <= set(page.options)
    me.post("/you/area", area=offered[0]).ok()
    assert me.get("/you").json["area"] == offered[0]
    for small in ("Nether Quibbling", places["smallPlaces"][0], "x" * 50):
        me.post("/you/area", area=small).refused(None, 422)
    assert me.get("/you").json["area"] == offered[0]
    # A small place in a post is held with its reason.
    name = places["smallPlaces"][0].title()
    word = house.word()
    made = write(me, room, f"I went home to {name} for the weekend. {word}")
    assert made["state"] == "held" and made["reason"] == "place", made
    assert see(reader, made["id"]) is None and found(reader, word) == []
    page = me.open(f"/items/{made['id']}/sent").ok(200).page.words
    assert "place" in page.lower() and "why." not in page, "the reason is told in words"
    need_case(staff, made["id"])
    assert write(me, room, "I went home to the coast for the weekend.")["state"] == "shown"
    # Also in a title, in small letters, and in an answer.
    for title, body in ((f"Home in {name}", "It rained all weekend."), ("Home", f"it rained all weekend in {name.lower()} and i was bored")):
        made = write(me, room, body, title=title)
        assert (made["state"], made["reason"]) == ("held", "place"), (title, body, made["state"], made["reason"])
    base = write(reader, room, "Where is it raining?")["id"]
    told = me.post(f"/items/{base}/replies", body=f"Here in {name}, all day.", voice="name").ok(201).json
    assert (told["state"], told["reason"]) == ("held", "place"), told["state"]
    # The area is seen by nobody else.
    assert offered[0] not in reader.open(f"/rooms/{room}").text + reader.get(f"/rooms/{room}").text


def weigh(face, path, have=None):
    """Bytes of a page with everything it needs that is not in `have` yet, plain."""
    have = set() if have is None else have
    got = face.open(path).ok(200)
    total, requests = len(got.body), 1
    for address in got.page.assets:
        address = address.split("#")[0]
        if not address or address.startswith("data:") or address in have:
            continue
        assert address.startswith("/"), f"a request to somebody else: {address}"
        have.add(address)
        asset = face.raw("GET", address, accept="*/*").ok(200)
        assert "max-age" in asset.header("Cache-Control"), address
        total, requests = total + len(asset.body), requests + 1
        if "css" in asset.header("Content-Type"):
            for inner in re.findall(r"url\(['\"]?([^'\")]+)", asset.text):
                inner = inner.split("#")[0]
                if inner and not inner.startswith("data:") and inner not in have:
                    assert inner.startswith("/"), inner
                    have.add(inner)
                    more = face.raw("GET", inner, accept="*/*")
                    if more.status == 200:
                        total, requests = total + len(more.body), requests + 1
    return total, requests


def test_RURAL_2(house):
    """Reading and posting a thread costs under 150 kB on the first visit, and works at 2G speed and after a lost
    connection."""
    room = house.room("forum", "byRisk")
    me, reader, writer = house.member(), house.member(), house.member()
    text = ("It rained all week and the bus came late again, so I counted the sheep on the hill and lost count at forty. " * 5)
    thread = write(writer, room, text[:560])["id"]
    for turn in range(20):
        writer.post(f"/items/{thread}/replies", body=text[turn * 7:turn * 7 + 300], voice="name").ok(201)
        if turn % 5 == 4:
            house.advance(minutes=30)
    # The whole visit, plain bytes: the room, the thread, writing an answer, seeing it there.
    have = set()
    total = requests = 0
    for path in (f"/rooms/{room}", f"/items/{thread}"):
        bytes_, asked = weigh(me, path, have)
        total, requests = total + bytes_, requests + asked
    form = me.open(f"/items/{thread}").page.form(f"/items/{thread}/replies")
    assert form and form["fields"].get("key"), "the form carries a key of its own"
    words = house.word()
    sent = me.send(f"/items/{thread}/replies", body=MINE.format(words), voice="name", key=form["fields"]["key"])
    assert sent.status == 303
    after, asked = weigh(me, sent.header("Location"), have)
    total, requests = total + len(sent.body) + after, requests + 1 + asked
    assert total < 150_000, f"{total} bytes"
    assert requests <= 16, f"{requests} requests"
    # 2G: 30 kB a second and 600 ms a round trip; the first page can be read within 15 s.
    first, asked = weigh(reader, f"/rooms/{room}")
    assert first / 30_000 + 0.6 * (2 + asked / 4) < 15, f"{first} bytes in {asked} requests"
    assert first < 75_000, f"first visit {first} bytes"
    # Compressed it is less still.
    plain = reader.open(f"/items/{thread}")
    zipped = reader.raw("GET", f"/items/{thread}", headers={"Accept-Encoding": "gzip"})
    assert zipped.header("Content-Encoding") == "gzip" and len(zipped.body) < len(plain.body) / 2
    # A slow sender is waited for: the form trickles in over some seconds.
    word = house.word()
    body = urllib.parse.urlencode({"body": MINE.format(word), "voice": "name", "key": "slow-one", "csrf": me.csrf}).encode()

    def trickle(body, read):
        line = socket.create_connection(("127.0.0.1", house.port), timeout=30)
        line.sendall(
            f"POST /items/{thread}/replies HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\nAccept: application/json\r\n"
            f"Cookie: understory={me.cookies['understory']}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode())
        step = max(1, len(body) // 30)
        for at in range(0, len(body), step):
            line.sendall(body[at:at + step])
            time.sleep(0.1)
        if not read:
            line.close()
            return None
        reply = http.client.HTTPResponse(line)
        reply.begin()
        answer = reply.status, json.loads(reply.read())
        line.close()
        return answer

    status, told = trickle(body, read=True)
    assert status == 201, told
    assert any(word in r["body"] for r in replies(me, thread))
    # The line breaks before the answer comes: the same form again makes no second item, and says so.
    lost = house.word()
    again = urllib.parse.urlencode({"body": MINE.format(lost), "voice": "name", "key": "lost-one", "csrf": me.csrf}).encode()
    trickle(again, read=False)
    time.sleep(0.5)
    fields = {"body": MINE.format(lost), "voice": "name", "key": "lost-one"}
    first = me.post(f"/items/{thread}/replies", fields).ok(200, 201).json
    second = me.post(f"/items/{thread}/replies", fields).ok(200, 201).json
    assert first["id"] == second["id"] and second["already"]
    assert len([r for r in replies(me, thread) if lost in r["body"]]) == 1, "a double press made two"
    page = me.send(f"/items/{thread}/replies", fields)
    assert page.status == 303, "pressed again on the page: led to the one that is there"
    # Half a form that never ends leaves nothing behind.
    half = house.word()
    line = socket.create_connection(("127.0.0.1", house.port), timeout=10)
    line.sendall(
        f"POST /items/{thread}/replies HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: understory={me.cookies['understory']}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\nbody={half}".encode())
    line.close()
    assert found(me, half) == []
    # The page for when there is no connection at all: help stands on it.
    offline = reader.open("/offline").ok(200).page
    assert any(link.startswith("tel:") for link in offline.links) or offline.leads_to("/help")


def replies(face, thread):
    out, after = [], None
    while True:
        got = face.get(f"/items/{thread}", **({"after": after} if after else {})).ok().json
        out += got["replies"]
        after = got.get("next")
        if not after:
            return out
