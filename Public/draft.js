// Keeps half-written words in this tab until <body data-arrived> names them; never where "no trail" is on.
"use strict";
const off = document.documentElement.dataset.trail === "off";
const { arrived } = document.body.dataset;
const isOpened = performance.getEntriesByType("navigation")[0]?.type === "navigate"; // not read again, not Back
const drop = (...keys) => { for (const key of keys) sessionStorage.removeItem(key); };
try {
  if (arrived && isOpened && sessionStorage.getItem("sent:" + arrived)) drop("sent:" + arrived, "draft:" + arrived);
  if (off) drop(...Object.keys(sessionStorage).filter((key) => /^(sent|draft):/.test(key)));
  for (const box of document.querySelectorAll("textarea[data-draft]")) {
    if (off) break;
    const name = box.dataset.draft, key = "draft:" + name;
    const note = document.querySelector("[data-draft-note]");
    if (!box.value && sessionStorage.getItem(key)) {
      box.value = sessionStorage.getItem(key);
      box.dispatchEvent(new Event("input"));
      if (note) note.hidden = false;
    }
    box.addEventListener("input", () => box.value ? sessionStorage.setItem(key, box.value) : drop(key));
    box.form?.addEventListener("submit", (e) => { if (!e.defaultPrevented) sessionStorage.setItem("sent:" + name, "1"); });
  }
  for (const form of document.querySelectorAll("form[data-forget]")) form.addEventListener("submit", () => sessionStorage.clear());
} catch { /* storage may be off: then nothing is kept */ }
