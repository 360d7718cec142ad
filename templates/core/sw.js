{% load static %}// The last public pages that were read, kept on the device for when there is no connection. Nothing that is meant for one
// person is kept: only what the portal itself calls public.

const PAGES = "{{ pages_cache }}"
const PARTS = "{{ parts_cache }}"
const MOST = 20
const PATIENCE = 8000
const OFFLINE = {{ offline|safe }}
const ALWAYS = ["{% static 'portal.css' %}", "{% static 'js/offline.js' %}", "{% static 'icons/mark.svg' %}"]

self.addEventListener("install", event => {
  // As a stranger: the page of somebody who has logged in has her name at its top.
  const asked = [...ALWAYS, ...Object.values(OFFLINE).flatMap(Object.values)]
  const all = asked.map(address => new Request(address, { credentials: "omit" }))
  event.waitUntil(caches.open(PARTS).then(cache => cache.addAll(all)).then(() => self.skipWaiting()))
})

self.addEventListener("activate", event => {
  const old = names => names.filter(name => ![PAGES, PARTS].includes(name))
  event.waitUntil(caches.keys().then(names => Promise.all(old(names).map(name => caches.delete(name)))).then(() => self.clients.claim()))
})

self.addEventListener("fetch", event => {
  const { request } = event
  const url = new URL(request.url)
  if (url.origin !== location.origin) return
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(read(request, url))
  else if (request.mode === "navigate" && request.method === "POST") event.respondWith(send(request, url))
  else if (request.method === "GET" && ALWAYS.includes(url.pathname)) event.respondWith(part(request))
})

const part = async request => (await caches.match(request, { cacheName: PARTS })) || fetch(request)

const isOwn = response => Object.values(OFFLINE).flatMap(Object.values).includes(new URL(response.url).pathname)

const isPublic = response =>
  !isOwn(response) &&
  response.ok && !response.redirected && response.type === "basic" &&
  /\bpublic\b/.test(response.headers.get("Cache-Control") || "") &&
  (response.headers.get("Content-Type") || "").startsWith("text/html")

const keep = async (request, response) => {
  const cache = await caches.open(PAGES)
  await cache.delete(request)
  await cache.put(request, response)
  const kept = await cache.keys()
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST)).map(oldest => cache.delete(oldest)))
}

const read = async (request, url) => {
  const kept = await caches.match(request, { cacheName: PAGES })
  const fresh = fetch(request).then(async response => {
    if (isPublic(response)) await keep(request, response.clone())
    else if (response.ok || response.status === 404) await (await caches.open(PAGES)).delete(request)
    return response
  })
  if (!kept) return fresh.catch(() => page("offline", url))
  // A line that is too slow is like none, when there is something to read.
  const late = new Promise((resolve, reject) => setTimeout(reject, PATIENCE))
  return Promise.race([fresh, late]).catch(() => {
    fresh.catch(() => {})
    return marked(kept)
  })
}

// A form that did not get through: the page gives back what was typed, and sends it again when asked. It is not kept.
const send = async (request, url) => {
  const copy = request.clone()
  try {
    return await fetch(request)
  } catch {
    const fields = [...(await copy.formData())]
    if (fields.some(([name]) => /password|code|secret/i.test(name))) return page("offline", url)
    return page("unsent", url, { "<!--typed-->": typed(fields), "<!--fields-->": hidden(fields), "#again": escaped(url.pathname + url.search) })
  }
}

const isText = ([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken"
const escaped = text => text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)
const hidden = fields =>
  fields.filter(([, value]) => typeof value === "string")
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`).join("")
const typed = fields =>
  fields.filter(isText).filter(([, value]) => value.trim().length > 2)
    .map(([, value]) => `<li dir="auto" class="as-typed">${escaped(value)}</li>`).join("")

const languageOf = url => (/^(?:\/text)?\/(\w\w)\//.exec(url.pathname) || [])[1]

const page = async (name, url, filled = {}) => {
  const address = (OFFLINE[languageOf(url)] || Object.values(OFFLINE)[0])[name]
  return changed(await caches.match(address, { cacheName: PARTS }), filled, 503)
}

const marked = kept => changed(kept, { 'id="kept-page" hidden': 'id="kept-page"' }, 200)

const changed = async (response, filled, status) => {
  let text = await response.text()
  for (const [place, content] of Object.entries(filled)) text = text.replace(place, () => content)
  const headers = new Headers(response.headers)
  for (const name of ["Content-Encoding", "Content-Length", "ETag", "Last-Modified"]) headers.delete(name)
  return new Response(text, { status, headers })
}
