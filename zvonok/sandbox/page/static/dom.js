// Building the page: text only ever becomes text, never markup.

/** Make an element; properties by name, `on…` are listeners, `data` and `aria` are attributes; null children are left out. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

/** Put children in the place of all that is there. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter(Boolean));
}

/** Bring a list of nodes up to date by keys; what has not changed stays in the page with its focus and its scrolling. */
export function reconcile(parent, items, key, make) {
  const known = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  let before = null;
  for (const item of items) {
    const name = String(key(item));
    const print = JSON.stringify(item);
    let node = known.get(name);
    known.delete(name);
    if (!node || node.print !== print) {
      const fresh = make(item, node);
      fresh.dataset.key = name;
      fresh.print = print;
      if (node) replace(node, fresh);
      node = fresh;
    }
    const place = before ? before.nextSibling : parent.firstChild;
    if (place !== node) parent.insertBefore(node, place);
    before = node;
  }
  for (const gone of known.values()) gone.remove();
}

/**
 * Replace a node. If a control in it had the focus, the same control of the new one gets it: of that name and that label.
 * Where there is none, the list around does, so that the next Enter presses nothing that was not chosen.
 */
function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const around = old.parentElement.closest("[tabindex]");
  old.replaceWith(fresh);
  if (focused === null) return;
  const controls = [...fresh.querySelectorAll("[data-name]")];
  const named = controls.filter((control) => control.dataset.name === focused.dataset.name);
  const same = named.find((control) => !focused.closest(".row") || control.textContent === focused.textContent);
  (same ?? around)?.focus({ preventScroll: true });
}

/** Show a passing note at the edge of the page. */
export function note(text, bad = false) {
  const node = el("p", { class: bad ? "note bad" : "note", text });
  byId("notes").append(node);
  setTimeout(() => node.remove(), bad ? 7000 : 4000);
}

/** Two letters for a face. */
export function initials(name) {
  return name.split(" ").slice(0, 2).map((word) => word[0]).join("");
}

export function bytes(size) {
  if (size < 1024) return `${size} Б`;
  const kilo = size / 1024;
  return kilo < 1024 ? `${kilo.toFixed(kilo < 10 ? 1 : 0).replace(".", ",")} КБ` : `${(kilo / 1024).toFixed(1).replace(".", ",")} МБ`;
}
