// The page put together: news to their places, the clock, finding people.
import { closeCommands } from "./chat.js";
import { byId, el, fill } from "./dom.js";
import { startLesson, showLesson, tickLesson } from "./lesson.js";
import { showMail, showPeople, showPhone, showWhole, toggle } from "./phones.js";
import { showRail, startRail } from "./rail.js";
import { SILENT, ask, listen, order } from "./server.js";
import { showTroubles, startTroubles } from "./troubles.js";

/** The clock's buttons; they stand in the order of their times. */
const MOVES = ["little", "lesson", "evening", "morning"];
/** When they have changed places, the next tap is not taken for so long: it was meant for another one. */
const SETTLING = 700;
const MINUTE = 60000;
const LITTLE = 10 * MINUTE;

const SHOW = { people: showPeople, phone: showPhone, mail: showMail, clock: showClock, troubles: showTroubles, rail: showRail, undo: showUndo };

const PROMISE = "Песочница сама выдаст код и подключит телефон.";

let shownAt = null;

function showClock(state) {
  shownAt = { moment: Date.parse(state.now), since: performance.now(), offset: state.now.slice(-6) };
  byId("clock-day").textContent = state.day;
  byId("other-time-at").max = state.last.slice(0, 16);
  for (const id of MOVES) {
    const button = byId("clock-moves").querySelector(`[data-preset="${id}"]`);
    const place = state.presets.find((one) => one.id === id);
    button.disabled = !place;
    if (place) fill(button, el("span", { text: place.name }), el("strong", { text: place.when }));
  }
  arrange([...state.presets.map((one) => one.id), ...MOVES.filter((id) => !state.presets.some((one) => one.id === id))]);
  showLesson(state.lessons);
  tick();
}

/** Put the clock's buttons in this order; the one that has the focus keeps it. */
function arrange(places) {
  const moves = byId("clock-moves");
  if (places.every((id, index) => moves.children[index].dataset.preset === id)) return;
  const focused = moves.contains(document.activeElement) ? document.activeElement : null;
  moves.append(...places.map((id) => moves.querySelector(`[data-preset="${id}"]`)));
  focused?.focus({ preventScroll: true });
  moves.classList.add("settling");
  setTimeout(() => moves.classList.remove("settling"), SETTLING);
}

/** The minute in which a teacher may take back what nobody has heard of yet. */
function showUndo(state) {
  byId("undo").checked = state.on;
  byId("undo-about").textContent = state.on
    ? "Родителям уходит через минуту: до этого «Отменить» — и никто ничего не узнает. Не ждать: +10 минут."
    : "Пока выключено: родителям уходит сразу, чтобы не ждать.";
}

async function move(body) {
  document.body.classList.add("moving");
  const done = await order("clock", body);
  document.body.classList.remove("moving");
  return done !== null;
}

/** The school's wall clock at this moment, as if it were UTC. */
function wall() {
  const sign = shownAt.offset[0] === "-" ? -1 : 1;
  const minutes = sign * (Number(shownAt.offset.slice(1, 3)) * 60 + Number(shownAt.offset.slice(4, 6)));
  return shownAt.moment + performance.now() - shownAt.since + minutes * MINUTE;
}

/** Offer a time that is still to come: the clock goes on while it is looked at. */
function askTime() {
  if (!shownAt) return;
  const at = byId("other-time-at");
  const local = (moment) => new Date(moment).toISOString().slice(0, 16);
  at.min = local(wall() + MINUTE);
  at.value = local(wall() + LITTLE) < at.max ? local(wall() + LITTLE) : at.max;
  byId("other-time").showModal();
}

/** The clock's face runs by itself between the news. */
function tick() {
  if (!shownAt) return;
  const there = wall();
  byId("clock-time").textContent = face(there);
  const little = byId("clock-moves").querySelector('[data-preset="little"] strong');
  if (little) little.textContent = face(there + LITTLE);
  tickLesson(shownAt.moment + performance.now() - shownAt.since);
}

function face(moment) {
  const there = new Date(moment);
  return `${there.getUTCHours()}:${String(there.getUTCMinutes()).padStart(2, "0")}`;
}

async function find() {
  const name = byId("finder-name").value.trim();
  if (!name) { fill(byId("finder-found")); byId("finder-hint").textContent = PROMISE; return; }
  const found = await ask(`/api/people?name=${encodeURIComponent(name)}`);
  if (byId("finder-name").value.trim() !== name) return;
  byId("finder-hint").classList.toggle("bad", found === null);
  if (found === null) { byId("finder-hint").textContent = SILENT; fill(byId("finder-found")); return; }
  const { people } = found;
  byId("finder-hint").textContent = people.length ? PROMISE : "Никого не нашлось: ищите взрослых — родителей и сотрудников.";
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
  fill(byId("clock-moves"), MOVES.map((id) => el("button", {
    type: "button", class: "quiet", "data-preset": id, disabled: true, onclick: () => move({ preset: id }),
  })));
  startTroubles();
  startLesson();
  byId("undo").addEventListener("change", async (event) => {
    const wanted = event.currentTarget.checked;
    if ((await order("undo", { on: wanted })) === null) byId("undo").checked = !wanted;
  });
  startRail();
  byId("add-person").addEventListener("click", () => { byId("finder").showModal(); byId("finder-name").select(); });
  let waiting;
  byId("finder-name").addEventListener("input", () => {
    clearTimeout(waiting);
    if (byId("finder-name").value.trim()) byId("finder-hint").textContent = "Ищу…";
    waiting = setTimeout(find, 200);
  });
  byId("clock-other").addEventListener("click", askTime);
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
    if (!there) closeCommands();
  });
}

start();
