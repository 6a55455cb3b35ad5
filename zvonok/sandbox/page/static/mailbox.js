// One mailbox: the list of letters, and a letter in its cage.
import { bytes, el, fill, note, reconcile } from "./dom.js";
import { ask } from "./server.js";
import { link, linked } from "./words.js";

/** So many links are shown without folding. */
const FEW_LINKS = 3;

/** Build the mailbox of one person; `show(state)` brings it up to date, `turned` hears that a letter waits behind the open one. */
export function makeMailbox(name, turned) {
  const list = el("ol", { class: "letters", "aria-label": `Письма: ${name}` });
  const reader = el("div", { class: "letter", hidden: true });
  const dead = el("p", { class: "blocked", hidden: true, text: "Этого ящика сейчас нет: почтовый сервер отвечает, что такого адреса не существует." });
  const node = el("div", { class: "mailbox" }, dead, list, reader);
  const missed = el("span", { class: "badge", hidden: true });
  let last = null;
  let news = 0;

  function show(state) {
    const newest = state.letters[0]?.number ?? 0;
    const more = last === null || reader.hidden ? 0 : state.letters.filter((one) => one.number > last).length;
    last = newest;
    if (more) count(news + more);
    reconcile(list, state.letters, (one) => one.number, (one) => el("li", {},
      el("button", { type: "button", class: "envelope", "data-name": one.number, onclick: () => open(one) },
        el("strong", { text: one.subject }),
        el("span", { text: `${one.day}, ${one.at}` }))));
    if (!state.letters.length) fill(list, el("li", { class: "nothing", text: "Писем пока нет." }));
  }

  async function open(one) {
    let letter;
    try {
      letter = await ask(`/mail/${one.number}`);
    } catch {
      note("Письмо не открылось.", true);
      return;
    }
    count(0);
    const body = el("div", { class: "letter-body" });
    const views = [letter.html ? ["Письмо", () => page(letter)] : null, letter.text ? ["Текст", () => el("pre", { tabindex: "0" }, linked(letter.text))] : null,
      ["Заголовки", () => headers(letter)]].filter(Boolean);
    const tabs = views.map(([label, make], index) => el("button", {
      type: "button", text: label, "aria-pressed": String(index === 0),
      onclick: (event) => {
        tabs.forEach((tab) => tab.setAttribute("aria-pressed", String(tab === event.currentTarget)));
        fill(body, make());
      },
    }));
    fill(body, views[0][1]());
    const back = el("button", { type: "button", class: "quiet", onclick: close }, "‹ Все письма", missed);
    fill(reader,
      el("div", { class: "letter-head" }, back, el("h3", { text: letter.subject }), el("p", { text: `${one.from} → ${letter.to.join(", ")}` }),
        el("div", { class: "tabs small" }, tabs)),
      body, foot(letter));
    list.hidden = true;
    reader.hidden = false;
    back.focus();
  }
  function count(letters) {
    news = letters;
    missed.textContent = `+${news}`;
    missed.hidden = news === 0;
    turned();
  }
  function close() {
    count(0);
    reader.hidden = true;
    list.hidden = false;
    fill(reader);
    list.querySelector("button")?.focus();
  }
  return { node, show, waits: () => news > 0, setDead: (is) => { dead.hidden = !is; } };
}

function page(letter) {
  return el("div", { class: "letter-page" }, el("iframe", {
    src: `/mail/${letter.number}/page`, title: `Письмо: ${letter.subject}`, referrerpolicy: "no-referrer",
    sandbox: "allow-popups allow-popups-to-escape-sandbox",
  }));
}

function headers(letter) {
  return el("dl", { tabindex: "0" }, letter.headers.map(([name, value]) => [el("dt", { text: name }), el("dd", { text: value })]));
}

function foot(letter) {
  if (!letter.links.length && !letter.files.length) return null;
  return el("div", { class: "letter-foot" },
    letter.links.length ? el("details", { open: letter.links.length <= FEW_LINKS }, el("summary", { text: "Ссылки из письма откроются в новой вкладке" }),
      el("ul", {}, letter.links.map((one) => el("li", {}, link(one.url, one.text || one.url), el("small", { text: one.url }))))) : null,
    letter.files.map((one) => el("a", { class: "file", href: `/mail/${letter.number}/files/${one.number}`, download: one.name },
      el("span", { class: "mark", "aria-hidden": "true", text: "📎" }), el("span", {}, el("strong", { text: one.name }), el("small", { text: bytes(one.size) })))));
}
