// Short messages at the foot of the page; errors stay until they are put away.
const SECONDS_SHOWN = 6;

export function toast(text: string, lasting = false): void {
  const box = document.querySelector("[data-toasts]");
  if (!box) return;
  const note = document.createElement("div");
  note.className = "toast";
  const words = document.createElement("span");
  words.textContent = text;
  const away = document.createElement("button");
  away.type = "button";
  away.className = "ghost";
  away.textContent = "×";
  away.setAttribute("aria-label", box.getAttribute("data-away") ?? "Close");
  away.addEventListener("click", () => note.remove());
  note.append(words, away);
  box.append(note);
  if (!lasting) setTimeout(() => note.remove(), SECONDS_SHOWN * 1000);
}

export function wakeToasts(): void {
  document.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-copy]");
    if (!button) return;
    const text = button.dataset["copy"] || window.location.href;
    navigator.clipboard.writeText(text).then(
      () => toast(button.dataset["copied"] ?? text),
      () => toast(text, true),
    );
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    const { xhr, elt } = (event as CustomEvent<{ xhr: XMLHttpRequest; elt: HTMLElement }>).detail;
    const words = elt.dataset["failed"];
    if (words) elt.textContent = words;
    else toast(`${xhr.status} ${xhr.statusText}`.trim(), true);
  });
}
