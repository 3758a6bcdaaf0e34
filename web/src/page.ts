// The one entry of every page. The page works without it; this file wakes the live
// parts that the page holds, each in its own file, loaded when it is needed.
import "./styles/all.css";
import { wakeTheme } from "./theme";
import { wakeToasts } from "./toasts";

type Wake = (root: HTMLElement) => void | Promise<void>;

const PARTS: [selector: string, load: () => Promise<Wake>][] = [
  ["[data-places]", async () => (await import("./places")).wakePlaces],
  ["[data-viewer]", async () => (await import("./viewer")).wakeViewer],
  ["[data-map]", async () => (await import("./map")).wakeMap],
  ["[data-customiser]", async () => (await import("./customiser")).wakeCustomiser],
  ["[data-drop]", async () => (await import("./drop")).wakeDrop],
  ["[data-live]", async () => (await import("./order")).wakeLive],
  ["table[data-sortable]", async () => (await import("./table")).wakeTable],
];

const awake = new WeakSet<Element>();
const whenSeen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      whenSeen.unobserve(entry.target);
      rouse(entry.target as HTMLElement);
    }
  },
  { rootMargin: "200px" },
);

function rouse(element: HTMLElement): void {
  for (const [selector, load] of PARTS) {
    if (!element.matches(selector)) continue;
    load()
      .then((wake) => wake(element))
      .catch((error: unknown) => {
        // The still picture or plain table stays: say why for whoever looks.
        if (selector === "[data-viewer]") document.documentElement.classList.add("no-viewer");
        console.error(`nearmade: ${selector} stays asleep`, error);
      });
  }
}

// A table wider than its box is scrolled; without a mouse too, once it can have focus.
const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = target;
    if (scrollWidth > clientWidth || scrollHeight > clientHeight + 1) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});

/** Wake every live part inside `root`, once. */
export function wakeAll(root: ParentNode): void {
  for (const box of root.querySelectorAll(".table-box")) widths.observe(box);
  for (const [selector] of PARTS) {
    const found = [...root.querySelectorAll<HTMLElement>(selector)];
    if (root instanceof HTMLElement && root.matches(selector)) found.push(root);
    for (const element of found) {
      if (awake.has(element)) continue;
      awake.add(element);
      if (selector === "[data-viewer]" || selector === "[data-map]") {
        whenSeen.observe(element);
      } else {
        rouse(element);
      }
    }
  }
}

let htmxAwake = false;

/** htmx comes with the first element that wants it, be it after a live fitting. */
async function wakeHtmx(): Promise<void> {
  if (htmxAwake || !document.querySelector("[hx-get], [hx-post]")) return;
  htmxAwake = true;
  const { default: htmx } = await import("htmx.org");
  htmx.config.includeIndicatorStyles = false;
  htmx.config.allowEval = false;
  htmx.config.allowScriptTags = false;
  htmx.config.selfRequestsOnly = true;
  htmx.process(document.body);
  document.addEventListener("nearmade:added", (event) => {
    htmx.process(event.target as HTMLElement);
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    wakeAll(event.target as HTMLElement);
  });
  keepUnfolded();
}

/** What somebody unfolded stays so when fresher figures take its place. */
function keepUnfolded(): void {
  let unfolded: string[] = [];
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const old = (event as CustomEvent<{ target: HTMLElement }>).detail.target;
    unfolded = [...old.querySelectorAll<HTMLElement>("details[open][id]")].map((one) => one.id);
  });
  document.body.addEventListener("htmx:afterSwap", () => {
    for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
    unfolded = [];
  });
  document.body.addEventListener("htmx:oobAfterSwap", () => {
    document.dispatchEvent(new CustomEvent("nearmade:findings"));
  });
}

function wakeBusyForms(): void {
  document.addEventListener("submit", (event) => {
    const button = (event as SubmitEvent).submitter;
    if (!(button instanceof HTMLButtonElement) || event.defaultPrevented) return;
    // A second click says nothing new, and its answer would be that it is done already.
    if (button.classList.contains("is-busy")) {
      event.preventDefault();
      return;
    }
    const asks = button.dataset["asks"];
    if (asks && !window.confirm(asks)) {
      event.preventDefault();
      return;
    }
    button.classList.add("is-busy");
    setTimeout(() => button.classList.remove("is-busy"), 15_000);
  });
  // A page that comes back from the browser's memory is not busy any more.
  window.addEventListener("pageshow", () => {
    for (const busy of document.querySelectorAll(".is-busy")) {
      busy.classList.remove("is-busy");
    }
  });
  document.addEventListener("change", (event) => {
    const form = (event.target as HTMLElement).closest<HTMLFormElement>("form[data-auto]");
    form?.requestSubmit();
  });
}

document.addEventListener("click", (event) => {
  // A link to something folded unfolds it.
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="#"]');
  const hash = link?.getAttribute("href") ?? "#";
  const target = hash.length > 1 ? document.getElementById(hash.slice(1)) : null;
  if (target instanceof HTMLDetailsElement) target.open = true;
});
document.addEventListener("nearmade:added", (event) => {
  wakeAll(event.target as HTMLElement);
  void wakeHtmx();
});
document.documentElement.classList.add("js");
if (matchMedia("(max-width: 859px)").matches) {
  for (const folded of document.querySelectorAll("details[data-folds]")) {
    folded.removeAttribute("open");
  }
}
wakeTheme();
wakeToasts();
wakeBusyForms();
wakeAll(document);
void wakeHtmx();
