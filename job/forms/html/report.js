"use strict";
// Only comfort: without it the report has the same content.
for (const command of document.querySelectorAll(".command")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", () => {
    const text = command.querySelector("code");
    getSelection().selectAllChildren(text);
    navigator.clipboard?.writeText(text.textContent).then(() => { button.textContent = "Copied"; }, () => {});
  });
  command.append(button);
}

function sortable(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const names = new Intl.Collator(undefined, { numeric: true });
      const text = (row) => (row.cells[column].querySelector("bdi") ?? row.cells[column]).textContent;
      const keyed = [...body.rows].map((row) => [text(row), row]);
      keyed.sort((a, b) => (up ? 1 : -1) * names.compare(a[0], b[0]));
      body.append(...keyed.map(([, row]) => row));
    });
  });
}

function filterable(table, filter) {
  const rows = [...table.tBodies[0].rows].map((row) => ({
    row, text: row.textContent.toLowerCase(), state: row.cells[0].textContent.trim(), kind: row.cells[1].textContent.trim(),
  }));
  const [state, kind] = filter.querySelectorAll("select");
  const words = filter.querySelector("input");
  const shown = filter.querySelector("output");
  const offer = (select, values) => [...new Set(values)].forEach((value) => select.add(new Option(value)));
  offer(state, rows.map((one) => one.state));
  offer(kind, rows.map((one) => one.kind));
  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const one of rows) {
      const fits = (!state.value || one.state === state.value) && (!kind.value || one.kind === kind.value) &&
        wanted.every((word) => one.text.includes(word));
      if (one.row.hidden === fits) one.row.hidden = !fits;
      count += fits;
    }
    shown.value = `${count} of ${rows.length} shown`;
  };
  filter.addEventListener("input", apply);
  filter.hidden = false;
  apply();
}

for (const table of document.querySelectorAll(".items")) {
  sortable(table);
  filterable(table, table.parentElement.querySelector(".filter"));
}

// Each item that can be selected gets a box; the boxes make the command. All due changes of a customer
// are done or none, so their boxes go together.
function selectable(bar) {
  const [said, ticked] = bar.children;
  const hint = said.value;
  const code = ticked.querySelector("code");
  const command = code.textContent;
  const boxes = [...document.querySelectorAll(".items .choice")].map((id) => {
    const row = id.closest("tr");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = id.textContent;
    box.setAttribute("aria-label", `Apply ${id.previousElementSibling.textContent} (${row.cells[1].textContent})`);
    const label = document.createElement("label");
    label.append(box);
    row.cells[0].prepend(label);
    return { box, isHeld: id.classList.contains("held") };
  });
  const show = () => {
    const chosen = boxes.filter((one) => one.box.checked);
    const ids = new Set(chosen.map((one) => one.box.value));
    const held = chosen.filter((one) => one.isHeld).length;
    code.textContent = [command, ...ids].join(" --only ");
    ticked.querySelector("button").textContent = "Copy";
    ticked.hidden = ids.size === 0;
    said.value = ids.size === 0 ? hint : `${chosen.length} of ${boxes.length} ticked` +
      (held > 0 ? `; ${held} of them held back: apply says why, and leaves ${held > 1 ? "them" : "it"} so` : "");
  };
  for (const { box } of boxes) {
    box.addEventListener("change", () => {
      boxes.filter((one) => one.box.value === box.value).forEach((one) => { one.box.checked = box.checked; });
      show();
    });
  }
  ticked.lastElementChild.addEventListener("click", () => {
    boxes.forEach((one) => { one.box.checked = false; });
    show();
  });
  bar.hidden = boxes.length === 0;
}
document.querySelectorAll(".selection").forEach(selectable);
