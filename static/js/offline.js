// Lets the device keep public pages (sw.js), and names those that are kept on the page for readers without a connection.

const titleOf = async (cache, request) => {
  const response = await cache.match(request)
  const page = new DOMParser().parseFromString(await response.text(), "text/html")
  return [page.querySelector("h1")?.textContent.trim() || page.title, page.documentElement]
}

const pathOf = address => { const { pathname, search } = new URL(address); return pathname + search }

const list = async place => {
  const cache = await caches.open(place.dataset.cache)
  const requests = (await cache.keys()).reverse()
  for (const request of requests) {
    const [title, { lang, dir }] = await titleOf(cache, request)
    const link = Object.assign(document.createElement("a"), { href: pathOf(request.url), textContent: title, lang, dir })
    const item = document.createElement("li")
    item.append(link)
    place.append(item)
  }
  document.getElementById("kept-none").hidden = requests.length > 0
}

if ("serviceWorker" in navigator) {
  // Not before the page itself is there: lines are slow.
  const register = () => navigator.serviceWorker.register("/sw.js", { updateViaCache: "all" })
  document.readyState === "complete" ? register() : addEventListener("load", register)
  const place = document.getElementById("kept-list")
  if (place) list(place)
}
