// Keeps direction, language and isolation in the editor, which would drop them when it opens a text, and names its parts.
import { Extension, Mark } from "django-prose-editor/editor"

const keep = (name) => ({
  default: null,
  parseHTML: (element) => element.getAttribute(name),
  renderHTML: (attributes) => (attributes[name] ? { [name]: attributes[name] } : {}),
})

const Isolate = Mark.create({
  name: "isolate",
  addAttributes: () => ({ dir: keep("dir"), lang: keep("lang") }),
  parseHTML: () => [{ tag: "bdi" }, { tag: "span[dir]" }, { tag: "span[lang]" }],
  renderHTML: ({ HTMLAttributes }) => ["bdi", HTMLAttributes, 0],
})

// The menu says by a class alone that a button is inactive.
const sayWhatIsInactive = ({ view }) => setTimeout(() => {
  for (const button of view.dom.closest(".prose-editor")?.querySelectorAll(".prose-menubar__button") ?? [])
    button.setAttribute("aria-disabled", button.classList.contains("disabled"))
})

export const Direction = Extension.create({
  name: "direction",
  addExtensions: () => [Isolate],
  // The editor stands in for a text area and takes over its label.
  onCreate() {
    const label = this.editor.view.dom.closest(".prose-editor")?.querySelector("textarea")?.labels[0]
    if (label) this.editor.setOptions({ editorProps: { attributes: { "aria-label": label.textContent } } })
    sayWhatIsInactive(this.editor)
  },
  onTransaction() {
    sayWhatIsInactive(this.editor)
  },
  addGlobalAttributes: () => [
    {
      types: ["paragraph", "heading", "blockquote", "bulletList", "orderedList", "listItem"],
      attributes: { dir: keep("dir"), lang: keep("lang") },
    },
  ],
})
