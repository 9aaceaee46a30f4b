"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  const make = (name, text, properties) => Object.assign(document.createElement(name), text === undefined ? {} : { textContent: text }, properties);
  const number = (n) => n.toLocaleString("en-GB");
  const status = by("status");
  const say = (text) => { status.textContent = text; };

  // --- colours: as the system, light or dark; remembered where the browser lets a file do so ---
  const theme = by("theme");
  const paint = (name) => { if (name) document.documentElement.dataset.theme = name; else delete document.documentElement.dataset.theme; };
  try { theme.value = localStorage.getItem("xlmodel-theme") || ""; } catch { theme.value = ""; }
  paint(theme.value);
  theme.addEventListener("change", () => {
    paint(theme.value);
    try { localStorage.setItem("xlmodel-theme", theme.value); } catch { /* the choice holds until the page is closed */ }
  });

  // --- the cells whose way is told: a row of a table each ---
  const letters = (n) => { let out = ""; for (; n; n = Math.floor((n - 1) / 26)) out = String.fromCharCode(65 + ((n - 1) % 26)) + out; return out; };
  const columnOf = (text) => [...text].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0);
  const sheetNames = [...by("sheet").options].map((o) => o.text);
  const ways = new Map();
  const bySheet = new Map();
  for (const row of document.querySelectorAll(".ways tbody tr")) {
    const [, sheet, column, line] = /^t(\d+)-([A-Z]+)(\d+)$/.exec(row.id);
    const reads = (row.dataset.r || "").split(" ").filter(Boolean).map((r) => r.split(",").map(Number));
    const way = { row, sheet: +sheet, line: +line, column: columnOf(column), reads };
    ways.set(row.id, way);
    if (!bySheet.has(way.sheet)) bySheet.set(way.sheet, []);
    bySheet.get(way.sheet).push(way);
  }
  const told = (way, at) => way.row.children[at].textContent;
  const within = (way, [, top, left, bottom, right]) => way.line >= top && way.line <= bottom && way.column >= left && way.column <= right;
  const inside = (rect) => (bySheet.get(rect[0]) || []).filter((way) => within(way, rect));
  const address = (way, home) => (way.sheet === home ? "" : `${sheetNames[way.sheet]}!`) + letters(way.column) + way.line;

  // --- the panel of one cell ---
  const panel = by("panel"), body = by("panel-body"), title = by("panel-title");
  const MOST = 12;
  let opener = null;
  const item = (way, home) => {
    const li = make("li");
    li.append(make("a", address(way, home), { href: `#${way.row.id}` }), make("span", told(way, 2), { className: "amount" }), make("small", told(way, 1)));
    return li;
  };
  const list = (heading, items, more, none) => {
    body.append(make("h3", heading));
    if (!items.length) { body.append(make("p", none)); return; }
    const ul = make("ul");
    ul.append(...items);
    body.append(ul);
    if (more > 0) body.append(make("p", `and ${number(more)} more`, { className: "note" }));
  };
  const readBy = (way) => [...ways.values()].filter((other) => other !== way && other.reads.some((r) => r[0] === way.sheet && within(way, r)));
  const origins = (way) => {
    const seen = new Set([way]), queue = [way], found = [];
    while (queue.length && seen.size < 5000) {
      const next = queue.pop();
      if (told(next, 5) && next !== way) found.push(next);
      for (const rect of next.reads) for (const other of inside(rect)) if (!seen.has(other)) { seen.add(other); queue.push(other); }
    }
    return found;
  };
  const formula = (way) => {
    const pre = make("pre"), code = make("code");
    for (const part of told(way, 3).split(/([A-Za-z_\\][\w.\\]*)/)) {
      const fn = by(`fn-${part.toUpperCase()}`);
      code.append(fn ? make("a", part, { href: `#${fn.id}` }) : part);
    }
    pre.append(code);
    return pre;
  };
  const open = (way, from) => {
    if (panel.hidden) opener = from || document.activeElement;
    title.textContent = address(way, 0);
    body.replaceChildren(make("p", told(way, 1)), make("p", told(way, 2), { className: "value" }));
    if (way.reads.length || told(way, 3).startsWith("=")) {
      body.append(make("h3", "Formula"), formula(way));
      const read = way.reads.flatMap(inside), links = [...way.row.children[4].childNodes];
      list("Reads", read.slice(0, MOST).map((other) => item(other, way.sheet)), read.length - MOST, "No cell with anything in it that is shown here.");
      if (links.length) { const p = make("p", "In the formula: ", { className: "note" }); p.append(...links.map((n) => n.cloneNode(true))); body.append(p); }
    } else body.append(make("p", "Typed in, not calculated.", { className: "note" }));
    const users = readBy(way);
    list("Read by", users.slice(0, MOST).map((other) => item(other, way.sheet)), users.length - MOST, "No formula that is shown here.");
    if (told(way, 5)) body.append(make("h3", "Source"), make("p", told(way, 5)));
    const rests = origins(way);
    if (rests.length) list("Rests on", rests.slice(0, MOST).map((other) => { const li = item(other, way.sheet); li.append(make("small", `Source: ${told(other, 5)}`)); return li; }), rests.length - MOST, "");
    const show = make("p");
    show.append(make("a", "Show it on its sheet", { href: way.row.querySelector("th a").getAttribute("href") }));
    body.append(show);
    panel.hidden = false;
    panel.scrollTop = 0;
    title.focus();
  };
  const close = () => { if (panel.hidden) return; panel.hidden = true; if (opener && opener.isConnected) opener.focus({ preventScroll: true }); };
  by("panel-close").addEventListener("click", close);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const to = link.getAttribute("href").slice(1), way = ways.get(to);
    if (way) { event.preventDefault(); open(way, link); return; }
    const target = by(to);
    if (target && target.matches("details")) target.open = true;
    if (target && target.closest("section.sheet[hidden], tr[hidden]")) { reset(); }
    if (link.closest("#found")) found.hidden = true;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { if (!found.hidden) { found.hidden = true; search.focus(); } else close(); }
    if (event.key === "/" && !event.target.closest("input, select, textarea")) { event.preventDefault(); search.focus(); }
  });

  // --- search: labels, cells, formulas, text, functions and names ---
  const search = by("search"), found = by("found");
  const SHOWN = 40;
  let entries = null;
  const collect = () => {
    entries = [];
    const add = (head, text, href) => entries.push({ head, text, href, low: `${head} ${text}`.toLowerCase() });
    for (const h of document.querySelectorAll("main h2, main h3[id]")) add(h.textContent, "Heading", `#${h.id}`);
    for (const way of ways.values()) add(`${address(way, 0)}  ${told(way, 1)}`, [2, 3, 5].map((i) => told(way, i)).filter(Boolean).join(" · "), `#${way.row.id}`);
    for (const cell of document.querySelectorAll(".grid [id]")) {
      if (!cell.querySelector("a")) add(`${sheetNames[+/^s(\d+)/.exec(cell.id)[1]]}!${cell.id.replace(/^s\d+-/, "")}`, cell.textContent, `#${cell.id}`);
    }
    for (const fn of document.querySelectorAll(".fn")) add(fn.querySelector("summary").textContent, fn.querySelector("p").textContent, `#${fn.id}`);
    for (const row of document.querySelectorAll("tr[data-name]")) { row.id ||= `name-${entries.length}`; add(row.children[0].textContent, row.children[1].textContent, `#${row.id}`); }
    for (const row of document.querySelectorAll("#stated ~ .wide tbody tr")) { row.id ||= `stated-${entries.length}`; add(row.children[0].textContent + " " + row.children[1].textContent, row.children[5].textContent, `#${row.id}`); }
  };
  const look = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) { found.hidden = true; say(""); return; }
    if (!entries) collect();
    const hits = entries.filter((e) => words.every((w) => e.low.includes(w)));
    const exact = (e) => e.head.toLowerCase().split("  ")[0].split("!").pop() === words[0];
    hits.sort((a, b) => exact(b) - exact(a) || b.head.toLowerCase().includes(words[0]) - a.head.toLowerCase().includes(words[0]));
    const ol = make("ol");
    for (const hit of hits.slice(0, SHOWN)) {
      const li = make("li");
      li.append(make("a", hit.head, { href: hit.href }), make("span", hit.text.slice(0, 220)));
      ol.append(li);
    }
    found.replaceChildren(ol);
    found.hidden = !hits.length;
    say(hits.length ? `${number(hits.length)} found${hits.length > SHOWN ? `; the first ${SHOWN} are listed` : ""}.` : "Nothing found.");
  };
  let waiting = 0;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 120); });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "ArrowDown") { event.preventDefault(); clearTimeout(waiting); look(); const first = found.querySelector("a"); if (first) first.focus(); }
  });
  found.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const links = [...found.querySelectorAll("a")], at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    (links[at] || search).focus();
  });

  // --- filters ---
  const sheet = by("sheet"), verdict = by("verdict"), only = by("only");
  const BAD = "differs disputed unverified".split(" ");
  const matches = (row) => {
    const want = verdict.value, bad = (c) => BAD.some((v) => c.classList.contains(v));
    if (only.checked && ![...row.children].some((c) => bad(c) || c.classList.contains("bad"))) return false;
    if (!want) return true;
    const traced = [...row.children].filter((c) => c.id && ways.has(`t${c.id.slice(1)}`) && told(ways.get(`t${c.id.slice(1)}`), 3).startsWith("="));
    return traced.some((c) => (want === "verified" ? !bad(c) : c.classList.contains(want)));
  };
  const filter = () => {
    const narrowed = Boolean(verdict.value || only.checked);
    let rows = 0, sheets = 0;
    for (const section of document.querySelectorAll("section.sheet")) {
      const own = !sheet.value || section.dataset.sheet === sheet.value;
      let shown = 0;
      for (const row of section.querySelectorAll(".grid tbody tr")) { row.hidden = narrowed && !(own && matches(row)); shown += !row.hidden; }
      for (const row of section.querySelectorAll(".ways tbody tr")) row.hidden = narrowed && !(verdict.value === "verified" ? !row.dataset.v : row.dataset.v && (!verdict.value || row.dataset.v === verdict.value));
      section.hidden = !own || (narrowed && !shown);
      if (!section.hidden) { sheets += 1; rows += shown; }
    }
    for (const chart of document.querySelectorAll("figure.chart")) chart.hidden = Boolean(sheet.value) && chart.dataset.sheet !== sheet.value;
    for (const row of document.querySelectorAll("#checks ~ .wide tbody tr, #stated ~ .wide tbody tr")) row.hidden = only.checked && !("finding" in row.dataset);
    for (const box of document.querySelectorAll("#stated ~ .wide")) {
      box.hidden = !box.querySelector("tbody tr:not([hidden])");
      for (let e = box.previousElementSibling, n = 0; e && n < 2; e = e.previousElementSibling, n += 1) e.hidden = box.hidden;
    }
    const counted = (n, noun) => `${number(n)} ${noun}${n === 1 ? "" : "s"}`;
    say(narrowed || sheet.value ? `Shown: ${counted(rows, "row")} on ${counted(sheets, "sheet")}.` : "");
  };
  const reset = () => { sheet.value = ""; verdict.value = ""; only.checked = false; filter(); };
  for (const control of [sheet, verdict, only]) control.addEventListener("change", filter);

  document.querySelector(".tools").hidden = false;
})();
