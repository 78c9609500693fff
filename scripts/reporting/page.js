"use strict";
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const make = (tag, text, name) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (name) element.className = name;
  return element;
};

// What is looked for: by the words of the field, and by the state that was chosen.
function filter(tools) {
  const words = tools.querySelector("input").value.trim().toLowerCase().split(/\s+/);
  const state = tools.querySelector('[aria-pressed="true"]')?.dataset.state ?? "";
  const matches = (text) => words.every((word) => text.includes(word));
  if (tools.dataset.for === "known") return filterLists(tools, matches, words[0] !== "");
  let shown = 0;
  const rows = all(`#${tools.dataset.for} > tbody > tr:not(.detail)`);
  for (const row of rows) {
    row.hidden = !(matches(row.dataset.name) && (!state || row.dataset.state === state));
    if (row.nextElementSibling?.classList.contains("detail")) row.nextElementSibling.hidden = row.hidden;
    shown += !row.hidden;
  }
  tools.querySelector("output").textContent = shown ? `${shown} of ${rows.length}` : "none of these";
}

function filterLists(tools, matches, asked) {
  let shown = 0;
  for (const list of all("#known .list")) {
    let some = false;
    for (const reason of all(".reason", list)) {
      const whole = matches(reason.querySelector("p").textContent.toLowerCase());
      let found = 0;
      for (const item of all("li", reason)) {
        item.hidden = !whole && !matches(item.textContent.toLowerCase());
        found += !item.hidden;
      }
      reason.hidden = !found;
      shown += found;
      some ||= found > 0;
      const more = reason.querySelector("details");
      if (more) more.open = asked && !whole && all("li:not([hidden])", more).length > 0;
    }
    list.hidden = !some;
    list.open = asked && some;
  }
  tools.querySelector("output").textContent = asked ? (shown ? `${shown} found` : "none of these") : "";
}

for (const tools of all(".tools")) {
  tools.addEventListener("input", () => filter(tools));
  for (const chip of all("[data-state]", tools)) {
    chip.addEventListener("click", () => {
      for (const each of all("[data-state]", tools)) each.setAttribute("aria-pressed", each === chip);
      filter(tools);
    });
  }
}

// What failed of an operation, when its name is chosen.
const details = JSON.parse(document.getElementById("operation-details")?.textContent ?? "[]");

function detail(found) {
  const cell = make("div");
  if (found.scope) cell.append(make("p", `Out of scope: ${found.scope}`));
  if (!found.dtypes.length && !found.scope) cell.append(make("p", "Not run."));
  if (found.dtypes.length) cell.append(counts(found.dtypes));
  for (const [place, known, lines] of found.failures) {
    const head = make("h4", `${place} `);
    head.append(make("i", known === null ? "differs" : "known", known === null ? "d" : "k"));
    cell.append(head);
    if (known !== null) cell.append(make("p", known));
    cell.append(make("pre", lines.length ? lines.join("\n") : "(the text was not kept)"));
  }
  for (const [place, known, reason] of found.tpu) {
    const head = make("h4", `TPU: ${place} `);
    head.append(make("i", known ? "known" : "differs", known ? "k" : "d"));
    cell.append(head, make("p", reason));
  }
  const row = make("tr", undefined, "detail");
  const whole = row.insertCell();
  whole.colSpan = 12;
  whole.append(cell);
  return row;
}

function counts(dtypes) {
  const box = make("div", undefined, "counts");
  const table = make("table");
  const names = all("#matrix > thead th").slice(1, -1).map((each) => each.textContent);
  const used = names.map((_, place) => dtypes.some(([, counts]) => counts[place]));
  const head = table.insertRow();
  head.append(make("th", "agree of tried"));
  names.forEach((name, place) => used[place] && head.append(make("th", name)));
  for (const [dtype, found] of dtypes) {
    const row = table.insertRow();
    row.append(make("th", dtype));
    found.forEach((count, place) => {
      if (!used[place]) return;
      row.append(make("td", count ? `${count[0]}/${count[1]}` : "", count && count[0] < count[1] ? "low" : ""));
    });
  }
  box.append(table);
  return box;
}

function toggle(button, open) {
  const row = button.closest("tr");
  const next = row.nextElementSibling;
  const isOpen = Boolean(next?.classList.contains("detail"));
  if (open === isOpen) return;
  if (isOpen) next.remove();
  else row.after(detail(details[button.dataset.detail]));
  button.setAttribute("aria-expanded", String(!isOpen));
}

document.getElementById("matrix")?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-detail]");
  if (button) toggle(button);
});

// A square of the map leads to its row, whatever the filter hides.
function go() {
  const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const button = row?.querySelector?.("[data-detail]");
  if (!button || row.tagName !== "TR") return;
  const tools = document.querySelector('.tools[data-for="matrix"]');
  tools.querySelector("input").value = "";
  tools.querySelector('[data-state=""]').click();
  toggle(button, true);
  row.scrollIntoView({ block: "center" });
}
addEventListener("hashchange", go);

for (const box of all("[data-only]")) {
  box.addEventListener("change", () => {
    const table = box.closest("details").querySelector(".out");
    table.classList.toggle("only-different", box.checked);
  });
}

// Nobody comes to see what is the same: what differs is shown first.
const first = document.querySelector('.chips [data-state="d"], .chips [data-state="k"]');
if (first && !location.hash) first.click();
else all(".tools[data-for]").filter((each) => each.dataset.for !== "known").forEach(filter);
go();
