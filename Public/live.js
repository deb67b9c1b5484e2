// News on an open page: <body data-live="/live">.
"use strict";
const at = document.body.dataset.live;
if (at) {
  const find = (what) => document.querySelector(what);
  const state = find("[data-live-state]");
  const say = (words) => state?.replaceChildren(words);
  const put = (place, html) => { try { place.innerHTML = understory.createHTML(html); } catch {} };
  let source, wait;
  const reload = async () => {
    const place = find("#queue");
    if (!place || find("#queue :is(input, textarea):focus")) return;
    const got = await fetch(location, { headers: { Accept: "text/html+fragment" } }).catch(() => 0);
    if (!got.ok || got.redirected) return;
    const html = await got.text();
    const to = find("#queue a:focus")?.pathname;
    put(place, html);
    if (to) find(`#queue a[href="${to}"]`)?.focus();
  };
  const open = () => {
    source = new EventSource(at);
    source.onopen = () => { wait = 1; say(""); };
    source.onerror = () => {
      say(state?.dataset.off ?? "Trying…");
      if (source.readyState > 1) setTimeout(open, 1000 * (wait = Math.min(60, wait * 2 || 2)));
    };
    source.addEventListener("notice", (e) => {
      const list = find("#notices");
      find("[data-notice-dot]")?.removeAttribute("hidden");
      if (list && e.data) put(list, e.data);
    });
    source.addEventListener("queue", reload);
  };
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (e) => e.persisted && open());
  open();
}
