// Talking to the sandbox: orders by POST, news by server-sent events.
import { note } from "./dom.js";

export const SILENT = "Стенд не отвечает. Возможно, он остановлен.";
const SILENCE = 25000;
const AGAIN = 700;

/** Give an order; a refusal is shown and returned as null. */
export async function order(name, body) {
  try {
    const answer = await fetch(`/api/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const said = await answer.json();
    if (answer.ok) return said;
    note(said.error ?? "Не получилось.", true);
  } catch {
    note(SILENT, true);
  }
  return null;
}

/** Ask for something; null if nobody answers. The asker says so where it is looked at. */
export async function ask(path) {
  try {
    const answer = await fetch(path);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** Hear the news for ever. Each stream begins with everything, so one that was lost has lost nothing. */
export function listen(kinds, onNews, onState) {
  let source;
  let heard = Date.now();
  function open() {
    source = new EventSource("/api/events");
    for (const kind of [...kinds, "whole", "ping"]) {
      source.addEventListener(kind, (event) => {
        heard = Date.now();
        if (kind === "whole") onState(true);
        else if (kind !== "ping") onNews(kind, JSON.parse(event.data));
      });
    }
    source.onerror = () => {
      onState(false);
      source.close();
      setTimeout(open, AGAIN);
    };
  }
  open();
  setInterval(() => {
    if (Date.now() - heard < SILENCE) return;
    heard = Date.now();
    source.onerror();
  }, 5000);
}
