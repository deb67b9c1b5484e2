"""What every page must hold, seen by a real browser on the real program. `bad.html` must fail each kind of check."""
import json
import pathlib
import re
import shutil
import time

import kit
import pytest
from places import MISSING, NO_PAGES, PAGES, ROOT

BAD = (pathlib.Path(__file__).parent / "bad.html").read_text()
KIB_VIEW, KIB_HTML, KIB_CSS, KIB_SCRIPT = 70_000, 26_000, 20_000, 15_000
LOOKS = {
    "phone-light": (kit.PHONE, "light", None), "phone-dark": (kit.PHONE, "dark", None), "phone-quiet": (kit.PHONE, "light", "quiet"),
    "desk-light": (kit.DESK, "light", None), "desk-dark": (kit.DESK, "dark", None), "desk-quiet": (kit.DESK, "light", "quiet"),
}

def test_every_page_is_looked_at():
    """Each address that answers a page stands in PAGES; what is none is named."""
    paths = json.loads((ROOT / "docs/api/openapi.json").read_text())["paths"]
    seen = [path.split("?")[0] for _, path in PAGES]
    shape = lambda path: re.compile("^" + re.sub(r"\{\w+\}", "[^/]+", path) + "$")  # noqa: E731
    left = [path for path, ways in paths.items() if "get" in ways and not any(shape(path).match(one) for one in seen)]
    assert sorted(left) == sorted(NO_PAGES)


every_page = pytest.mark.parametrize("role, path", PAGES, ids=[f"{r}:{p}" for r, p in PAGES])
STYLE = "(css) => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }"


@every_page
def test_axe_finds_nothing_in_any_look(visit, where, role, path):
    address = where(role, path)
    for shape in (kit.PHONE, kit.DESK):
        one = visit(shape, role)
        one.page.goto(address)
        one.page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true })")
        rules = None  # all of them in the first look; the others differ in colour alone
        for look, (its_shape, scheme, theme) in LOOKS.items():
            if its_shape is shape:
                one.page.emulate_media(color_scheme=scheme)
                one.page.evaluate("(t) => { const d = document.documentElement.dataset; if (t) d.theme = t; else delete d.theme; }", theme)
                found, rules = one.axe(rules), ["color-contrast"]
                assert not found, f"{path} {look}\n{kit.in_words(found)}"


def test_axe_finds_the_bad_page(visit):
    one = visit()
    one.page.set_content(BAD)
    found = {v["id"] for v in one.axe()}
    assert {"image-alt", "label", "color-contrast", "html-has-lang", "document-title", "meta-viewport", "button-name"} <= found, found


@every_page
def test_quiet_console_nobody_called_and_within_the_budget(visit, where, role, path):
    one = visit(role=role).measure()
    answer = one.page.goto(where(role, path))
    assert answer.status == (404 if path in MISSING else 200)
    vitals = one.vitals()
    if path not in MISSING:
        assert one.errors == []
    assert one.outside == []
    one.weigh()
    assert one.bytes["HTML"] <= KIB_HTML and one.bytes["CSS"] <= KIB_CSS and one.bytes["script"] <= KIB_SCRIPT, dict(one.bytes)
    assert 0 < sum(one.bytes.values()) <= KIB_VIEW, dict(one.bytes)
    assert vitals["cls"] < 0.05, vitals


def test_the_bad_page_is_heard_and_stopped(visit):
    one = visit()
    one.page.set_content(BAD)
    one.page.wait_for_timeout(200)
    assert "a mistake in the console" in one.errors and one.outside == ["https://example.org/x"]


@every_page
def test_the_frame_is_the_same_without_scripts(visit, where, role, path):
    one = visit(role=role, java_script_enabled=False)
    one.page.goto(where(role, path))
    page = one.page
    assert page.locator("h1").count() == 1 and page.locator("main#main").count() == 1
    assert page.locator(".bar a.help").get_attribute("href") == "/help"
    assert page.locator("a[data-leave]").get_attribute("href") == "/leave"
    assert page.locator("[style], style, script:not([src]), [onclick]").count() == 0
    for form in page.locator("form").all():
        assert form.get_attribute("method") in ("post", "get", "dialog", None)
    unnamed = page.eval_on_selector_all("main a, main button", "(all) => all.filter((e) => !e.textContent.trim() && !e.getAttribute('aria-label')).length")
    assert unnamed == 0


def test_sign_in_and_covered_words_work_without_scripts(visit, where):
    one = visit(role="member", java_script_enabled=False)
    one.page.goto(where("member", "/today"))
    assert "/sign-in" not in one.page.url
    one.page.goto(where("visitor", "/rooms/<room>"))
    for cover in one.page.locator("details.covered > summary").all()[:1]:
        cover.click()
        assert cover.locator("..").get_attribute("open") is not None


@every_page
def test_reflow_text_spacing_and_big_text(visit, where, role, path):
    one = visit(kit.SMALL, role)
    one.page.goto(where(role, path))
    assert one.overflow() <= 0
    # WCAG 1.4.12, then text at 200 %, then the page's own bigger text.
    one.page.evaluate(STYLE, "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }")
    assert one.overflow() <= 0
    one.page.evaluate(STYLE, "html { font-size: 200% !important }")
    assert one.overflow() <= 0
    one.page.evaluate(STYLE, "")
    one.page.evaluate("document.documentElement.dataset.size = 'biggest'")
    assert one.overflow() <= 0
    one.page.evaluate("document.documentElement.dir = 'rtl'")
    assert one.overflow() <= 0
    name, leave = one.page.locator(".bar .name").bounding_box(), one.page.locator("[data-leave]").bounding_box()
    assert name["x"] > leave["x"]


def test_reflow_check_catches_the_bad_page(visit):
    one = visit(kit.SMALL)
    one.page.set_content(BAD)
    assert one.overflow() > 100


@every_page
@pytest.mark.parametrize("shape", [kit.PHONE, kit.DESK], ids=["phone", "desk"])
def test_focus_is_seen_and_never_covered(visit, where, role, path, shape):
    one = visit(shape, role, reduced_motion="reduce")
    one.page.goto(where(role, path))
    seen, covered = one.hidden_focus()
    assert len(seen) >= 4 and not covered, covered
    assert seen[0].startswith("A Skip"), seen[0]


def test_focus_check_catches_the_bad_page(visit):
    one = visit()
    one.page.set_content(BAD)
    assert one.hidden_focus()[1]


@every_page
def test_touch_targets_are_large(visit, where, role, path):
    one = visit(role=role)
    one.page.goto(where(role, path))
    small = one.page.eval_on_selector_all(
        ".button, .tabs a, .choices label, .grid-choices label, input:not([type=hidden], [type=radio], [type=checkbox]), select, textarea, details.covered > summary",
        "(all) => all.filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map((e) => e.textContent.trim().slice(0, 30) || e.name)")
    assert small == []


@pytest.mark.parametrize("role, path", [("visitor", "/"), ("visitor", "/help"), ("member", "/today"), ("moderator", "/queue"), ("operator", "/operator")])
def test_headers_guard_the_pages(visit, where, role, path):
    one = visit(role=role)
    headers = one.context.request.get(where(role, path)).headers
    policy = headers["content-security-policy"]
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy and "http:" not in policy
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'",
                 "require-trusted-types-for 'script'", "trusted-types understory"):
        assert part in policy, part
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
    if role != "visitor":
        assert "no-store" in headers["cache-control"] and "noindex" in headers["x-robots-tag"]
    for cookie in one.context.cookies():
        assert cookie["httpOnly"] and cookie["sameSite"] in ("Lax", "Strict"), cookie["name"]


@pytest.mark.parametrize("role, path", [("visitor", "/"), ("member", "/today")])
def test_the_policy_stops_an_injected_script(visit, where, role, path):
    one = visit(role=role)
    one.page.goto(where(role, path))
    ran = one.page.evaluate("""() => {
      try { const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s); } catch {}
      try { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.broken=1">'); } catch {}
      try { document.body.insertAdjacentHTML('beforeend', understory.createHTML('<img src=x onerror="window.broken=1">')); } catch {}
      return new Promise((r) => setTimeout(() => r(!!window.broken), 200)); }""")
    assert ran is False


@pytest.mark.parametrize("how", ["click", "shift"])
def test_leaving_is_fast_and_back_shows_nothing(visit, where, how):
    one = visit(role="member")
    one.page.goto(where("member", "/today"))
    one.page.goto(where("member", "/you"))
    words = one.page.locator("h1").inner_text()
    if how == "click":
        one.page.locator("a[data-leave]").click()
    else:
        for _ in range(3):
            one.page.keyboard.press("Shift")
    one.page.wait_for_url("**/weather")
    assert "Understory" not in one.page.content()
    one.page.evaluate("history.back()")
    one.page.wait_for_timeout(800)
    assert one.page.url.endswith("/weather") and words not in one.page.content()


def test_typing_capitals_is_not_leaving(visit, where):
    one = visit(role="member")
    one.page.goto(where("member", "/write"))
    one.page.locator("main textarea").first.press_sequentially("I AM OK. REALLY. Not Great, But OK.")
    one.page.wait_for_timeout(200)
    assert one.page.url.endswith("/write")


def test_no_trail_leaves_one_history_entry(visit, where):
    one = visit(role="member")

    def trail(value):
        one.page.goto(where("member", "/look"))
        one.page.locator(f"input[name=trail][value={value}]").check()
        one.page.locator("main form button").first.click()
        one.page.wait_for_url("**/look?done=saved")

    try:
        trail("off")
        one.page.goto(where("member", "/rules"))
        before = one.page.evaluate("history.length")
        for path in ("/rooms", "/help"):
            one.page.locator(f"a[href='{path}']:visible").first.click()
            one.page.wait_for_url("**" + path)
        assert one.page.evaluate("history.length") == before
    finally:
        trail("on")


def test_hints_are_gentle_and_never_block(visit, where):
    one = visit(role="member")
    one.page.goto(where("member", "/write"))
    box = one.page.locator("textarea[data-nudge]").first
    told = one.page.locator("#" + (box.get_attribute("data-nudge") or "nudge"))
    box.fill("text me on 07700 900123")
    told.wait_for(state="visible")
    assert one.page.locator("main form:has(textarea[data-nudge]) button:not([type=button])").first.is_enabled()
    box.fill("I feel low")
    told.wait_for(state="hidden")
    help_box = one.page.locator("[data-help-while-writing]")
    if help_box.count():
        box.fill("I want to die")
        help_box.first.wait_for(state="visible")


def test_hints_are_off_by_one_tap_and_stay_off(visit, where):
    one = visit(role="member")
    one.page.goto(where("member", "/write"))
    box, told = one.page.locator("textarea[data-nudge]").first, one.page.locator("#nudge")
    box.fill("text me on 07700 900123")
    told.locator("span").filter(has_text="phone number").wait_for()
    told.locator("button").click()
    assert told.locator("span").inner_text() == ""
    asked = []
    one.page.on("request", lambda request: asked.append(request.url))
    one.page.goto(where("member", "/write"))
    box.fill("text me on 07700 900124 please")
    one.page.wait_for_timeout(1500)
    assert not [url for url in asked if url.endswith("/hints")], "off, and the draft was sent all the same"
    told.locator("button").click()
    told.locator("span").filter(has_text="phone number").wait_for()
    assert one.page.evaluate("localStorage.length") == 0
    box.fill("")


def test_words_are_kept_in_this_tab_until_sent(visit, where):
    one = visit(role="member")
    one.page.goto(where("member", "/write"))
    box = one.page.locator("textarea[data-draft]").first
    box.fill("half a thought")
    one.page.goto(where("member", "/today"))
    one.page.goto(where("member", "/write"))
    assert one.page.locator("textarea[data-draft]").first.input_value() == "half a thought"
    assert one.page.evaluate("localStorage.length") == 0


def test_words_stay_until_a_page_says_that_they_arrived(visit, where):
    one = visit(role="member")
    box, send = one.page.locator("textarea[data-draft]").first, one.page.locator("main form:has(textarea[data-draft]) button:not([type=button])").first
    one.page.goto(where("member", "/write"))
    box.fill("a whole thought, from a check")
    one.context.set_offline(True)
    send.click(no_wait_after=True)
    one.page.wait_for_timeout(500)
    one.context.set_offline(False)
    one.page.goto(where("member", "/write"))
    assert box.input_value() == "a whole thought, from a check", "sent into nothing, and gone"
    send.click()
    one.page.wait_for_url("**/items/**")
    one.page.goto(where("member", "/write"))
    assert box.input_value() == "", "it arrived, and came back"


def test_an_open_case_is_not_read_again_when_the_queue_changes(visit, where):
    open_case, other = visit(kit.DESK, role="moderator"), visit(kit.DESK, role="moderator")
    address = where("moderator", "/cases/<case>")
    open_case.page.goto(address)
    open_case.page.wait_for_timeout(500)
    asked = []
    open_case.page.on("request", lambda request: asked.append(request.url))
    other.page.goto(address)
    with open_case.page.expect_request("**/queue"):
        other.page.locator("form[action$='/claim'] button").click()
    open_case.page.wait_for_timeout(300)
    assert address not in asked
    other.page.goto(address)
    other.page.locator("form[action$='/release'] button").click()


def test_keys_press_only_what_is_on_the_page_and_can_be_switched_off(visit, where):
    one = visit(kit.DESK, role="moderator")
    one.page.goto(where("moderator", "/queue"))
    one.page.keyboard.press("j")
    assert one.page.evaluate("document.activeElement.matches('.queue a')")
    one.page.evaluate("document.activeElement.blur(); document.body.dataset.keys = 'off'")
    one.page.keyboard.press("j")
    assert not one.page.evaluate("document.activeElement.matches('.queue a')")


def test_offline_shows_help_and_never_a_personal_page(visit, where):
    one = visit(role="member", service_workers="allow")
    one.page.goto(where("member", "/today"))
    one.worker_ready()
    kept = one.page.evaluate("caches.keys().then((n) => Promise.all(n.map((k) => caches.open(k).then((c) => c.keys())))).then((l) => l.flat().map((r) => new URL(r.url).pathname))")
    assert {"/help", "/weather"} <= set(kept) <= {"/help", "/help/worried", "/help/grounding", "/weather", "/app.css", "/icon.svg"}, kept
    one.context.set_offline(True)
    one.page.goto(where("visitor", "/help"))
    words = one.page.locator("main").inner_text()
    assert one.page.locator("a[href^='tel:']").count() > 0
    one.page.goto(where("member", "/mine"))
    assert one.page.locator("main").inner_text() == words
    one.page.goto(where("visitor", "/help/grounding?tool=five-things"))
    assert one.page.locator("main ol.steps li").count() > 3
    one.page.goto(where("member", "/leave"))
    assert one.page.locator("h1").inner_text() == "Weather" and one.page.locator("a").count() == 0
    one.context.set_offline(False)


def test_offline_help_is_made_new_and_keeps_the_country_chosen(visit, where):
    one = visit(service_workers="allow")
    one.page.goto(where("visitor", "/"))
    one.worker_ready()
    one.page.goto(where("visitor", "/help?country=US"))
    one.page.wait_for_function("caches.match('/help').then((kept) => !!kept && kept.url.endsWith('country=US'))")
    before = one.page.evaluate("caches.match('/help').then((kept) => kept.headers.get('date'))")
    one.page.wait_for_timeout(1100)  # an HTTP date counts seconds
    one.page.goto(where("visitor", "/help"))
    if before:
        one.page.wait_for_function("(old) => caches.match('/help').then((kept) => kept.headers.get('date') !== old)", arg=before)
    else:
        one.page.wait_for_timeout(1000)
    one.context.set_offline(True)
    one.page.goto(where("visitor", "/help"))
    assert one.page.locator("a[href='tel:911']").count() == 1
    one.context.set_offline(False)


def test_it_can_be_installed(visit, where):
    one = visit(service_workers="allow")
    one.page.goto(where("visitor", "/"))
    one.worker_ready()
    assert not one.cdp.send("Page.getAppManifest")["errors"]
    # A fresh context counts as incognito, the one reason that may be given here.
    assert {e["errorId"] for e in one.cdp.send("Page.getInstallabilityErrors")["installabilityErrors"]} <= {"in-incognito"}


@pytest.mark.parametrize("path", ["/help", "/help/grounding"])
def test_help_prints(visit, where, path):
    one = visit(kit.DESK, color_scheme="dark")
    one.page.goto(where("visitor", path))
    pdf = one.page.pdf(format="A5")
    assert pdf.startswith(b"%PDF") and len(pdf) > 5_000
    one.page.emulate_media(media="print", color_scheme="dark")
    assert not one.page.locator(".bar").is_visible() and one.page.locator("h1").is_visible()
    assert one.page.evaluate("getComputedStyle(document.querySelector('main p')).color") != "rgb(237, 235, 230)", "pale ink on white paper"


def test_calm_when_motion_is_reduced(visit, where):
    one = visit(role="member", reduced_motion="reduce")
    one.page.goto(where("member", "/today"))
    assert one.page.evaluate("document.getAnimations().length") == 0


def test_looks_of_the_system_are_followed(visit, where):
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light, dark = visit(color_scheme="light"), visit(color_scheme="dark")
    for one in (light, dark):
        one.page.goto(where("visitor", "/"))
    assert light.page.evaluate(paper) != dark.page.evaluate(paper)
    dark.page.evaluate("document.documentElement.dataset.theme = 'light'")
    assert light.page.evaluate(paper) == dark.page.evaluate(paper)


@pytest.mark.skipif(not shutil.which("java"), reason="the HTML checker needs Java")
def test_html_is_valid(browser, place, where, visit, tmp_path):
    visits = {}
    for role, path in PAGES:
        one = visits.get(role) or visits.setdefault(role, visit(role=role))
        name = re.sub(r"\W+", "-", role + path) + ".html"
        (tmp_path / name).write_text(one.context.request.get(where(role, path)).text())
    (tmp_path / "bad.html").write_text(BAD)
    messages = kit.validate(sorted(tmp_path.glob("*.html")))
    found = [m for m in messages if not m.startswith("bad.html")]
    assert not found, "\n".join(found)
    assert sum(m.startswith("bad.html") for m in messages) >= 3


def test_a_page_is_quick_to_answer(visit, where):
    """Times differ between machines, so this only catches what is far too slow anywhere."""
    one = visit()
    address = where("visitor", "/help")
    one.context.request.get(address)
    start = time.perf_counter()
    for _ in range(5):
        one.context.request.get(address)
    assert (time.perf_counter() - start) / 5 < 0.5
