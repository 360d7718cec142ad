// Shows a meeting's hours in the reader's own zone, which only her device knows.
const [term, value] = document.querySelectorAll("[data-reader-time]")

if (value) {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn" }
  const time = (moment) => new Intl.DateTimeFormat("en-GB", options).format(new Date(moment))
  const zone = new Intl.DateTimeFormat(document.documentElement.lang, { timeZoneName: "long", numberingSystem: "latn" })
    .formatToParts(new Date(value.dataset.from))
    .find((part) => part.type === "timeZoneName").value
  const hours = document.createElement("bdi")
  hours.dir = "ltr"
  hours.textContent = `${time(value.dataset.from)}–${time(value.dataset.to)}`
  const name = document.createElement("bdi")
  name.textContent = zone
  value.append(hours, " (", name, ")")
  term.hidden = value.hidden = false
}
