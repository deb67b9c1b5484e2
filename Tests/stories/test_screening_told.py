"""The screening can be told that it was wrong; it proposes and never changes; its hints are for the writer alone."""


import pytest

from cast import COMPARING, SURNAME, answer, case_about, decide_item, flat, need_case, queue, see, threads, write
from screened import CALM, NUMBER, DETAIL, held, concerns, wrong, counted

# "This was wrong"


def test_a_moderator_says_that_the_screen_was_wrong_and_takes_it_back(house):
    """One press marks what a rule said as wrong, however often it is sent; another takes the mark back; other rules stay."""
    room, me, staff, other = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600), house.moderator()
    item, case = held(me, staff, room, DETAIL)
    sources = [c["source"] for c in concerns(staff, case)]
    assert len(sources) >= 2 and not any(c["wrong"] for c in concerns(staff, case))
    before = see(me, item)["item"]
    told = wrong(staff, case, sources[0]).ok().json
    assert told["wrong"] is True and told["source"] == sources[0], told
    for face in (staff, other):
        assert {c["source"]: c["wrong"] for c in concerns(face, case)} == {s: s == sources[0] for s in sources}
    # It is a mark for the measuring, and decides nothing.
    assert see(me, item)["item"] == before and need_case(staff, item)["state"] == "open" and house.chain(case)
    assert wrong(staff, case, sources[0]).ok().json["wrong"] is True, "the same press again changed it"
    assert {c["source"]: c["wrong"] for c in concerns(other, case)}[sources[0]] is True
    assert wrong(staff, case, sources[0], said=False).ok().json["wrong"] is False
    assert not any(c["wrong"] for c in concerns(staff, case))
    # The page has a press of its own beside each, and it works without scripts.
    page = staff.open(f"/cases/{case}").ok(200).page
    presses = [f for f in page.forms if f["action"] == f"/cases/{case}/wrong"]
    assert sorted(f["fields"]["source"] for f in presses) == sorted(sources)
    assert staff.send(f"/cases/{case}/wrong", presses[1]["fields"]).status == 303
    assert {c["source"]: c["wrong"] for c in concerns(staff, case)}[presses[1]["fields"]["source"]] is True
    # After the case is decided and closed it can still be said.
    decide_item(staff, item, "return", reason="finding")
    house.advance(hours=1)
    assert wrong(staff, case, sources[0]).ok().json["wrong"] is True


def test_only_what_the_screen_said_can_be_marked_as_wrong(house):
    """A source that is not among the concerns, none, or a strange one is refused with a sentence, and nothing is counted."""
    room, me, staff, operator = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600), house.operator()
    _, case = held(me, staff, room)
    own = concerns(staff, case)[0]["source"]
    for source in ("en.plan.any", "model.risk", "", own + " ", own.upper(), "x" * 5000, "' OR 1=1 --", own + "\n" + own):
        got = wrong(staff, case, source)
        if source.strip() == own:  # Spaces at the ends are nobody's meaning.
            assert got.status < 500
            if got.status < 300:
                wrong(staff, case, source).ok()
            continue
        got.refused()
    staff.post(f"/cases/{case}/wrong").refused()
    staff.post(f"/cases/{case}/wrong", source=["a", "b"], wrong="yes").refused()
    staff.post(f"/cases/{case}/wrong", source=own, wrong="perhaps").refused()
    staff.post("/cases/2222222222222/wrong", source=own, wrong="yes").refused(None, 404)
    staff.post("/cases/nothing/wrong", source=own, wrong="yes").refused()
    assert counted(operator) == {}, "something was counted"
    # A case about no item has nothing to mark.
    writer = house.member()
    for body in ("I feel so alone and empty tonight.", "I hate myself and I feel hopeless.", "I feel worthless and numb again."):
        write(writer, room, body)
        house.advance(hours=20)
    for case in (c["id"] for c in queue(staff) if not c.get("item")):
        wrong(staff, case, own).refused()


def test_only_whoever_reads_the_queue_may_say_that_it_was_wrong(house):
    """A member, the author, a supporter, a moderator of another room and a stranger can not, and it looks like nothing there."""
    room, elsewhere = house.room("forum", "byRisk"), house.room("elsewhere", "byRisk")
    me, staff, operator = house.member(), house.moderator(duty=600), house.operator()
    _, case = held(me, staff, room)
    source = concerns(staff, case)[0]["source"]
    supporter = house.staff("trained-peer-volunteer")
    far, child_room = house.moderator(room=elsewhere), house.room("young", "before", "13-15")
    unchecked = house.staff("trained-paid-staff", checked=False)
    child = house.member("13-15")
    child.post(f"/rooms/{child_room}/join").ok()
    young = write(child, child_room, SURNAME.format("Bye."))["id"]
    young_case = need_case(staff, young)["id"]
    for face in (me, house.member(), house.newcomer(), supporter, house.visitor(), far, operator):
        got = wrong(face, case, source)
        assert got.status in (401, 403, 404), f"{face.name}: {got.status} {got.text[:200]}"
        assert "Quenby" not in got.text
    # Without a check record nothing of a room for children.
    assert wrong(unchecked, young_case, source).status in (403, 404)
    # Nor with a stolen cookie and no form token.
    got = staff.raw("POST", f"/cases/{case}/wrong", body=f"source={source}&wrong=yes".encode(), headers={
        "Content-Type": "application/x-www-form-urlencoded", "Origin": "https://elsewhere.example"})
    assert 400 <= got.status < 500
    assert not any(c["wrong"] for c in concerns(staff, case) + concerns(staff, young_case)) and counted(operator) == {}


def test_a_mark_goes_with_the_words_it_was_made_for(house):
    """The author changes their words: what was said of the old ones counts no more. They leave for good: no page breaks, and
    nothing is left that counts their item."""
    room, staff, operator = house.room("forum", "byRisk"), house.moderator(duty=600), house.operator()
    me, word = house.member(), house.word()
    item, case = held(me, staff, room, "My surname is Quenby and I am new here. " + word)
    source = concerns(staff, case)[0]["source"]
    wrong(staff, case, source).ok()
    me.post(f"/items/{item}/edit", title="One of those days", body=f"I am new here. {word}").ok()
    assert concerns(staff, case) == [] and staff.open(f"/cases/{case}").status == 200
    wrong(staff, case, source).refused()
    assert counted(operator) == {}, "a mark outlives the words it was made for"
    me.post(f"/items/{item}/edit", title="One of those days", body=f"My surname is Quenby. {word}").ok()
    assert [c["wrong"] for c in concerns(staff, case) if c["source"] == source] == [False]
    wrong(staff, case, source).ok()
    assert counted(operator) == {source: 1}
    me.post("/you/erase", words=" ".join(me.words), pace="now").ok()
    for _ in range(3):
        house.jobs()
        for path in (f"/cases/{case}", "/queue", f"/items/{item}"):
            assert staff.get(path).status in (200, 404) and staff.open(path).status in (200, 404), path
        assert staff.get(f"/cases/{case}").json["item"] is None and see(staff, item) is None
        wrong(staff, case, source).refused()
        assert counted(operator) == {} and operator.open("/operator/screening").status == 200
        house.night()
        house.advance(days=1)
    assert house.grep(word) == 0
    assert house.sql("SELECT count(*) AS n FROM verdict")[0]["n"] == 0


def test_the_operator_sees_counts_and_no_words(house):
    """/operator/screening counts what was said to be wrong, shows rules and reviews, and no word of anybody's."""
    room, staff, operator = house.room("forum", "byRisk"), house.moderator(duty=600), house.operator()
    marked = {}
    bodies = []
    for n in range(3):
        word = house.word()
        bodies.append(word)
        item, case = held(house.member(), staff, room, f"My surname is Quenby and the kettle is {word}.")
        source = concerns(staff, case)[0]["source"]
        if n < 2:
            wrong(staff, case, source).ok()
            marked[source] = marked.get(source, 0) + 1
    told = operator.get("/operator/screening").ok()
    assert counted(operator) == marked and sum(marked.values()) == 2
    assert told.json["version"] and told.json["overdue"] == [] and told.json["trial"]["rules"] == [], told.json["trial"]
    languages = {rule["language"] for rule in told.json["rules"]}
    assert languages == {"en", "es", "ko", "id", "af", "zh"}, languages
    page = operator.open("/operator/screening").ok(200)
    assert source in page.page.words and "2" in page.page.words
    for word in [*bodies, "Quenby"]:
        assert word not in told.text and word not in page.text
    assert operator.open("/operator").ok(200).page.leads_to("/operator/screening"), "no way to it from the operator's page"
    for face in (house.member(), house.visitor(), house.staff("trained-peer-volunteer"), staff):
        assert face.get("/operator/screening").status in (401, 403, 404)
        assert face.open("/operator/screening").status in (303, 401, 403, 404)
    assert house.program("counts", called="tally").get("/operator/screening").ok().json["wrong"]
    assert house.program("export", called="other").get("/operator/screening").status in (401, 403, 404)
    # Ninety days later it is old.
    house.advance(days=92)
    operator = house.operator()
    assert counted(operator) == {}


# Masking that the writer accepts


def test_masked_words_are_proposed_and_sent_only_by_the_writer(house):
    """A held post with personal detail has a proposal without it; nothing changes until its writer sends that; then staff
    see the masked words, and the history keeps the earlier ones."""
    room, me, stranger, staff = house.room("forum", "byRisk"), house.member(), house.member(), house.moderator(duty=600)
    word = house.word()
    body = f"{word} is my tea. {DETAIL}"
    made = write(me, room, body)
    assert made["state"] == "held", made
    item = made["id"]
    case = need_case(staff, item)["id"]
    masked = me.get(f"/items/{item}/sent").ok().json["masked"]
    assert "[removed]" in masked["body"] and NUMBER not in flat(masked) and "Quenby" not in flat(masked), masked
    assert masked["body"].startswith(f"{word} is my tea.") and masked["body"].endswith("so now you know."), masked
    # The page offers exactly that, and has changed nothing by being looked at.
    page = me.open(f"/items/{item}/sent").ok(200).page
    forms = [f for f in page.forms if f["action"] == f"/items/{item}/edit" and "body" in f["fields"]]
    assert len(forms) == 1 and forms[0]["method"] == "post" and forms[0]["fields"]["body"] == masked["body"], forms
    for _ in range(2):
        assert see(me, item)["item"]["body"] == body and staff.get(f"/cases/{case}").json["item"]["body"] == body
    events = [e["kind"] for e in staff.get(f"/cases/{case}").json["events"]]
    assert "edited" not in events
    # A stranger sees nothing of it, before and after; nor do staff get the writer's page.

    def unseen():
        for face in (stranger, house.visitor()):
            for path in (f"/items/{item}/sent", f"/items/{item}", f"/items/{item}/edit"):
                got = face.get(path)
                assert got.status in (401, 404) and word not in got.text and "[removed]" not in got.text, path
            assert word not in face.open(f"/rooms/{room}").text
        assert item not in threads(stranger, room)
        assert staff.get(f"/items/{item}/sent").status in (403, 404)
        assert stranger.send(f"/items/{item}/edit", title="x", body=masked["body"]).status in (403, 404)

    unseen()
    assert me.send(f"/items/{item}/edit", forms[0]["fields"]).status == 303
    told = staff.get(f"/cases/{case}").ok().json
    assert told["item"]["body"] == masked["body"] == see(me, item)["item"]["body"]
    assert masked["body"] in told["original"] and NUMBER not in told["original"], told["original"]
    kept = [e["words"] for e in told["events"] if e["kind"] == "edited"]
    assert len(kept) == 1 and body in kept[0], told["events"]
    assert NUMBER in staff.open(f"/cases/{case}").ok(200).text and house.chain(case)
    assert see(me, item)["item"]["state"] in ("waiting", "held")
    unseen()
    # The number and the name are in no open place: only sealed.
    assert house.grep("Quenby") == 0 and house.grep(NUMBER) == 0
    decide_item(staff, item, "approve")
    assert see(stranger, item)["item"]["body"] == masked["body"] and NUMBER not in stranger.open(f"/items/{item}").text


MASKABLE = {
    "phone": ("My number is 07700 900123, so now you know.", "900123"),
    "surname": ("My surname is Quenby and I am new here.", "Quenby"),
    "full name": ("My name is Marlo Trevanion and I am new here.", "Trevanion"),
    "school": ("I go to Larkmoor Academy and I hate mornings.", "Larkmoor"),
    "birthday": ("My birthday is 14th March and nobody remembers.", "14th March"),
    "address": ("I live at 12 Fennel Road and it is cold here.", "Fennel"),
    "link": ("Have a look at https://www.jellytoad.example/page when you can.", "jellytoad"),
    "handle": ("My snap is jellotoad77 if you want to talk.", "jellotoad77"),
    "small place": ("I live in Thistleham, there is one bus.", "Thistleham"),
}


@pytest.mark.parametrize("kind", MASKABLE)
def test_words_masked_as_proposed_are_not_held_again_for_the_mask(house, kind):
    """Whoever sends what the house proposed is not held a second time for "[removed]", and nothing is proposed again."""
    words, gone = MASKABLE[kind]
    room, me, staff = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600)
    made = write(me, room, words)
    assert made["state"] == "held" and made["masked"], made
    masked = made["masked"]
    assert gone not in flat(masked) and masked["body"].count("[removed]") == 1, masked
    after = me.post(f"/items/{made['id']}/edit", title=masked["title"], body=masked["body"]).ok().json
    told = staff.get(f"/cases/{need_case(staff, made['id'])['id']}").json
    assert after["masked"] is None, f"proposed again: {after['masked']}"
    assert after["state"] == "waiting", f"{after['state']} for {after['reason']}: {told['concerns']}"


def test_a_mask_is_proposed_only_where_it_helps(house):
    """Title and note are masked too; a shown item, one held for something else and one that is plain have no proposal."""
    room, me, staff = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600)
    made = write(me, room, CALM, title=f"Ring me on {NUMBER}")
    assert made["state"] == "held" and NUMBER not in flat(made["masked"]) and "[removed]" in made["masked"]["title"]
    form = [f for f in me.open(f"/items/{made['id']}/sent").page.forms if f["fields"].get("title", "").startswith("Ring")]
    assert form and form[0]["fields"]["title"] == made["masked"]["title"]
    noted = write(me, room, CALM, note=f"My number is {NUMBER}.")
    if noted["state"] == "held":
        assert NUMBER not in flat(noted["masked"]) and "[removed]" in noted["masked"]["note"], noted["masked"]
    house.advance(minutes=20)
    base = write(me, room, CALM)
    assert base["state"] == "shown" and base["masked"] is None
    reply = answer(me, base["id"], f"You can ring me on {NUMBER} in the evening.")
    assert reply["state"] == "held" and NUMBER not in flat(reply["masked"])
    compared = write(me, room, COMPARING.format("So."))
    assert compared["state"] == "held" and compared["masked"] is None
    # A person showed it all the same: then it stands as it is.
    house.advance(minutes=20)
    item, _ = held(me, staff, room)
    decide_item(staff, item, "approve")
    told = me.get(f"/items/{item}/sent").ok().json
    assert told["state"] == "shown" and told["masked"] is None
    page = me.open(f"/items/{item}/sent").page
    assert not [f for f in page.forms if "[removed]" in flat(f["fields"])] and "[removed]" not in page.words
    # Taken back: nothing to send any more.
    item, _ = held(me, staff, room)
    me.post(f"/items/{item}/withdraw").ok()
    got = me.get(f"/items/{item}/sent")
    assert got.status in (200, 404) and (got.status == 404 or got.json["masked"] is None)


def proposal(me, item):
    return next(f for f in me.open(f"/items/{item}/sent").page.forms if "[removed]" in flat(f["fields"]))


def test_a_mask_sent_twice_by_one_press_is_one_change(house):
    """The button carries the key of its press: a second arrival of the same press makes nothing new in the history."""
    room, me, staff = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600)
    item, case = held(me, staff, room, "My number is 07700 900123, so now you know.")
    form = proposal(me, item)
    assert form["fields"]["key"]
    for _ in range(2):
        assert me.send(form["action"], form["fields"]).status in (200, 303)
    edited = [e for e in staff.get(f"/cases/{case}").json["events"] if e["kind"] == "edited"]
    assert len(edited) == 1, f"one press, {len(edited)} changes"


def test_a_mask_that_was_overtaken_does_no_harm(house):
    """Sent after the writer changed it otherwise, or after a decision: nothing breaks, and a decision stays."""
    room, me, staff, reader = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600), house.member()
    item, case = held(me, staff, room, "You can ring me on 07700 900123 in the evening.")
    form = proposal(me, item)
    me.post(f"/items/{item}/edit", title="One of those days", body=CALM).ok()
    assert me.send(form["action"], form["fields"]).status in (200, 303) and NUMBER not in flat(see(me, item))
    assert house.chain(case)
    decide_item(staff, item, "remove", reason="encourages")
    got = me.send(form["action"], form["fields"])
    assert got.status in (303, 403, 404, 409, 410) and see(reader, item) is None
    assert me.get(f"/items/{item}/sent").json["state"] == "removed"


# Hints while writing


def test_hints_on_an_answer_are_for_its_writer_and_are_not_kept(house):
    """An over-promise is answered with a gentle hint, only in an answer; nothing of it is kept, and the log holds no word."""
    room, me, staff = house.room("forum", "byRisk"), house.member(), house.moderator(duty=600)
    promise = "I promise everything will be okay"
    for text in (promise, promise.upper(), f"{promise}, and the sun comes up."):
        told = me.post("/hints", text=text, reply="on").ok().json["hints"]
        assert "replyHint" in [h["kind"] for h in told] and all(h["why"] for h in told), told
        told = me.post("/hints", text=text).ok().json["hints"]
        assert not [h for h in told if h["kind"].startswith("reply")], f"it is no answer: {told}"
    assert "replyHint" in [h["kind"] for h in me.send("/hints", text=promise, reply="on").ok().json["hints"]], "as a form"
    for text in (CALM, "My bus was late and I read my book.", "", "   "):
        got = me.post("/hints", text=text, reply="on")
        assert got.status < 500 and [h for h in got.json.get("hints", []) if h["kind"] == "replyHint"] == [], text
    assert house.visitor().post("/hints", text=promise, reply="on").status in (401, 403, 404)
    # Asking for hints makes nothing.
    assert queue(staff) == [] and house.sql("SELECT count(*) AS n FROM assessment")[0]["n"] == 0
    # Sent all the same: shown like any answer, and nothing is kept about how it was worded.
    asker, word = house.member(), house.word()
    thread = write(asker, room, CALM)["id"]
    sent = answer(me, thread, f"{promise}, {word}")
    assert sent["state"] == "shown" and "replyHint" not in flat(sent), sent
    for face in (me, asker, staff):
        assert "replyHint" not in face.get(f"/items/{thread}").text + face.get(f"/items/{sent['id']}").text
    assert case_about(staff, sent["id"]) is None
    assert house.sql("SELECT count(*) AS n FROM assessment")[0]["n"] == 0, "an assessment of its wording was kept"
    # Also when it is held for something else, and when it is reported.
    other = answer(me, thread, f"{promise}, ring me on {NUMBER}.")
    assert other["state"] == "held"
    case = need_case(staff, other["id"])["id"]
    assert {c["kind"] for c in concerns(staff, case)}.isdisjoint({"replyHint", "replyStrength"}), concerns(staff, case)
    asker.post(f"/items/{sent['id']}/reports", kind="unkind").ok(201)
    case = need_case(staff, sent["id"])["id"]
    assert concerns(staff, case) == [] and "replyHint" not in staff.get(f"/cases/{case}").text
    me.post(f"/items/{sent['id']}/edit", title="", body=f"{promise}, once more {word}").ok()
    assert "replyHint" not in staff.get(f"/cases/{case}").text
    assert "promise" not in house.logged() and NUMBER not in house.logged()
