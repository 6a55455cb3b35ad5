// The rail: the way of each event, newest on top, drawn as it happens.
import { byId, el, fill, reconcile } from "./dom.js";

const SIGNS = { act: "☛", event: "✎", plan: "◇", outcome: "➜", receipt: "✓" };
const NAMES = { act: "Действие", event: "Событие", plan: "План", outcome: "Исход", receipt: "Ответ" };

export function showRail(state) {
  const list = byId("ways");
  reconcile(list, state.ways, (way) => way.subject, makeWay);
  if (!state.ways.length) {
    fill(list, el("li", { class: "nothing" },
      el("p", { text: "Пока тихо." }),
      el("p", { text: "Откройте телефон учителя и напишите «урок»: здесь появится путь каждого события." })));
  }
}

function makeWay(way, old) {
  const open = old ? old.querySelector("details").open : way.threads.length > 0 || way.steps.length > 1;
  return el("li", { class: old ? "way again" : "way" },
    el("details", { open },
      el("summary", {}, el("span", { class: "way-name" }, el("strong", { text: way.title }), el("span", { text: way.about })), sum(way)),
      el("ol", { class: "steps" }, way.steps.map(step)),
      way.threads.length ? el("ol", { class: "threads" }, way.threads.map(thread)) : null));
}

/** How it stands, in one sign: a reader is told if one of the ways came through; the worst-off reader decides. */
function sum(way) {
  if (!way.threads.length) return null;
  const best = new Map();
  for (const { recipient, tone } of way.threads) {
    const order = ["ok", "wait", "bad", "quiet"];
    if (!best.has(recipient) || order.indexOf(tone) < order.indexOf(best.get(recipient))) best.set(recipient, tone);
  }
  const tones = [...best.values()];
  const tone = ["bad", "wait", "ok"].find((one) => tones.includes(one)) ?? "quiet";
  const words = { bad: "не дошло", wait: "в пути", ok: "сказано", quiet: "не отправляется" };
  return el("span", { class: `state ${tone}`, text: words[tone] });
}

function step(one) {
  return el("li", { class: `step ${one.tone}` },
    el("span", { class: "sign", "aria-hidden": "true", text: SIGNS[one.kind] }),
    el("span", {}, el("span", { class: "who", text: `${NAMES[one.kind]}: ` }), one.text),
    el("time", { text: one.when }));
}

function thread(one) {
  return el("li", { class: `thread ${one.tone}` },
    el("p", { class: "thread-head" }, el("strong", { text: one.who }), el("span", { class: "via", text: one.way })),
    el("p", { class: "thread-state" }, el("span", { class: "dot", "aria-hidden": "true" }), one.text),
    one.steps.length ? el("ol", { class: "steps" }, one.steps.map(step)) : null);
}
