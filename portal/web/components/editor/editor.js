// An editor for Markdown: a plain textarea, so that every keyboard, phone and screen reader works
// as it is used to, over a copy of its lines that carries numbers and marks.
//
// What is typed is sent after a short pause, and kept in this browser until the portal has said
// that it is on disk: a crash, a reload or a lost connection loses nothing. The portal decides
// whether a text may take the place of another; this file never does.

const PAUSE_MS = 150; // after the last keystroke
const AT_MOST_MS = 2000; // while somebody types on and on
const OVERDUE_MS = 8000; // without an answer from the portal
const PREFIX = "portal.draft.";

export default function (component) {
  const home = component.parentElement;
  if (!home.portalEditor) home.portalEditor = new Editor(home);
  home.portalEditor.update(component.data, component.setStateValue);
  return () => home.portalEditor.close();
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

class Editor {
  constructor(home) {
    this.root = element("div", "editor");
    this.bar = element("div", "bar");
    this.scroller = element("div", "scroller");
    this.sheet = element("div", "sheet");
    this.copy = element("div", "copy");
    this.copy.setAttribute("aria-hidden", "true");
    this.area = element("textarea");
    this.area.spellcheck = false;
    this.area.setAttribute("autocapitalize", "off");
    this.area.setAttribute("autocomplete", "off");
    this.status = element("p", "status");
    this.status.setAttribute("role", "status");
    this.found = element("div", "found");
    this.sheet.append(this.copy, this.area);
    this.scroller.append(this.sheet);
    this.root.append(this.bar, this.scroller, this.status, this.found);
    home.append(this.root);
    this.lines = [];
    this.doc = null;
    this.number = 0; // of the last edit that was sent
    this.dirty = false; // something is not sent yet
    this.told = undefined; // the caret's heading as the portal was told it last
    this.done = { insert: 0, go: 0 };
    this.listen();
  }

  listen() {
    this.area.addEventListener("input", () => this.changed());
    this.area.addEventListener("compositionstart", () => (this.composing = true));
    this.area.addEventListener("compositionend", () => {
      this.composing = false;
      this.changed();
    });
    this.area.addEventListener("blur", () => {
      // whatever is pressed next may leave this page: nothing may be sent after it
      this.send();
      this.tellNow();
    });
    this.area.addEventListener("keyup", () => this.tellHeading());
    this.area.addEventListener("click", () => this.tellHeading());
    this.area.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s") {
        event.preventDefault();
        this.send();
      }
    });
    this.onHide = () => document.visibilityState === "hidden" && this.send();
    this.onPress = (event) => {
      if (event.type === "keydown" && event.key !== "Escape") return;
      const inside = event.composedPath();
      for (const menu of this.bar.querySelectorAll("details[open]"))
        if (event.type === "keydown" || !inside.includes(menu)) menu.open = false;
    };
    document.addEventListener("visibilitychange", this.onHide);
    document.addEventListener("click", this.onPress);
    document.addEventListener("keydown", this.onPress);
  }

  close() {
    this.send();
    clearTimeout(this.timer);
    clearTimeout(this.overdue);
    clearTimeout(this.telling);
    document.removeEventListener("visibilitychange", this.onHide);
    document.removeEventListener("click", this.onPress);
    document.removeEventListener("keydown", this.onPress);
  }

  // What the portal says: the text as far as it knows it, problems, menus, and what to insert.
  update(data, setState) {
    this.data = data;
    this.setState = setState;
    this.words = data.words;
    this.area.setAttribute("aria-label", data.words.label);
    this.area.readOnly = data.readonly;
    const before = this.token;
    this.token = data.token;
    if (data.doc !== this.doc) this.open();
    else if (before !== data.token && !data.readonly) this.rejoin();
    else if (!this.dirty && data.seen >= this.number && data.text !== this.area.value)
      this.replace(data.text);
    if (!this.dirty && data.seen >= this.number) this.settled();
    this.rev = data.rev;
    this.drawBar();
    this.drawProblems();
    if (data.insert && data.insert.n > this.done.insert) {
      this.done.insert = data.insert.n;
      this.insert(data.insert.text, data.insert.block);
    }
    if (data.go && data.go.n > this.done.go) {
      this.done.go = data.go.n;
      this.goTo(data.go.line);
    }
  }

  open() {
    this.doc = this.data.doc;
    this.dirty = false;
    this.number = this.data.seen;
    this.done = { insert: this.data.insert?.n ?? 0, go: 0 };
    this.replace(this.data.text);
    const kept = this.kept();
    if (kept && !this.data.readonly && kept.text !== this.data.text) {
      // typed before a crash or a reload, and never confirmed: the portal is asked again
      this.replace(kept.text);
      this.from = { rev: kept.rev, token: "" };
      this.dirty = true;
      this.say(this.words.recovered);
      this.timer = setTimeout(() => this.send(), 50);
    } else {
      this.from = null;
      this.forget();
    }
  }

  // A page of the portal that knows nothing of this one's edits: after a lost connection.
  rejoin() {
    if (this.area.value === this.data.text) {
      this.number = this.data.seen;
      this.dirty = false;
      return;
    }
    this.from = this.from ?? { rev: this.rev, token: "" };
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), 50);
  }

  settled() {
    clearTimeout(this.overdue);
    this.from = null;
    if (!this.data.clash) this.forget();
    this.say(this.data.status, this.data.clash ? "clash" : "");
  }

  changed() {
    this.draw();
    this.dirty = true;
    this.keep();
    this.say(this.words.typing);
    if (this.composing) return;
    clearTimeout(this.timer);
    this.since = this.since || Date.now();
    const wait = Math.min(PAUSE_MS, Math.max(0, this.since + AT_MOST_MS - Date.now()));
    this.timer = setTimeout(() => this.send(), wait);
  }

  send() {
    if (!this.dirty || this.composing || !this.data || this.data.readonly) return;
    clearTimeout(this.timer);
    this.since = 0;
    this.dirty = false;
    this.number = Math.max(this.number + 1, Date.now());
    const from = this.from ?? { rev: this.data.rev, token: this.data.token };
    this.heading = this.headingLine();
    this.tellNow(); // with the edit: what was told before must not hide that the caret comes back
    this.setState("edit", {
      doc: this.doc, n: this.number, text: this.area.value, line: this.heading, ...from,
    });
    this.say(this.words.saving);
    clearTimeout(this.overdue);
    this.overdue = setTimeout(() => this.say(this.words.offline, "clash"), OVERDUE_MS);
  }

  // The unconfirmed text in this browser, by document.
  keep() {
    const from = this.from ?? { rev: this.data.rev };
    try {
      localStorage.setItem(PREFIX + this.doc, JSON.stringify({ rev: from.rev, text: this.area.value }));
    } catch { /* a full or forbidden store: the portal's copy is soon there */ }
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + this.doc) ?? "null");
    } catch {
      return null;
    }
  }

  forget() {
    try {
      localStorage.removeItem(PREFIX + this.doc);
    } catch { /* nothing is kept then */ }
  }

  replace(text) {
    const at = this.area.selectionStart;
    this.area.value = text;
    const caret = Math.min(at, text.length);
    if (this.root.getRootNode().activeElement === this.area) this.area.setSelectionRange(caret, caret);
    this.draw();
  }

  // The lines under the textarea: those that did not change stay.
  draw() {
    const next = this.area.value.split("\n");
    let head = 0;
    const least = Math.min(next.length, this.lines.length);
    while (head < least && next[head] === this.lines[head]) head += 1;
    let tail = 0;
    while (tail < least - head && next[next.length - 1 - tail] === this.lines[this.lines.length - 1 - tail])
      tail += 1;
    for (let n = this.lines.length - tail - head; n > 0; n -= 1) this.copy.children[head].remove();
    const fresh = document.createDocumentFragment();
    for (const line of next.slice(head, next.length - tail)) {
      fresh.append(element("div", "line", line || "\u200b"));
    }
    this.copy.insertBefore(fresh, this.copy.children[head] ?? null);
    this.lines = next;
  }

  drawBar() {
    const mark = JSON.stringify([this.data.menus, this.data.readonly]);
    if (mark === this.barMark) return;
    this.barMark = mark;
    this.bar.replaceChildren();
    if (this.data.readonly) return;
    for (const menu of this.data.menus) {
      const details = element("details", "menu");
      details.append(element("summary", "", menu.label));
      const items = element("div", "items");
      for (const item of menu.items) {
        const button = element("button", "", item.label);
        button.type = "button";
        button.addEventListener("click", () => {
          details.open = false;
          this.insert(item.text, item.block);
        });
        items.append(button);
      }
      details.append(items);
      this.bar.append(details);
    }
  }

  insert(text, block) {
    if (this.data.readonly) return;
    const area = this.area;
    let words = text;
    while (words.includes("{id}")) {
      const free = this.data.ids.find((id) => !area.value.includes(`#${id}\``) && !words.includes(`#${id}\``));
      words = words.replace("{id}", free ?? "id");
    }
    const { selectionStart: start, selectionEnd: end, value } = area;
    if (block) {
      const before = value.slice(0, start);
      const after = value.slice(end);
      const gap = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
      words = gap + words.trimEnd() + (after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n");
    }
    area.focus();
    area.setSelectionRange(start, end);
    // keeps the browser's undo; where it is gone, the text is put in without
    if (!document.execCommand("insertText", false, words)) {
      area.setRangeText(words, start, end, "end");
      this.changed();
    }
    this.reveal(value.slice(0, start).split("\n").length);
  }

  drawProblems() {
    const { problems } = this.data;
    for (const line of this.copy.querySelectorAll(".error, .warning")) line.className = "line";
    for (const problem of [...problems].reverse()) {
      const line = this.copy.children[Math.min(problem.line, this.lines.length) - 1];
      if (line && !line.classList.contains("error")) line.className = `line ${problem.severity}`;
    }
    const mark = JSON.stringify([problems, this.data.doc]);
    if (mark === this.foundMark) return;
    this.foundMark = mark;
    const list = element("ul");
    for (const problem of problems.slice(0, 30)) {
      const row = element("li", problem.severity);
      const button = element("button", "", problem.where);
      button.type = "button";
      button.addEventListener("click", () => this.goTo(problem.line));
      row.append(button, element("span", "what", problem.message), element("span", "how", problem.hint));
      list.append(row);
    }
    this.found.replaceChildren(element("p", "sum", this.data.sum), list);
  }

  goTo(line) {
    const before = this.lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(before, before + (this.lines[line - 1] ?? "").length);
    this.reveal(line);
    this.root.scrollIntoView({ block: "nearest" });
    this.tellHeading();
  }

  reveal(line) {
    const shown = this.copy.children[Math.min(line, this.lines.length) - 1];
    if (shown) this.scroller.scrollTop = Math.max(0, shown.offsetTop - this.scroller.clientHeight / 3);
  }

  headingLine() {
    const upTo = this.area.value.slice(0, this.area.selectionStart).split("\n").length;
    for (let n = Math.min(upTo, this.lines.length); n > 0; n -= 1)
      if (/^#{1,6} /.test(this.lines[n - 1])) return n;
    return 1;
  }

  // The preview follows the caret from heading to heading.
  tellHeading() {
    if (this.dirty || !this.setState) return;
    const now = this.headingLine();
    if (now === this.heading) return;
    this.heading = now;
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.tellNow(), 400);
  }

  tellNow() {
    clearTimeout(this.telling);
    if (this.heading === undefined || this.heading === this.told) return;
    this.told = this.heading;
    this.setState("line", this.heading);
  }

  say(words, kind = "") {
    if (this.status.textContent !== words) this.status.textContent = words;
    this.status.className = `status ${kind}`;
  }
}
