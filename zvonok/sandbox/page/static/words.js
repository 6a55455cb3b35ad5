// The text of a message with its formatting, as plain nodes. Offsets are UTF-16 units, as in the messenger and in here.
import { el } from "./dom.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "code",
  blockquote: "q", expandable_blockquote: "q", spoiler: "mark",
};

/** Return nodes for a text with entities; `command` is called when a /command in it is pressed. */
export function words(text, entities, command) {
  const edges = new Set([0, text.length]);
  for (const one of entities) edges.add(one.offset).add(one.offset + one.length);
  const places = [...edges].filter((at) => at <= text.length).sort((a, b) => a - b);
  const nodes = [];
  for (let index = 0; index + 1 < places.length; index += 1) {
    const [from, to] = [places[index], places[index + 1]];
    const over = entities.filter((one) => one.offset <= from && one.offset + one.length >= to);
    nodes.push(dress(text.slice(from, to), over, command));
  }
  return nodes;
}

function dress(text, entities, command) {
  let node = document.createTextNode(text);
  for (const one of entities) {
    if (TAGS[one.type]) node = el(TAGS[one.type], {}, node);
    else if (one.type === "url" || one.type === "text_link") node = link(one.url ?? text, node);
    else if (one.type === "bot_command" && command) {
      node = el("button", { type: "button", class: "command", onclick: () => command(text) }, node);
    }
  }
  return node;
}

/** A link that opens in a new tab and tells nobody where it was pressed; only web addresses are links. */
export function link(address, ...children) {
  const url = /^https?:\/\//i.test(address) ? address : `https://${address}`;
  if (!URL.canParse(url)) return el("span", {}, ...children);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** A plain text whose web addresses are links, as mail programs show it. */
export function linked(text) {
  return text.split(/(https?:\/\/[^\s<>«»"]+[^\s<>«»".,;:!?)])/).map((part, index) => (index % 2 ? link(part, part) : part));
}
