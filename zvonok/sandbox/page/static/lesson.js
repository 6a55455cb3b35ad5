// The lesson that the class has now or soon: if nobody of its teachers is on the screen, say whom to open.
import { byId } from "./dom.js";
import { isShown, named, onShown, toggle } from "./phones.js";
import { ask, order } from "./server.js";

/** So long before it begins a lesson is near. */
const SOON = 40 * 60000;

let lessons = [];
let moment = 0;

export function showLesson(fresh) {
  lessons = fresh;
}

export function startLesson() {
  onShown(draw);
  byId("lesson-teacher").addEventListener("click", open);
}

/** The school's time has come so far. */
export function tickLesson(now) {
  moment = now;
  draw();
}

function current() {
  const begun = (one) => Date.parse(one.begins) <= moment;
  const near = lessons.filter((one) => Date.parse(one.begins) <= moment + SOON && moment < Date.parse(one.ends));
  const now = near.filter((one) => begun(one) || (one.number === near[0].number && !near.some(begun)));
  return now.some((one) => isShown(named(one.teacher)?.id)) ? undefined : now[0];
}

function draw() {
  const lesson = current();
  byId("lesson").hidden = !lesson;
  const text = lesson ? `${Date.parse(lesson.begins) <= moment ? "Сейчас" : "Скоро"} у ${lesson.title} ${lesson.number}-й урок, ${lesson.subject}: ${lesson.teacher}.` : "";
  if (byId("lesson-text").textContent !== text) byId("lesson-text").textContent = text;
}

async function open() {
  const { teacher } = current() ?? {};
  if (!teacher) return;
  let person = named(teacher);
  if (!person) {
    const found = await ask(`/api/people?name=${encodeURIComponent(teacher)}`);
    person = found?.people.find((one) => one.name === teacher);
    if (!person || (await order("people", { person: person.id })) === null) return;
  }
  toggle(person.id, true);
}
