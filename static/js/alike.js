// Tells, while somebody types a name, which records may be the same. The server knows; without this it tells after saving.
const place = document.getElementById("alike");
const form = place?.closest("form");
const NAMES = ["name_ar", "name_en", "acronym", "other_names", "website", "email", "phone"];
const PAUSE = 500; // milliseconds
let timer = 0;
let asked = 0;

async function look() {
  const typed = new URLSearchParams({ pk: place.dataset.pk });
  for (const name of NAMES) if (form.elements[name]?.value) typed.set(name, form.elements[name].value.slice(0, 300));
  const turn = ++asked;
  const answer = await fetch(`${place.dataset.address}?${typed}`).catch(() => null);
  if (!answer?.ok || turn !== asked) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").body;
  place.replaceChildren(...found.childNodes);
  place.hidden = !place.querySelector("li");
}

form?.addEventListener("input", (event) => {
  if (!NAMES.includes(event.target.name)) return;
  clearTimeout(timer);
  timer = setTimeout(look, PAUSE);
});
