// News on an open page: <body data-live="/live">. Cases are listed from /queue: to get an open one is to read it.
"use strict";
const at = document.body.dataset.live;
if (at) {
  const find = (what) => document.querySelector(what);
  const state = find("[data-live-state]");
  const say = (words) => state?.replaceChildren(words);
  const here = location.pathname;
  let source, wait;
  const reload = async () => {
    const place = find("#queue");
    if (!place) return;
    const got = await fetch(here === "/queue" ? location : "/queue", { headers: { Accept: "text/html+fragment" } }).catch(() => 0);
    if (!got.ok || got.redirected) return;
    const html = await got.text();
    const to = find("#queue a:focus")?.pathname;
    const row = (path) => find(`#queue a[href="${path}"]`);
    try { place.innerHTML = understory.createHTML(html); } catch {}
    row(to)?.focus();
    row(here)?.setAttribute("aria-current", "true");
  };
  const open = () => {
    source = new EventSource(at);
    source.onopen = () => { wait = 1; say(""); };
    source.onerror = () => {
      say(state?.dataset.off ?? "");
      if (source.readyState > 1) setTimeout(open, 1000 * (wait = Math.min(60, wait * 2 || 2)));
    };
    source.addEventListener("notice", () => find("[data-notice-dot]")?.removeAttribute("hidden"));
    source.addEventListener("queue", reload);
  };
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (e) => e.persisted && open());
  open();
}
