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
