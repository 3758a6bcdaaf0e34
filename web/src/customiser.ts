// Live fitting: each change is sent to the server, which checks it, renders the parts
// and answers with the new fragment. The form also works as a plain form.
import { toast } from "./toasts";

const WAIT_MS = 350;
const POLL_MS = 700;

export function wakeCustomiser(root: HTMLElement): void {
  const form = root as HTMLFormElement;
  const url = form.dataset["customiser"];
  if (!url) return;
  let timer = 0;
  let running: AbortController | null = null;

  pairSliders(form);

  const ask = async (): Promise<void> => {
    running?.abort();
    const mine = (running = new AbortController());
    const watch = startWatch();
    let drawn = false;
    try {
      for (;;) {
        const answer = await fetch(url, {
          method: "POST",
          body: new FormData(form),
          signal: mine.signal,
          headers: { "X-CSRFToken": form.dataset["token"] ?? "" },
        });
        if (answer.status === 202) {
          watch.say(answer.headers.get("X-Nearmade-Progress"));
          await new Promise((done) => setTimeout(done, POLL_MS));
          if (mine.signal.aborted) return;
          continue;
        }
        if (answer.ok || answer.status === 422) {
          swap(await answer.text());
          drawn = answer.ok;
          if (answer.ok) remember(form);
        } else {
          toast(form.dataset["failed"] ?? `${answer.status}`, true);
        }
        break;
      }
    } catch (error) {
      if (mine.signal.aborted) return;
      toast(form.dataset["failed"] ?? String(error), true);
    } finally {
      watch.leave();
      if (running === mine) watch.stop(drawn);
    }
  };
  const soon = (): void => {
    clearTimeout(timer);
    document.querySelector("[data-viewer]")?.classList.add("is-stale");
    timer = window.setTimeout(() => void ask(), WAIT_MS);
  };
  form.addEventListener("input", (event) => {
    markChanged(event.target as HTMLInputElement);
    for (const chip of document.querySelectorAll("a[data-preset]")) {
      chip.removeAttribute("aria-current");
    }
    soon();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    void ask();
  });
  // Parts that were still being drawn when the page was written come by themselves.
  if (document.querySelector("[data-viewer][aria-busy]")) void ask();
  for (const chip of document.querySelectorAll<HTMLAnchorElement>("a[data-preset]")) {
    chip.addEventListener("click", (event) => {
      event.preventDefault();
      fill(form, JSON.parse(chip.dataset["preset"] ?? "{}") as Record<string, string>);
      for (const other of document.querySelectorAll("a[data-preset]")) {
        other.setAttribute("aria-current", String(other === chip));
      }
      clearTimeout(timer);
      void ask();
    });
  }
}

function pairSliders(form: HTMLFormElement): void {
  for (const slider of form.querySelectorAll<HTMLInputElement>("input[type=range]")) {
    const box = form.querySelector<HTMLInputElement>(`#${CSS.escape(slider.dataset["for"] ?? "")}`);
    if (!box) continue;
    slider.addEventListener("input", () => (box.value = slider.value));
    box.addEventListener("input", () => (slider.value = box.value));
  }
}

function markChanged(input: HTMLInputElement): void {
  const param = input.closest<HTMLElement>(".param");
  if (!param) return;
  const value = input.type === "checkbox" ? String(input.checked) : input.value;
  param.classList.toggle("is-changed", value !== param.dataset["initial"]);
}

function fill(form: HTMLFormElement, values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) {
    const input = form.elements.namedItem(name);
    if (input instanceof HTMLInputElement && input.type === "checkbox") {
      input.checked = value === "true";
    } else if (input instanceof HTMLInputElement || input instanceof HTMLSelectElement) {
      input.value = value;
      const slider = form.querySelector<HTMLInputElement>(
        `input[type=range][data-for="${CSS.escape(input.id)}"]`,
      );
      if (slider) slider.value = value;
      markChanged(input as HTMLInputElement);
    }
  }
}

/** Put each element of the answer that has an id in the place of its namesake. */
function swap(html: string): void {
  const answer = new DOMParser().parseFromString(html, "text/html");
  const busy = document.activeElement?.id;
  for (const fresh of [...answer.body.querySelectorAll("[data-swap]")]) {
    const old = document.getElementById(fresh.id);
    if (!old) continue;
    const adopted = document.importNode(fresh, true);
    old.replaceWith(adopted);
    adopted.dispatchEvent(new CustomEvent("nearmade:added", { bubbles: true }));
  }
  if (busy) document.getElementById(busy)?.focus();
  document.dispatchEvent(new CustomEvent("nearmade:parts"));
}

/** Keep the fit in the address, so that it can be shared, kept and reloaded. */
function remember(form: HTMLFormElement): void {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (name === "switches") continue;
    const input = form.elements.namedItem(name);
    const param = input instanceof HTMLElement ? input.closest<HTMLElement>("[data-initial]") : null;
    if (typeof value === "string" && value !== (param?.dataset["initial"] ?? "")) {
      query.append(name, value);
    }
  }
  history.replaceState(null, "", `?${query.toString()}`);
}

interface Watch {
  say(words: string | null): void;
  /** Stop the clock: another wait has begun, or this one ends. */
  leave(): void;
  /** End the wait; what could not be drawn anew stays marked as of older values. */
  stop(drawn: boolean): void;
}

function startWatch(): Watch {
  const status = document.querySelector<HTMLElement>("[data-viewer] .status");
  const viewer = document.querySelector<HTMLElement>("[data-viewer]");
  const words = status?.querySelector<HTMLElement>("[data-say]");
  const clock = status?.querySelector<HTMLElement>("[data-clock]");
  const began = performance.now();
  const tick = (): void => {
    if (clock) clock.textContent = `${Math.round((performance.now() - began) / 1000)} s`;
  };
  const timer = window.setInterval(tick, 500);
  if (status) status.hidden = false;
  viewer?.setAttribute("aria-busy", "true");
  tick();
  return {
    say(text) {
      if (words && text) words.textContent = `${words.dataset["say"] ?? ""} ${text}`;
    },
    leave() {
      clearInterval(timer);
    },
    stop(drawn) {
      if (words) words.textContent = words.dataset["say"] ?? "";
      if (status) status.hidden = true;
      if (drawn) viewer?.classList.remove("is-stale");
      viewer?.removeAttribute("aria-busy");
    },
  };
}
