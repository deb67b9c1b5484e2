// Leaving at once: the link, or Shift pressed three times by itself. Back shows nothing afterwards.
// Without this script the link still leaves; only the covering and the Back guard are missing.
"use strict";
const link = document.querySelector("a[data-leave]");
const keep = (to) => { try { sessionStorage.clear(); sessionStorage.setItem("left", to); } catch { /* storage may be off */ } };
const go = () => {
  const cloak = document.createElement("div");
  cloak.className = "cloak";
  document.body.append(cloak);
  document.title = "\u200b";
  keep(link.href);
  location.replace(link.href);
};
if (link) {
  let presses = [], alone = false;
  link.addEventListener("click", (e) => { e.preventDefault(); go(); });
  addEventListener("keydown", (e) => { alone = e.key === "Shift"; if (!alone) presses = []; });
  addEventListener("keyup", (e) => {
    if (e.key !== "Shift" || !alone) return;
    presses = [...presses.filter((at) => e.timeStamp - at < 3000), e.timeStamp];
    if (presses.length > 2) go();
  });
}
addEventListener("pageshow", (e) => {
  let left = null;
  try { left = sessionStorage.getItem("left"); } catch { /* storage may be off */ }
  if (!left) return;
  if (e.persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
    document.body.replaceChildren();
    location.replace(left);
  } else sessionStorage.removeItem("left");
});
