// Sorts a table by its headers. A cell's `data-value` is what counts, else its text.
function valueOf(row: HTMLTableRowElement, column: number): string | number {
  const cell = row.cells[column];
  const raw = cell?.dataset["value"] ?? cell?.textContent?.trim() ?? "";
  const number = Number(raw);
  return raw !== "" && Number.isFinite(number) ? number : raw.toLowerCase();
}

export function wakeTable(root: HTMLElement): void {
  const table = root as HTMLTableElement;
  const body = table.tBodies[0];
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  if (!body) return;
  heads.forEach((head, column) => {
    if (!head.hasAttribute("data-sort")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent?.trim() ?? "";
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const rows = [...body.rows].sort((a, b) => {
        const x = valueOf(a, column);
        const y = valueOf(b, column);
        const order =
          typeof x === "number" && typeof y === "number"
            ? x - y
            : String(x).localeCompare(String(y));
        return up ? order : -order;
      });
      body.append(...rows);
    });
  });
}
