"""Mended: a decision reaches the words it is about, whoever wrote them is told, and what is taken back leaves its trace."""

from cast import (
    COMPARING, MINE, URGENT, answer, case_about, claim, decide, decide_item, need_case, notices, report, see, write)
from test_attacks_again import MEDIUM
from test_care import CALM, SLY
from test_letters import begin, deliver, mine, post  # noqa: F401
from test_offers import before, supporter
from test_supervision import part


def events(staff, case):
    return [f"{e['kind']} {e['code']}" for e in staff.get(f"/cases/{case}").ok().json["events"]]


def test_a_letter_is_reported_muted_and_blocked_from_its_page(post):  # noqa: F811
    """What stands under a letter leads somewhere; a letter belongs to its two people alone."""
    house, staff, room, _, befrienders, seeker = post
    deliver(staff, begin(seeker, room).ok(201).json["id"])
    house.jobs()
    one = next(b for b in befrienders if mine(b))
    series = mine(one)["id"]
    sent = one.post(f"/letters/{series}", {"body": "Plumtree: I moved at twelve."}).ok(201).json["id"]
    for act in ("mute", "block"):
        seeker.post(f"/items/{sent}/{act}").refused(None, 404)  # not delivered yet
    deliver(staff, sent)
    assert f"/items/{sent}/report" in seeker.open(f"/letters/{series}").text
    page = seeker.open(f"/items/{sent}/report").ok(200).page
    assert page.form(f"/items/{sent}/reports") and page.form(f"/items/{sent}/block")
    for stranger in (house.member(), next(b for b in befrienders if b is not one), one):
        stranger.get(f"/items/{sent}/report").refused(None, 404)
        stranger.post(f"/items/{sent}/mute").refused(None, 404)
    # A cover of the staff's stands over it; nothing of it is moved or masked.
    seeker.post(f"/items/{sent}/reports", {"kind": "unkind", "also_mute": 1}).ok(201)
    assert one.name in seeker.get("/see/people").ok().text
    case = need_case(staff, sent)["id"]
    deeds = staff.open(f"/cases/{case}").ok(200).text
    assert 'value="mask"' not in deeds and 'value="move"' not in deeds and 'value="cover"' in deeds
    claim(staff, case)
    staff.post(f"/cases/{case}/decisions", act="move", room=room).refused("letters-not-moved", 409)
    decide(staff, case, "cover")
    assert "A moderator covered it." in seeker.open(f"/letters/{series}").page.words
    seeker.post(f"/items/{sent}/block").ok()
    assert mine(seeker)["state"] != "running" or mine(seeker)["other"] != one.name


def test_a_letter_leads_to_no_second_name(post):  # noqa: F811
    """Whoever changes their voice in the middle of a series stays, for the other one, who they were at its beginning."""
    house, staff, room, _, befrienders, seeker = post
    first = seeker.name
    deliver(staff, begin(seeker, room).ok(201).json["id"])
    house.jobs()
    one = next(b for b in befrienders if mine(b))
    series = mine(one)["id"]
    deliver(staff, one.post(f"/letters/{series}", {"body": "Plumtree: I moved at twelve."}).ok(201).json["id"])
    second = seeker.post("/you/second-name").ok().json["name"]
    seeker.post("/you/voice", place="2").ok()
    assert second != first
    sent = seeker.post(f"/letters/{series}", {"body": "Plumtree: at twelve, too?"}).ok(201).json["id"]
    deliver(staff, sent)
    one.post(f"/items/{sent}/mute").ok()
    told = one.get("/see/people").ok().text + one.open("/see/people").ok(200).text
    assert first in told and second not in told
    one.post(f"/items/{sent}/block").ok()
    assert mine(seeker)["state"] == "seeking" or mine(seeker)["state"] == "ended"


def test_whoever_wrote_is_told_also_where_the_case_is_about_nobody(house):
    """A quarrel's case is about a thread: what is decided there about its words has a statement, and its writer decides nothing."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=100_000)
    author = house.member()
    thread = write(author, room, CALM)["id"]
    for words in SLY:
        answer(house.member(), thread, words)
    case = need_case(staff, thread, "pattern")["id"]
    decide(staff, case, "hide", reason="heated", suggestion="Leave it for today, mallow.")
    told = author.get("/standing").ok().json["statements"]
    assert [one["act"] for one in told] == ["hide"] and told[0]["suggestion"] == "Leave it for today, mallow."
    assert "statement" in [n["kind"] for n in notices(author)]
    author.post(f"/decisions/{told[0]['id']}/appeal", words="It was a calm thread.").ok(200, 201, 303)
    # Nobody is restricted by it, and of words that were up nobody hears that they are.
    third = write(author, room, CALM)["id"]
    for words in SLY:
        answer(house.member(), third, words)
    case = need_case(staff, third, "pattern")["id"]
    claim(staff, case)
    staff.post(f"/cases/{case}/decisions", act="restrict", reason="heated", sanction="warning").refused("restrict-nobody", 409)
    told = len(notices(author))
    decide(staff, case, "approve")
    assert len(notices(author)) == told
    # What joins such a case brings its person along.
    second = write(author, room, CALM)["id"]
    for words in SLY:
        answer(house.member(), second, words)
    case = need_case(staff, second, "pattern")["id"]
    report(house.member(), second, "danger")
    pro = house.professional(duty=100_000)
    claim(pro, case)
    pro.post(f"/cases/{case}/conversation", words="Hello. How are you today?").ok(201)
    # One of the staff, in their own thread.
    own = write(staff, room, CALM)["id"]
    for words in SLY:
        answer(house.member(), own, words)
    open_case = case_about(pro, own)
    if open_case:
        claim(staff, open_case["id"])
        staff.post(f"/cases/{open_case['id']}/decisions", act="approve").refused("own-words", 409)


def test_a_yes_in_another_case_puts_up_nothing_unread(house):
    """A case about a person leads to an item: a yes there is no yes to words that wait in a case of their own, or were taken away."""
    staff, pro = house.moderator(duty=100_000), house.professional(duty=100_000)
    room, me, reader = house.room("forum", "byRisk"), house.member(), house.member()
    for words in MEDIUM:
        item = write(me, room, words.format("again"))["id"]
    case = next(c["id"] for c in staff.get("/queue").ok().json["cases"] if c["kind"] == "pattern" and c["item"] == item)
    before_edit = staff.get(f"/cases/{case}").ok().json
    assert me.post(f"/items/{item}/edit", title="Another day", body=COMPARING.format("fennel")).ok().json["state"] == "held"
    page = pro.open(f"/cases/{case}").ok(200).text
    assert 'value="approve"' not in page and 'value="close"' in page
    made = decide(pro, case, "approve")["decision"]
    assert see(reader, item) is None and see(me, item)["item"]["state"] == "held", before_edit
    assert case_about(pro, item), "its own case goes on"
    # It can be taken back, and stands in no other decision's way.
    pro.post(f"/decisions/{made}/undo").ok()
    decide(pro, case, "approve")
    own = need_case(pro, item)["id"]
    made = decide(pro, own, "return", reason="finding")["decision"]
    pro.post(f"/decisions/{made}/undo").ok()
    assert see(me, item)["item"]["state"] == "held"


def test_what_waits_is_decided_before_its_case_is_closed(house):
    """Closing says nothing about the words: what still waits for a yes or a no keeps its case."""
    room, staff, me = house.room("forum", "before"), house.moderator(duty=100_000), house.member()
    item = write(me, room, MINE.format("waiting"))["id"]
    case = need_case(staff, item)["id"]
    assert 'value="close"' not in staff.open(f"/cases/{case}").ok(200).text
    claim(staff, case)
    staff.post(f"/cases/{case}/decisions", act="close").refused("close-decide-first", 409)
    assert need_case(staff, item)["id"] == case and see(me, item)["item"]["state"] == "waiting"
    decide(staff, case, "approve")
    report(house.member(), item)
    assert 'value="close"' in staff.open(f"/cases/{need_case(staff, item)['id']}").text
    decide_item(staff, item, "close")


def test_a_language_set_right_leaves_those_who_write_it(house):
    """Whoever writes both keeps the offer; one comma more brings the screen's mistake not back."""
    staff, pro = house.moderator(duty=100_000), house.professional(duty=100_000)
    room = house.room("porch", "byRisk", promise=600)
    both, english = supporter(house, room, pro, languages=["en", "es"]), supporter(house, room, pro)
    me = house.member()
    item = write(me, room, MINE.format("plain"))["id"]
    house.jobs()
    assert item in before(both) and item in before(english)
    report(house.member(), item)
    decide_item(staff, item, "label", language="es")
    house.jobs()
    assert item in before(both) and item not in before(english)
    # The other way round: the screen hears another language, a person says English, and an edit in the same words keeps it so.
    foreign = write(me, room, "Сегодня мы ходили в парк, а потом ели суп.")["id"]
    case = need_case(staff, foreign)["id"]
    decide(staff, case, "approve", language="en")
    me.post(f"/items/{foreign}/edit", title="One of those days", body="Сегодня мы ходили в парк, а потом ели суп с хлебом.").ok()
    assert staff.get(f"/cases/{need_case(staff, foreign)['id']}").ok().json["language"] == "en"
    # Another edit, another screen: what a person said of earlier words is over.
    me.post(f"/items/{foreign}/edit", title="One of those days", body=MINE.format("in English")).ok()
    assert see(me, foreign)
    # In other words the screen has the say again.
    me.post(f"/items/{item}/edit", title="One of those days", body="Сегодня мы ходили в парк, а потом ели суп.").ok()
    assert staff.get(f"/cases/{need_case(staff, item)['id']}").ok().json["language"] == "und"


def test_undone_in_a_case_that_stays_open_is_seen(house):
    """Whoever has the case open looks again, the history says it, and why the words were held is known again."""
    room = house.room("forum", "byRisk")
    staff, pro, me = house.moderator(duty=100_000), house.professional(duty=100_000), house.member()
    item = write(me, room, URGENT.format("So."))["id"]
    case = need_case(staff, item)["id"]
    why = see(me, item)["item"]["reason"]
    made = decide(staff, case, "hide", reason="heated")["decision"]
    seen = pro.get(f"/cases/{case}").ok().json["case"]["version"]
    staff.post(f"/decisions/{made}/undo").ok()
    assert "noted undone" in events(pro, case)
    claim(pro, case)
    pro.post(f"/cases/{case}/decisions", act="close", version=seen).refused("changed-meanwhile", 409)
    now = see(me, item)["item"]
    assert now["state"] == "held" and now["reason"] == why and why
    assert house.chain(case)


def test_a_decision_made_again_after_it_was_taken_back_is_a_new_one(house):
    """The same press after an undo decides anew; the same press twice is one."""
    room, staff, me = house.room("forum", "before"), house.moderator(duty=100_000), house.member()
    item = write(me, room, MINE.format("today"))["id"]
    case = need_case(staff, item)["id"]
    claim(staff, case)
    press = lambda: staff.post(f"/cases/{case}/decisions", act="approve", key="twice").ok(201).json["decision"]  # noqa: E731
    first = press()
    assert press() == first
    staff.post(f"/decisions/{first}/undo").ok()
    assert see(me, item)["item"]["state"] == "waiting"
    assert press() != first and see(me, item)["item"]["state"] == "shown"


def test_a_thread_moves_where_it_can_be_answered(house):
    """Not into a room of letters, and not into one that is not open."""
    here, letters = house.room("forum", "byRisk"), house.room("desk", "byRisk", format="letters")
    questions, shut = house.room("asking", "byRisk", format="questions"), house.room("shut", "byRisk")
    staff, me, operator = house.moderator(duty=100_000), house.member(), house.operator()
    item = write(me, here, MINE.format("today"))["id"]
    report(house.member(), item)
    case = need_case(staff, item)["id"]
    operator.post(f"/operator/rooms/{shut}/close").ok()
    page = staff.open(f"/cases/{case}").ok(200).text
    assert f'value="{questions}"' in page and f'value="{letters}"' not in page and f'value="{shut}"' not in page
    claim(staff, case)
    staff.post(f"/cases/{case}/decisions", act="move", room=letters).refused("move-other-format", 422)
    staff.post(f"/cases/{case}/decisions", act="move", room=shut).refused("move-not-open", 422)
    assert see(me, item)["item"]["room"] == here
    staff.post(f"/cases/{case}/decisions", act="move", room=questions).ok()
    assert see(me, item)["item"]["room"] == questions


def test_giving_back_one_room_keeps_the_news_of_another(house):
    """An offer in a room where one goes on helping keeps its notice."""
    pro = house.professional(duty=100_000)
    first, second = (house.room(name, "byRisk", promise=600) for name in ("lamp", "porch"))
    one = supporter(house, first, pro)
    pro.post(f"/rooms/{second}/supporters", {"name": one.name, "days": 300, "trained": "elsewhere"}).ok()
    made = [write(house.member(), room, MINE.format(n))["id"] for n, room in enumerate((first, second))]
    house.jobs()
    assert set(made) <= set(before(one))
    one.post(f"/offers/standing/{first}/end").ok()
    assert [item in before(one) for item in made] == [False, True]
    assert [n["kind"] for n in notices(one)].count("offer") == 1


def test_a_record_of_help_keeps_its_months_when_old_offers_go(house):
    """From January until June, also a year later."""
    pro = house.professional(duty=100_000)
    room = house.room("lamp", "byRisk", promise=600)
    one = supporter(house, room, pro)
    for turn in range(2):
        item = write(house.member(), room, MINE.format(turn))["id"]
        house.jobs()
        one.post(f"/offers/{before(one)[item]['id']}/accept").ok()
        answer(one, item, "I read it, and I know evenings like that.")
        house.advance(days=70)
    def own():
        subject = part(one.post("/you/record").ok().text, 1)["credentialSubject"]
        return subject["firstMonth"], subject["lastMonth"]

    told = own()
    assert told[0] < told[1]
    house.advance(days=200)
    house.jobs()
    assert house.sql("SELECT count(*) AS n FROM offer WHERE state = 'answered'")[0]["n"] == 0
    assert own() == told
