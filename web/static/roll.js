// The roll call in a browser and in a messenger's Mini App. Written by hand, without a library and without anything
// from elsewhere. What was tapped and is not sent yet lies in this browser's own storage: numbers of children, no names.
"use strict";

(() => {
  const PREFIX = "zvonok-roll", DRAFTS_KEPT = 2 * 864e5, UNSENT_KEPT = 14 * 864e5;
  const FIRST_WAIT = 1000, LONGEST_WAIT = 30000, ANSWER_WITHIN = 15000, SETTLE = 700, HOLD = 500, ASK_AGAIN = 15000;

  // --- the messenger around us: it is told that the page stands, and asked to ask before it is closed ---
  const messenger = (event, data) => {
    try {
      if (window.TelegramWebviewProxy) window.TelegramWebviewProxy.postEvent(event, JSON.stringify(data));
      else if (window.external && "notify" in window.external)
        window.external.notify(JSON.stringify({ eventType: event, eventData: data }));
    } catch { /* no messenger, or one that knows no such event */ }
  };

  const ask = async (address, sent) => {
    const stop = new AbortController(), late = setTimeout(() => stop.abort(), ANSWER_WITHIN);
    try {
      const how = { signal: stop.signal, credentials: "same-origin", cache: "no-store" };
      if (sent !== undefined)
        Object.assign(how, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent) });
      const response = await fetch(address, how);
      return { status: response.status, said: await response.json() };
    } catch {
      return { status: 0, said: null };
    } finally {
      clearTimeout(late);
    }
  };
  const away = (answer) => answer.status === 0 || answer.status === 429 || answer.status >= 500 || !answer.said;

  // --- entering as a Mini App ---
  const enter = (main) => {
    const behind = new URLSearchParams(location.hash.slice(1)), said = document.getElementById("said");
    const telegram = behind.get("tgWebAppData"), max = behind.get("WebAppData");
    if (!telegram && !max) { said.textContent = main.dataset.nobody; return; }
    const lesson = new URLSearchParams(location.search).get("lesson");
    const shown = { messenger: telegram ? "telegram" : "max", init_data: telegram || max, ...(lesson ? { lesson } : {}) };
    const knock = async (wait) => {
      const answer = await ask("app/enter", shown);
      if (answer.status === 200) { location.replace(answer.said.next); return; }
      if (!away(answer)) { said.textContent = answer.said.message; return; }
      said.textContent = main.dataset.away;
      setTimeout(knock, wait, Math.min(wait * 2, LONGEST_WAIT));
    };
    messenger("web_app_ready", {});
    knock(FIRST_WAIT);
  };

  // --- what is kept in the browser: each command by itself, so that two tabs lose nothing of each other ---
  const kept = {
    works: (() => { try { localStorage.setItem(PREFIX, "1"); localStorage.removeItem(PREFIX); return true; } catch { return false; } })(),
    put(name, value) { try { localStorage.setItem(name, JSON.stringify(value)); } catch { this.works = false; } },
    drop(name) { try { localStorage.removeItem(name); } catch { /* then it was never there */ } },
    read(name) { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } },
    names() { try { return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX + ":")); } catch { return []; } },
    tidy(now) {
      for (const name of this.names()) {
        const one = this.read(name), lives = name.endsWith(":draft") ? DRAFTS_KEPT : UNSENT_KEPT;
        if (!one || !(now - one.made < lives)) this.drop(name);
      }
    },
  };

  // Which browser this is, so that its own commands, which come in their order, never overtake each other.
  const browser = () => {
    const name = PREFIX + "-browser", before = kept.read(name), page = typeof before === "string" ? before : newKey();
    kept.put(name, page);
    return page;
  };

  // --- commands that wait for their turn, of one person, oldest first ---
  class Queue {
    constructor(whose, here, heard) {
      this.beginning = `${PREFIX}:${whose}:`;
      Object.assign(this, { whose, here, heard, page: browser(), busy: false, failing: false, over: false, wait: FIRST_WAIT, timer: 0 });
      this.waiting = kept.names()
        .filter((name) => name.startsWith(this.beginning) && !name.endsWith(":draft"))
        .map((name) => ({ ...kept.read(name), name }))
        .sort((one, other) => one.made - other.made);
    }
    of(lesson) { return this.waiting.filter((one) => one.lesson === lesson); }
    put(command) {
      const last = this.waiting[this.waiting.length - 1];
      if (last && !last.tried && !last.calls && !command.calls && last.lesson === command.lesson) {
        for (const pupil of Object.keys(command.tapped)) delete last.entries[pupil];
        Object.assign(last.entries, command.entries);
        Object.assign(last.tapped, command.tapped);
        this.keep(last);
      } else {
        const key = newKey(), made = Date.now();
        const whole = { ...command, key, made, name: `${this.beginning}${command.lesson}:${key}` };
        this.waiting.push(whole);
        this.keep(whole);
      }
      this.send();
    }
    keep(command) { const { name, ...rest } = command; kept.put(name, rest); }
    hurry() { this.wait = FIRST_WAIT; this.send(); }
    async send() {
      clearTimeout(this.timer);
      if (this.busy || this.over || !this.waiting.length) return;
      this.busy = true;
      const command = this.waiting[0], now = Date.now();
      command.tried = true;
      this.keep(command);
      const { lesson, key, calls, roster, entries } = command;
      const tapped = Object.fromEntries(
        Object.entries(command.tapped).map(([pupil, at]) => [pupil, Math.max(0, Math.min(UNSENT_KEPT, now - at))]));
      const answer = await ask(`${this.here}/taps`, { whose: this.whose, page: this.page, lesson, key, calls, roster, entries, tapped });
      this.busy = false;
      if (away(answer)) {
        this.failing = true;
        this.timer = setTimeout(() => this.send(), this.wait);
        this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
      } else if (answer.status === 401) {
        this.over = true;
      } else {
        this.failing = false;
        this.wait = FIRST_WAIT;
        this.waiting.shift();
        kept.drop(command.name);
      }
      this.heard(command, answer);
      if (!this.failing) this.send();
    }
  }

  const newKey = () => {
    if (window.crypto.randomUUID) return window.crypto.randomUUID();
    const bytes = [...window.crypto.getRandomValues(new Uint8Array(16))];
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };

  const element = (kind, look, ...inside) => {
    const made = document.createElement(kind);
    if (look) made.className = look;
    made.append(...inside);
    return made;
  };

  // --- the roll of one lesson ---
  const start = (main) => {
    const here = main.dataset.here, words = JSON.parse(main.dataset.words);
    let state = JSON.parse(main.dataset.state), ahead = state.now - Date.now(), news = null, settling = 0, open = null;
    const lesson = state.lesson, roster = state.roster, done = document.getElementById("done");
    const find = (id) => document.getElementById(id), fill = (text, values) =>
      text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
    kept.tidy(Date.now());

    // Taps that are not sent and not even asked to be: before «Готово».
    const draftName = `${PREFIX}:${state.whose}:${lesson}:draft`;
    const draft = kept.read(draftName) || { made: Date.now(), taps: {}, hold: false };
    const keepDraft = () => {
      draft.made = Date.now();
      if (Object.keys(draft.taps).length) kept.put(draftName, draft); else { draft.hold = false; kept.drop(draftName); }
    };
    const notes = [];
    const queue = new Queue(state.whose, here, (command, answer) => heard(command, answer));

    const tiles = new Map();
    for (const select of main.querySelectorAll(".pupils select")) {
      const label = select.previousElementSibling, surname = label.querySelector("b"), pupil = select.name;
      const small = label.querySelector("small") || element("small");
      const given = element("span", "given", surname.nextSibling.textContent.trim());
      // Two lines whatever is marked: a tile that grew would move the next one away from under the finger.
      const mark = element("span", "mark"), read = element("span", "read"), line = element("span", "line", given, mark);
      const tile = element("button", "tile", surname, " ", line, read, small), name = `${surname.textContent} ${given.textContent}`;
      tile.type = "button";
      tile.disabled = !state.may;
      mark.setAttribute("aria-hidden", "true");
      tiles.set(pupil, { tile, mark, read, small, name });
      select.remove();
      label.replaceWith(tile);
      if (state.may) listen(pupil, tile);
    }
    for (const one of main.querySelectorAll(".scripted")) one.hidden = false;
    for (const one of main.querySelectorAll(".plain")) one.remove();

    // --- what is shown of a child: the newest of what was tapped, what is on its way, what stands in the journal ---
    const called = () => state.called || queue.of(lesson).some((one) => one.calls);
    const written = (pupil) => {
      for (const one of queue.of(lesson).reverse())
        if (one.calls || pupil in one.tapped) return one.entries[pupil] || {};
      const entry = state.entries[pupil];
      if (entry) return entry;
      return !state.called && state.known[pupil] ? { code: state.known[pupil] } : {};
    };
    const shown = (pupil) => (pupil in draft.taps ? draft.taps[pupil].entry : written(pupil));
    const minutesNow = () => {
      const at = Date.now() + ahead;
      return at > state.begins && at < state.ends ? Math.max(1, Math.floor((at - state.begins) / 60000)) : 5;
    };
    const next = (pupil) => {
      const entry = shown(pupil), left = entry.left || (state.entries[pupil] || {}).left, stays = left ? { left } : {};
      if (entry.code) return { late: minutesNow(), ...stays };
      if (entry.late) return stays;
      return { code: (state.entries[pupil] || {}).code || state.known[pupil] || state.absent };
    };

    const tapped = (pupil, entry) => {
      draft.taps[pupil] = { entry, at: Date.now() };
      keepDraft();
      if (called() && !draft.hold) { clearTimeout(settling); settling = setTimeout(submit, SETTLE, false); }
      draw();
    };
    const submit = (calls) => {
      clearTimeout(settling);
      const pupils = calls ? [...tiles.keys()] : Object.keys(draft.taps), entries = {}, taps = {};
      for (const pupil of pupils) { const entry = shown(pupil); if (Object.keys(entry).length) entries[pupil] = entry; }
      for (const [pupil, tap] of Object.entries(draft.taps)) taps[pupil] = tap.at;
      draft.taps = {};
      keepDraft();
      open = null;
      if (calls || Object.keys(taps).length) queue.put({ lesson, calls, roster, entries, tapped: taps });
      draw();
    };

    const heard = (command, answer) => {
      const mine = command.lesson === lesson, names = (pupils) => pupils.map((one) => (tiles.get(one) || { name: "" }).name).filter(Boolean);
      if (answer.status === 200 && mine) {
        learn(answer.said.state);
        if (answer.said.overtaken.length) note(fill(words.overtaken, { names: names(answer.said.overtaken).join("; ") }));
      } else if (answer.status >= 400 && answer.status < 500 && answer.status !== 401 && answer.status !== 429 && answer.said) {
        const lost = Object.keys(command.tapped);
        // A whole roll is not lost by a refusal: its taps stand on the page again, and wait for «Готово».
        if (mine && command.calls)
          for (const pupil of lost)
            if (!(pupil in draft.taps)) draft.taps[pupil] = { entry: command.entries[pupil] || {}, at: command.tapped[pupil] };
        if (mine && command.calls) { draft.hold = state.called; keepDraft(); }
        note(answer.said.message + (mine && !command.calls && lost.length ? " " + fill(words.refused, { names: names(lost).join("; ") }) : ""));
        if (mine) refresh();
      }
      draw();
    };
    const note = (text) => { notes.push(text); const where = find("refused"); where.textContent = notes.slice(-3).join(" "); where.hidden = false; };

    const learn = (fresh) => {
      if (fresh.lesson !== lesson || fresh.version < state.version) return;
      // Somebody else has called the roll: what was tapped here before that waits for «Готово», not for a clock.
      if (fresh.called && !state.called && !queue.of(lesson).length && Object.keys(draft.taps).length) { draft.hold = true; keepDraft(); }
      state = fresh;
      ahead = state.now - Date.now();
      if (state.roster !== roster && !queue.busy && !queue.waiting.length) location.reload();
    };
    const refresh = async () => {
      const answer = await ask(`${here}/state?lesson=${lesson}`);
      // Somebody else may have entered by this browser since: then this page is nobody's.
      const over = answer.status === 401 || (answer.status === 200 && answer.said.whose !== state.whose);
      if (answer.status === 200 && !over) { learn(answer.said); queue.over = false; queue.send(); }
      if (over) queue.over = true;
      draw();
    };

    // --- drawing: only what differs is touched ---
    const put = (node, text) => { if (node.textContent !== text) node.textContent = text; };
    const draw = () => {
      let absent = 0, late = 0;
      const onTheirWay = new Set([...Object.keys(called() ? draft.taps : {}), ...queue.of(lesson).flatMap((one) => Object.keys(one.tapped))]);
      for (const [pupil, { tile, mark, read, small }] of tiles) {
        const entry = shown(pupil), said = [], brief = [];
        if (entry.code) { absent += 1; said.push(fill(words["absent-is"], entry)); brief.push(entry.code); }
        if (entry.late) { late += 1; said.push(fill(words.late, { minutes: entry.late })); brief.push(fill(words["late-brief"], { minutes: entry.late })); }
        if (entry.left) { said.push(words.left); brief.push(words["left-brief"]); }
        put(read, said.join(", "));
        put(mark, brief.join(", "));
        put(small, state.hints[pupil] || "");
        tile.classList.toggle("absent", Boolean(entry.code));
        tile.classList.toggle("late", Boolean(!entry.code && (entry.late || entry.left)));
        tile.classList.toggle("waits", onTheirWay.has(pupil));
      }
      if (!done) return;
      drawMinutes();
      const unsent = queue.of(lesson), ticks = Object.keys(draft.taps).length, counts = { absent, late };
      const idle = state.called && !ticks && !unsent.length, sending = unsent.length && !ticks;
      done.disabled = Boolean(idle || sending);
      put(done, sending ? (queue.failing ? words.waiting : words.sending) : idle ? fill(absent || late ? words.recorded : words["recorded-all"], counts)
        : called() ? (draft.hold ? fill(words.save, { n: ticks }) : words.sending) : absent || late ? fill(words.done, counts) : words.all);
      main.querySelector(".bar .ways").hidden = open !== null;
      find("last").hidden = called() || !Object.entries(state.before).some(([pupil, code]) => shown(pupil).code !== code);
      find("clear").hidden = called() || !(absent || late);
      drawSaid(unsent);
      messenger("web_app_setup_closing_behavior", { need_confirmation: Boolean(queue.waiting.length || ticks) });
    };
    const drawSaid = (unsent) => {
      const others = queue.waiting.length - unsent.length, said = [], where = find("said");
      if (queue.over) said.push(words.over);
      else if (queue.failing && unsent.length) {
        const n = new Set(unsent.flatMap((one) => Object.keys(one.tapped))).size;
        said.push(unsent.some((one) => one.calls) ? words["unsent-call"] : fill(words.unsent, { n }));
      }
      if (others) said.push(fill(words["unsent-others"], { n: others }));
      if (!kept.works && (queue.waiting.length || Object.keys(draft.taps).length)) said.push(words.forgets);
      put(where, said.join(" "));
      where.classList.toggle("unsent", said.length > 0);
    };
    const drawMinutes = () => {
      const entry = open === null ? {} : shown(open), panel = main.querySelector(".minutes");
      panel.hidden = !entry.late;
      if (!entry.late) { open = null; return; }
      put(find("minutes-of"), fill(words["minutes-of"], { name: tiles.get(open).name }));
      put(find("minutes"), String(entry.late));
      panel.setAttribute("aria-labelledby", "minutes-of");
    };

    // --- fingers and keys ---
    function listen(pupil, tile) {
      let holding = 0, held = false;
      const showMinutes = () => { if (!shown(pupil).late) return false; open = pupil; draw(); return true; };
      const letGo = () => clearTimeout(holding);
      tile.addEventListener("pointerdown", () => { held = false; letGo(); holding = setTimeout(() => { held = showMinutes(); }, HOLD); });
      for (const end of ["pointerup", "pointercancel", "pointerleave"]) tile.addEventListener(end, letGo);
      tile.addEventListener("contextmenu", (event) => { event.preventDefault(); letGo(); showMinutes(); });
      tile.addEventListener("click", () => {
        if (held) { held = false; return; }
        const entry = next(pupil);
        open = entry.late ? pupil : open === pupil ? null : open;
        tapped(pupil, entry);
      });
      tile.addEventListener("keydown", (event) => {
        held = false;
        const by = { "+": 1, "=": 1, "-": -1, ArrowUp: 1, ArrowDown: -1 }[event.key];
        if (!by || !shown(pupil).late) return;
        event.preventDefault();
        open = pupil;
        change(by);
      });
    }
    const change = (by) => {
      if (open === null) return;
      const entry = shown(open), late = Math.max(1, Math.min(240, entry.late + by));
      tapped(open, { ...entry, late });
    };
    for (const button of main.querySelectorAll("[data-minutes]"))
      button.addEventListener("click", () => { const by = Number(button.dataset.minutes); if (by) change(by); else { open = null; draw(); } });
    if (done) {
      main.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); submit(true); });
      find("last").addEventListener("click", () => {
        for (const [pupil, code] of Object.entries(state.before))
          if (tiles.has(pupil)) draft.taps[pupil] = { entry: { code }, at: Date.now() };
        keepDraft();
        draw();
      });
      find("clear").addEventListener("click", () => {
        for (const pupil of tiles.keys())
          if (Object.keys(shown(pupil)).length) draft.taps[pupil] = { entry: {}, at: Date.now() };
        keepDraft();
        open = null;
        draw();
      });
    }

    // --- news of others, while somebody looks ---
    const connect = () => {
      if (news || document.hidden || !tiles.size) return;
      const stream = (news = new EventSource(`${here}/news?lesson=${lesson}&version=${state.version}`));
      stream.onmessage = (event) => { if (Number(event.data) > state.version && !queue.busy) refresh(); };
      stream.onerror = () => {
        if (stream.readyState !== EventSource.CLOSED) return;
        news = null;
        setTimeout(() => { if (!document.hidden) { refresh(); connect(); } }, ASK_AGAIN);
      };
    };
    const disconnect = () => { if (news) news.close(); news = null; };
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) { settle(); disconnect(); return; }
      queue.hurry();
      refresh();
      connect();
    });
    window.addEventListener("online", () => { queue.hurry(); disconnect(); refresh(); connect(); });
    const settle = () => { if (called() && !draft.hold && Object.keys(draft.taps).length) submit(false); };
    window.addEventListener("pagehide", () => { settle(); disconnect(); });
    window.addEventListener("beforeunload", (event) => { if (queue.waiting.length) event.preventDefault(); });

    messenger("web_app_ready", {});
    messenger("web_app_expand", {});
    draw();
    settle();
    queue.send();
    connect();
  };

  const entering = document.querySelector("[data-enter]"), roll = document.querySelector("[data-state]");
  if (entering) enter(entering);
  if (roll) start(roll);
})();
