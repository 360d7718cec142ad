// Keeps what is typed into a form of the back office in this tab until it is saved. The page's own words stand in #unsaved.
"use strict";
(() => {
  const PREFIX = "unsaved:";
  const SEEN_EVERY = 1500; // milliseconds
  const LEFT_OUT = new Set(["csrfmiddlewaretoken", "opened_revision", "_step"]);

  const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  const read = (key) => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } };
  const write = (key, value) => { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* full: nothing is kept */ } };

  // Saved: what was sent need not be kept. The next page says so.
  if (document.querySelector(".messagelist .success")) {
    for (const key of keys()) if (read(key)?.sent) sessionStorage.removeItem(key);
  }

  const bar = document.getElementById("unsaved");
  const form = bar?.closest("form");
  if (!form) return;
  // The same record in another language of the page is the same form.
  const key = `${PREFIX}${bar.dataset.person}:${location.pathname.replace(/^\/[a-z]{2}\//, "/")}`;

  const entries = () => [...form.elements]
    .filter((field) => field.name && !LEFT_OUT.has(field.name) && !["file", "submit", "button"].includes(field.type))
    .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
    .flatMap((field) => field.tagName === "SELECT"
      ? [...field.selectedOptions].map((option) => [field.name, option.value, option.text])
      : [[field.name, field.value.replace(/\r\n/g, "\n")]]);
  const asText = () => JSON.stringify(entries());

  const fill = (kept) => {
    const values = new Map();
    for (const entry of kept) values.set(entry[0], [...(values.get(entry[0]) ?? []), entry]);
    for (const field of form.elements) {
      if (!field.name || LEFT_OUT.has(field.name) || ["file", "submit", "button"].includes(field.type)) continue;
      const found = values.get(field.name) ?? [];
      if (["checkbox", "radio"].includes(field.type)) field.checked = found.some(([, value]) => value === field.value);
      else if (field.tagName === "SELECT") {
        for (const [, value, text] of found) {
          if (![...field.options].some((option) => option.value === value)) field.add(new Option(text, value));
        }
        for (const option of field.options) option.selected = found.some(([, value]) => value === option.value);
      } else if (found.length) field.value = found[0][1];
    }
  };

  let kept = read(key);
  const isBack = Boolean(kept?.back);
  // This script stands before those of the editors: they take up what is filled in here.
  if (isBack) {
    fill(kept.entries);
    write(key, { ...kept, back: false });
    kept = null;
  }

  let opened = null;
  const keep = () => {
    const now = asText();
    if (opened === null || now === opened || !bar.hidden) return;
    opened = now;
    write(key, { entries: JSON.parse(now), sent: false });
  };
  addEventListener("load", () => {
    // Editors write their own form of a text when they open it; that is nobody's change.
    setTimeout(() => {
      opened = asText();
      if (kept && JSON.stringify(kept.entries) === opened) sessionStorage.removeItem(key);
      else if (kept) bar.hidden = false;
      setInterval(keep, SEEN_EVERY);
    }, 500);
  });
  addEventListener("pagehide", keep);
  form.addEventListener("submit", () => {
    bar.hidden = true;
    keep();
    const last = read(key);
    if (last) write(key, { ...last, sent: true });
  });
  bar.querySelector("[data-back]").addEventListener("click", () => {
    write(key, { ...kept, back: true });
    bar.hidden = true;
    opened = null;
    location.reload();
  });
  bar.querySelector("[data-forget]").addEventListener("click", () => {
    sessionStorage.removeItem(key);
    bar.hidden = true;
    kept = null;
  });
})();
