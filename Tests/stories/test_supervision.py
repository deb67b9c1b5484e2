"""Supporters are looked after: notes for oneself, a second pair of eyes, groups; and a record of help that leads to nobody."""

import base64
import json

from cast import MINE, answer, notices, write
from test_offers import before, supporter


def part(token, number):
    text = token.split(".")[number]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_a_note_after_something_heavy_is_ones_own(house):
    pro = house.professional(duty=10_000)
    room = house.room("lamp", "byRisk")
    one = supporter(house, room, pro)
    word = house.word()
    one.post("/offers/debrief", {"words": f"The {word} in it stays with me."}).ok()
    notes = one.get("/offers/debrief").ok().json["notes"]
    assert word in notes[0]["words"] and house.grep(word) == 0, "sealed"
    assert word in one.post("/you/export", words=" ".join(one.words), format="json").ok().text
    house.member().post("/offers/debrief", {"words": "Not a supporter."}).refused(None, 404)
    other = supporter(house, room, pro)
    other.post(f"/offers/debrief/{notes[0]['id']}/delete").refused(None, 404)
    one.post(f"/offers/debrief/{notes[0]['id']}/delete").ok()
    assert one.get("/offers/debrief").json["notes"] == []
    # The same press again, after a lost reply, keeps one note; the same words another day are another.
    for key in ("a-press-of-a-button-1", "a-press-of-a-button-1", "a-press-of-a-button-2"):
        one.post("/offers/debrief", {"words": "It was a lot.", "key": key}).ok()
    assert [note["words"] for note in one.get("/offers/debrief").json["notes"]] == ["It was a lot."] * 2
    # Sent to the team it is a talk with somebody; danger in a note is danger.
    talk = one.post("/offers/debrief", {"words": "I read it and can not sleep.", "team": 1}).ok(201).json["conversation"]
    assert pro.get(f"/conversations/{talk}").ok()
    assert one.post("/offers/debrief", {"words": "I have decided. I am going to kill myself tonight."}).ok().json["help"] == "atOnce"
    assert any(case["level"] == "urgent" for case in pro.get("/queue").json["cases"])


def test_a_second_pair_of_eyes(house):
    pro = house.professional(duty=10_000)
    room = house.room("lamp", "byRisk", promise=600)
    one, other = supporter(house, room, pro), supporter(house, room, pro)
    item = write(house.member(), room, MINE.format("heavy"))["id"]
    house.jobs()
    offer = before(one)[item]["id"]
    one.post(f"/offers/{offer}/accept").ok()
    talk = one.post(f"/offers/{offer}/second-eyes", {"words": "I hear you. Is that too little?"}).ok(201).json["conversation"]
    words = pro.open(f"/conversations/{talk}").ok().text
    assert item in words and "Is that too little?" in words
    assert item in before(one), "it stays theirs"
    other.post(f"/offers/{offer}/second-eyes", {"words": "Mine now."}).refused(None, 404)


def test_groups_of_supporters(house):
    pro, second = house.professional(duty=10_000), house.professional()
    room = house.room("lamp", "byRisk", promise=600)
    one, two = supporter(house, room, pro), supporter(house, room, pro)
    group = pro.post("/supervision", {"called": "Tuesdays"}).ok(201).json["id"]
    for face in (one, two):
        pro.post(f"/supervision/{group}/members", {"name": face.name}).ok()
    pro.post(f"/supervision/{group}/members", {"name": house.member().name}).refused("no-supporter-of-that-name", 422)
    second.post(f"/supervision/{group}/members", {"name": one.name}).refused(None, 422)
    pro.post(f"/supervision/{group}/meets", {"when": "2099-01-05T17:00"}).ok()
    pro.post(f"/supervision/{group}/meets", {"when": "2001-01-05T17:00"}).refused(None, 422)
    assert "supervision" in [n["kind"] for n in notices(one)]
    page = one.open("/offers").ok().page.words
    assert "Tuesdays" in page and two.name in page and pro.name in page
    one.post("/offers/week", {"answer": 4}).ok()
    item = write(house.member(), room, MINE.format("in the group"))["id"]
    house.jobs()
    told = {m["name"]: m for m in pro.get("/supervision").ok().json["groups"][0]["members"]}
    assert told[one.name]["weeks"] == [4] and told[two.name]["weeks"] == []
    assert set(told[one.name]) == {"name", "weeks", "taken"}, "what was heavy is for oneself only"
    # Numbers, and nothing of what was read or written; and not before those beside them.
    assert item not in pro.open("/supervision").text and "4" not in str(two.get("/offers").json.get("groups", ""))
    assert second.get("/supervision").ok().json["groups"] == []
    work = one.post("/you/export", words=" ".join(one.words), format="json").ok().json["work"]
    assert [(g["group"], g["leads"]) for g in work["groups"]] == [("Tuesdays", False)]
    # A hard week reaches whoever leads the group, and nobody beside them.
    assert "supervision" not in [n["kind"] for n in notices(pro)]
    two.post("/offers/week", {"answer": 1}).ok()
    assert "supervision" in [n["kind"] for n in notices(pro)] and "supervision" not in [n["kind"] for n in notices(second)]
    assert 'href="/supervision"' in pro.open("/notices").ok().text
    assert {m["name"]: m["weeks"] for m in pro.get("/supervision").json["groups"][0]["members"]}[two.name] == [1]
    one.post(f"/supervision/{group}/leave").ok()
    assert "Tuesdays" not in one.open("/offers").page.words
    pro.post(f"/supervision/{group}/end").ok()
    assert pro.get("/supervision").json["groups"] == []
    # Who led a group is gone: the group ends with them, and does not look like care that is none.
    other = second.post("/supervision", {"called": "Fridays"}).ok(201).json["id"]
    second.post(f"/supervision/{other}/members", {"name": two.name}).ok()
    assert "Fridays" in two.open("/offers").page.words
    words = " ".join(second.post("/you/way-back").ok().json["wayBack"])
    house.advance(hours=25)
    second.post("/you/erase", words=words, pace="now").ok()
    assert "Fridays" not in two.open("/offers").page.words


def test_a_record_of_help_is_checked_by_anybody_and_leads_to_nobody(house):
    pro = house.professional(duty=10_000)
    room = house.room("lamp", "byRisk", promise=600)
    one = supporter(house, room, pro)
    for turn in range(2):
        item = write(house.member(), room, MINE.format(f"number {turn}"))["id"]
        house.jobs()
        one.post(f"/offers/{before(one)[item]['id']}/accept").ok()
        house.advance(minutes=50)
        answer(one, item, "I read it, and I know evenings like that.")
        house.advance(days=2)
    assert one.get("/you/record").ok().json["hours"] == 1, "fifty minutes and fifty minutes"
    token = one.post("/you/record").ok().text
    again = one.post("/you/record").ok().text
    assert part(token, 0)["alg"] == "EdDSA" and part(token, 1)["id"] != part(again, 1)["id"], "two have nothing in common"
    said = part(token, 1)
    assert "RecordOfHelp" in said["type"] and said["credentialSubject"]["hours"] == 1
    whole = json.dumps(said)
    assert one.name not in whole and item not in whole and "lamp" not in whole and ":" in said["validFrom"] and "T00:00:00Z" in said["validFrom"]
    stranger = house.visitor()
    assert stranger.post("/record/check", {"record": token}).ok().json["valid"] is True
    # Forged: more hours, another key, no signature, half of it: a clear no, that names the part.
    head, body, sign = token.split(".")
    more = base64.urlsafe_b64encode(json.dumps({**said, "credentialSubject": {**said["credentialSubject"], "hours": 900}}).encode()).decode().rstrip("=")
    none = base64.urlsafe_b64encode(b'{"alg":"none","kid":"1"}').decode().rstrip("=")
    for forged, part_named in ((f"{head}.{more}.{sign}", "signature"), (f"{none}.{body}.{sign}", "header"), (f"{head}.{body}.", "signature"),
                               (f"{head}.{body}", "parts"), ("hello", "parts"), (f"{head}.{body}.{sign[:-4]}AAAA", "signature")):
        got = stranger.post("/record/check", {"record": forged})
        assert got.status == 422 and got.json["refused"] == f"record-{part_named}", (forged[-20:], got.text)
    keys = stranger.get("/record/keys").ok().json["keys"]
    assert keys[0]["crv"] == "Ed25519" and len(base64.urlsafe_b64decode(keys[0]["x"] + "=")) == 32
    house.member("13-15").get("/you/record").refused(None, 404)
