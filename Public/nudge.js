// Gentle words while writing. The draft goes to this house alone, is read by a program and kept nowhere; off by one tap.
// Words of danger are seen here, without waiting: they show [data-help-while-writing].
"use strict";
const danger = /kill myself|end (my life|it all)|want(ed)? to die|suicid|better off dead|n.?t want to (live|be (here|alive))|(hurt|cut|harm)(t?ing)? myself|overdos/i;
const isPrivate = document.documentElement.dataset.trail === "off";
const kept = { get off() { try { return localStorage.getItem("hints") === "off"; } catch { return false; } } };
for (const box of document.querySelectorAll("textarea[data-nudge]")) {
  const told = document.getElementById(box.dataset.nudge);
  const help = document.querySelector("[data-help-while-writing]");
  const [said, button] = [told?.querySelector("span"), told?.querySelector("button")];
  let timer, asked = "", offered = "", isOff = kept.off; // offered: the text for which the house said that help is near
  const show = (words) => { if (said) { said.textContent = words; told.hidden = !words; } };
  const care = () => { if (help) help.hidden = !(danger.test(box.value) || (offered && box.value.startsWith(offered.slice(0, 40)))); };
  const ask = async () => {
    const text = box.value;
    if (!said || text === asked) return;
    if (text.trim().length < 12) return show("");
    const sent = new URLSearchParams({ text, csrf: box.form?.elements.csrf?.value ?? "" });
    if ("reply" in box.dataset) sent.set("reply", "on");
    try {
      const answer = await fetch("/hints", { method: "POST", body: sent, headers: { Accept: "application/json" } });
      if (!answer.ok || box.value !== text) return;
      const { hints, help: offer } = await answer.json();
      asked = text;
      offered = offer === "atOnce" ? text : "";
      care();
      show((hints.find((one) => !one.good) ?? hints[0])?.why ?? "");
    } catch { /* away: the words can be written all the same */ }
  };
  const look = () => {
    care();
    clearTimeout(timer);
    if (!isOff) timer = setTimeout(ask, 900);
  };
  button?.addEventListener("click", () => {
    isOff = !isOff;
    try { if (!isPrivate) isOff ? localStorage.setItem("hints", "off") : localStorage.removeItem("hints"); } catch { /* only for this page then */ }
    button.textContent = isOff ? button.dataset.on : button.dataset.off;
    said.textContent = "";
    asked = "";
    if (!isOff) look();
  });
  if (isOff && button) { button.textContent = button.dataset.on; told.hidden = false; }
  box.addEventListener("input", look);
  look();
}
