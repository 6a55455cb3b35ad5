// The page put together: news to their places, the clock, the troubles, finding people.
import { byId, el, fill, note } from "./dom.js";
import { showDead, showMail, showPeople, showPhone, showWhole, toggle } from "./phones.js";
import { showRail } from "./rail.js";
import { SILENT, ask, listen, order } from "./server.js";

const TROUBLES = [
  ["messenger-down", "Телеграм не работает", "на всё отвечает 502, нажатия до бота не доходят"],
  ["messenger-slow", "Телеграм отвечает медленно", "каждый ответ приходит через 4 секунды"],
  ["messenger-busy", "Телеграм просит подождать", "429: слишком много сообщений, ждите 5 секунд"],
  ["mail-down", "Почтовый сервер не принимает соединений", "421 вместо приветствия"],
  ["mail-full", "Почтовый сервер не берёт письма", "452: на сервере кончилось место"],
];
const SHOW = { people: showPeople, phone: showPhone, mail: showMail, clock: showClock, troubles: showTroubles, rail: showRail };

let shownAt = null;

function showClock(state) {
  shownAt = { moment: Date.parse(state.now), since: performance.now(), offset: state.now.slice(-6) };
  byId("clock-day").textContent = state.day;
  byId("other-time-at").min = state.now.slice(0, 16);
  byId("other-time-at").max = state.last.slice(0, 16);
  byId("other-time-at").value = state.now.slice(0, 16);
  fill(byId("clock-moves"), state.presets.map((one) => el("button", {
    type: "button", class: "quiet", "data-preset": one.id, text: one.label, onclick: () => move({ preset: one.id }),
  })));
  tick();
}

async function move(body) {
  document.body.classList.add("moving");
  const done = await order("clock", body);
  document.body.classList.remove("moving");
  return done !== null;
}

/** The clock's face runs by itself between the news. */
function tick() {
  if (!shownAt) return;
  const sign = shownAt.offset[0] === "-" ? -1 : 1;
  const minutes = sign * (Number(shownAt.offset.slice(1, 3)) * 60 + Number(shownAt.offset.slice(4, 6)));
  const there = new Date(shownAt.moment + performance.now() - shownAt.since + minutes * 60000);
  byId("clock-time").textContent = `${there.getUTCHours()}:${String(there.getUTCMinutes()).padStart(2, "0")}`;
}

function showTroubles(state) {
  fill(byId("trouble-list"), TROUBLES.map(([id, name, about]) => el("li", {},
    el("label", {},
      el("input", { type: "checkbox", role: "switch", checked: state.on.includes(id), "data-trouble": id,
        onchange: (event) => order("trouble", { trouble: id, on: event.currentTarget.checked }) }),
      el("span", {}, el("strong", { text: name }), el("small", { text: about }))))));
  const count = state.on.length + state.dead_mailboxes.length;
  byId("troubles-count").textContent = count;
  byId("troubles-count").hidden = count === 0;
  byId("open-troubles").classList.toggle("on", count > 0);
  showDead(state.dead_mailboxes);
}

async function find() {
  const name = byId("finder-name").value.trim();
  if (!name) { fill(byId("finder-found")); return; }
  const found = await ask(`/api/people?name=${encodeURIComponent(name)}`);
  if (byId("finder-name").value.trim() !== name) return;
  byId("finder-hint").classList.toggle("bad", found === null);
  if (found === null) { byId("finder-hint").textContent = SILENT; fill(byId("finder-found")); return; }
  const { people } = found;
  byId("finder-hint").textContent = people.length ? "Песочница сама выдаст код и подключит телефон." : "Никого не нашлось: ищите взрослых — родителей и сотрудников.";
  fill(byId("finder-found"), people.map((one) => el("li", {},
    el("button", { type: "button", "data-found": one.id, onclick: (event) => bring(one, event.currentTarget) },
      el("strong", { text: one.name }), el("small", { text: one.here ? `уже здесь · ${one.about}` : one.about })))));
}

async function bring(person, button) {
  button.setAttribute("aria-busy", "true");
  byId("finder-hint").textContent = `Подключаю телефон: ${person.name}…`;
  const done = person.here || (await order("people", { person: person.id })) !== null;
  button.removeAttribute("aria-busy");
  if (!done) return;
  byId("finder").close();
  toggle(person.id, true);
}

function view(name) {
  document.body.dataset.view = name;
  for (const button of document.querySelectorAll(".views button")) button.setAttribute("aria-pressed", String(button.dataset.view === name));
}

function dress(look) {
  document.documentElement.dataset.look = look;
  localStorage.setItem("zvonok-look", look);
}

function start() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.look = localStorage.getItem("zvonok-look") ?? dark;
  byId("look").addEventListener("click", () => dress(document.documentElement.dataset.look === "dark" ? "light" : "dark"));
  byId("open-troubles").addEventListener("click", () => byId("troubles").showModal());
  byId("mend").addEventListener("click", async () => { if (await order("mend", {})) note("Всё снова работает."); });
  byId("add-person").addEventListener("click", () => { byId("finder").showModal(); byId("finder-name").select(); });
  let waiting;
  byId("finder-name").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, 200); });
  byId("clock-other").addEventListener("click", () => byId("other-time").showModal());
  byId("other-time-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await move({ at: byId("other-time-at").value })) byId("other-time").close();
  });
  for (const button of document.querySelectorAll(".views button")) button.addEventListener("click", () => view(button.dataset.view));
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  }
  setInterval(tick, 1000);
  listen(Object.keys(SHOW), (kind, state) => SHOW[kind](state), (there) => {
    if (there) showWhole();
    byId("lost").hidden = there;
    document.body.classList.toggle("offline", !there);
  });
}

start();
