// Keeps a page in step with the platform through server-sent events. Every event that
// changes more than a figure fetches the fragment anew, so that what shows is always
// what the server would render; a reload shows the same.
interface Progress {
  job: string;
  done_fraction: number | null;
  left_s: number | null;
  nozzle_degc: number | null;
  state: string;
}

const CALM_MS = 400;

export function wakeLive(root: HTMLElement): void {
  const events = root.dataset["live"];
  const fragment = root.dataset["fragment"];
  const words = root.querySelector("[data-live-state]");
  if (!events || !fragment) return;
  let timer = 0;
  let lost = 0;

  const refresh = async (): Promise<void> => {
    const answer = await fetch(fragment, { headers: { "X-Nearmade-Fragment": "1" } });
    if (!answer.ok) return;
    const opened = new Set(
      [...root.querySelectorAll("details[open][id]")].map((details) => details.id),
    );
    const busy = root.contains(document.activeElement) ? document.activeElement?.id : "";
    const target = root.querySelector("[data-live-content]") ?? root;
    target.innerHTML = await answer.text();
    for (const id of opened) target.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
    if (busy) document.getElementById(busy)?.focus();
    target.dispatchEvent(new CustomEvent("nearmade:added", { bubbles: true }));
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void refresh().catch(() => undefined), CALM_MS);
  };
  const show = (state: "live" | "lost"): void => {
    if (!(words instanceof HTMLElement)) return;
    words.textContent = words.dataset[state] ?? "";
    words.hidden = false;
  };

  const source = new EventSource(events);
  source.addEventListener("open", () => {
    show("live");
    if (lost) soon();
    lost = 0;
  });
  source.addEventListener("error", () => {
    lost += 1;
    show("lost");
  });
  source.addEventListener("progress", (event) => {
    apply(root, JSON.parse((event as MessageEvent<string>).data) as Progress);
  });
  source.addEventListener("message", soon);
  source.addEventListener("changed", soon);
  window.addEventListener("pagehide", () => source.close());
}

function apply(root: HTMLElement, progress: Progress): void {
  const card = root.querySelector<HTMLElement>(`[data-job="${CSS.escape(progress.job)}"]`);
  if (!card) return;
  const put = (name: string, text: string): void => {
    const slot = card.querySelector(`[data-show="${name}"]`);
    if (slot) slot.textContent = text;
  };
  const bar = card.querySelector("progress");
  if (bar && progress.done_fraction !== null) bar.value = progress.done_fraction;
  if (progress.done_fraction !== null) {
    put("percent", new Intl.NumberFormat(document.documentElement.lang, {
      style: "percent",
    }).format(progress.done_fraction));
  }
  if (progress.nozzle_degc !== null) put("nozzle", `${Math.round(progress.nozzle_degc)} °C`);
  if (progress.left_s !== null) put("left", duration(progress.left_s));
}

function duration(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours} h ${String(minutes % 60).padStart(2, "0")} min` : `${minutes} min`;
}
