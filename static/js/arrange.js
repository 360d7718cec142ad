// Rows of an agenda that are dragged: what a drop does, the buttons of each row do, too.

const form = document.getElementById("agenda")
const list = form?.querySelector(".arrange")
let dragged = null

function siblings(row) {
  return [...list.children].filter((other) => other.dataset.parent === row.dataset.parent)
}

function send(row, place) {
  const move = document.createElement("input")
  move.type = "hidden"
  move.name = "move"
  move.value = `${row.dataset.item} ${place}`
  form.append(move)
  form.querySelector("[data-status]").textContent = `${form.dataset.said} ${place + 1}`
  form.submit()
}

for (const row of form?.querySelector(".moves") ? list.children : []) {
  row.draggable = true
  row.addEventListener("dragstart", (event) => {
    dragged = row
    event.dataTransfer.effectAllowed = "move"
  })
  row.addEventListener("dragover", (event) => {
    if (dragged && dragged !== row && dragged.dataset.parent === row.dataset.parent) {
      event.preventDefault()
      row.classList.add("target")
    }
  })
  row.addEventListener("dragleave", () => row.classList.remove("target"))
  row.addEventListener("drop", (event) => {
    event.preventDefault()
    send(dragged, siblings(row).indexOf(row))
  })
  row.addEventListener("dragend", () => {
    dragged = null
  })
}
