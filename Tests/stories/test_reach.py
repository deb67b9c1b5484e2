"""ReachOut: volunteers with lived experience beside staff."""

import json

from cast import MINE, case_about, decide, found, need_case, queue, report, see, threads, write


def test_REACH_1(house):
    """Volunteer moderators can hide and answer but not ban or see identity; staff can."""
    room, elsewhere = house.room("forum", "byRisk"), house.room("elsewhere", "byRisk")
    for role in ("trained-peer-volunteer", "unpaid-peer-moderator"):
        volunteer = house.staff(role, room=room)
        staff, lead, pro = house.moderator(), house.lead(), house.professional()
        writer, reader = house.member(), house.member()
        word = house.word()
        item = write(writer, room, MINE.format(word))["id"]
        far = write(writer, elsewhere, MINE.format("over there"))["id"]
        # Answers, with a badge beside the name and never anonymously.
        made = volunteer.post(f"/items/{item}/replies", body="I have been there. I hear you.", voice="name").ok(201).json["id"]
        reply = next(r for r in see(reader, item)["replies"] if r["id"] == made)
        assert reply["badge"], reply
        assert reply["badge"] in reader.open(f"/items/{item}").page.words
        got = volunteer.post(f"/items/{item}/replies", body="And again.", voice="anonymous")
        if got.status < 300:
            again = next(r for r in see(reader, item)["replies"] if r["id"] == got.json["id"])
            assert again["voice"] != "anonymous" and again["name"] == volunteer.name, "staff never write anonymously"
        # Hides until staff look: gone for readers, told to the author, in the staff's queue.
        got = volunteer.post(f"/items/{item}/hide", reason="heated")
        assert got.status in (200, 201), f"a volunteer can not hide: {got.status} {got.text[:200]}"
        assert see(reader, item) is None and item not in threads(reader, room) and found(reader, word) == []
        assert see(writer, item)["item"]["state"] == "hidden"
        assert any(s["item"] == item for s in writer.get("/standing").json["statements"])
        case = need_case(staff, item)
        events = staff.get(f"/cases/{case['id']}").json["events"]
        assert any(e["role"] == role for e in events), events
        # Not in another room, and nothing of that road is open to a member.
        assert volunteer.post(f"/items/{far}/hide", reason="heated").status in (403, 404)
        assert see(reader, far)
        assert reader.post(f"/items/{far}/hide", reason="heated").status in (403, 404)
        # No bans, no queue, no identity.
        for path, fields in (
                (f"/cases/{case['id']}/decisions", {"act": "restrict", "reason": "heated", "sanction": "leave-for-good"}),
                (f"/cases/{case['id']}/decisions", {"act": "restrict", "reason": "heated", "sanction": "warning"}),
                (f"/cases/{case['id']}/decisions", {"act": "remove", "reason": "heated"}),
                (f"/cases/{case['id']}/link", {"why": "I would like to know"})):
            got = volunteer.post(path, fields)
            assert got.status in (403, 404), f"{role}: {path} {fields} => {got.status}"
        assert volunteer.get("/queue").status in (403, 404)
        assert volunteer.get(f"/cases/{case['id']}").status in (403, 404)
        for path in (f"/items/{item}", f"/rooms/{room}", "/today"):
            assert "account" not in volunteer.get(path).text
        # Staff can: the link with a written reason, logged; and leaving for good.
        second = writer.post("/you/second-name").ok().json["name"]
        assert second not in staff.get(f"/cases/{case['id']}").text, "no link without asking"
        linked = lead.post(f"/cases/{case['id']}/link", why="Threats against another member").ok().json
        assert {writer.name, second} <= set(linked["names"]), linked
        assert any("link" in e["kind"] for e in lead.get(f"/cases/{case['id']}").json["events"])
        lead.post(f"/cases/{case['id']}/claim").ok()
        lead.post(f"/cases/{case['id']}/decisions", act="restrict", reason="bullying", sanction="leave-for-good", deliberate=True).ok()
        got = writer.post(f"/rooms/{elsewhere}/items", title="Hello", body="May I say something about the weather?", wants="listen", voice="name")
        assert got.status in (403, 422), f"after leaving for good: {got.status}"
        # The ban acts on the account behind every voice; reading, help and own words stay.
        writer.speak_as(2)
        got = writer.post(f"/rooms/{elsewhere}/items", title="Hello", body="May I say something about the weather?", wants="listen", voice="name")
        assert got.status in (403, 422)
        assert writer.get("/help").status == 200 and writer.get("/mine").status == 200 and writer.get("/standing").status == 200
