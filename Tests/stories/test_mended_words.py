"""What is said of words, and of whoever looks at them, is so: letters that went on, yeses about no words, other eyes."""

from cast import MINE, claim, decide_item, need_case, notices, queue, see, write
from test_befrienders import seeker
from test_befrienders import stage as desk
from test_letters import begin, deliver, mine


def shown(face):
    return [one for one in notices(face) if one["kind"] == "shown"]


def test_a_letter_that_went_on_is_said_to_be_with_one_person(house):
    """Its writer is not told that a room reads it, is offered no change that would be refused, and the news of it leads somewhere."""
    _, _, staff, room, forum, one = desk(house)
    who = seeker(house, forum)
    letter = begin(who, room).ok(201).json["id"]
    waiting = who.open(f"/items/{letter}/sent").ok().page
    assert waiting.form(f"/items/{letter}/withdraw") and waiting.leads_to(f"/items/{letter}/edit")
    before = len(shown(who))
    deliver(staff, letter)
    house.jobs()
    series = mine(who)["id"]
    told = who.get(f"/items/{letter}/sent").ok().json
    assert told["state"] == "shown" and told["series"] == series
    page = who.open(f"/items/{letter}/sent").ok().page
    assert page.leads_to(f"/letters/{series}") and "who can open this room" not in page.words
    assert page.form(f"/items/{letter}/withdraw") is None and not page.leads_to(f"/items/{letter}/edit")
    who.post(f"/items/{letter}/withdraw").refused(None, 404)
    who.post(f"/items/{letter}/edit", body="Other words.").refused(None, 404)
    assert who.get(f"/items/{letter}/edit").status == 404
    new = shown(who)[: len(shown(who)) - before]
    assert [one["href"] for one in new] == [f"/letters/{series}"]
    answered = one.post(f"/letters/{series}", body="I read yours twice.").ok(201).json["id"]
    deliver(staff, answered)
    def all_open(*faces):
        for face in faces:
            for notice in notices(face):
                face.get(notice["href"]).ok()

    all_open(who, one)
    assert "who can open this room" not in one.open(f"/items/{answered}/sent").ok().page.words
    # Passed on, the series is no longer theirs to open: what they are told leads to their own words.
    one.post(f"/letters/{series}/leave").ok()
    all_open(who, one)
    assert not one.open(f"/items/{answered}/sent").ok().page.leads_to(f"/letters/{series}")


def test_the_news_of_a_review_leads_to_it(house):
    room, staff, me = house.room("forum", "byRisk"), house.moderator(duty=100_000), house.member()
    write(me, room, MINE.format("here"))
    item = me.post(f"/rooms/{room}/reviews", answer=4, body="Kind people.").ok(201).json["id"]
    decide_item(staff, item, "approve")
    page = me.open(f"/items/{item}/sent").ok().page
    assert page.form(f"/items/{item}/withdraw") and not page.leads_to(f"/items/{item}/edit")
    assert me.get(f"/items/{item}/edit").status == 404
    (told,) = [one for one in shown(me) if one["item"] == item]
    assert told["href"] == f"/rooms/{room}/reviews" and me.get(told["href"]).ok().json["reviews"]


def test_a_yes_about_no_words_says_nothing_of_words(house):
    """A case of somebody's age has no words of theirs: nothing of theirs went up."""
    pro, room, me = house.professional(duty=100_000), house.room("forum", "byRisk"), house.member("18-25")
    write(me, room, MINE.format("here"))
    assert me.post("/you/age", band="13-15").ok().json["waits"]
    (case,) = [one for one in queue(pro) if one["kind"] == "age"]
    before = len(shown(me))
    pro.post(f"/cases/{case['id']}/decisions", act="approve")
    assert len(shown(me)) == before


def test_others_who_ask_for_other_eyes_are_not_those_eyes(house):
    """Whoever asked for a second pair of eyes is not set free by a colleague who asks for one too; only by one who looks. Asked
    twice, it is one question."""
    room = house.room("read-first", "before")
    first, second, third, me = *(house.moderator(duty=6000) for _ in range(3)), house.member()
    item = write(me, room, MINE.format("again"))["id"]
    case = need_case(first, item)["id"]
    claim(first, case)
    for _ in range(2):
        first.post(f"/cases/{case}/second-look").ok()
    second.post(f"/cases/{case}/second-look").ok()
    for face in (first, second):
        face.post(f"/cases/{case}/decisions", act="approve").refused("you-asked-for-another", 409)
    asked = [event for event in third.get(f"/cases/{case}").json["events"] if event["kind"] == "asked-second"]
    assert len(asked) == 2
    claim(third, case)
    third.post(f"/cases/{case}/release").ok()
    first.post(f"/cases/{case}/decisions", act="approve").ok(201)
    assert see(me, item)["item"]["state"] == "shown"
    first.post(f"/cases/{case}/second-look").refused("case-closed", 409)
