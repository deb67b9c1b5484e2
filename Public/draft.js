// Keeps half-written words in this tab until they are sent; never where "no trail" is on.
"use strict";
const off = document.documentElement.dataset.trail === "off";
const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
try {
  for (const key of Object.keys(sessionStorage)) {
    const sent = key.startsWith("sent:") && !back; // an answer came, so the words arrived
    if (sent) sessionStorage.removeItem("draft:" + key.slice(5));
    if (sent || key.startsWith("sent:") || (off && key.startsWith("draft:"))) sessionStorage.removeItem(key);
  }
  for (const box of document.querySelectorAll("textarea[data-draft]")) {
    if (off) break;
    const name = box.dataset.draft, key = "draft:" + name;
    const note = document.querySelector("[data-draft-note]");
    if (!box.value && sessionStorage.getItem(key)) {
      box.value = sessionStorage.getItem(key);
      box.dispatchEvent(new Event("input"));
      if (note) note.hidden = false;
    }
    box.addEventListener("input", () => box.value ? sessionStorage.setItem(key, box.value) : sessionStorage.removeItem(key));
    box.form?.addEventListener("submit", (e) => { if (!e.defaultPrevented) sessionStorage.setItem("sent:" + name, "1"); });
  }
  for (const form of document.querySelectorAll("form[data-forget]")) form.addEventListener("submit", () => sessionStorage.clear());
} catch { /* storage may be off: then nothing is kept */ }
