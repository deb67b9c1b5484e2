"""Mended: what the host sets for the house, and what each person is told of it."""

import datetime
import re

import pytest

from cast import (
    HIGH, MINE, URGENT, answer, claim, content, decide, decide_item, found, matter, need_case, notices, queue, report, see, write)

UNKNOWN = {"step": "done", "band": "unknown", "country": "GB", "agree": True}


def organisation(operator, **changes):
    return operator.post("/operator/organisation", {"lowest_band": "11-12", "parents_rule": "none", **changes})


def said(key, file):
    return content(f"words/en/{file}.json")[key]


def test_the_host_changes_name_country_and_zone(house):
    """The house takes another name, country and zone; hours of rooms and the lines of help follow. What is unknown changes
    nothing."""
    operator, visitor, me = house.operator(), house.visitor(), house.member()
    room = house.room("mornings", "byRisk", hours="09:00-13:00")
    house.moderator(duty=600)
    own = lambda: operator.get("/operator/organisation").ok().json  # noqa: E731
    first, name = own(), house.word().title()
    help_page = visitor.open("/help").ok(200).page.words
    assert visitor.get(f"/rooms/{room}/card").ok().json["room"]["openNow"] and visitor.get("/help").json["country"] == "GB"
    # Left out, they stay.
    organisation(operator).ok()
    assert own() == first
    for odd in ({"zone": "Mars/Olympus"}, {"zone": "Londonish"}, {"country": "QQ"}, {"zone": "Asia/Tokyo", "country": "QQ"}):
        organisation(operator, name=name, lowest_band="16-17", **odd).refused("bad-choice", 422)
        assert own() == first, f"{odd} changed something"
    organisation(operator, name=name, country="SG", zone="Asia/Tokyo").ok()
    assert {key: own()[key] for key in ("name", "country", "zone")} == {"name": name, "country": "SG", "zone": "Asia/Tokyo"}
    assert visitor.get("/").ok().json["name"] == name and name in visitor.open("/").page.words
    # Seven in the evening there: the room of the morning is closed.
    card = visitor.get(f"/rooms/{room}/card").ok().json["room"]
    assert not card["openNow"] and card["opensAt"], card
    late = {"title": "One of those days", "body": MINE.format("late"), "wants": "listen", "voice": "name"}
    me.post(f"/rooms/{room}/items", late).refused("gate-room-closed", 409)
    lines = visitor.get("/help").ok().json
    numbers = [line["shown"] for line in content("lines.json")["countries"]["SG"]["lines"]]
    assert lines["country"] == "SG" and [line["number"] for line in lines["lines"]][:1] == numbers[:1]
    told = visitor.open("/help").ok(200).page.words
    assert numbers[0] in told and numbers[0] not in help_page
    # Whoever said where they are keeps their own lines.
    assert me.get("/help").json["country"] == "GB"


def test_the_house_keeps_a_name(house):
    """Spaces are no name."""
    operator = house.operator()
    before = operator.get("/operator/organisation").json["name"]
    organisation(operator, name="   ")
    assert operator.get("/operator/organisation").json["name"] == before


def due_after(case):
    """Minutes from the opening of a case to when it is due."""
    moment = lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))  # noqa: E731
    return round((moment(case["dueAt"]) - moment(case["openedAt"])).total_seconds() / 60)


def test_due_times_are_those_of_the_ladder(house):
    """The host's ladder says until when a case is looked at, and when an urgent one that nobody takes climbs."""
    steps = [step["dueMinutes"] for step in content("ladder.json")["duty"]]
    assert [steps[0][level] for level in ("urgent", "high", "medium")] == [5, 60, 240]
    assert [step["urgent"] for step in steps] == [5, 10, 15, 20]
    room = house.room("forum", "byRisk")
    staff, me, reader = house.moderator(duty=6000), house.member(), house.member()
    plain = write(me, room, MINE.format("today"))["id"]
    report(reader, plain, "unkind")
    items = {"medium": plain, "high": write(me, room, HIGH.format("So."))["id"]}
    items["urgent"] = write(house.member(), room, URGENT.format("So."))["id"]
    for level, item in items.items():
        case = need_case(staff, item)
        assert (case["level"], case["tier"], due_after(case)) == (level, "moderator", steps[0][level]), case
    house.advance(minutes=4)
    assert need_case(staff, items["urgent"])["tier"] == "moderator", "it climbs before it is due"
    for place, tier in enumerate(("professional", "safeguarding-lead", "everyone"), 1):
        house.advance(minutes=1 if place == 1 else 5)
        case = need_case(staff, items["urgent"])
        assert (case["tier"], due_after(case)) == (tier, steps[place]["urgent"]), case
    tiers = [alarm["tier"] for alarm in house.alarms() if not alarm["drill"]]
    assert set(tiers) >= {1, 2, 3}, tiers
    assert need_case(staff, items["high"])["tier"] == "moderator"
    house.advance(minutes=45)
    case = need_case(staff, items["high"])
    assert (case["tier"], due_after(case)) == ("professional", steps[1]["high"]), case
    assert need_case(staff, plain)["tier"] == "moderator"
    house.advance(minutes=180)
    case = need_case(staff, plain)
    assert (case["tier"], due_after(case)) == ("professional", steps[1]["medium"]), case


def support_lines(face, item):
    return [one for one in notices(face) if one["kind"] == "support" and one["item"] == item]


def test_support_of_somebody_muted_is_no_news(house):
    """Muted afterwards, their word of support makes no line any more; that of others does."""
    room = house.room("forum", "byRisk")
    me, loud, kind = house.member(), house.member(), house.member()
    item, theirs = write(me, room, MINE.format("today"))["id"], write(loud, room, MINE.format("as well"))["id"]
    loud.post(f"/items/{item}/support", word="hear").ok()
    assert support_lines(me, item)
    me.post(f"/items/{theirs}/mute").ok()
    assert not support_lines(me, item) and not me.get("/today").json["notices"]
    assert f"/items/{item}" not in me.open("/notices").ok(200).page.links
    kind.post(f"/items/{item}/support", word="thinking").ok()
    assert support_lines(me, item)
    # Shown again, it is news again.
    kind.post(f"/items/{item}/support/end").ok()
    assert not support_lines(me, item)
    muted = me.get("/see/people").ok().json["muted"][0]["id"]
    me.post(f"/muted/{muted}/end").ok()
    assert support_lines(me, item)


def awake(face, item, by):
    """A house passes news on half a second after it begins: kind words until an open page hears of one."""
    live = face.live()
    assert live.status == 200
    for _ in range(10):
        by.post(f"/items/{item}/support", word="hear").ok()
        if live.heard("notice", 1):
            break
    else:
        raise AssertionError("an open page hears of nothing")
    live.listen(0.3)  # of a word that was said twice
    live.close()
    face.post("/notices/seen").ok()


def nudged(live, item, by):
    """Does an open page hear when somebody answers?"""
    live.forget()
    answer(by, item, MINE.format("and I read it"))
    return live.heard("notice", 2)


def test_open_pages_are_left_alone_in_quiet_hours(house):
    """The nudge of an open page keeps the rules of the list: none in quiet hours, none of a muted voice."""
    room = house.room("forum", "byRisk")
    me, writer, loud = house.member(), house.member(), house.member()
    item, theirs = write(me, room, MINE.format("today"))["id"], write(loud, room, MINE.format("as well"))["id"]
    me.post("/see", quiet_from="03:00", quiet_to="04:00").ok()
    me.post(f"/items/{theirs}/mute").ok()
    awake(me, item, writer)
    live = me.live()
    assert nudged(live, item, writer)
    me.post("/notices/seen").ok()
    me.post("/see", quiet_from="08:00", quiet_to="14:00").ok()
    assert not nudged(live, item, writer), "a nudge in quiet hours"
    assert not [one for one in notices(me) if not one["seen"]]
    me.post("/see", quiet_from="03:00", quiet_to="04:00").ok()
    assert nudged(live, item, writer)
    me.post("/notices/seen").ok()
    assert not nudged(live, item, loud), "a nudge of a muted voice"
    live.close()


@pytest.mark.parametrize("what", ["mute", "zone"])
def test_a_page_opened_before_keeps_what_was_chosen_since(house, what):
    """A page stays open for hours: a voice muted meanwhile, and quiet hours by the house's new zone, hold for it as well."""
    room, operator = house.room("forum", "byRisk"), house.operator()
    me, loud = house.member(), house.member()
    item, theirs = write(me, room, MINE.format("today"))["id"], write(loud, room, MINE.format("as well"))["id"]
    me.post("/see", quiet_from="17:00", quiet_to="21:00").ok()
    awake(me, item, loud)
    live = me.live()
    if what == "mute":
        me.post(f"/items/{theirs}/mute").ok()
    else:
        organisation(operator, zone="Asia/Tokyo").ok()
    assert not nudged(live, item, loud), "the open page was nudged"
    assert not [one for one in notices(me) if not one["seen"]]
    live.close()


def test_a_break_is_kept_on_open_pages(house):
    """On a break what is shown after reading makes no nudge; a statement does, and the list says the same."""
    room, open_room = house.room("read-first", "before"), house.room("forum", "byRisk")
    staff, me = house.moderator(duty=600), house.member()
    items = [write(me, room, MINE.format(n))["id"] for n in range(3)]
    cases = [need_case(staff, item)["id"] for item in items]
    awake(me, write(me, open_room, MINE.format("here"))["id"], house.member())
    me.post("/breaks", days=2).ok()
    live = me.live()
    decide(staff, cases[0], "approve")
    assert not live.heard("notice", 2), "a nudge on a break"
    assert not [one for one in notices(me) if not one["seen"]]
    decide(staff, cases[1], "return", reason="finding")
    assert live.heard("notice", 5), "statements are never paused"
    live.close()
    me.post("/notices/seen").ok()
    me.post("/breaks/end").ok()
    live = me.live()
    decide(staff, cases[2], "approve")
    assert live.heard("notice", 5)
    live.close()


def test_an_unread_statement_does_not_wake_anybody_later(house):
    """In quiet hours an answer makes no nudge, also where a statement lies unread from before."""
    room, first = house.room("forum", "byRisk"), house.room("read-first", "before")
    staff, me, writer = house.moderator(duty=600), house.member(), house.member()
    item = write(me, room, MINE.format("today"))["id"]
    awake(me, item, writer)
    live = me.live()
    # Each is waited for: a nudge that comes a moment late is not the next one.
    assert nudged(live, item, writer)
    live.forget()
    decide_item(staff, write(me, first, MINE.format("as well"))["id"], "return", reason="finding")
    assert live.heard("notice", 5), "a statement comes at once"
    me.post("/see", quiet_from="08:00", quiet_to="14:00").ok()
    # On a thread with news that is not seen, and on one without: neither makes of the statement news again.
    assert not nudged(live, item, writer), "an answer woke somebody in quiet hours"
    assert not nudged(live, write(me, room, MINE.format("here"))["id"], writer), "an answer woke somebody in quiet hours"
    me.post("/see", quiet_from="03:00", quiet_to="04:00").ok()
    assert nudged(live, item, writer), "unseen from before, and news all the same"
    live.close()


def test_what_is_hidden_says_which_rule_hid_it(house):
    """In search, in a room and on Today, a hidden post has no words and names the reader's own rule."""
    room = house.room("forum", "byRisk")
    house.moderator(duty=600)
    me, writer, loud = house.member(), house.member(), house.member()
    muted, shared = house.word(), house.word()
    bodies = {rule: house.word() for rule in ("word", "matter", "person", "plain")}
    text = lambda rule, more="": f"The rain and the {shared}, {more} {bodies[rule]}."  # noqa: E731
    items = {
        "word": write(writer, room, text("word", muted))["id"],
        "matter": write(writer, room, text("matter"), topics=["grief"])["id"],
        "person": write(loud, room, text("person"))["id"], "plain": write(writer, room, text("plain"))["id"]}
    me.post("/see", {"words": muted, "matter.death-of-someone": "hide"}).ok()
    me.post(f"/items/{items['person']}/mute").ok()
    because = content("words/en/because.json")
    names = {one["id"]: one["name"] for one in content("topics.json")["matters"]}
    reasons = {
        "word": because["word"].format(what=muted), "matter": because["matter"].format(what=names["death-of-someone"]),
        "person": because["person"]}
    for place, key in (
            (f"/search?q={shared}", "items"), (f"/rooms/{room}", "items"), ("/today", "hidden")):
        got = me.get(place).ok()
        listed = {one["id"]: one for one in got.json[key]}
        for rule, why in reasons.items():
            one = listed[items[rule]]
            assert one["sight"] == "hide" and not one["title"] and not one["body"] and not one["topics"], (place, one)
            assert one["because"] == [{"rule": rule, "what": why}], (place, one)
            assert bodies[rule] not in got.text and loud.name not in got.text, f"{place} holds hidden words"
        page = me.open(place).ok(200)
        assert all(why in page.page.words for why in reasons.values()), f"{place} does not say why: {page.page.words}"
        assert page.page.leads_to("/see") and bodies["plain"] in page.text
        assert not [rule for rule in reasons if bodies[rule] in page.text] and loud.name not in page.text, place
    assert items["plain"] in [one["id"] for one in me.get("/today").json["items"]]
    # Without the rules there is nothing to say.
    me.post("/see", {"words": "", "matter.death-of-someone": "show"}).ok()
    me.post(f"/muted/{me.get('/see/people').json['muted'][0]['id']}/end").ok()
    for place in (f"/search?q={shared}", f"/rooms/{room}", "/today"):
        assert not [why for why in reasons.values() if why in me.open(place).page.words], place


def test_who_does_not_say_their_age_may_join(house):
    """Not to say one's age is an answer like others, offered on the page and taken."""
    me = house.visitor()
    assert said("unknown", "join") in me.open("/join").ok(200).page.words
    assert house.visitor().send("/join", step="age", band="unknown", country="GB").status == 200
    me.post("/join", UNKNOWN).ok(201)
    assert me.get("/you").ok().json["band"] is None
    me.post("/you/age", band="16-17").ok()
    assert me.get("/you").json["band"] == "16-17"


def test_an_age_unsaid_opens_no_room_of_an_age(house):
    """Without an age: no room of an age, no words into any room; help and talk are there, and the age is said later."""
    adults, young = house.room("adults", "byRisk"), house.room("young", "before", "16-17")
    anyone = house.room("anyone", "byRisk", readable="anyone")
    pro, me = house.professional(duty=600), house.member("unknown")
    word = house.word()
    items = [write(house.member(), room, MINE.format(word))["id"] for room in (adults, anyone)]
    assert me.get("/you").ok().json["band"] is None
    plain = {"title": "One of those days", "body": MINE.format("now"), "wants": "listen", "voice": "name"}
    for room in (adults, young, anyone):
        me.post(f"/rooms/{room}/join").refused("wrong-age", 403)
        me.post(f"/rooms/{room}/items", plain).refused(None, 403, 404)
    for room in (adults, young):
        me.get(f"/rooms/{room}").refused(None, 404)
    assert see(me, items[0]) is None and items[0] not in found(me, word)
    for item in items:
        me.post(f"/items/{item}/replies", body="Me too.", voice="name").refused(None, 403, 404)
    for path in ("/help", "/help/grounding", "/today", "/rooms", "/see", "/you", "/mine", "/notices", "/talk", "/write"):
        assert me.open(path).status == 200, path
    talk = me.post("/conversations", words="Is somebody there?").ok(201).json["id"]
    pro.post(f"/conversations/{talk}/messages", words="I am here.").ok()
    assert me.get(f"/conversations/{talk}").json["answered"]
    me.post("/you/age", band="18-25").ok()
    assert me.get("/you").json["band"] == "18-25"
    assert see(me, items[0]) and me.get(f"/rooms/{young}").status == 404
    write(me, adults, MINE.format("at last"))


def test_where_parents_are_asked_an_unsaid_age_asks_them(house):
    """Where an adult must say yes, an age unsaid counts as one below the country's."""
    operator, visitor = house.operator(), house.visitor()
    organisation(operator, parents_rule="required").ok()
    visitor.post("/join", UNKNOWN).refused("adult-must-confirm", 422)
    assert "understory" not in visitor.cookies
    page = visitor.send("/join", step="age", band="unknown", country="GB").page
    assert page.leads_to("/help") and said("adult-again", "join") in page.words
    house.visitor().post("/join", {**UNKNOWN, "band": "18-25"}).ok(201)


def test_a_suggestion_goes_to_the_author_alone(house):
    """Words beside the reason are for the author: on their pages and in their file, sealed, and before nobody else."""
    room = house.room("read-first", "before")
    staff, me, other = house.moderator(duty=600), house.member(), house.member()
    word = house.word()
    item = write(me, room, MINE.format("today"))["id"]
    case = need_case(staff, item)["id"]
    claim(staff, case)
    path = f"/cases/{case}/decisions"
    staff.post(path, act="return", reason="finding", suggestion="x" * 1001).refused("too-long", 422)
    assert see(me, item)["item"]["state"] == "waiting" and not me.get("/standing").json["statements"]
    staff.post(path, act="return", reason="finding", suggestion=f"Leave out the street, {word}.").ok()
    told = me.get("/standing").ok().json["statements"]
    assert [one["suggestion"] for one in told] == [f"Leave out the street, {word}."], told
    page = me.open("/standing").ok(200).page.words
    assert word in page and said("suggestion", "standing") in page
    assert word in me.post("/you/export", words=" ".join(me.words), format="json").text
    assert word in me.post("/you/export", words=" ".join(me.words), format="html").text
    for face in (other, house.visitor()):
        for place in (
                "/standing", "/notices", "/today", f"/items/{item}", f"/items/{item}/sent", f"/rooms/{room}", f"/search?q={word}"):
            assert f"street, {word}" not in face.get(place).text + face.open(place).text, place
    assert house.grep(word) == 0, "a suggestion lies open in what is kept"
    # A thousand characters are taken.
    again = write(me, room, MINE.format("again"))["id"]
    decide_item(staff, again, "return", reason="finding", suggestion="y" * 1000)
    assert me.get("/standing").json["statements"][0]["suggestion"] == "y" * 1000


def test_statements_say_why_also_without_a_reason(house):
    """A label, a cover and a move are explained to the author though nobody named a reason."""
    room, other = house.room("forum", "byRisk"), house.room("other", "byRisk")
    staff, me, reader = house.moderator(duty=600), house.member(), house.member()
    acts = {"label": {"topics": ["exams"]}, "cover": {}, "move": {"room": other}}
    for act, more in acts.items():
        item = write(me, room, MINE.format(act))["id"]
        report(reader, item, "unkind")
        decide_item(staff, item, act, **more)
    told = {one["act"]: one for one in me.get("/standing").ok().json["statements"]}
    page = me.open("/standing").ok(200).page.words
    assert set(told) == set(acts)
    for act, one in told.items():
        why = said(f"why-{act}", "standing")
        assert one["reason"] is None and one["says"] == why and why in page, one


def test_the_export_holds_the_small_things(house):
    """Quiet hours, the heavy limit, moods, kind words and a supporter's hours are in both files."""
    room = house.room("forum", "byRisk")
    pro, me, writer = house.professional(duty=600), house.member(), house.member()
    theirs = write(writer, room, MINE.format("as well"))["id"]
    me.post("/see", quiet_from="20:45", quiet_to="06:15", heavy_limit=7).ok()
    item = write(me, room, MINE.format("today"), mood="mixed")["id"]
    me.post(f"/items/{theirs}/support", word="thinking").ok()
    pro.post(f"/rooms/{room}/supporters", name=me.name, trained="Twelve evenings at the helpline", days=300).ok()
    me.post("/offers/settings", {"per_day": 2, "per_week": 6, "matters": [], "from": "16:10", "to": "21:35"}).ok()
    told = me.post("/you/export", words=" ".join(me.words), format="json").ok(200).json
    settings, helping = told["settings"], told["supporting"]
    assert (settings["quietFrom"], settings["quietTo"], settings["heavyLimit"]) == ("20:45", "6:15", 7), settings
    assert (helping["from"], helping["to"]) == ("16:10", "21:35"), helping
    assert {one["id"]: one["mood"] for one in told["items"] if one["mood"]} == {item: "mixed"}
    assert told["support"] == [{"item": theirs, "word": "thinking"}]
    page = me.post("/you/export", words=" ".join(me.words), format="html").ok(200).page.words
    words = content("words/en/export.json")
    for line in (words["quiet"].format(**{"from": "20:45", "to": "6:15"}), words["heavy-limit"].format(n=7), "16:10 – 21:35"):
        assert line in page, f"{line} is not in the file"
    after = lambda title: page.split(title, 1)[1][:120]  # noqa: E731
    assert said("mixed", "moods") in after(words["moods"])
    assert theirs in after(words["support"]) and said("thinking", "support") in after(words["support"])


def room_form(name, **more):
    return {
        "name": name, "about": "For long evenings.", "not_for": "Not for danger.", "colour": "moss", "format": "forum",
        "readable": "signedIn", "interaction": "notLive", "moderation": "before", "moderators": ["trained-paid-staff"], "focus": [],
        "bands": ["18-25"], "size": 200, "anonymity": True, "promise_minutes": 240, "night": "wait", **more}


def test_rooms_of_the_young_need_a_checked_operator(house):
    """Without a current check nobody changes, opens, closes or lets people into a room of under-18s; others they do."""
    unchecked, checked = house.staff("operator", checked=False), house.operator()
    young, adults = house.room("young", "before", "16-17"), house.room("adults", "before")
    closed = checked.post("/operator/rooms", room_form("Not yet", bands=["16-17"])).ok(201).json["id"]
    before = [checked.get(f"/operator/rooms/{room}").ok().json for room in (young, closed, adults)]
    acts = (
        ("", room_form("Named anew", bands=["16-17"])), ("/codes", {"uses": 5, "days": 5}), ("/codes/end", {}), ("/close", {}),
        ("/open", {}), ("/records", {"kind": before[0]["records"][0]["kind"], "value": "Done."}))
    for room in (young, closed):
        for act, fields in acts:
            unchecked.post(f"/operator/rooms/{room}{act}", fields).refused("needs-check", 403)
    # Nor is a room of adults made one of the young.
    unchecked.post(f"/operator/rooms/{adults}", room_form("Named anew", bands=["16-17"])).refused(None, 403, 422)
    assert [checked.get(f"/operator/rooms/{room}").json for room in (young, closed, adults)] == before
    # A room of adults is theirs.
    unchecked.post(f"/operator/rooms/{adults}", room_form("Evenings")).ok()
    assert unchecked.post(f"/operator/rooms/{adults}/codes", uses=5, days=5).ok(201).json["code"]
    unchecked.post(f"/operator/rooms/{adults}/close").ok()
    assert not checked.get(f"/operator/rooms/{adults}").json["room"]["open"]
    unchecked.post(f"/operator/rooms/{adults}/open").ok()
    assert checked.get(f"/operator/rooms/{adults}").json["room"]["open"]
    # With a check the same acts are done.
    checked.post(f"/operator/rooms/{young}/codes", uses=5, days=5).ok(201)
    checked.post(f"/operator/rooms/{young}/close").ok()
    assert not checked.get(f"/operator/rooms/{young}").json["room"]["open"]


def test_a_second_look_is_by_somebody_else(house):
    """Whoever asked for other eyes does not take the case back while there is time for them; then they may."""
    room = house.room("read-first", "before")
    first, second, me = house.moderator(duty=6000), house.moderator(duty=6000), house.member()
    cases = [need_case(first, write(me, room, MINE.format(n))["id"])["id"] for n in range(2)]
    for case in cases:
        claim(first, case)
        first.post(f"/cases/{case}/second-look").ok()
        first.post(f"/cases/{case}/claim").refused("you-asked-for-another", 409)
        assert next(one for one in queue(first) if one["id"] == case)["claimedBy"] is None
    claim(second, cases[0])
    second.post(f"/cases/{cases[0]}/decisions", act="approve").ok()
    house.advance(days=1, minutes=1)
    claim(first, cases[1])
    first.post(f"/cases/{cases[1]}/decisions", act="approve").ok()
    assert not [one for one in queue(first) if one["id"] in cases]


def test_nobody_decides_alone_what_they_asked_others_about(house):
    """Having asked for other eyes, one does not decide without them by another button."""
    room = house.room("read-first", "before")
    first, me = house.moderator(duty=6000), house.member()
    item = write(me, room, MINE.format("today"))["id"]
    case = need_case(first, item)["id"]
    claim(first, case)
    first.post(f"/cases/{case}/second-look").ok()
    first.post(f"/cases/{case}/decisions", act="approve").refused(None, 409)
    assert see(me, item)["item"]["state"] == "waiting"


def test_help_shows_a_visitor_the_way_in_when_somebody_is_here(house):
    """People on duty are offered to whoever has not joined; when nobody is here, nothing is promised."""
    visitor, staff = house.visitor(), house.professional()
    words, way = said("here-join", "help"), re.compile(r'<a class="button" href="/join">' + said("here-join-go", "help"))
    for here in (False, True, False):
        if here:
            house.duty(staff)
        else:
            house.off(staff)
        got = visitor.open("/help").ok(200)
        assert (words in got.page.words, bool(way.search(got.text))) == (here, here), f"on duty: {here}"
        assert visitor.get("/help").json["staffOnDuty"] == here and visitor.open("/help").page.leads_to("tel:")
    house.duty(staff)
    assert words not in house.member().open("/help").page.words


def test_a_break_ends_in_the_voice_that_ends_it(house):
    """Two names that come back in one minute would tell that they are one: the other stays away until its own time."""
    room, me, reader = house.room("forum", "byRisk"), house.member(), house.member()
    first = write(me, room, MINE.format("one"))["id"]
    me.post("/you/second-name").ok(201)
    me.post("/you/voice", place="2").ok()
    second = write(me, room, MINE.format("two"))["id"]
    me.post("/breaks", days=3).ok()
    me.post("/you/voice", place="1").ok()
    me.post("/breaks", days=7).ok()
    there = lambda: [reader.get(f"/items/{item}").status for item in (first, second)]  # noqa: E731
    assert there() == [404, 404]
    longest = me.get("/today").ok().json["breakUntil"]
    me.post("/breaks/end").ok()
    today = me.get("/today").ok().json
    assert there() == [200, 404] and today["awayUntil"] is None and today["breakUntil"] and today["breakUntil"] < longest
    # Notices rest while any voice is away; the page says so. Pressed again it brings back nobody else.
    page = me.open("/today").page
    assert "other bird" in page.words and page.form("/breaks/end") is None
    me.post("/breaks/end").ok()
    assert me.get("/today").json["breakUntil"] and there() == [200, 404]
    # In the other voice the page says that it is away, and can bring it back.
    me.post("/you/voice", place="2").ok()
    assert me.get("/today").json["awayUntil"] and me.open("/today").page.form("/breaks/end")
    me.post("/breaks/end").ok()
    assert there() == [200, 200] and me.get("/today").json["awayUntil"] is None
    # Left alone, each comes back at its own time.
    me.post("/breaks", days=3).ok()
    house.advance(days=4)
    assert there() == [200, 200]


def test_asking_for_a_head_reads_nothing(house):
    """What asks whether a page is there counts as nothing read, and as nothing heavy."""
    room, me = house.room("forum", "byRisk"), house.member()
    item = write(house.member(), room, MINE.format("today"))["id"]
    read = lambda: house.sql("SELECT COALESCE(sum(amount), 0) AS n FROM exposure WHERE kind = 'read'")[0]["n"]  # noqa: E731
    house.jobs()
    before = read()
    for _ in range(3):
        assert me.raw("HEAD", f"/items/{item}", accept="application/json").status == 200
    house.jobs()
    assert read() == before
    see(me, item)
    house.jobs()
    assert read() == before + 1
