// The rail: the way of each event, the one that moved last on top, drawn as it happens.
import { byId, el, fill, reconcile } from "./dom.js";
import { isOnScreen, isShown, onShown } from "./phones.js";

const SIGNS = { act: "☛", event: "✎", plan: "◇", outcome: "➜", receipt: "✓" };
const NAMES = { act: "Действие", event: "Запись", plan: "Кому сообщать", outcome: "Дошло ли", receipt: "Ответ" };
const KEPT = "zvonok-rail-mine";
/** How many cards from the top are open unless somebody decided otherwise. */
const OPEN = 3;
/** As many readers are shown without folding; of those in trouble, as many beside the open phones. */
const FEW = 4;
const TROUBLES = 5;
/** As many steps are shown when others are folded: who began it and that it stands in the journal, and the last ones. */
const FIRST = 2;
const LAST = 3;
const FRESH = 12000;

let ways = [];
const folds = new Map();
const moves = new Map();
let begun = false;

export function showRail(state) {
  ways = state.ways;
  for (const way of ways) {
    const known = moves.get(way.subject);
    if (known?.moved === way.moved) continue;
    moves.set(way.subject, { moved: way.moved, since: begun ? performance.now() : -FRESH });
    if (begun) setTimeout(draw, FRESH + 50);
  }
  if (begun && ways.length) byId("rail-news").textContent = [ways[0].title, ways[0].about, ways[0].head?.text].filter(Boolean).join(", ");
  begun = ways.length > 0;
  draw();
}

export function startRail() {
  const mine = byId("rail-mine");
  mine.checked = localStorage.getItem(KEPT) === "yes";
  mine.addEventListener("change", () => { localStorage.setItem(KEPT, mine.checked ? "yes" : "no"); draw(); });
  onShown(draw);
}

function draw() {
  const list = byId("ways");
  const mine = byId("rail-mine").checked;
  const shown = ways.filter((way) => !mine || way.people.some((one) => isShown(one.id)) || way.actors.some(isShown));
  reconcile(list, shown.map((way, index) => item(way, index, mine)), (one) => one.way.subject, makeWay);
  byId("rail-hidden").hidden = shown.length === ways.length;
  byId("rail-hidden").textContent = `Скрыто событий о других людях: ${ways.length - shown.length}`;
  if (!ways.length) {
    fill(list, el("li", { class: "nothing" },
      el("p", { text: "Пока тихо." }),
      el("p", { text: "Откройте телефон учителя и напишите «урок»: здесь появится путь каждого события." })));
  }
}

/** What of an event is shown at once, and what is folded: open phones first, then those who were missed. */
function item(way, index, mine) {
  const open = way.people.filter((one) => isShown(one.id));
  const others = way.people.filter((one) => !isShown(one.id));
  const few = way.people.length <= FEW;
  const first = mine ? [] : few ? others : others.filter((one) => one.standing === "missed").slice(0, TROUBLES);
  const rest = mine ? [] : others.filter((one) => !first.includes(one));
  const fresh = performance.now() - moves.get(way.subject).since < FRESH;
  return { way, fresh, unfolded: index < OPEN, open: open.map((one) => one.id).filter(isOnScreen), first: [...open, ...first], rest };
}

function makeWay({ way, fresh, unfolded, open, first, rest }) {
  return el("li", { class: fresh ? "way fresh" : "way" },
    fold(`${way.subject}`, unfolded, {}, [
      el("summary", {},
        el("span", { class: "way-line" }, el("strong", { text: way.title }), el("time", { text: way.when })),
        el("span", { class: "way-line" }, el("span", { class: "about", text: way.about }),
          way.head ? el("span", { class: `state ${way.head.tone}`, text: way.head.text }) : null)),
      steps(way),
      way.people.length > 1 ? el("p", { class: "counts" }, way.counts.map((one) => el("span", { class: one.tone, text: one.text }))) : null,
      first.length ? el("ol", { class: "threads" }, first.map((one) => person(way, one, open.includes(one.id)))) : null,
      rest.length ? fold(`${way.subject}|rest`, false, { class: "rest" }, [
        el("summary", { text: first.length ? `Остальные: ${rest.length}` : `По именам: ${rest.length}` }),
        el("ol", { class: "threads" }, rest.map((one) => person(way, one, false))),
      ]) : null,
    ]));
}

/** A <details> that stays as people left it, though the card is drawn anew. */
function fold(name, open, properties, children) {
  const node = el("details", { ...properties, open: folds.get(name) ?? open }, children.flat());
  const handle = node.querySelector("summary");
  handle.dataset.name = name;
  handle.addEventListener("click", () => folds.set(name, !node.open));
  return node;
}

function steps(way) {
  if (way.steps.length <= FIRST + LAST + 1) return el("ol", { class: "steps" }, way.steps.map(step));
  const middle = way.steps.slice(FIRST, -LAST);
  return [
    el("ol", { class: "steps" }, way.steps.slice(0, FIRST).map(step)),
    fold(`${way.subject}|steps`, false, { class: "more" }, [
      el("summary", { text: `ещё шагов: ${middle.length}` }), el("ol", { class: "steps" }, middle.map(step)),
    ]),
    el("ol", { class: "steps" }, way.steps.slice(-LAST).map(step)),
  ];
}

function step(one) {
  return el("li", { class: `step ${one.tone}` },
    el("span", { class: "sign", "aria-hidden": "true", text: SIGNS[one.kind] }),
    el("span", {}, el("span", { class: "who", text: `${NAMES[one.kind]}: ` }), one.text),
    el("time", { text: one.when }));
}

/** One reader in one line: each way in its turn, what came of it, and the answer. */
function person(way, one, open) {
  const head = [
    el("strong", { text: one.name }),
    open ? el("span", { class: "on-screen", title: "Телефон на экране", text: "на экране" }) : null,
    el("span", { class: "legs" },
      one.legs.flatMap((leg, index) => [index ? el("span", { class: "arrow", text: " → " }) : null, el("span", { class: `leg ${leg.tone}`, text: leg.text })]),
      one.answer ? el("span", { class: "answer", text: one.answer }) : null),
  ];
  const body = one.steps.length
    ? fold(`${way.subject}|${one.id}`, false, {}, [el("summary", {}, head), el("ol", { class: "steps" }, one.steps.map(step))])
    : el("div", { class: "bare" }, head);
  return el("li", { class: `thread ${one.tone}`, "data-reader": one.id }, body);
}
