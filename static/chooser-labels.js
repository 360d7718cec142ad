// Django's autocomplete (select2) gives its fields no name: a screen reader hears "combo box" and nothing else. And it
// puts the button that empties a field into the list of what is chosen, which is no place for it: it stands after it.
"use strict";
(() => {
  const name = (root) => {
    for (const select of root.querySelectorAll("select.admin-autocomplete")) {
      const label = select.id && document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
      const box = select.nextElementSibling?.querySelector(".select2-selection");
      if (!label || !box) continue;
      label.id ||= `${select.id}_label`;
      const shown = box.querySelector(".select2-selection__rendered");
      for (const part of [box, shown]) part?.setAttribute("aria-labelledby", [label.id, shown?.id].filter(Boolean).join(" "));
      const empties = box.querySelector("ul > .select2-selection__clear");
      if (empties) shown.after(empties);
      box.querySelector(".select2-search__field")?.setAttribute("aria-label", label.textContent.trim());
    }
  };
  // Fields come when the page is ready, and with each row that somebody adds.
  let waits = false;
  const soon = () => {
    if (waits) return;
    waits = true;
    setTimeout(() => { waits = false; name(document); });
  };
  new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true });
})();
