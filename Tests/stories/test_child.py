"""Childline boards: held with reasons, a private road to a counsellor, no strikes for accidents."""

import json

from cast import (
    COMPARING, CONTACT, LINK, METHOD, MINE, SURNAME, answer, claim, decide, decide_item, found, need_case, notices, queue,
    reason_words, report, see, threads, write)

BREACHES = {
    "surname": ("My name is Marlo Trevanion and I am new here.", {"finding"}),
    "school": ("I go to Larkmoor Academy and I hate mornings.", {"finding"}),
    "exact birthday": ("My birthday is 14th March and nobody remembers.", {"finding"}),
    "event date": ("My recital is on 12th June at the town hall, wish me luck.", {"finding"}),
    "second account": ("My other account is called Wren, by the way.", {"finding"}),
    "link": ("Have a look at https://www.jellytoad.example/page when you can.", {"link", "finding"}),
    "other network": ("My snap is jellotoad77 if you want to talk.", {"finding", "contact"}),
    "address": ("I live at 12 Fennel Road and it is cold here.", {"finding"}),
    "phone": ("You can ring me on 07700 900123 in the evening.", {"finding", "contact"}),
    "small place": ("I live in Thistleham, there is one bus.", {"place"}),
    "pasted text": ("I copied this from a website: ten ways to feel calm in the evening.", {"copied"}),
}


def test_CHILD_1(house):
    """Held with its reason: surname, school, small place, event date, exact birthday, second account, pasted text, link,
    handle on another network; and the child is told which part and may change it."""
    room = house.room("board", "before", "13-15")
    forum = house.room("forum", "byRisk", "18-25")
    staff = house.moderator()
    child, friend = house.member("13-15"), house.member("13-15")
    for face in (child, friend):
        face.post(f"/rooms/{room}/join").ok()
    adult = house.member()
    for kind, (words, reasons) in BREACHES.items():
        for face, place in ((child, room), (adult, forum)):
            made = write(face, place, words)
            if kind == "pasted text" and place == forum:  # among adults a poem may be passed on
                assert made["state"] == "shown", made
                continue
            assert made["state"] == "held" and made["reason"] in reasons, f"{kind}: {made['state']} {made['reason']}"
            item = made["id"]
            assert see(friend, item) is None
            page = face.open(f"/items/{item}/sent").ok(200).page
            said = page.words
            assert reason_words(made["reason"]) in said, f"{kind}: no reason on the page: {said[:400]}"
            assert page.leads_to(f"/items/{item}/edit") or page.form(f"/items/{item}/edit"), f"{kind}: no way to change it"
            told = need_case(staff, item)
            concerns = staff.get(f"/cases/{told['id']}").json["concerns"]
            assert concerns and all(c["why"] for c in concerns), kind
            # The very words are pointed at.
            spans = [s for c in concerns for s in c["spans"]]
            assert spans and all(0 <= a < b <= len(words) + 60 for a, b in spans), (kind, spans)
        house.advance(minutes=15)
    # Plain talk near those subjects is let through.
    for words in ("I go to school by bus and it is loud.", "My birthday is in March and I like cake.",
                  "You can call 116 123 at any hour, they were kind to me.", "My name is Jola."):
        made = write(adult, forum, words)
        assert made["state"] == "shown", f"{words!r}: {made['state']} {made['reason']}"
    # Changed as asked, it still waits for a person, then it is shown.
    item = write(child, room, SURNAME.format("Bye."))["id"]
    child.post(f"/items/{item}/edit", title="One of those days", body="I am new here, and a little shy.").ok()
    assert see(child, item)["item"]["state"] in ("waiting", "held") and see(friend, item) is None
    decide_item(staff, item, "approve")
    assert see(friend, item)["item"]["body"] == "I am new here, and a little shy."


def test_CHILD_2(house):
    """A rejected heavy post gives a private road to a counsellor that carries the text along: the child need not write
    it twice."""
    room = house.room("board", "before", "13-15")
    staff, pro = house.moderator(duty=600), house.professional(duty=600)
    child, friend = house.member("13-15"), house.member("13-15")
    for face in (child, friend):
        face.post(f"/rooms/{room}/join").ok()
    for act, reason in (("return", "method"), ("hide", "comparing"), ("remove", "encourages")):
        word = house.word()
        item = write(child, room, "It is all so heavy since the summer and I cry most nights. " + word)["id"]
        decide_item(staff, item, act, reason=reason)
        house.jobs()
        assert any(n["item"] == item for n in notices(child)), f"nobody told the child about {act}"
        # From the notice to the road: the page of the item says why, and has one button.
        notice = next(n for n in notices(child) if n["item"] == item)
        page = child.open(notice["href"]).ok(200)
        pages = [page, child.open(f"/items/{item}/sent")]
        form = next((p.page.form(f"/items/{item}/professional") for p in pages if p.page.form(f"/items/{item}/professional")), None)
        assert form and form["method"] == "post", f"no road to a professional after {act}"
        assert not form["fields"].get("words"), "asked to write it again"
        fields = {k: v for k, v in form["fields"].items() if k != "csrf"}
        sent = child.send(f"/items/{item}/professional", fields)
        assert sent.status == 303 and "/conversations/" in sent.header("Location"), sent.text[:200]
        talk = sent.header("Location").split("/conversations/")[1].split("?")[0].split("#")[0]
        for face in (child, pro):
            told = face.get(f"/conversations/{talk}").ok().json
            assert word in told["carries"]["body"], "the words did not come along"
            assert word in face.open(f"/conversations/{talk}").ok(200).text
        again = child.post(f"/items/{item}/professional").ok().json["conversation"]
        assert again == talk, "pressed twice it is one conversation"
        pro.post(f"/conversations/{talk}/messages", words="I read it. You do not have to write it again.").ok()
        house.jobs()
        assert child.get(f"/conversations/{talk}").json["answered"]
        assert "I read it." in child.open(f"/conversations/{talk}").page.words
        # Private: no friend, no moderator without the power, and still not shown in the room.
        assert friend.get(f"/conversations/{talk}").status == 404 and staff.get(f"/conversations/{talk}").status in (403, 404)
        assert see(friend, item) is None
    assert house.grep("most nights") == 0, "private words lie open in the file"


def test_CHILD_3(house):
    """Accidental breaches never count as strikes; a repeat of a deliberate kind does."""
    room = house.room("forum", "byRisk")
    staff = house.moderator()
    me = house.member()

    def breach(reason, deliberate, act="return", person=None):
        person = person or me
        item = write(person, room, MINE.format("and so on"))["id"]
        report(house.member(), item, "unkind")
        case = need_case(staff, item)["id"]
        claim(staff, case)
        staff.post(f"/cases/{case}/decisions", act=act, reason=reason, deliberate=deliberate, seconds=5).ok()
        if act == "restrict":
            staff.post(f"/cases/{case}/decisions", act="close").ok()
        house.advance(hours=26)
        return person.get("/standing").ok().json["step"]

    # Six accidents of one kind: nothing but messages, and the book still says no more than that.
    for _ in range(6):
        assert not breach("finding", False)
    assert me.get("/standing").json["sanctions"] == []
    assert breach("finding", False, "restrict") == "edit-with-message"
    # Distress is no offence, whatever a tired moderator ticks.
    second = house.member()
    for _ in range(4):
        assert not breach("method", True, person=second)
    assert breach("method", True, "restrict", person=second) == "edit-with-message"
    # The same kind on purpose: the third is a warning; the accidents before it were not needed for that.
    third = house.member()
    breach("finding", False, person=third)
    breach("bullying", True, person=third)
    breach("bullying", True, person=third)
    assert breach("bullying", True, "restrict", person=third) == "warning"
    # Two on purpose and many accidents of the same reason are no three.
    fourth = house.member()
    for deliberate in (True, False, False, True, False):
        breach("bullying", deliberate, person=fourth)
    assert breach("bullying", False, "restrict", person=fourth) == "edit-with-message"
    # And twelve months later it is forgotten.
    house.advance(days=370)
    third.come_back()
    assert not third.get("/standing").json["step"]
    staff = house.moderator()
    assert breach("bullying", True, "restrict", person=third) == "edit-with-message", "it counts for ever"
    # What a rule held by itself, and the writer mended, is not even in the standing.
    other = house.member()
    item = write(other, room, SURNAME.format("Bye."))["id"]
    other.post(f"/items/{item}/edit", title="One of those days", body="I am new here.").ok()
    assert other.get("/standing").json["sanctions"] == [] and not other.get("/standing").json["step"]


def test_CHILD_4(house):
    """The share of threads reaching three posts is a headline number; threads at one or two posts are offered to hosts."""
    room = house.room("forum", "after")
    operator = house.operator()
    writers = [house.newcomer() for _ in range(4)]

    def numbers():
        return operator.get("/operator/numbers").ok().json

    assert numbers()["threads"] == 0
    made = [write(writers[n % 4], room, MINE.format("and so on"))["id"] for n in range(8)]
    for item in made[:2]:  # one post more: two posts
        answer(writers[0] if item != made[0] else writers[1], item, "I hear you.")
    for item in made[2:4]:  # three posts, the asker does not come back
        answer(writers[0], item, "I hear you.")
        answer(writers[1], item, "So do I.")
    asker = made[3]
    answer(writers[3], asker, "Thank you both.")
    told = numbers()
    assert told["threads"] == 8 and told["three"] == 2, told
    share = told["share"]
    assert abs(float(share) - 0.25) < 0.01 or abs(float(share) - 25) < 1, told
    assert told["conversations"] == 1, told
    page = operator.open("/operator").ok(200).page.words
    assert "25" in page, "the headline number is not on the operator's page"
    # Held and waiting ones do not count.
    write(writers[0], room, COMPARING.format("so"))
    held = answer(writers[0], made[7], CONTACT.format("so"))
    assert held["state"] == "held"
    assert numbers()["threads"] == 8 and numbers()["three"] == 2
    assert writers[0].get("/operator/numbers").status in (403, 404)
    # After some hours the short ones are before whoever looks after the room, and before nobody else.
    host = house.staff("trained-peer-volunteer")
    assert host.get("/offers").ok().json["quiet"] == [], "a thread of this minute is not quiet yet"
    house.advance(hours=5)
    quiet = {item["id"] for item in host.get("/offers").ok().json["quiet"]}
    assert quiet == set(made) - set(made[2:4]), quiet
    page = host.open("/offers").ok().page
    assert all(page.leads_to(f"/items/{item}") for item in quiet)
    assert writers[0].get("/offers").ok().json["quiet"] == []
    answer(host, made[5], "I am here, and I would like to hear more of it.")
    answer(writers[2], made[5], "Me too.")
    assert made[5] not in {item["id"] for item in host.get("/offers").json["quiet"]}
