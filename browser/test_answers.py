"""Pages that only a press makes: the way back, a receipt, a refusal that keeps the words. Each as good as one that has an address."""
import dataclasses

import kit
import pytest
from test_pages import KIB_HTML, LOOKS

OWN = "their own six words"
WORDS = "The tea went cold, and then I laughed about it. "
LONG = WORDS * 220  # more than a post may hold


@dataclasses.dataclass
class Press:
    """Where, with which form, with what in its fields; what is then on the page, and what it answers with."""

    role: str
    path: str
    form: str
    fields: dict
    holds: str
    status: int = 200
    newcomer: bool = False  # by somebody who joined a moment ago: it changes or ends the account


PRESSES = {
    "joining, no age": Press("visitor", "/join", "/join", {}, "form[action='/join']"),
    "way back, made new": Press("member", "/you/way-back", "/you/way-back", {}, ".words-pictures", newcomer=True),
    "export, wrong words": Press("member", "/you/export", "/you/export", {"words": "bee bee bee bee bee bee"}, "h1", 403, newcomer=True),
    "erased": Press("member", "/you/erase", "/you/erase", {"words": OWN}, "h1", newcomer=True),
    "quiz": Press("member", "/courses/first-steps/lessons/listening/quiz", "/quiz", {"*": True}, "h1"),
    "report": Press("member", "/items/<others>/report", "/reports", {"*": True}, "h1"),
    "words kept": Press("member", "/write", "/items", {"body": LONG}, "textarea", 422),
    "wrong words": Press("visitor", "/sign-in", "/sign-in", {"name": "Heron-11", "words": "one two three four five six"}, "h1", 403),
    "record not ours": Press("visitor", "/record/check", "/record/check", {"record": "a.b.c"}, "[name=record]", 422),
    "no such code": Press("visitor", "/studies/adult", "/studies/adult", {"code": "not a code"}, "h1", 422),
    "names behind a case": Press("professional", "/cases/<risk>", "/link", {"why": "To call back about tonight."}, "h1"),
    "way back for somebody": Press("professional", "/people/way-back", "/people/way-back", {"*": True}, "textarea, input", 404),
    "program": Press("operator", "/operator/programs", "/operator/programs", {"*": True}, "h1", 201),
}


def send(page, press, own=""):
    """Fills the form as a person would and presses its button."""
    form = page.locator(f"main form[action$='{press.form}']").first
    page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true })")
    # What a browser would hold back is sent all the same: the page that answers is what is looked at.
    form.evaluate("(f) => { f.noValidate = true }")
    if "*" in press.fields:
        for group in dict.fromkeys(form.locator("[type=radio]").evaluate_all("(all) => all.map((e) => e.name)")):
            form.locator(f"[type=radio][name='{group}']").first.check()
        for box in form.locator("textarea, input[type=text], input:not([type])").all():
            box.fill("A line")
        for date in form.locator("input[type=date]").all():
            date.fill("2027-12-01")
    for name, value in press.fields.items():
        field = form.locator(f"[name='{name}']")
        if name == "*" or value is None or not field.count():
            continue
        field.first.check() if value is True else field.first.fill(own if value == OWN else value)
    button = form.locator("button:not([type=button])").first
    with page.expect_navigation() as gone:
        button.click()
    return gone.value


NEXT = "main button[name=band][value='18-25'], main button[name=name], main form[action='/join'] button.broad"


def join(page, base, look=lambda: None):
    """Through every step to the six words; `look` at each."""
    page.goto(base + "/join")
    for _ in range(8):
        look()
        words = page.locator(".words-pictures li")
        if words.count():
            return " ".join(words.evaluate_all("(all) => all.map((e) => e.lastChild.textContent.trim())"))
        page.locator(NEXT).first.click()
    raise AssertionError("joining did not end: " + page.inner_text("main")[:300])


def sound(one, holds):
    """What every page must hold, on the page as it stands."""
    page = one.page
    assert page.locator("main h1").count() == 1 and page.title()
    assert page.locator(f"main {holds}" if "," not in holds else holds).count(), page.inner_text("main")[:300]
    assert page.locator(".bar a[href='/help']").count() and page.locator("[data-leave]").count()
    assert one.outside == [] and len(page.content().encode()) <= KIB_HTML
    page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true })")
    for shape in (kit.PHONE, kit.DESK):
        page.set_viewport_size(shape["viewport"])
        rules = None
        for its_shape, scheme, theme in LOOKS.values():
            if its_shape is shape:
                page.emulate_media(color_scheme=scheme)
                page.evaluate("(t) => { const d = document.documentElement.dataset; if (t) d.theme = t; else delete d.theme; }", theme)
                found, rules = one.axe(rules), ["color-contrast"]
                assert not found, kit.in_words(found)
    page.set_viewport_size(kit.SMALL["viewport"])
    assert one.overflow() <= 0


@pytest.mark.parametrize("name", PRESSES)
def test_an_answer_is_a_page_like_the_others(visit, where, place, name):
    press = PRESSES[name]
    one = visit(role="visitor" if press.newcomer else press.role)
    own = join(one.page, place.base) if press.newcomer else ""
    if not press.form:
        answer = one.page.goto(where(press.role, press.path))
    else:
        one.page.goto(where(press.role, press.path))
        answer = send(one.page, press, own)
    assert answer.status == press.status, one.page.inner_text("main")[:300]
    sound(one, press.holds)
    if LONG in press.fields.values():
        assert LONG in one.page.content(), "the words are kept"


def test_each_step_of_joining_is_a_page_like_the_others(visit, place):
    one = visit()
    join(one.page, place.base, lambda: sound(one, "h1"))
