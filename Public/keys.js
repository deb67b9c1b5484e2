// The moderator's keys: each presses what has that data-key on the page, so nothing is only a key.
// Off where the body says data-keys="off" (WCAG 2.1.4); never while somebody types.
"use strict";
const rows = () => [...document.querySelectorAll(".queue a")];
const step = (by) => {
  const all = rows();
  const now = all.indexOf(document.activeElement);
  const from = now < 0 ? all.findIndex((a) => a.hasAttribute("aria-current")) : now;
  all[Math.max(0, Math.min(all.length - 1, from + by))]?.focus();
};
addEventListener("keydown", (e) => {
  if (document.body.dataset.keys === "off" || e.metaKey || e.ctrlKey || e.altKey || e.repeat || e.isComposing) return;
  if (e.target.closest?.("input,textarea,select,[contenteditable]")) return;
  if (!/^[jkoaenhxup?]$/.test(e.key)) return;
  const one = [...document.querySelectorAll(`[data-key="${e.key}"]`)].find((x) => x.checkVisibility?.() ?? true);
  if (!one && !/[jko]/.test(e.key)) return;
  e.preventDefault();
  if (one) {
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(one.tagName)) one.focus();
    else one.click();
  } else if (e.key === "j") step(1);
  else if (e.key === "k") step(-1);
  else if (document.activeElement.matches(".queue a")) document.activeElement.click();
  else document.querySelector("details.covered > summary")?.click();
});
