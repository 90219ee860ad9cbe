// Keys and news. Without this file the page does all it does, by links and forms.
"use strict";
const typing = () => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.activeElement?.blur();
  if (typing() || event.ctrlKey || event.metaKey || event.altKey) return;
  const found = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (!found) return;
  event.preventDefault();
  if (/^(INPUT|TEXTAREA)$/.test(found.tagName)) found.focus();
  else found.click();
});

// Only what nobody fills in is loaded anew: a page with a decision on it stays as it is read.
const main = document.querySelector("main");
if (window.EventSource && main && !main.querySelector("form.decide textarea")) {
  new EventSource("/live").addEventListener("news", async () => {
    if (typing() || document.querySelector("main details[open]")) return;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    if (fresh) main.replaceChildren(...fresh.childNodes);
  });
}
