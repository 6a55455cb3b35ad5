// Troubles: of one person first, of everybody at once below; a line says what is down for all.
import { byId, el, fill, note } from "./dom.js";
import { inQuestion, onShown, showDead } from "./phones.js";
import { order } from "./server.js";

const TROUBLES = [
  ["messenger-down", "Телеграм не работает ни у кого", "ни у родителей, ни у учителя: на каждый запрос отвечает ошибкой, нажатия до бота не доходят"],
  ["messenger-slow", "Телеграм отвечает медленно", "каждый ответ приходит через 4 секунды"],
  ["messenger-busy", "Телеграм просит подождать", "«слишком много сообщений, подождите 5 секунд»"],
  ["mail-down", "Почтовый сервер не принимает соединений", "отказывает, не дослушав: «зайдите позже»"],
  ["mail-full", "Почтовый сервер не берёт письма", "«на сервере кончилось место, пришлите позже»"],
];

let state = { on: [], dead_mailboxes: [] };

export function showTroubles(fresh) {
  state = fresh;
  showDead(state.dead_mailboxes);
  draw();
}

export function startTroubles() {
  byId("open-troubles").addEventListener("click", () => {
    byId("troubles").showModal();
    byId("troubles").querySelector(".inside").scrollTop = 0;
  });
  byId("mend").addEventListener("click", async () => { if (await order("mend", {})) note("Всё снова работает."); });
  byId("messenger-up").addEventListener("click", () => order("trouble", { trouble: "messenger-down", on: false }));
  onShown(draw);
}

function draw() {
  const people = inQuestion();
  keepFocus(byId("trouble-people"), people.length ? people.map(row) : [el("li", { class: "hint", text: "На экране никого нет: выберите людей слева." })]);
  keepFocus(byId("trouble-list"), TROUBLES.map(([id, name, about]) => el("li", {},
    el("label", {},
      el("input", { type: "checkbox", role: "switch", checked: state.on.includes(id), "data-trouble": id, "data-name": id,
        onchange: (event) => order("trouble", { trouble: id, on: event.currentTarget.checked }) }),
      el("span", {}, el("strong", { text: name }), el("small", { text: about }))))));
  const count = state.on.length + state.dead_mailboxes.length + people.filter((one) => one.blocked).length;
  byId("troubles-count").textContent = count;
  byId("troubles-count").hidden = count === 0;
  byId("open-troubles").classList.toggle("on", count > 0);
  byId("down").hidden = !state.on.includes("messenger-down");
}

function row(one) {
  return el("li", { class: "one-person" },
    el("strong", { text: one.short }),
    one.phone === null ? null : flip(`block-${one.id}`, "Заблокировать бота", one.blocked, (on) => order("block", { phone: one.phone, blocked: on })),
    one.email === null ? null : flip(`mail-${one.id}`, "Закрыть ящик", one.gone, (on) => order("mailbox", { address: one.email, dead: on })));
}

function flip(name, label, on, turn) {
  return el("label", {},
    el("input", { type: "checkbox", role: "switch", checked: on, "data-name": name, onchange: (event) => turn(event.currentTarget.checked) }),
    label);
}

/** Fill a list anew; a switch that had the focus has it again. */
function keepFocus(list, rows) {
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.name : undefined;
  fill(list, rows);
  if (focused !== undefined) list.querySelector(`[data-name="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
