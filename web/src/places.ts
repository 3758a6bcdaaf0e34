// A place field that offers names while one types (ARIA combobox, list autocomplete).
// Without it the field is plain text and the server looks the name up.
interface Found {
  label: string;
  note: string;
  value: string;
}

const WAIT_MS = 140;

export function wakePlaces(root: HTMLElement): void {
  const input = root.querySelector<HTMLInputElement>("input");
  const url = root.dataset["places"];
  if (!input || !url) return;
  const list = document.createElement("div");
  list.className = "place-list";
  list.id = `${input.id || input.name}-list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", root.dataset["listLabel"] ?? "");
  list.hidden = true;
  root.append(list);
  root.classList.add("place-field");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.autocomplete = "off";

  let found: Found[] = [];
  let at = -1;
  let timer = 0;
  let asked = 0;

  const close = (): void => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (index: number): void => {
    at = index;
    [...list.children].forEach((child, i) => {
      child.setAttribute("aria-selected", String(i === at));
      if (i === at) {
        child.scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", child.id);
      }
    });
  };
  const take = (index: number): void => {
    const chosen = found[index];
    if (!chosen) return;
    input.value = chosen.value;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const show = (): void => {
    list.replaceChildren(
      ...found.map((place, index) => {
        const option = document.createElement("div");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const name = document.createElement("span");
        name.textContent = place.label;
        const note = document.createElement("span");
        note.textContent = place.note;
        option.append(name, note);
        option.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          take(index);
        });
        return option;
      }),
    );
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    at = -1;
  };
  const ask = async (): Promise<void> => {
    const text = input.value.trim();
    if (text.length < 2) {
      found = [];
      show();
      return;
    }
    const mine = ++asked;
    const answer = await fetch(`${url}?q=${encodeURIComponent(text)}`, {
      headers: { Accept: "application/json" },
    });
    if (mine !== asked || !answer.ok) return;
    found = ((await answer.json()) as { places: Found[] }).places;
    show();
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask().catch(close), WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark((at + 1) % found.length);
    else if (event.key === "ArrowUp") mark((at - 1 + found.length) % found.length);
    else if (event.key === "Enter" && at >= 0) take(at);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
}
