"use strict";
// Tables are whole without this script; it adds a button to every head that sorts the rows below it.
(() => {
  const keyOf = (row, column) => {
    const cell = row.cells[column];
    if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
    const text = cell.textContent.trim();
    return text === "-" || text === "" ? null : text;
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });

  const sort = (table, column, direction) => {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows, (row, place) => ({ row, key: keyOf(row, column), place: Number(row.dataset.place ?? place) }));
    rows.sort((a, b) => {
      if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.place - b.place;
      return direction * compare(a.key, b.key) || a.place - b.place;
    });
    body.append(...rows.map((each) => each.row));
  };

  for (const table of document.querySelectorAll("table[data-sortable]")) {
    Array.from(table.tBodies[0].rows).forEach((row, place) => { row.dataset.place = place; });
    const heads = Array.from(table.tHead.rows[table.tHead.rows.length - 1].cells);
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.setAttribute("aria-label", "Sort by " + (head.dataset.name || head.textContent.trim()));
      button.addEventListener("click", () => {
        const words = head.classList.contains("words");
        const was = head.getAttribute("aria-sort");
        const next = was ? (was === "ascending" ? "descending" : "ascending") : words ? "ascending" : "descending";
        heads.forEach((each) => each.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", next);
        sort(table, column, next === "ascending" ? 1 : -1);
      });
      head.append(button);
    });
  }

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = Array.from(document.querySelectorAll("details.check:not([open]), details.changes:not([open])"));
    opened.forEach((each) => { each.open = true; });
  });
  addEventListener("afterprint", () => opened.forEach((each) => { each.open = false; }));
})();
