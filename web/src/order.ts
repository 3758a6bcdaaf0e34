// Keeps a page in step with the platform through server-sent events. Every event that
// changes more than a figure fetches the fragment anew, so that what shows is always
// what the server would render; a reload shows the same.
interface JobProgress {
  id: string;
  state: string;
  progress: {
    done_fraction?: number | null;
    left_s?: number | null;
    nozzle_degc?: number | null;
    bed_degc?: number | null;
    layer?: number | null;
    power_w?: number | null;
  };
}

interface Told {
  state: string;
  events?: unknown[];
  jobs?: JobProgress[];
  card?: boolean;
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
    const answer = await fetch(fragment);
    if (!answer.ok || answer.redirected) return; // signed out meanwhile: no form in here
    // Never take a form away from under somebody's fingers.
    if (root.querySelector("form :focus:not(button), details.asks[open]")) return;
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
    words.textContent = words.dataset[state === "live" ? "whenLive" : "whenLost"] ?? "";
    words.hidden = false;
  };

  if (events.startsWith("poll:")) {
    const every = Number(events.slice("poll:".length)) * 1000;
    setInterval(() => {
      if (!document.hidden) void refresh().catch(() => undefined);
    }, every);
    return;
  }
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
  let known = "";
  source.addEventListener("progress", (event) => {
    const told = JSON.parse((event as MessageEvent<string>).data) as Told;
    for (const job of told.jobs ?? []) apply(root, job);
    // Figures move by themselves; anything else is drawn anew by the server. The first
    // word counts too: something may have happened since the page was written.
    const shape = JSON.stringify([
      told.state,
      told.events?.length,
      told.jobs?.map((job) => job.state),
      told.card,
    ]);
    if (shape !== known) soon();
    known = shape;
  });
  source.addEventListener("closed", () => source.close());
  window.addEventListener("pagehide", () => source.close());
}

function apply(root: HTMLElement, job: JobProgress): void {
  const card = root.querySelector<HTMLElement>(`[data-job="${CSS.escape(job.id)}"]`);
  if (!card) return;
  const put = (name: string, text: string): void => {
    const slot = card.querySelector(`[data-show="${name}"]`);
    if (!slot) return;
    slot.textContent = text;
    slot.closest<HTMLElement>(".live-figures > [hidden]")?.removeAttribute("hidden");
  };
  const { done_fraction: done, left_s: left, nozzle_degc: nozzle } = job.progress;
  const bar = card.querySelector("progress");
  if (done !== null && done !== undefined) {
    if (bar) bar.value = done;
    const words = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });
    put("percent", words.format(done));
  }
  const { bed_degc: bed, layer, power_w: power } = job.progress;
  if (nozzle !== null && nozzle !== undefined) put("nozzle", `${Math.round(nozzle)} °C`);
  if (bed !== null && bed !== undefined) put("bed", `${Math.round(bed)} °C`);
  if (layer !== null && layer !== undefined) put("layer", String(layer));
  if (power !== null && power !== undefined) put("power", `${Math.round(power)} W`);
  if (left !== null && left !== undefined) put("left", duration(left));
}

function duration(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours} h ${String(minutes % 60).padStart(2, "0")} min` : `${minutes} min`;
}
