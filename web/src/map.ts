// Makes the server-drawn map live: finer land, zoom, and one selection shared with the
// table twin. The sites, legs and rings are drawn by the server and stay as they are.
const SVG = "http://www.w3.org/2000/svg";
const NARROWEST = 6;
/** Narrower than this, in units of the sheet, the finer land is fetched. */
const CLOSE = 260;

interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

function boxOf(svg: SVGSVGElement): Box {
  const { x, y, width, height } = svg.viewBox.baseVal;
  return { x, y, w: width, h: height };
}

async function drawLand(svg: SVGSVGElement, url: string): Promise<void> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`map: ${url} answered ${answer.status}`);
  const sheet = (await answer.json()) as { land: string; borders: string };
  const group = document.createElementNS(SVG, "g");
  group.setAttribute("class", "sheet-of-land");
  group.setAttribute("transform", "scale(.1)"); // the sheet counts in tenths
  for (const kind of ["land", "borders"] as const) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", kind);
    path.setAttribute("d", sheet[kind]);
    group.append(path);
  }
  svg.querySelector("image, .sheet-of-land")?.replaceWith(group);
}

export async function wakeMap(root: HTMLElement): Promise<void> {
  const svg = root.querySelector<SVGSVGElement>("svg.world");
  if (!svg) return;
  const home = boxOf(svg);
  let view = { ...home };
  const world = { w: 1000, h: 487 };

  const closer = root.dataset["landClose"];
  let close = false;
  const lookCloser = (): void => {
    if (close || !closer || view.w >= CLOSE) return;
    close = true;
    drawLand(svg, closer).catch(() => (close = false));
  };

  const show = (next: Box): void => {
    const aspect = home.h / home.w;
    const w = Math.min(Math.max(next.w, NARROWEST), Math.max(world.w, home.w));
    const h = w * aspect;
    const x = Math.min(Math.max(next.x, -w / 2), world.w - w / 2);
    const y = Math.min(Math.max(next.y, -h / 2), world.h - h / 2);
    view = { x, y, w, h };
    svg.setAttribute("viewBox", `${x} ${y} ${w} ${h}`);
    // Dots keep their size on the screen while the land grows, and on small screens.
    const small = Math.min(Math.max(620 / (svg.clientWidth || 620), 1), 1.9);
    const factor = (w / home.w) * small;
    for (const mark of svg.querySelectorAll<SVGElement>("[data-r]")) {
      mark.setAttribute("r", String(Number(mark.dataset["r"]) * factor));
    }
    for (const label of svg.querySelectorAll<SVGElement>("[data-size]")) {
      label.setAttribute("font-size", String(Number(label.dataset["size"]) * factor));
    }
    lookCloser();
  };
  const zoom = (factor: number, cx = view.x + view.w / 2, cy = view.y + view.h / 2): void => {
    const w = view.w * factor;
    const h = view.h * factor;
    show({ x: cx - (cx - view.x) * factor, y: cy - (cy - view.y) * factor, w, h });
  };
  const pan = (dx: number, dy: number): void => {
    show({ ...view, x: view.x + dx * view.w, y: view.y + dy * view.h });
  };

  for (const button of root.querySelectorAll<HTMLButtonElement>("[data-map-do]")) {
    button.addEventListener("click", () => {
      const act = button.dataset["mapDo"];
      if (act === "in") zoom(0.6);
      else if (act === "out") zoom(1 / 0.6);
      else show(home);
    });
  }
  svg.addEventListener("keydown", (event) => {
    const step = 0.15;
    const keys: Record<string, () => void> = {
      ArrowLeft: () => pan(-step, 0),
      ArrowRight: () => pan(step, 0),
      ArrowUp: () => pan(0, -step),
      ArrowDown: () => pan(0, step),
      "+": () => zoom(0.7),
      "-": () => zoom(1 / 0.7),
      "0": () => show(home),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  svg.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // plain wheel scrolls the page
      event.preventDefault();
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(
        svg.getScreenCTM()?.inverse(),
      );
      zoom(Math.exp(event.deltaY * 0.004), at.x, at.y);
    },
    { passive: false },
  );
  let held: { x: number; y: number; from: Box } | null = null;
  let dragged = false;
  svg.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX, y: event.clientY, from: { ...view } };
    dragged = false;
  });
  window.addEventListener("pointermove", (event) => {
    if (!held || event.pointerType === "touch") return;
    const dx = event.clientX - held.x;
    const dy = event.clientY - held.y;
    if (Math.hypot(dx, dy) < 4) return;
    dragged = true;
    const perPixel = held.from.w / svg.clientWidth;
    show({ ...held.from, x: held.from.x - dx * perPixel, y: held.from.y - dy * perPixel });
  });
  window.addEventListener("pointerup", () => (held = null));
  svg.addEventListener("click", (event) => {
    if (dragged) event.preventDefault();
  });

  wakeSelection(root, svg);
  show(home);
  const land = root.dataset["land"];
  if (land && view.w >= CLOSE) await drawLand(svg, land);
  lookCloser();
}

function wakeSelection(root: HTMLElement, svg: SVGSVGElement): void {
  const twin = root.closest<HTMLElement>("[data-twin]") ?? root;
  const tip = document.createElement("div");
  tip.className = "map-tip";
  tip.hidden = true;
  root.append(tip);

  const choose = (site: string | undefined, scroll: boolean): void => {
    // An offer of several workshops names them all in its row.
    const row = site && twin.querySelector<HTMLElement>(`tr[data-site="${CSS.escape(site)}"]`);
    const along = new Set((row && row.dataset["with"]?.split(" ")) || []);
    for (const mark of twin.querySelectorAll<HTMLElement | SVGElement>("[data-site]")) {
      const own = mark.dataset["site"];
      const chosen =
        site !== undefined &&
        (own === site || (mark instanceof SVGElement && along.has(own ?? "")));
      mark.classList.toggle("is-chosen", chosen);
      if (chosen && mark instanceof SVGElement) mark.parentNode?.append(mark);
      if (chosen && scroll && mark instanceof HTMLTableRowElement) {
        mark.scrollIntoView({ block: "nearest", behavior: "smooth" });
      }
    }
    for (const leg of twin.querySelectorAll<SVGElement>("[data-leg]")) {
      leg.toggleAttribute("hidden", leg.dataset["leg"] !== site);
    }
  };
  const point = (mark: SVGElement | null): void => {
    const circle = mark?.querySelector("circle");
    tip.hidden = !circle;
    if (!mark || !circle) return;
    const spot = circle.getBoundingClientRect();
    const frame = root.getBoundingClientRect();
    tip.textContent = mark.getAttribute("aria-label") ?? "";
    const middle = spot.left + spot.width / 2 - frame.left;
    const half = tip.offsetWidth / 2;
    tip.style.left = `${Math.min(Math.max(middle, half + 4), frame.width - half - 4)}px`;
    tip.style.top = `${Math.max(spot.top - frame.top, 36)}px`;
  };
  const siteOf = (event: Event): SVGElement | null =>
    (event.target as Element).closest<SVGElement>(".site");

  svg.addEventListener("pointerover", (event) => point(siteOf(event)));
  svg.addEventListener("pointerout", () => point(null));
  svg.addEventListener("focusin", (event) => {
    const mark = siteOf(event);
    point(mark);
    // Moving the mark to the front would lose the focus: only mark the row here.
    for (const row of twin.querySelectorAll<HTMLElement>("tr[data-site]")) {
      row.classList.toggle("is-chosen", row.dataset["site"] === mark?.dataset["site"]);
    }
  });
  svg.addEventListener("focusout", () => point(null));
  svg.addEventListener("click", (event) => {
    const mark = siteOf(event);
    if (!mark || mark.hasAttribute("data-go") || event.defaultPrevented) return;
    event.preventDefault();
    choose(mark.dataset["site"], true);
  });
  twin.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target.closest("a, button, summary, form, svg")) return;
    const row = target.closest<HTMLElement>("tr[data-site]");
    if (row) choose(row.dataset["site"], false);
  });
  twin.addEventListener("focusin", (event) => {
    const row = (event.target as Element).closest<HTMLElement>("tr[data-site]");
    if (row) choose(row.dataset["site"], false);
  });
}
