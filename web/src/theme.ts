// Light, dark, or as the system says. Kept in a cookie, so that the server writes the
// attribute and the page never flashes.
const ORDER = ["auto", "light", "dark"] as const;
type Theme = (typeof ORDER)[number];

function current(): Theme {
  const set = document.documentElement.dataset["theme"];
  return set === "light" || set === "dark" ? set : "auto";
}

function put(theme: Theme): void {
  const root = document.documentElement;
  if (theme === "auto") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
  const age = theme === "auto" ? 0 : 31_536_000;
  document.cookie = `theme=${theme}; path=/; max-age=${age}; samesite=lax`;
  document.dispatchEvent(new CustomEvent("nearmade:theme"));
}

export function wakeTheme(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-theme-switch]");
  if (!button) return;
  const words = JSON.parse(button.dataset["words"] ?? "{}") as Record<string, string>;
  const say = (): void => {
    button.title = words[current()] ?? "";
    button.setAttribute("aria-label", words[current()] ?? "");
  };
  button.addEventListener("click", () => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    // From "auto" the first press must change something that can be seen.
    const cycle: Theme[] = dark ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
    put(cycle[(cycle.indexOf(current()) + 1) % cycle.length] ?? "auto");
    say();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    document.dispatchEvent(new CustomEvent("nearmade:theme"));
  });
  say();
}

/** Read a colour token as the page shows it now. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
