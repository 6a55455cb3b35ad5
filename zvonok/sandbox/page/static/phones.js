// Phones side by side: who is shown, the chat and the mailbox of each, what can be done to one person.
import { makeChat } from "./chat.js";
import { byId, el, initials, reconcile } from "./dom.js";
import { makeMailbox } from "./mailbox.js";
import { order } from "./server.js";

const KEPT = "zvonok-shown";
const SEEN = "zvonok-seen";
const narrow = matchMedia("(max-width: 820px)");

const cards = new Map();
const chats = new Map();
const mails = new Map();
let people = [];
let dead = [];
let shown = JSON.parse(localStorage.getItem(KEPT) ?? "null");
let front = null;
let whole = false;
const seen = JSON.parse(localStorage.getItem(SEEN) ?? "{}");
const watchers = [];

/** Be told whenever it changes who is on the screen, or what is wrong with one of them. */
export function onShown(changed) {
  watchers.push(changed);
}

/** Tell whether somebody's phone is on the screen. */
export function isShown(id) {
  return shown?.includes(id) ?? false;
}

/** Tell whether it can be looked at now: a narrow screen has room for one phone. */
export function isOnScreen(id) {
  return isShown(id) && (!narrow.matches || id === front);
}

/** The people on the screen and whoever else has the bot blocked or no mailbox: what is wrong with each. */
export function inQuestion() {
  return people.map((one) => ({
    ...one, blocked: Boolean(chats.get(one.phone)?.blocked), gone: dead.includes((one.email ?? "").toLowerCase()),
  })).filter((one) => isShown(one.id) || one.blocked || one.gone);
}

function tell() {
  for (const changed of watchers) changed();
}

export function showPeople(state) {
  people = state.people;
  byId("school").textContent = state.school;
  if (shown === null || !people.some((one) => shown.includes(one.id))) shown = firstShown();
  lay();
}

/** A teacher and a parent: enough for the first story. */
function firstShown() {
  const teacher = people.find((one) => one.staff);
  const parent = people.find((one) => !one.staff && one.phone !== null);
  return [teacher, parent].filter(Boolean).map((one) => one.id);
}

export function showPhone(state) {
  const turned = chats.get(state.phone)?.blocked !== state.blocked;
  chats.set(state.phone, state);
  const person = people.find((one) => one.phone === state.phone);
  if (person) cards.get(person.id)?.showChat(state);
  mark();
  if (turned) tell();
}

export function showMail(state) {
  mails.set(state.address, state);
  for (const person of people.filter((one) => one.email === state.address)) cards.get(person.id)?.showMail(state);
  mark();
}

export function showDead(mailboxes) {
  dead = mailboxes;
  for (const card of cards.values()) card.setDead(dead);
}

/** Show somebody, or put them away. */
export function toggle(id, on = !shown.includes(id)) {
  shown = on ? [...shown.filter((one) => one !== id), id] : shown.filter((one) => one !== id);
  front = on ? id : front;
  localStorage.setItem(KEPT, JSON.stringify(shown));
  lay();
  if (on) {
    const card = cards.get(id)?.node;
    card?.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "smooth" });
    if (!narrow.matches) card?.querySelector("textarea, .envelope")?.focus({ preventScroll: true });
  }
}

function lay() {
  const room = byId("phones");
  const wanted = shown.map((id) => people.find((one) => one.id === id)).filter(Boolean);
  if (!wanted.some((one) => one.id === front)) front = wanted[0]?.id ?? null;
  for (const [id, card] of cards) {
    if (!wanted.some((one) => one.id === id)) { card.node.remove(); cards.delete(id); }
  }
  for (const person of wanted) {
    if (!cards.has(person.id)) {
      const card = makeCard(person);
      cards.set(person.id, card);
      room.append(card.node);
      if (chats.has(person.phone)) card.showChat(chats.get(person.phone));
      if (mails.has(person.email)) card.showMail(mails.get(person.email));
      card.setDead(dead);
      card.toEnd();
    }
    const card = cards.get(person.id);
    const comes = person.id === front && !card.node.classList.contains("front");
    card.node.classList.toggle("front", person.id === front);
    if (comes && narrow.matches) card.toEnd();
  }
  room.querySelector(".nobody")?.remove();
  if (!wanted.length) room.append(el("p", { class: "nobody", text: "Выберите, чьи телефоны показать." }));
  mark();
  tell();
}

/** Everything has come: what comes from now on is new. */
export function showWhole() {
  whole = true;
  mark();
}

/** The list of people: who is shown, who has something unread. */
function mark() {
  if (!whole) return;
  for (const person of people) {
    const looked = isOnScreen(person.id) && !cards.get(person.id)?.waits();
    if (looked || !(person.id in seen)) seen[person.id] = fresh(person);
  }
  localStorage.setItem(SEEN, JSON.stringify(seen));
  reconcile(byId("people"), people.map((person) => {
    const on = isOnScreen(person.id);
    const unread = (!on || Boolean(cards.get(person.id)?.waits())) && fresh(person) !== seen[person.id];
    return { person, on, unread, blocked: Boolean(chats.get(person.phone)?.blocked) };
  }), (one) => one.person.id, makePerson);
}

function makePerson({ person, on, unread, blocked }) {
  return el("li", {}, el("button", {
    type: "button", class: "person", "aria-pressed": String(on), "data-person": person.id, "data-name": person.id,
    title: `${person.name}: ${person.about}`,
    onclick: () => (narrow.matches ? toggle(person.id, true) : toggle(person.id)),
  }, face(person), el("span", { class: "person-text" }, shortName(person), el("small", { class: "person-about", text: person.about }), el("small", { class: "person-role", "aria-hidden": "true", text: role(person) })),
  blocked ? el("span", { class: "sign bad", title: "Бот заблокирован", text: "⊘" }) : null,
  unread ? el("span", { class: "unread" }, el("span", { class: "who", text: "есть новое" })) : null));
}

/** The surname, and the given name where there is room for it. */
function shortName(person) {
  const at = person.short.lastIndexOf(" ");
  return el("strong", {}, person.short.slice(0, at), el("span", { class: "given", text: person.short.slice(at) }));
}

/** Who somebody is, in a word. */
function role(person) {
  if (!person.staff) return person.about.split(":")[0];
  const led = person.about.match(/классное руководство:\s(\S+)/u)?.[1];
  if (led) return `кл. рук. ${led}`;
  return person.about.startsWith("учитель") ? "учитель" : "сотрудник";
}

/** Find somebody of the page by the full name. */
export function named(name) {
  return people.find((one) => one.name === name);
}

/** How many times messages were changed. */
function edits(messages) {
  return messages.reduce((sum, one) => sum + one.earlier.length, 0);
}

/** What changes when something new comes to somebody. */
function fresh(person) {
  const messages = chats.get(person.phone)?.messages ?? [];
  const last = messages.at(-1);
  return `${last?.id ?? 0}/${edits(messages)}/${mails.get(person.email)?.letters[0]?.number ?? 0}`;
}

function face(person) {
  return el("span", { class: `face ${person.staff ? "staff" : "family"}`, "aria-hidden": "true", text: initials(person.name) });
}

function makeCard(person) {
  const chat = person.phone === null ? null : makeChat(person.phone, person.name);
  const mailbox = person.email === null ? null : makeMailbox(person.name, mark);
  const tabs = [chat ? makeTab("Чат", chat, pick) : null, mailbox ? makeTab("Почта", mailbox, pick) : null].filter(Boolean);
  const tabOf = (part) => tabs.find((one) => one.part === part);
  const menu = makeMenu(person);
  const node = el("article", { class: "phone", "aria-label": person.name, "data-person": person.id, "data-messenger": person.messenger ?? "" },
    el("header", {}, face(person),
      el("div", { class: "phone-name" }, el("h3", { text: person.short, title: person.name }), el("p", { title: person.about }, person.about.split(" · ").map((part) => el("span", { text: part })))), menu.node),
    el("div", { class: "tabs" }, tabs.map((one) => one.button), person.messenger === null ? null : el("span", { class: "messenger", title: "Мессенджер этого телефона", text: person.messenger })), tabs.map((one) => one.part.node));

  function pick(part) {
    for (const one of tabs) one.open(one.part === part);
    if (part === chat) chat.toEnd();
    mark();
  }
  if (tabs.length) pick(tabs[0].part);
  return {
    node,
    toEnd: () => chat?.toEnd(),
    waits: () => tabs.some((one) => one.waits()) || Boolean(mailbox?.waits()),
    showChat: (state) => {
      chat?.show(state);
      menu.setBlocked(state.blocked);
      tabOf(chat)?.came(state.messages.filter((one) => !one.mine).map((one) => one.id), edits(state.messages));
    },
    showMail: (state) => {
      mailbox?.show(state);
      tabOf(mailbox)?.came(state.letters.map((one) => one.number), 0);
    },
    setDead: (boxes) => { const is = boxes.includes((person.email ?? "").toLowerCase()); mailbox?.setDead(is); menu.setDead(is); },
  };
}

/** A tab of a phone; while its part is hidden, it counts what has come there. */
function makeTab(label, part, pick) {
  const badge = el("span", { class: "badge", hidden: true });
  const button = el("button", { type: "button", onclick: () => pick(part), "data-tab": label }, label, badge);
  let known = null;
  let news = 0;
  return {
    part,
    button,
    waits: () => news > 0,
    open: (on) => {
      part.node.hidden = !on;
      button.setAttribute("aria-pressed", String(on));
      if (on) news = 0;
      badge.hidden = news === 0;
    },
    /** Learn which things are there, by their growing numbers, and how many changes were made to them. */
    came: (numbers, changes) => {
      const before = known ?? { last: Math.max(0, ...numbers), changes };
      known = { last: Math.max(before.last, ...numbers), changes };
      if (!part.node.hidden) return;
      news += numbers.filter((one) => one > before.last).length + Math.max(0, changes - before.changes);
      badge.textContent = `+${news}`;
      badge.hidden = news === 0;
    },
  };
}

function makeMenu(person) {
  let blocked = false;
  let gone = false;
  const block = el("button", { type: "button", onclick: () => act("block", { phone: person.phone, blocked: !blocked }) });
  const kill = el("button", { type: "button", onclick: () => act("mailbox", { address: person.email, dead: !gone }) });
  const node = el("details", { class: "menu" },
    el("summary", { class: "quiet icon", "aria-label": `Что сделать: ${person.name}`, text: "⋯" }),
    el("div", {}, person.phone === null ? null : block, person.email === null ? null : kill,
      el("button", { type: "button", text: "Убрать с экрана", onclick: () => toggle(person.id, false) })));
  function act(name, body) {
    node.open = false;
    order(name, body);
  }
  function name() {
    block.textContent = blocked ? "Разблокировать бота" : "Заблокировать бота";
    kill.textContent = gone ? "Вернуть почтовый ящик" : "Закрыть почтовый ящик";
  }
  name();
  node.addEventListener("focusout", (event) => { if (!node.contains(event.relatedTarget)) node.open = false; });
  node.addEventListener("keydown", (event) => { if (event.key === "Escape") { node.open = false; node.firstChild.focus(); } });
  return { node, setBlocked: (is) => { blocked = is; name(); }, setDead: (is) => { gone = is; name(); } };
}

narrow.addEventListener("change", lay);
