"""ALL-1 to ALL-6: what every way of working shares."""

import itertools
import json

import pytest

import cast
from cast import (
    COMPARING, CONTACT, LINK, METHOD, MINE, URGENT, answer, approved, case_about, claim, decide, decide_item, fill, flat,
    found, get_paths, matter, need_case, notices, queue, report, see, threads, write)

# A page that must look like nothing of ours: where Leave leads.
DULL = {"/leave", "/weather"}


def sweep(house, face, ids, extra=()):
    """Everything this person can reach with GET, both faces of it: {address: text}."""
    seen = {}
    for path in get_paths(house):
        if path in ("/live", "/sign-out"):
            continue
        made = fill(path, ids)
        if made:
            seen[made] = None
    for path in [*seen, *extra]:
        page, told = face.open(path), face.get(path)
        seen[path] = (page.text if page.status < 400 else "") + (told.text if told.status < 400 else "")
        # A refusal says no more than that it is a refusal.
        seen[path + " refused"] = (page.text if page.status >= 400 else "") + (told.text if told.status >= 400 else "")
    return {path: text for path, text in seen.items() if text}


def test_ALL_1(house):
    """Nothing waiting, held, returned, hidden, removed, withdrawn, private, muted, blocked, erased or on a break
    stands on any page, list, search, count, notice, export or live stream of a visitor or another member."""
    word = house.word
    forum, quiet = house.room("forum", "byRisk"), house.room("quiet", "before")
    staff = house.moderator(duty=2000)
    pro = house.professional(duty=2000)
    writer, reader, other = house.member(), house.member(), house.member()
    away, gone, blocker, muted = house.member(), house.member(), house.member(), house.member()
    w = {key: word() for key in (
        "open", "waiting", "held", "urgent", "returned", "hidden", "removed", "withdrawn", "reply-waiting", "reply-held",
        "muted", "matter", "word", "blocked", "break", "erased", "message", "report", "note", "check", "title", "anon")}

    # Shown to all: the sweep must be able to find something.
    thread = write(writer, forum, MINE.format(w["open"]))["id"]
    ids = {}
    ids["waiting"] = write(writer, quiet, MINE.format(w["waiting"]), title="Slow " + w["title"])["id"]
    held = write(writer, forum, COMPARING.format(w["held"]))
    assert held["state"] == "held"
    ids["held"] = held["id"]
    urgent = write(writer, forum, URGENT.format(w["urgent"]))
    assert urgent["state"] == "held" and urgent["help"] == "atOnce"
    ids["urgent"] = urgent["id"]
    ids["returned"] = write(writer, quiet, MINE.format(w["returned"]))["id"]
    decide_item(staff, ids["returned"], "return", reason="finding")
    for state, act in (("hidden", "hide"), ("removed", "remove")):
        ids[state] = write(writer, forum, MINE.format(w[state]))["id"]
        assert w[state] in see(reader, ids[state])["item"]["body"]
        report(other, ids[state], "unkind")
        decide_item(staff, ids[state], act, reason="heated")
    ids["withdrawn"] = write(writer, forum, MINE.format(w["withdrawn"]))["id"]
    writer.post(f"/items/{ids['withdrawn']}/withdraw").ok()
    slow = approved(staff, writer, quiet, "Does the rain keep you awake as well?")
    ids["reply-waiting"] = answer(other, slow, MINE.format(w["reply-waiting"]))["id"]
    reply = answer(other, thread, CONTACT.format(w["reply-held"]))
    assert reply["state"] == "held"
    ids["reply-held"] = reply["id"]
    # The reader's own rules: the reader alone never meets these again.
    mine = {}
    mine["muted"] = write(muted, forum, MINE.format(w["muted"]))["id"]
    reader.post(f"/items/{mine['muted']}/mute").ok()
    mine["matter"] = write(other, forum, MINE.format(w["matter"]), topics=["bullied-at-school"])["id"]
    matter(reader, bullying="hide")
    banned = word()
    mine["word"] = write(other, forum, MINE.format(f"{banned}, and {w['word']}"))["id"]
    reader.post("/see", words=banned).ok()
    theirs = write(reader, forum, "Has anyone seen the frost today?")["id"]
    mine["blocked"] = write(blocker, forum, MINE.format(w["blocked"]))["id"]
    blocker.post(f"/items/{theirs}/block").ok()
    ids["break"] = write(away, forum, MINE.format(w["break"]))["id"]
    away.post("/breaks", days=3).ok()
    ids["erased"] = write(gone, forum, MINE.format(w["erased"]))["id"]
    gone.post("/you/erase", words=" ".join(gone.words), pace="now").ok()
    # Private from the start.
    talk = other.post("/conversations", words=MINE.format(w["message"])).ok(201).json["id"]
    report(other, mine["muted"], "unkind", words=MINE.format(w["report"]))
    case = need_case(staff, mine["muted"])["id"]
    staff.post(f"/cases/{case}/notes", words=MINE.format(w["note"])).ok()
    other.post("/check-ins", word="heavy").ok()
    house.jobs()

    hidden = {key: w[key] for key in (
        "waiting", "held", "urgent", "returned", "hidden", "removed", "withdrawn", "reply-waiting", "reply-held", "break",
        "erased", "message", "report", "note", "title")}
    readers = {key: w[key] for key in ("muted", "matter", "word", "blocked")}
    visitor = house.visitor()
    places = [{"room": forum, "item": thread, "conversation": talk, "case": case}]
    places += [{"room": quiet, "item": item, "conversation": talk, "case": case} for item in ids.values()]
    for face, forbidden in ((visitor, hidden), (reader, hidden | readers)):
        seen = {}
        for place in places:
            for path, text in sweep(house, face, place).items():
                seen[path] = text
            if face is visitor:
                continue
        lists = [f"/rooms/{forum}", f"/rooms/{quiet}", "/today", "/rooms", "/notices", "/choose", "/counts", "/talk", "/mine"]
        for q in [*forbidden.values(), "cold", "tea", "awake"]:
            path = f"/search?q={q}"
            got = face.get(path)
            if got.status == 200:
                shown = json.dumps([(i.get("body") or "") + (i.get("title") or "") for i in got.json["items"]])
                for key, one in forbidden.items():
                    assert one not in shown, f"{key} found by searching {q}"
                    assert ids.get(key) not in [i["id"] for i in got.json["items"]] or key not in ids, key
                page = face.open(path)
                assert not any(f"/items/{item}" in page.text for item in ids.values()), f"a search for {q} leads to a held item"
        for path, text in seen.items():
            for key, one in forbidden.items():
                assert one not in text, f"{key} stands on {path} of {face.name or 'a visitor'}"
        for path in lists:
            for key, item in ids.items():
                assert item not in seen.get(path, ""), f"{path} names the {key} item"
    # Not because pages are empty: the open one is there for the reader, and each hidden thing says which rule hid it.
    assert w["open"] in reader.open(f"/rooms/{forum}").text + reader.open(f"/items/{thread}").text
    assert thread in found(reader, w["open"]) and w["open"] in reader.get("/today").text + reader.open("/today").text
    for key, because in (("muted", "person"), ("matter", "matter"), ("word", "word")):
        there = [i for i in reader.get(f"/rooms/{forum}").json["items"] if i["id"] == mine[key]]
        for item in there:
            assert item["sight"] == "hide" and item["because"][0]["rule"] == because, item
            assert not item.get("body") and not item.get("title")
        assert w[key] in json.dumps(house_view(staff, mine[key])), "hidden from the reader alone"
    # Nobody but those concerned reaches the items by their address.
    for key, item in ids.items():
        for face in (visitor, reader):
            assert face.get(f"/items/{item}").status in (401, 404), f"{key} opens to {face.name or 'a visitor'}"
    for face in (visitor, reader):
        assert face.get(f"/conversations/{talk}").status in (401, 404)
        assert face.get(f"/cases/{case}").status in (401, 403, 404)
        assert face.get("/queue").status in (401, 403, 404)
    # Counts: a waiting or held reply is not counted.
    assert see(reader, thread)["item"]["replies"] == 0
    assert see(reader, slow)["item"]["replies"] == 0 and see(reader, slow)["replies"] == []
    # Exports: another member's holds none of it.
    export = reader.post("/you/export", words=" ".join(reader.words), format="json").ok().text
    export += reader.post("/you/export", words=" ".join(reader.words), format="html").ok().text
    for key, one in hidden.items():
        assert one not in export, f"{key} is in another member's export"
    # Live: a held answer to the reader's thread wakes nobody; a shown one does.
    with_live = reader.live()
    assert with_live.status == 200
    answer(other, theirs, CONTACT.format(w["anon"]))
    house.jobs()
    assert not with_live.heard("notice", 1.5), f"a held reply was announced: {with_live.text}"
    assert all(n.get("item") != theirs for n in notices(reader))
    answer(writer, theirs, "Yes, all over the fence.")
    house.jobs()
    assert with_live.heard("notice", 8), "a shown reply was not announced"
    assert not any(one in with_live.text for one in w.values())
    with_live.close()
    # Caches: nothing of a signed-in person's may be kept by anybody on the way.
    for path in ("/today", f"/rooms/{forum}", f"/items/{thread}", "/mine", "/notices", "/talk"):
        kept = reader.open(path).header("Cache-Control")
        assert "no-store" in kept or "private" in kept, f"{path} may be kept: {kept!r}"


def house_view(staff, item):
    return staff.get(f"/items/{item}").json


def test_ALL_2(house):
    """Every change of an item's state is an event with role, time, code and reason; nobody can edit one."""
    room = house.room("quiet", "before")
    staff, pro, writer, other = house.moderator(), house.professional(), house.member(), house.member()
    item = write(writer, room, MINE.format(house.word()))["id"]
    case = need_case(staff, item)["id"]

    def events():
        told = pro.get(f"/cases/{case}").ok().json["events"]
        for one in told:
            assert one["role"] and one["at"].endswith("Z") and one["kind"] and "code" in one, one
        return told

    first = events()[0]
    assert first["kind"] == "opened" and first["role"] == "screen" and "read-first" in first["code"], first
    house.advance(minutes=3)
    decide(staff, case, "approve", seconds=20)
    shown = events()
    decided = [e for e in shown if e["kind"] == "decided"][-1]
    assert decided["role"] == "trained-paid-staff" and decided["code"].startswith("approve"), decided
    assert decided["at"] > first["at"]
    assert any(e["kind"] == "claimed" for e in shown) and shown[-1]["kind"] == "closed"
    # Reported, returned with a reason, edited, taken back: each leaves its mark in order.
    report(other, item, "privacy")
    case = need_case(staff, item)["id"]
    assert [e["kind"] for e in events()][:2] == ["opened", "reported"]
    decide(staff, case, "return", reason="finding")
    decided = [e for e in events() if e["kind"] == "decided"][-1]
    assert "return" in decided["code"] and "finding" in decided["code"], decided
    assert see(writer, item)["item"]["state"] == "returned"
    writer.post(f"/items/{item}/edit", title="One of those days", body="A long day, and nothing more.").ok()
    again = need_case(staff, item)["id"]
    case = again
    writer.post(f"/items/{item}/withdraw").ok()
    kinds = [e["kind"] for e in events()]
    assert "withdrawn" in kinds, kinds
    role = [e for e in events() if e["kind"] == "withdrawn"][0]["role"]
    assert role == "author"
    # The page of the case tells the same story to a moderator's eye.
    page = pro.open(f"/cases/{case}").page.words
    assert page, "the case has a page"
    # Nobody can change what happened.
    before = events()
    said = house.tell(f"tamper {case}")
    assert "append-only" in said or "refused" in said, f"the engine did not refuse: {said}"
    for statement in (
            "UPDATE case_event SET code = 'approve'", "UPDATE case_event SET actor_role = 'author' WHERE number = 1",
            "DELETE FROM case_event", "DELETE FROM case_event WHERE kind = 'decided'"):
        refused = house.meddle(statement)
        assert refused and "append-only" in refused, f"{statement}: {refused}"
    assert events() == before and house.chain(case)
    for one in queue(pro):
        assert house.chain(one["id"])


@pytest.mark.partly("live rooms themselves come with the live formats; here: settings and the card")
def test_ALL_3(house):
    """The operator makes all eight combinations of the three axes from settings; a visitor reads each room's type
    before joining."""
    operator, visitor = house.operator(), house.visitor()
    moderators = ["trained-paid-staff", "professional"]
    cards = {}
    for interaction, moderation, focus in itertools.product(
            ("live", "notLive"), ("before", "none"), ((), ("exams", "sleep"))):
        fields = {
            "name": f"Room {interaction} {moderation} {len(focus)}", "about": "For long evenings.", "not_for": "Not for danger.",
            "colour": "moss", "format": "forum", "readable": "anyone", "interaction": interaction, "moderation": moderation,
            "moderators": moderators if moderation == "before" else [], "focus": list(focus), "bands": ["18-25"], "size": 200,
            "anonymity": True, "promise_minutes": 240, "night": "wait"}
        made = operator.post("/operator/rooms", fields).ok(201).json
        operator.post(f"/operator/rooms/{made['id']}/open").ok()
        card = visitor.get(f"/rooms/{made['id']}/card").ok().json["room"]
        assert (card["interaction"], card["moderation"]) == (interaction, moderation)
        assert sorted(card["focus"]) == sorted(focus)
        listed = [r for r in visitor.get("/rooms").json["rooms"] if r["id"] == made["id"]]
        assert listed and listed[0]["interaction"] == interaction and listed[0]["moderation"] == moderation
        page = visitor.open(f"/rooms/{made['id']}/card").ok(200).page.words.replace(fields["name"], "")
        cards[(interaction, moderation, focus)] = page
    assert len(set(cards.values())) == 8, "two different types read the same on their cards"
    # The words that tell the type are the same for the same axis value.
    for (interaction, moderation, focus), page in cards.items():
        assert ("Exams" in page) == bool(focus) and ("Sleep" in page) == bool(focus), page
    # A change of form is a new version.
    room = visitor.get("/rooms").json["rooms"][0]
    form = operator.get(f"/operator/rooms/{room['id']}").ok().json
    assert form
    fields["name"], fields["size"] = "Room renamed", 50
    last = [r["id"] for r in visitor.get("/rooms").json["rooms"]][-1]
    before = visitor.get(f"/rooms/{last}/card").json["room"]["version"]
    operator.post(f"/operator/rooms/{last}", fields).ok()
    assert visitor.get(f"/rooms/{last}/card").json["room"]["version"] == before + 1
    # An under-18 room does not open without its records, and a young room without moderators is refused.
    fields.update(name="Young room", bands=["13-15"], moderation="none", moderators=[], readable="members")
    operator.post("/operator/rooms", fields).refused(None, 422)
    fields.update(moderation="before", moderators=moderators)
    young = operator.post("/operator/rooms", fields).ok(201).json["id"]
    told = operator.post(f"/operator/rooms/{young}/open").refused("room-not-ready", 422).json
    assert len(told["missing"]) >= 5, told


TEN = [
    "professional", "trained-paid-staff", "trained-paid-peer", "peer-support-specialist", "trained-peer-volunteer", "trained-lay-counsellor",
    "administrative-moderator", "researcher", "unpaid-peer-moderator", "consumer"]


def test_ALL_4(house):
    """The ten roles of the review exist, are given for one room, and a power a role lacks is refused by the server."""
    here, there = house.room("here", "before"), house.room("there", "before")
    target = house.room("other", "byRisk")
    operator, lead = house.operator(), house.lead()
    told = operator.get("/operator/roles").ok().json
    powers = {role.get("code") or role.get("id"): set(role["powers"]) for role in told["roles"]}
    assert set(TEN) <= set(powers), sorted(set(TEN) - set(powers))
    acts = {
        "approve": ("approve", {}), "return": ("returnIt", {"reason": "heated"}), "mask": ("mask", {"reason": "finding", "masked": "A long day."}),
        "label": ("label", {"topics": ["exams"]}), "move": ("move", {"room": target}), "hide": ("hide", {"reason": "heated"}),
        "remove": ("remove", {"reason": "heated"}), "restrict": ("restrict", {"reason": "bullying", "sanction": "warning"}),
        "escalate": ("escalate", {})}
    elsewhere = write(house.newcomer(), there, MINE.format("today"))["id"]
    far = need_case(lead, elsewhere)["id"]
    for role in TEN:
        staff = house.staff(role, room=here)
        house.told(f"staff {staff.name} {role}@{target}")  # where things may be moved to
        mine = powers[role]
        item = write(house.newcomer(), here, MINE.format("today"))["id"]
        case = need_case(lead, item)["id"]
        reads = "readQueue" in mine
        got = staff.get("/queue")
        assert (got.status == 200) == reads, f"{role} and the queue: {got.status}"
        if reads:
            assert any(c["id"] == case for c in got.json["cases"]) and all(c["id"] != far for c in got.json["cases"])
        else:
            assert got.status in (403, 404)
        assert (staff.get(f"/cases/{case}").status == 200) == reads, role
        # The role was given for one room: in another it is worth nothing.
        assert staff.get(f"/cases/{far}").status in (403, 404), f"{role} reads a case of another room"
        for act, (power, fields) in acts.items():
            got = staff.post(f"/cases/{far}/decisions", {"act": act, **fields})
            assert got.status in (403, 404), f"{role} may {act} in another room: {got.status}"
        assert staff.post(f"/items/{elsewhere}/replies", body="I hear you.", voice="name").status in (403, 404, 422), role
        for act, (power, fields) in acts.items():
            may = reads and power in mine
            if may:
                staff.post(f"/cases/{case}/claim").ok()
            got = staff.post(f"/cases/{case}/decisions", {"act": act, **fields})
            if may:
                got.ok()
            else:
                assert got.status in (403, 404), f"{role} has no {power} and yet: {got.status} {got.text[:200]}"
            if may and act in ("approve", "return", "hide", "remove", "move"):
                # That one is decided; the next act needs words that still wait.
                house.advance(minutes=1)
                item = write(house.newcomer(), here, MINE.format("today"))["id"]
                case = need_case(lead, item)["id"]
        if reads:
            staff.post(f"/cases/{case}/claim").ok()
        for path, power, fields in (
                (f"/cases/{case}/conversation", "converse", {"words": "I read what you wrote."}),
                (f"/cases/{case}/link", "seeLink", {"why": "asked by the lead"})):
            got = staff.post(path, fields)
            if reads and power in mine:
                got.ok()
            elif power not in mine:
                assert got.status in (403, 404), f"{role} has no {power} and yet: {got.status}"
        for path, power in (
                ("/operator/rooms", "manageRooms"), ("/operator/roles", "manageRoles"), ("/operator/staff", "manageStaff"),
                ("/operator/numbers", "readCounts")):
            got = staff.get(path)
            if power not in mine:
                assert got.status in (403, 404), f"{role} has no {power} and yet {path}: {got.status}"
        if reads:
            staff.post(f"/cases/{case}/release")
    # A role of one's own, made in the page's own form, with one power.
    operator.post(
        "/operator/roles", code="night-reader", name="Night reader", means="Reads the queue at night.", powers=["readQueue"]).ok()
    reader = house.staff("night-reader", room=here)
    item = write(house.newcomer(), here, MINE.format("today"))["id"]
    case = need_case(reader, item)["id"]
    reader.post(f"/cases/{case}/claim").ok()
    reader.post(f"/cases/{case}/decisions", act="approve").refused(None, 403)
    page = reader.open(f"/cases/{case}")
    assert page.status == 200
    # An unknown power is refused, and no member may make roles.
    operator.post("/operator/roles", code="all", name="All", means="Everything.", powers=["everything"]).refused(None, 422, 400)
    house.member().post(
        "/operator/roles", code="mine", name="Mine", means="Everything.", powers=["approve"]).refused(None, 403, 404)
    # Powers over young people lapse without a current check.
    young = house.room("young", "before", "13-15")
    unchecked = house.staff("trained-paid-staff", checked=False)
    child = house.newcomer("13-15")
    child.post(f"/rooms/{young}/join").ok()
    item = write(child, young, MINE.format("today"))["id"]
    case = need_case(lead, item)["id"]
    assert unchecked.get(f"/cases/{case}").status in (403, 404)
    assert unchecked.post(f"/cases/{case}/decisions", act="approve").status in (403, 404)


def test_ALL_5(house):
    """Help is one press away on every page there is, signed in or not, without scripts; and it has numbers to call."""
    room = house.room("forum", "byRisk", readable="anyone")
    member, staff, pro, operator = house.member(), house.moderator(), house.professional(), house.operator()
    item = write(member, room, MINE.format("today"))["id"]
    held = write(member, room, COMPARING.format("so there"))["id"]
    case = need_case(staff, held)["id"]
    talk = member.post("/conversations", words="Is somebody there?").ok(201).json["id"]
    ids = {"room": room, "item": item, "case": case, "conversation": talk}
    without = []
    count = 0
    for face in (house.visitor(), member, staff, pro, operator):
        extra = [f"/rooms/{room}/nothing", "/no-such-page", f"/items/{held}/sent", f"/items/{held}/edit", "/rules?easy=1"]
        for path in [fill(p, ids) for p in get_paths(house)] + extra:
            if path is None or path in DULL:
                continue
            if path == "/live":
                continue
            got = face.open(path)
            if got.status in (303, 302) or "text/html" not in got.header("Content-Type"):
                continue
            count += 1
            page = got.page
            if not any(link == "/help" or link.startswith(("/help?", "/help#")) for link in page.links):
                if not path.startswith("/help"):
                    without.append(f"{path} as {face.name or 'a visitor'} ({got.status})")
                elif not any(link.startswith("tel:") for link in page.links):
                    without.append(f"{path} has no numbers")
    assert count > 100, f"only {count} pages were looked at"
    assert not without, without
    # A refused form is a page too.
    refused = member.send(f"/rooms/{room}/items", title="", body="", wants="listen", voice="name")
    assert refused.status == 422 and refused.page.leads_to("/help")
    # The page itself: the emergency number and lines, as links that a phone dials, for the country asked for.
    for face in (house.visitor(), member):
        page = face.open("/help?country=GB").ok(200).page
        dialled = [link for link in page.links if link.startswith("tel:")]
        assert any("999" in link for link in dialled) and any("116123" in link for link in dialled), dialled
        assert any(link.startswith("sms:") for link in page.links) or "85258" in page.words
        page = face.open("/help?country=US").ok(200).page
        assert any("911" in link for link in page.links) and not any("116123" in link for link in page.links)
    told = house.visitor().get("/help?country=GB").ok().json
    assert "999" in json.dumps(told)
    # Grounding, and "worried about someone" in three steps at most, nothing stored.
    assert house.visitor().open("/help/grounding").status == 200
    path, steps = "/help/worried", 0
    while steps < 3:
        page = house.visitor().open(path).ok(200).page
        onward = [link for link in page.links if link.startswith("/help/worried?at=")]
        if not onward:
            break
        path, steps = onward[0], steps + 1
    page = house.visitor().open(path).ok(200).page
    assert steps <= 3 and not [l for l in page.links if l.startswith("/help/worried?at=") and l != path and steps >= 3], path
    assert any(link.startswith("tel:") for link in page.links) or page.leads_to("/help")
    # Dead numbers are never shown.
    for country in ("GB", "IE", "US"):
        text = house.visitor().open(f"/help?country={country}").text
        assert "08457909090" not in text and "1850609090" not in text
    # Leave goes away at once, for everyone, and the dull page tells nothing.
    for face in (house.visitor(), member):
        gone = face.open("/leave")
        assert gone.status == 303
        dull = face.open("/weather").text.lower()
        assert "understory" not in dull and "help" not in dull, "the dull page tells"


def test_ALL_6(house):
    """One person's whole record is exported to them and erased; what stays is the safeguarding record and nothing else."""
    room = house.room("forum", "byRisk", anonymity=1)
    staff, pro = house.moderator(duty=4000), house.professional(duty=4000)
    me, other, late = house.member(), house.member(), house.member()
    w = {key: house.word() for key in (
        "post", "title", "reply", "anon", "second", "held", "urgent", "returned", "message", "report", "appeal", "words", "note",
        "theirs", "edited", "away")}
    theirs = write(other, room, MINE.format(w["theirs"]))["id"]
    post = write(me, room, MINE.format(w["post"]), title="Tea and " + w["title"], note="about " + w["note"])["id"]
    anon = write(me, room, MINE.format(w["anon"]), voice="anonymous")["id"]
    reply = answer(me, theirs, MINE.format(w["reply"]))["id"]
    held = write(me, room, COMPARING.format(w["held"]))["id"]
    urgent = write(me, room, URGENT.format(w["urgent"]))["id"]
    back = write(me, room, CONTACT.format(w["returned"]))["id"]
    decide_item(staff, back, "return", reason="contact")
    statement = me.get("/standing").ok().json["statements"][0]
    me.post(f"/decisions/{statement['id']}/appeal", words=MINE.format(w["appeal"])).ok(201)
    me.post("/conversations", words=MINE.format(w["message"])).ok(201)
    report(me, theirs, "unkind", words=MINE.format(w["report"]))
    me.post("/see", words=w["words"]).ok()
    me.post("/check-ins", word="low").ok()
    edited = write(me, room, MINE.format(w["away"]))["id"]
    me.post(f"/items/{edited}/edit", title="One of those days", body=MINE.format(w["edited"])).ok()
    second = me.post("/you/second-name").ok().json["name"]
    me.speak_as(2)
    other_voice = write(me, room, MINE.format(w["second"]))["id"]
    me.speak_as(1)
    # Their case carries the words as they were; so the record that law requires is there before and after.
    case = need_case(pro, urgent)["id"]
    routine = need_case(pro, held)["id"]
    assert w["urgent"] in pro.get(f"/cases/{case}").ok().text

    # The export: asked for with the way back again, whole, own words only, under a name that tells nothing.
    me.post("/you/export", words="bee bee bee bee bee bee", format="json").refused(None, 403, 422)
    for form in ("json", "html"):
        got = me.post("/you/export", words=" ".join(me.words), format=form).ok(200)
        text = got.text
        for key in ("post", "title", "reply", "anon", "second", "held", "urgent", "returned", "message", "words", "note", "edited"):
            assert w[key] in text, f"{key} is missing from the {form} export"
        assert w["theirs"] not in text, "another person's words are in the export"
        assert me.name in text and second in text and "low" in text.lower()
        named = got.header("Content-Disposition").lower()
        assert "attachment" in named and not any(
            bad in named for bad in ("understory", "peer", "support", "mental", "help", "export", me.name.lower())), named
        if form == "json":
            json.loads(text)
    shared = me.another_browser()
    house._face(shared)
    shared.post("/sign-in", name=me.name, words=" ".join(me.words), shared=True).ok()
    assert shared.post("/you/export", words=" ".join(me.words), format="json").status in (403, 422), "exported on a shared phone"
    # Before erasing: told what stays, for how long, and who reads it.
    page = me.open("/you/erase").ok(200).page.words
    assert len(page) > 300 and ("safe" in page.lower()), page
    me.post("/you/erase", words="bee bee bee bee bee bee", pace="now").refused(None, 403, 422)
    assert see(other, post)
    assert house.grep(w["post"]) > 0, "the search of the file finds what is there"
    me.post("/you/erase", words=" ".join(me.words), pace="now").ok()

    # At once: nobody reaches any of it, and the person is out.
    visitor = house.visitor()
    for item in (post, anon, held, urgent, back, edited, other_voice):
        assert see(other, item) is None
    for key in ("post", "anon", "reply", "second", "edited", "title"):
        assert found(other, w[key]) == []
    assert w["reply"] not in other.get(f"/items/{theirs}").text and see(other, theirs)["item"]["replies"] == 0
    for path in (f"/rooms/{room}", "/today"):
        text = other.get(path).text + other.open(path).text
        assert not any(w[k] in text for k in w if k != "theirs") and me.name not in text and second not in text
    assert me.get("/mine").status in (401, 403) and shared.get("/mine").status in (401, 403)
    assert me.another_browser().post("/sign-in", name=me.name, words=" ".join(me.words)).status in (403, 404)
    # After the night: gone from the file and from the index, backups of the pages included.
    house.night()
    for key in w:
        if key != "theirs":
            assert house.grep(w[key]) == 0, f"{key} is still in the file"
    assert house.grep(me.name) == 0 and house.grep(second) == 0, "the names are still in the file"
    assert house.grep(w["theirs"]) > 0, "another person's words went with them"
    assert see(other, theirs)["item"]["body"]
    # What stays: the case of the urgent one, for those who may read it; codes and times alone for the rest.
    kept = pro.get(f"/cases/{case}").ok().json
    assert w["urgent"] in json.dumps(kept), "the safeguarding record lost the words that a person must still be able to read"
    assert house.chain(case) and house.chain(routine)
    left = pro.get(f"/cases/{routine}")
    assert left.status == 404 or not any(w[k] in left.text for k in w)
    assert staff.get("/queue").status == 200
    # And it ends: after its end date it goes by itself.
    house.advance(days=366)  # a year is what the record keeps
    house.night()
    pro = house.professional()
    ended = pro.get(f"/cases/{case}")
    assert ended.status == 404 or w["urgent"] not in ended.text, "kept for ever"
