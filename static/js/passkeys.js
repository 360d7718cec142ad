// Passkeys: a form with data-passkey asks this device for its key before it is sent.
// data-passkey is "create" or "get"; the options stand in data-options, or are fetched from data-options-from.

const bytes = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"))
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0))
}

const text = (buffer) => {
  const plain = String.fromCharCode(...new Uint8Array(buffer))
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
}

const withIds = (list) => (list ?? []).map((item) => ({ ...item, id: bytes(item.id) }))

function readyToCreate(options) {
  const sent = options.publicKey
  return {
    publicKey: {
      ...sent,
      challenge: bytes(sent.challenge),
      user: { ...sent.user, id: bytes(sent.user.id) },
      excludeCredentials: withIds(sent.excludeCredentials),
      authenticatorSelection: {
        ...sent.authenticatorSelection,
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      },
      extensions: { ...sent.extensions, credProps: true },
    },
  }
}

function readyToGet(options) {
  const sent = options.publicKey
  const ready = { ...sent, challenge: bytes(sent.challenge) }
  if (sent.allowCredentials) ready.allowCredentials = withIds(sent.allowCredentials)
  return { publicKey: ready }
}

function asSent(credential) {
  const answer = credential.response
  const response = { clientDataJSON: text(answer.clientDataJSON) }
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer[name]) response[name] = text(answer[name])
  }
  if (answer.getTransports) response.transports = answer.getTransports()
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  }
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options)
  const answer = await fetch(form.dataset.optionsFrom, { headers: { "X-Requested-With": "XMLHttpRequest" } })
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  return (await answer.json()).request_options
}

function tell(form, problem) {
  const place = form.querySelector("[data-passkey-problem]")
  place.textContent = problem
  place.hidden = !problem
}

async function sendWithKey(event) {
  const form = event.target
  event.preventDefault()
  tell(form, "")
  if (!window.PublicKeyCredential) return tell(form, form.dataset.missing)
  try {
    const options = await optionsOf(form)
    const credential =
      form.dataset.passkey === "create"
        ? await navigator.credentials.create(readyToCreate(options))
        : await navigator.credentials.get(readyToGet(options))
    form.elements.credential.value = JSON.stringify(asSent(credential))
    form.submit()
  } catch {
    tell(form, form.dataset.refused)
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = Boolean(form.dataset.optionsFrom) && !window.PublicKeyCredential
  form.addEventListener("submit", sendWithKey)
}
