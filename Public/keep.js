// A help page was opened: what sw.js keeps of it is made new, as a visitor sees it; Help for the country chosen last.
// The address is asked for, since sw.js shows Help in the place of any page when there is no connection.
"use strict";
const { pathname, search } = location;
const path = pathname === "/help" ? pathname : pathname + search;
if (document.documentElement.dataset.trail !== "off" && /^\/help(\/\w+(\?\w+=[\w-]+)?)?$/.test(path)) (async () => {
  await navigator.serviceWorker.ready;
  const store = await caches.open("understory-2");
  const chosen = document.querySelector("[data-chosen]")?.dataset.chosen;
  const before = pathname === "/help" && (await store.match(path))?.url;
  const from = chosen ? "/help?country=" + encodeURIComponent(chosen) : before || path;
  const answer = await fetch(from, { credentials: "omit", cache: "no-cache" });
  if (answer.ok && !answer.redirected) await store.put(path, answer);
})().catch(() => { /* no worker, or no connection: what is kept stays */ });
