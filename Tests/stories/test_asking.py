"""One kind way back by chance; a private mark of what helped; how people leave."""

import json
import math

from cast import HIGH, answer, write


def says(face, yes=True, address=None):
    more = {"address": address} if address else {}
    return face.post("/you/asking-after", answer="yes" if yes else "no", **more).ok().json


def mails(house):
    return json.loads(house.tell("mails"))


def address(house):
    return house.word() + "@example.org"


def lots(house):
    rows = house.sql("SELECT lot, count(*) AS n FROM asking_after WHERE lot IS NOT NULL GROUP BY lot")
    return {row["lot"]: row["n"] for row in rows}


def kept(house):
    return house.sql("SELECT count(*) AS n FROM asking_after WHERE sealed IS NOT NULL")[0]["n"]


def newcombe(a, n, b, m, z=1.959963984540054):
    def wilson(x, n):
        p = x / n
        middle, half = (p + z * z / 2 / n) / (1 + z * z / n), z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n)
        return p, middle - half, middle + half
    (p, l, u), (q, low, up) = wilson(a, n), wilson(b, m)
    return p - q, p - q - math.hypot(p - l, up - q), p - q + math.hypot(u - p, q - low)


def test_one_kind_way_back(house):
    operator = house.operator()
    room = house.room("forum", "onReport")
    pro = house.professional(duty=60)
    # The first days' Today asks; saying no ends it, and nothing is needed to be here.
    new = house.newcomer()
    assert new.get("/today").ok().json["askingAfter"] == "question"
    page = new.open("/today").ok(200).page
    assert "If you go quiet, may we ask once" in page.words and "/you/asking-after" in page.links
    assert new.send("/you/asking-after", answer="no").status == 303
    assert new.get("/today").json["askingAfter"] is None
    assert pro.get("/you/asking-after").status == 404
    # What is no address is refused by its field, and nothing is kept.
    for bad in ("me", "me@home", "a@b.co, c@d.co", "me @example.org"):
        assert new.post("/you/asking-after", answer="yes", address=bad).refused("bad-choice", 422).json["field"] == "address"
    assert new.post("/you/asking-after", answer="perhaps").status == 422
    # Seventy say yes and leave an address; twelve say yes and leave none.
    reached = {}
    for _ in range(70):
        one, mail = house.newcomer(), address(house)
        reached[mail] = one
        assert says(one, address=mail) == {"yes": True, "addressKept": True}
    says(next(iter(reached.values())), address=next(iter(reached)))  # twice is once
    alone = [house.newcomer() for _ in range(12)]
    for one in alone:
        says(one)
    # Never shown again in full; theirs to take along, to delete and to take back.
    first = house.newcomer()
    typed = address(house)
    says(first, address=typed)
    shown = first.open("/you/asking-after").ok(200)
    assert typed not in shown.text and "We keep an address" in shown.page.words
    assert first.post("/you/export", words=" ".join(first.words), format="json").ok().json["askingAfter"]["address"] == typed
    assert typed in first.post("/you/export", words=" ".join(first.words), format="html").ok().text
    first.post("/you/asking-after/forget").ok()
    assert first.get("/you/asking-after").ok().json["addressKept"] is False
    says(first, address=typed)
    says(first, yes=False)
    assert house.grep(typed) == 0 and first.get("/you/asking-after").json["yes"] is False
    # On a break they set themselves; with danger open; asked to rest from writing: none of them is asked now.
    resting, danger, gone = house.member(), house.member(), house.newcomer()
    for one in (resting, danger, gone):
        says(one, address=address(house))
    resting.post("/breaks", days="30").ok()
    write(danger, room, HIGH.format("soup"))
    gone.post("/you/erase", words=" ".join(gone.words)).ok()

    house.advance(days=20)
    assert mails(house) == [] and lots(house) == {}
    house.advance(days=1, hours=2)
    drawn = lots(house)
    assert drawn["unreachable"] == 12 and drawn["ask"] + drawn["leave"] == 70 and min(drawn.values()) >= 8, drawn
    sent = mails(house)
    asked = {one["to"] for one in sent}
    assert len(sent) == len(asked) == drawn["ask"] and asked <= set(reached)
    for one in sent:
        assert one["from"] == "Understory" and one["subject"] == "How are you?"
        assert f"http://127.0.0.1:{house.port}/\n" in one["words"] and "only mail" in one["words"]
        for word in ("health", "support", "help", "understory.", "token", "?", "crisis"):
            assert word not in one["words"].replace("how are you?", "").lower(), word
    # Used or not, the addresses of those who were drawn are gone; the two who wait keep theirs.
    assert kept(house) == 2 and all(house.grep(one) == 0 for one in list(reached)[:8])

    # Of the asked all but eight come back, of the others eight; of those without an address nine, by themselves.
    back = sorted(asked)[8:]
    others = sorted(set(reached) - asked)
    for mail in back + others[:8]:
        reached[mail].get("/today").ok()
    for one in alone[:9]:
        assert one.get("/today").ok().json["askingAfter"] == "back"
    assert "It is good that you are here" in alone[0].open("/today").page.words
    house.jobs()
    assert alone[0].get("/today").json["askingAfter"] == "back"
    assert reached[back[0]].get("/today").json["askingAfter"] is None
    assert house.sql("SELECT count(*) AS n FROM asking_after WHERE returned_at IS NOT NULL")[0]["n"] == len(back) + 8 + 9
    # Too soon to tell: whole months alone, and everybody's fourteen days.
    figure = operator.get("/operator/health").ok().json["askingAfter"]
    assert figure["effect"]["told"] == "nothing" and figure["lots"][0]["drawn"] == "0"
    house.advance(days=1)
    assert alone[0].get("/today").json["askingAfter"] is None
    # One of those who came back leaves for good: counted, and nothing leads to them any more.
    reached[others[0]].post("/you/erase", words=" ".join(reached[others[0]].words)).ok()
    house.advance(days=45)
    figure = operator.get("/operator/health").ok().json["askingAfter"]
    by = {one["lot"]: one for one in figure["lots"]}
    n, m = drawn["ask"], drawn["leave"]
    effect, low, high = newcombe(n - 8, n, 8, m)
    assert figure["effect"]["told"] == "value", figure
    for ours, theirs in zip([figure["effect"]["value"], *figure["effect"]["interval"]], [effect, low, high]):
        assert abs(ours - theirs) < 0.006, (figure, effect, low, high)
    assert by["ask"]["drawn"] == str((n + 2) // 5 * 5) and by["unreachable"]["drawn"] == "10" and by["unreachable"]["back"]["told"] == "few"
    page = operator.open("/operator/health").ok(200).page.words
    assert "chance alone decided" in page and not any(one.split("@")[0] in page for one in reached)
    assert house.sql("SELECT count(*) AS n FROM asking_after WHERE account IS NULL AND lot IS NOT NULL")[0]["n"] == 1
    # Whoever was on a break is looked at three weeks after its end; whoever is looked after, not at all. Nobody is asked twice.
    assert sum(lots(house).values()) == 83 and kept(house) == 1
    again = len(mails(house))
    house.advance(days=60)
    assert len(mails(house)) == again and sum(lots(house).values()) == 83
    reached[back[0]].post("/you/asking-after", answer="yes", address=back[0]).refused("asking-over", 409)
    assert "one time" in reached[back[0]].open("/you/asking-after").page.words
    says(reached[back[0]], yes=False)
    # A year later no address is left, whatever became of it.
    house.advance(days=330)
    house.night()
    assert kept(house) == 0


def test_whom_no_mail_reaches(house):
    """No address of the youngest; one mail an address, in however many accounts; none while the team has somebody before it; none after
    a copy was put back."""
    for young in (house.newcomer("13-15"), house.newcomer("11-12")):
        young.post("/you/asking-after", answer="yes", address=address(house)).refused("asking-too-young", 409)
        assert "/you/asking-after" in young.open("/today").page.links
        page = young.open("/you/asking-after").ok(200)
        assert "At your age we keep no e-mail address" in page.page.words and 'type="email"' not in page.text
        assert says(young) == {"yes": True, "addressKept": False}
    same = address(house)
    for _ in range(14):
        says(house.newcomer(), address=same)
    younger = [house.newcomer() for _ in range(8)]  # they say later that they are younger than they had said
    waiting = [house.newcomer() for _ in range(8)]  # they asked for a talk, and nobody has come
    for one in younger + waiting:
        says(one, address=address(house))
    for one in waiting:
        one.post("/conversations", words="Could somebody talk with me?").ok(201)
    names = ", ".join(f"'{one.name}'" for one in younger)
    assert house.meddle(f"UPDATE account SET band = '13-15' WHERE id IN (SELECT account FROM name WHERE shown IN ({names}))") is None
    house.advance(days=21, hours=2)
    assert [one["to"] for one in mails(house)] == [same]
    assert lots(house)["unreachable"] == 10 and kept(house) == 8


def test_a_mail_leaves_once_and_by_day(house):
    house.advance(hours=10)  # eight in the evening
    people = [house.newcomer() for _ in range(24)]
    for one in people:
        says(one, address=address(house))
    house.advance(days=21, minutes=30)
    assert mails(house) == [] and lots(house) == {}, "not in the evening"
    # At ten in the morning chance decides; the way out is shut for two hours.
    house.tell("mails refused")
    house.advance(hours=14)
    drawn = lots(house)
    assert sum(drawn.values()) == 24 and mails(house) == [] and kept(house) == drawn["ask"]
    # One of them takes it back meanwhile, and with that was here: nobody asks them any more.
    mine = house.sql("SELECT account FROM asking_after WHERE lot = 'ask' ORDER BY account LIMIT 1")[0]["account"]
    name = house.sql(f"SELECT shown FROM name WHERE account = {mine}")[0]["shown"]
    back = next(one for one in people if one.name == name)
    assert "unless you take it back" in back.open("/you/asking-after").page.words
    assert back.send("/you/asking-after", answer="no").status == 303
    house.jobs()
    house.tell("mails leaves")
    house.advance(hours=2)
    assert len(mails(house)) == drawn["ask"] - 1 and kept(house) == 0
    assert house.sql("SELECT count(*) AS n FROM asking_after WHERE sent_at IS NOT NULL")[0]["n"] == drawn["ask"] - 1


def test_nobody_is_written_to_twice(house):
    people = [house.newcomer() for _ in range(20)]
    for one in people:
        says(one, address=address(house))
    # Nobody knows whether it left: it does not leave again.
    house.tell("mails unsure")
    house.advance(days=21, hours=1)
    asked = lots(house)["ask"]
    assert len(mails(house)) == asked >= 1 and kept(house) == 0
    house.tell("mails leaves")
    house.advance(days=3)
    assert len(mails(house)) == asked
    assert house.sql("SELECT count(*) AS n FROM asking_after WHERE sent_at IS NOT NULL")[0]["n"] == 0
    # A power cut between the mark and the mail.
    more = [house.newcomer() for _ in range(20)]
    for one in more:
        says(one, address=address(house))
    house.tell("mails refused")
    house.advance(days=21, hours=1)
    assert kept(house) >= 1
    assert house.meddle("UPDATE asking_after SET trying_at = 1, next_at = 1 WHERE lot = 'ask' AND sealed IS NOT NULL") is None
    house.kill()
    house.start()
    house.jobs()
    assert mails(house) == [] and kept(house) == 0


def test_this_helped(house):
    operator = house.operator()
    room = house.room("forum", "onReport")
    helper, other = house.member(), house.member()
    askers = [house.newcomer() for _ in range(10)]
    posts = [write(one, room, "A walk today, and soup.", title=f"Day {n}")["id"] for n, one in enumerate(askers)]
    marked = []
    for minutes, some in ((10, range(4)), (20, range(4, 8))):
        house.advance(minutes=minutes)
        for n in some:
            marked.append((n, answer(helper, posts[n], "That sounds good. I like soup.")["id"]))
    me, thread, reply = askers[0], posts[0], marked[0][1]
    own = answer(me, thread, "Thank you.")["id"]
    # Whoever asked says it of somebody else's reply, and takes it back; a double press is one.
    page = me.open(f"/items/{thread}").ok(200).page
    assert "This helped" in page.words and page.form(f"/items/{thread}/helped")
    before = helper.get("/notices").json, me.get("/notices").json
    for _ in range(2):
        assert me.send(f"/items/{thread}/helped", reply=reply).status == 303
    assert me.get(f"/items/{thread}").json["helped"] == [reply]
    assert "You said that this helped" in me.open(f"/items/{thread}").page.words
    # Nobody else sees it or is told.
    assert (helper.get("/notices").json, me.get("/notices").json) == before
    for face in (helper, other, house.moderator(duty=60)):
        got = face.get(f"/items/{thread}").ok().json
        assert not got["helped"] and "helped" not in face.open(f"/items/{thread}").page.words.lower()
        assert face.post(f"/items/{thread}/helped", reply=reply).status == 404
    for wrong in (own, thread, marked[1][1]):
        assert me.post(f"/items/{thread}/helped", reply=wrong).status == 404
    assert me.post(f"/items/{thread}/helped").refused("missing", 422)
    me.post(f"/items/{thread}/helped/end", reply=reply).ok()
    assert me.get(f"/items/{thread}").json["helped"] == []
    # How long it took until somebody found help; whoever called nothing helpful is still open. Of seven who said so nothing is told.
    def figures():
        return {one["measure"]: one["here"] for one in operator.get("/operator/health").ok().json["figures"]}

    house.advance(minutes=5)
    for n, reply in marked:
        assert figures()["helpful-week"]["told"] == ("few" if n else "value")
        askers[n].post(f"/items/{posts[n]}/helped", reply=reply).ok()
    told = figures()
    assert told["helpful-week"]["told"] == "value" and abs(told["helpful-week"]["value"] - 0.8) < 0.005, told["helpful-week"]
    assert abs(told["helpful-half"]["value"] - 30) <= 2, told["helpful-half"]
    assert "they called helpful" in operator.open("/operator/health").page.words
    export = askers[1].post("/you/export", words=" ".join(askers[1].words), format="json").ok().json
    assert [one["reply"] for one in export["helped"]] == [marked[1][1]]
    askers[1].post("/you/erase", words=" ".join(askers[1].words)).ok()
    assert house.sql("SELECT count(*) AS n FROM helped")[0]["n"] == 7


def test_how_people_leave(house):
    def counted():
        return house.sql("SELECT COALESCE(sum(people), 0) AS n FROM leaving")[0]["n"]

    operator, staff = house.operator(), house.moderator()
    me = house.member()
    browser = house.visitor()
    place = me.send("/sign-out").header("Location")
    assert place.startswith("/leaving?token=") and "understory" not in me.cookies
    page = browser.open(place).ok(200)
    assert "How do you leave today?" in page.page.words and "signed out" in page.page.words and not page.page.form("/sign-out")
    token = page.page.form("/leaving")["fields"]["token"]
    # Nobody is signed in, and nothing identifies them: the answer is counted once.
    assert browser.post("/leaving", answer="worse", token=token).status == 422
    assert browser.post("/leaving", answer="heavier").refused("missing", 422)
    said = browser.send("/leaving", answer="heavier", token=token)
    assert said.status == 303 and said.header("Location") == "/leaving?after=heavier"
    gentle = browser.open("/leaving?after=heavier").ok(200).page
    assert any(link.startswith("tel:") for link in gentle.links) and "/help/grounding" in gentle.links and "/help" in gentle.links
    assert counted() == 1
    assert browser.post("/leaving", answer="lighter", token=token).ok().json == {"counted": False, "help": False}
    assert browser.post("/leaving", answer="lighter", token="a" * 43).ok().json["counted"] is False
    assert counted() == 1 and house.sql("SELECT count(*) AS n FROM leaving_token")[0]["n"] == 0
    assert "How do you leave" not in browser.open(place).ok(200).page.words
    # Once a day: the next signing out leads to the front door.
    me.come_back()
    assert me.send("/sign-out").header("Location") == "/"
    # From You, while still here; staff are not asked.
    other = house.member()
    assert "/leaving" in other.open("/you").ok(200).page.links
    assert other.open("/leaving").ok(200).page.form("/sign-out")
    assert other.post("/leaving", answer="unsaid").ok().json["counted"] is True
    assert other.post("/leaving", answer="lighter").ok().json["counted"] is False
    assert other.send("/sign-out").header("Location") == "/"
    assert staff.send("/sign-out").header("Location") == "/" and counted() == 2
    # The quick way out is as quick as before.
    quick = house.member()
    assert quick.open("/leave").header("Location") == "/weather" and house.sql("SELECT count(*) AS n FROM leaving_token")[0]["n"] == 0
    # Nothing that is kept leads from an answer to anybody.
    assert set(house.sql("SELECT * FROM leaving")[0]) == {"organisation", "month", "weekday", "answer", "people"}
    for number in range(10):
        one = house.newcomer()
        assert one.post("/leaving", answer="lighter" if number < 8 else "same").ok().json["counted"]
    assert operator.get("/operator/after-reading").ok().json["leaving"] == [], "whole months alone"
    house.advance(days=32)
    told = operator.get("/operator/after-reading").ok().json["leaving"]
    assert [one["answers"] for one in told] == [{"lighter": "10", "same": "*", "heavier": "*", "unsaid": "*"}]
    page = operator.open("/operator/after-reading").ok(200).page.words
    assert "How people leave" in page and "effect" not in page.lower()
    # The day on which somebody was asked goes with them.
    quick.post("/leaving", answer="same").ok()
    quick.post("/you/erase", words=" ".join(quick.words)).ok()
    assert counted() == 13
