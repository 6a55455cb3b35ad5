// One chat: messages with everything that happened to them, keyboards, the field to write in.
import { bytes, el, fill, reconcile } from "./dom.js";
import { order } from "./server.js";
import { words } from "./words.js";

const TOAST = 4200;
/** From so many rows on a keyboard is a list with an end of its own. */
const LONG = 4;
/** A label of at most so many signs is never broken: «‹ 31 авг.». */
const BRIEF = 14;

/** Closes the list of commands that is open, if one is. */
let openCommands = null;

export function closeCommands() {
  openCommands?.close();
}

// It goes with the next press anywhere else, whatever that press is for.
document.addEventListener("pointerdown", (event) => { if (!openCommands?.holds(event.target)) closeCommands(); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeCommands(); });

/** Build the chat of one phone; `show(state)` brings it up to date. */
export function makeChat(phone, name) {
  const log = el("ol", { class: "log", role: "log", "aria-label": `Чат: ${name}`, tabindex: "0" });
  const keyboard = el("div", { class: "reply-keyboard", hidden: true });
  const toast = el("div", { class: "toast", role: "status", hidden: true });
  const menu = el("div", { class: "commands", hidden: true });
  const input = el("textarea", { rows: "1", "aria-label": `Сообщение от: ${name}`, placeholder: "Сообщение", maxlength: "4096" });
  const menuButton = el("button", {
    type: "button", class: "quiet icon", "aria-label": "Команды бота", "aria-expanded": "false", text: "/",
    onclick: () => openMenu(menu.hidden),
  });
  const send = (text) => order("send", { phone, text });
  const form = el("form", { class: "write", onsubmit: (event) => { event.preventDefault(); write(); } },
    menuButton, input, el("button", { class: "send", "aria-label": "Отправить сообщение боту", text: "➤" }));
  const blocked = el("p", { class: "blocked", hidden: true },
    el("span", { text: "Бот заблокирован этим человеком. Новое сюда не придёт; исправить то, что уже пришло, бот может." }),
    el("button", { type: "button", class: "quiet", text: "Разблокировать", onclick: () => order("block", { phone, blocked: false }) }));
  const node = el("div", { class: "chat" }, log, toast, menu, keyboard, blocked, form);

  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); write(); }
  });
  input.addEventListener("input", grow);

  async function write() {
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    grow();
    if ((await send(text)) === null) input.value = text;
  }
  function grow() {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 120)}px`;
  }
  function openMenu(open) {
    menu.hidden = !open;
    menuButton.setAttribute("aria-expanded", String(open));
    openCommands = open ? { close: () => openMenu(false), holds: (node) => menu.contains(node) || menuButton.contains(node) } : null;
  }
  async function press(button, message, data) {
    button.classList.add("waiting");
    button.setAttribute("aria-busy", "true");
    const answer = await order("press", { phone, message, button: data });
    button.classList.remove("waiting");
    button.removeAttribute("aria-busy");
    if (answer?.text) say(answer.text, answer.alert);
  }
  function say(text, alert) {
    clearTimeout(toast.timer);
    const close = () => { toast.hidden = true; };
    fill(toast, el("p", { text }), alert ? el("button", { type: "button", text: "ОК", onclick: close }) : null);
    toast.classList.toggle("alert", Boolean(alert));
    toast.hidden = false;
    if (alert) toast.querySelector("button").focus();
    else toast.timer = setTimeout(close, TOAST);
  }

  // Whoever follows the chat stands at its end; if its last message is taller than the window, anywhere in that message.
  let follows = true;
  let newest = null;
  let wasTall = false;
  let height = 0;
  const isTall = () => (log.lastElementChild?.offsetHeight ?? 0) > log.clientHeight;
  const rest = () => (isTall() ? log.lastElementChild.offsetTop - 12 : log.scrollHeight - log.clientHeight);
  function stand() {
    wasTall = isTall();
    log.scrollTop = rest();
  }
  log.addEventListener("scroll", () => { follows = rest() - log.scrollTop < 80; countHidden(log); });
  new ResizeObserver(() => {
    // A keyboard that comes or goes under a tall message must not throw the reader back to its beginning.
    if (follows && (!isTall() || height === 0)) stand();
    height = log.clientHeight;
    countHidden(log);
  }).observe(log);

  function show(state) {
    let day = "";
    const items = state.messages.map((message) => {
      const head = message.day === day ? null : message.day;
      day = message.day;
      return { ...message, head };
    });
    reconcile(log, items, (message) => message.id, (message, old) => bubble(message, old, press, send));
    if (!items.length) fill(log, el("li", { class: "nothing", text: "Переписки ещё нет. Напишите боту." }));
    fill(keyboard, state.keyboard.map((row) => el("div", {}, row.map((text) => el("button", { type: "button", text, onclick: () => send(text) })))));
    keyboard.hidden = !state.keyboard.length || state.blocked;
    fill(menu, state.commands.map((one) => el("button", {
      type: "button", onclick: () => { openMenu(false); send(`/${one.command}`); },
    }, el("code", { text: `/${one.command}` }), el("span", { text: one.about }))));
    menuButton.hidden = !state.commands.length;
    blocked.hidden = !state.blocked;
    form.hidden = state.blocked;
    // A tall message is read from its beginning; one that was edited under the reader's finger stays where it is.
    const came = items.at(-1)?.id !== newest;
    newest = items.at(-1)?.id;
    if (follows && (came || !wasTall || !isTall())) stand();
    countHidden(log);
  }
  return { node, show, toEnd: () => { follows = true; stand(); } };
}

function bubble(message, old, press, send) {
  const opened = old?.querySelector("details")?.open;
  const body = message.deleted ? gone(message) : [
    message.file ? file(message.file) : null,
    message.text ? el("p", { class: "text" }, words(message.text, message.entities, send)) : null,
    message.earlier.length ? earlier(message, opened) : null,
  ];
  const times = el("p", { class: "times" }, message.edited && !message.deleted ? el("span", { class: "edited", text: "изменено " }) : null,
    el("time", { text: message.edited ?? message.sent }));
  const classes = ["message", message.mine ? "mine" : "theirs", message.deleted ? "gone" : "", old ? "again" : ""];
  return el("li", { class: classes.join(" ").trim(), "data-message": message.id },
    message.head ? el("p", { class: "day", text: message.head }) : null,
    el("div", { class: "bubble" }, el("span", { class: "who", text: message.mine ? "Вы: " : "Бот: " }), body, times),
    message.deleted ? null : buttons(message, press));
}

function gone(message) {
  return el("details", {}, el("summary", { text: "Сообщение удалено" }), el("p", { class: "text old", text: message.text }));
}

function earlier(message, opened) {
  const versions = message.earlier.filter((one) => one.text !== message.text);
  if (!versions.length) return null;
  return el("details", { class: "earlier", open: opened },
    el("summary", { text: "что было раньше" }),
    versions.map((one) => el("p", { class: "text old" }, el("time", { text: one.at }), ` ${one.text}`)));
}

function file(one) {
  return el("a", { class: "file", href: `/files/${one.id}`, download: one.name },
    el("span", { class: "mark", "aria-hidden": "true", text: "📄" }),
    el("span", {}, el("strong", { text: one.name }), el("small", { text: bytes(one.size) })));
}

/** Rows that finish the work stand apart: under a message taller than the window they stay in sight. */
function buttons(message, press) {
  if (!message.buttons.length) return null;
  const rows = message.buttons.map((row) => el("div", { class: "row" }, row.map((one) => button(one, message, press))));
  const last = rows.length < LONG ? rows.length : message.buttons.at(-2).length === 1 ? 2 : 1;
  const more = el("button", { type: "button", class: "hidden-rows", "aria-hidden": "true", tabindex: "-1", hidden: true, onclick: scrollOn });
  return el("div", { class: last === rows.length ? "buttons short" : "buttons" },
    rows.slice(0, -last), el("div", { class: "finish" }, more, rows.slice(-last)));
}

function scrollOn(event) {
  const log = event.currentTarget.closest(".log");
  const finish = event.currentTarget.closest(".finish");
  log.scrollBy({ top: log.clientHeight - finish.offsetHeight - 60, behavior: "smooth" });
}

/** Say how many buttons of the last message lie under those that stay in sight: a list must not look complete if it is not. */
function countHidden(log) {
  const message = log.lastElementChild;
  const finish = message?.querySelector(".finish");
  if (!finish) return;
  const edge = finish.getBoundingClientRect().top;
  const under = (node) => node.getBoundingClientRect().bottom > edge + 6;
  const hidden = [...message.querySelectorAll(".buttons > .row > *")].filter(under).length;
  const more = finish.querySelector(".hidden-rows");
  const words = under(message.querySelector(".bubble"));
  more.hidden = hidden === 0 && !words;
  more.textContent = words ? "читать дальше ↓" : `ещё ${hidden} ↓`;
  message.classList.toggle("over", hidden > 0 || words);
}

function button(one, message, press) {
  if (one.url) return el("a", { class: "button", href: one.url, target: "_blank", rel: "noopener noreferrer", text: `${one.label} ↗`, "data-name": one.url });
  if (one.data === null) return el("button", { type: "button", disabled: true, text: one.label });
  return el("button", { type: "button", class: one.label.length <= BRIEF ? "brief" : null, text: one.label, "data-name": one.data, onclick: (event) => {
    // Tapped, not chosen with the keyboard: the next Enter belongs to nobody.
    if (event.detail) event.currentTarget.blur();
    press(event.currentTarget, message.id, one.data);
  } });
}
