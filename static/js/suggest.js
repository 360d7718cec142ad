// Titles in the list below the search box while somebody types. Without this the page answers when the form is sent.
const PAUSE = 250; // milliseconds
const SHORTEST = 2;

for (const box of document.querySelectorAll("input[data-suggest]")) {
  let timer = 0;
  let asked = 0;

  async function look() {
    const text = box.value.trim();
    if (text.length < SHORTEST) return;
    const turn = ++asked;
    const answer = await fetch(`${box.dataset.suggest}?${new URLSearchParams({ q: text })}`).catch(() => null);
    if (!answer?.ok || turn !== asked) return;
    const [, titles] = await answer.json();
    box.list.replaceChildren(...titles.map((title) => Object.assign(document.createElement("option"), { value: title })));
  }

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
}
