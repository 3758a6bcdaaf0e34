// The part, turning: drawn as a workshop drawing (paper-white faces, ink edges) on a
// print bed at true scale, with a coin beside it. The picture and the figures that the
// server wrote stay as the text alternative.
import {
  AmbientLight, Box3, BufferGeometry, CircleGeometry, Color, DirectionalLight, DoubleSide,
  EdgesGeometry, GridHelper, Group, LineBasicMaterial, LineSegments, Matrix4, Mesh,
  MeshBasicMaterial, MeshStandardMaterial, OrthographicCamera, Plane, PlaneGeometry, Scene, Vector3, WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import type { Material } from "three";
import type { Finding } from "./marks";
import { lookAtMarks, markColour, readFindings, rings, skinned, skinsOf } from "./marks";
import { token } from "./theme";

interface PartSource {
  name: string;
  glb: string;
}

interface Sheet {
  plate_mm: [number, number];
  parts: PartSource[];
  /** One file with everything in its place; empty when the parts are all there is. */
  together: string;
}

const GAP_MM = 8;
const COIN_MM = 24; // between a one-euro (23.25 mm) and a US quarter (24.26 mm)
const EDGE_DEGREES = 28;
const TURN = Math.PI / 12;
/** glTF counts in metres with y up; a workshop counts in millimetres with z up. */
const TO_WORKSHOP = new Matrix4()
  .makeRotationX(Math.PI / 2)
  .premultiply(new Matrix4().makeScale(1000, 1000, 1000));
const NO_SHEET: Sheet = { plate_mm: [180, 180], parts: [], together: "" };
const TOGETHER = "(together)";
const TURN_MS = 200;
const FREE_AROUND = 1.08;
const MARK_GLOW = 0.4;
const NO_LIGHT = new Color(0);

export async function wakeViewer(root: HTMLElement): Promise<void> {
  const stage = root.querySelector<HTMLElement>(".stage");
  if (!stage) return;
  const viewer = new Viewer(root, stage);
  await viewer.load(readSheet(root));
  document.addEventListener("nearmade:parts", () => {
    viewer.load(readSheet(root)).catch((error: unknown) => console.error(error));
  });
  document.addEventListener("nearmade:theme", () => viewer.paint());
  document.addEventListener("nearmade:findings", () => viewer.paint());
}

function readSheet(root: HTMLElement): Sheet {
  const script = document.getElementById(root.dataset["viewer"] ?? "");
  return JSON.parse(script?.textContent ?? JSON.stringify(NO_SHEET)) as Sheet;
}

class Viewer {
  private readonly scene = new Scene();
  private readonly renderer: WebGLRenderer;
  private readonly camera = new OrthographicCamera();
  private readonly controls: OrbitControls;
  private readonly plate = new Group();
  private readonly things = new Group();
  private readonly cut = new Plane(new Vector3(0, 0, -1), 1e6);
  private readonly files = new Map<string, Promise<BufferGeometry[]>>();
  private readonly hidden = new Set<string>();
  private readonly places = new Group();
  private findings: Finding[] = [];
  private pointed = "";
  private chosen = "";
  private onPlate = false;
  private sheet: Sheet = NO_SHEET;
  private loads = 0;
  private framed = false;
  private queued = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly stage: HTMLElement,
  ) {
    this.renderer = new WebGLRenderer({ antialias: true, alpha: true });
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    this.renderer.clippingPlanes = [this.cut];
    this.camera.up.set(0, 0, 1);
    const canvas = this.renderer.domElement;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", root.dataset["label"] ?? "");
    canvas.setAttribute("aria-describedby", root.dataset["help"] ?? "");
    stage.append(canvas);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enableZoom = true;
    this.controls.zoomSpeed = 0.6;
    this.controls.addEventListener("change", () => this.draw());
    const sun = new DirectionalLight(0xffffff, 1.5);
    sun.position.set(0.5, -1, 1.8);
    const fill = new DirectionalLight(0xffffff, 0.5);
    fill.position.set(-1, 0.4, 0.6);
    this.scene.add(new AmbientLight(0xffffff, 1.55), sun, fill, this.plate, this.things, this.places);
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("wheel", (event) => {
      // The plain wheel scrolls the page unless the drawing has been taken hold of.
      if (document.activeElement !== canvas && !event.ctrlKey) event.stopImmediatePropagation();
    }, { capture: true });
    new ResizeObserver(() => this.resize()).observe(stage);
    this.wireTools();
  }

  async load(sheet: Sheet): Promise<void> {
    const mine = ++this.loads;
    if (sheet.parts.length === 0) return;
    this.onPlate ||= !sheet.together;
    const wanted = this.onPlate ? sheet.parts : [{ name: TOGETHER, glb: sheet.together }];
    const drawn = await Promise.all(
      wanted.map(async (part) => ({ part, shapes: await this.fetch(part.glb) })),
    );
    if (mine !== this.loads) return;
    this.sheet = sheet;
    for (const child of [...this.things.children]) this.drop(child as Group);
    for (const { part, shapes } of drawn) this.things.add(this.build(part, shapes));
    this.arrange();
    this.paint();
    if (!this.framed && drawn.length > 0) {
      this.frame();
      this.framed = true;
      this.root.classList.add("is-awake");
    }
    this.root.classList.remove("is-stale");
    this.draw();
  }

  private fetch(url: string): Promise<BufferGeometry[]> {
    let shapes = this.files.get(url);
    if (!shapes) {
      shapes = new GLTFLoader().loadAsync(url).then((file) => {
        const found: BufferGeometry[] = [];
        file.scene.updateMatrixWorld(true);
        file.scene.traverse((node) => {
          if (node instanceof Mesh) {
            found.push((node.geometry as BufferGeometry).clone().applyMatrix4(node.matrixWorld));
            found.at(-1)?.applyMatrix4(TO_WORKSHOP);
          }
        });
        return found;
      });
      this.files.set(url, shapes);
    }
    return shapes;
  }

  private build(part: PartSource, shapes: BufferGeometry[]): Group {
    const group = new Group();
    group.name = part.name;
    for (const shape of shapes) {
      const coloured = shape.hasAttribute("color");
      const plain = (): MeshStandardMaterial => new MeshStandardMaterial({
        roughness: 0.9, side: DoubleSide, vertexColors: coloured, flatShading: true,
        polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1,
      });
      group.add(skinned(shape, plain));
      group.add(new LineSegments(new EdgesGeometry(shape, EDGE_DEGREES), new LineBasicMaterial()));
    }
    return group;
  }

  private drop(group: Group): void {
    this.things.remove(group);
    for (const child of group.children) {
      if (child instanceof Mesh || child instanceof LineSegments) {
        if (child instanceof LineSegments) {
          child.geometry.dispose();
          child.material.dispose();
        } else {
          for (const skin of skinsOf(child)) skin.dispose();
        }
      }
    }
  }

  /** Lay the parts on the plate in rows, the deepest first; one thing alone in its middle. */
  private arrange(): void {
    const groups = this.things.children as Group[];
    for (const group of groups) group.position.set(0, 0, 0);
    const boxes = groups.map((group) => new Box3().setFromObject(group));
    const widest = Math.max(this.sheet.plate_mm[0], ...boxes.map((b) => b.max.x - b.min.x));
    const order = groups.map((_, i) => i).sort((a, b) => depth(boxes[b]) - depth(boxes[a]));
    let x = 0;
    let y = 0;
    let row = 0;
    for (const index of order) {
      const box = boxes[index];
      const group = groups[index];
      if (!box || !group) continue;
      const width = box.max.x - box.min.x;
      if (x > 0 && x + width > widest) {
        x = 0;
        y -= row + GAP_MM;
        row = 0;
      }
      group.position.set(x - box.min.x, y - box.max.y, -box.min.z);
      x += width + GAP_MM;
      row = Math.max(row, depth(box));
    }
    const whole = new Box3().setFromObject(this.things);
    if (whole.isEmpty()) return;
    const middle = whole.getCenter(new Vector3());
    for (const group of groups) {
      group.position.x -= middle.x;
      group.position.y -= middle.y;
      group.visible = !this.hidden.has(group.name);
    }
  }

  /** Give everything the colours of the page as it is now. */
  paint(): void {
    const ink = new Color(token("ink"));
    const skin = new Color(token("part"));
    const accent = new Color(token("accent"));
    const line = new Color(token("line-strong"));
    this.findings = readFindings();
    const pointed = this.findings.find((one) => one.key === this.pointed);
    for (const group of this.things.children as Group[]) {
      const chosen = group.name === this.chosen;
      // Of a finding that is pointed at, the other parts are hardly in the way.
      const faint = pointed !== undefined && !this.isOn(pointed, group.name);
      for (const child of group.children) {
        if (child instanceof Mesh) {
          for (const material of skinsOf(child)) {
            fade(material, faint);
            const mark = this.markOn(group.name, material.name);
            if (!material.vertexColors) material.color.copy(mark ?? (chosen ? accent : skin));
            // What looks down lies in its own shade: marks shine a little by themselves.
            material.emissive.copy(mark ?? NO_LIGHT).multiplyScalar(MARK_GLOW);
          }
        } else if (child instanceof LineSegments) {
          fade(child.material as LineBasicMaterial, faint);
          (child.material as LineBasicMaterial).color.copy(ink);
        }
      }
    }
    this.plate.clear();
    const [width, deep] = this.sheet.plate_mm;
    const size = Math.max(width, deep);
    const grid = new GridHelper(size, Math.round(size / 10), line, line);
    grid.rotateX(Math.PI / 2);
    (grid.material as LineBasicMaterial).transparent = true;
    (grid.material as LineBasicMaterial).opacity = 0.35;
    const bed = new Mesh(
      new PlaneGeometry(width, deep),
      new MeshBasicMaterial({ color: new Color(token("plate")), transparent: true, opacity: 0.6 }),
    );
    bed.position.z = -0.4;
    grid.position.z = -0.2;
    const coin = new LineSegments(
      new EdgesGeometry(new CircleGeometry(COIN_MM / 2, 48)),
      new LineBasicMaterial({ color: accent }),
    );
    const things = new Box3().setFromObject(this.things);
    const corner = things.isEmpty() ? new Vector3(-width / 2, -deep / 2, 0) : things.min;
    coin.position.set(corner.x + COIN_MM / 2, corner.y - COIN_MM * 0.75, 0);
    this.plate.add(bed, grid, coin);
    this.point();
    this.draw();
  }

  /** The colour of a marked range, while its finding stands and marks are shown. */
  private markOn(part: string, code: string): Color | null {
    if (!code || document.querySelector<HTMLInputElement>("[data-marks-shown]")?.checked === false) {
      return null;
    }
    const found = this.findings.find((one) => one.code === code && this.isOn(one, part));
    return found ? markColour(found.severity) : null;
  }

  /** A file of one part alone stands for the part of that name. */
  private isOn(finding: Finding, group: string): boolean {
    return finding.part === group || this.sheet.parts.length === 1;
  }

  /** Draw rings around the places of the finding that was chosen. */
  private point(): void {
    for (const old of [...this.places.children]) this.places.remove(old);
    const finding = this.findings.find((one) => one.key === this.pointed);
    for (const one of this.findings) {
      one.button.setAttribute("aria-pressed", String(one === finding));
    }
    const group = finding && this.groupOf(finding);
    if (!finding || !group) return;
    this.places.add(rings(finding.spots, group.position, new Color(token("accent"))));
  }

  private groupOf(finding: Finding): Group | undefined {
    return (this.things.children as Group[]).find((group) => this.isOn(finding, group.name));
  }

  /** Turn the part so that a finding's place is seen. */
  private async show(key: string): Promise<void> {
    this.pointed = this.pointed === key ? "" : key;
    const finding = this.findings.find((one) => one.key === this.pointed);
    if (finding && !this.onPlate && this.sheet.together) {
      this.root.querySelector('[data-viewer-do="apart"]')?.setAttribute("aria-pressed", "true");
      this.onPlate = true;
      this.framed = false;
      await this.load(this.sheet);
    }
    this.paint();
    const group = finding && this.groupOf(finding);
    if (!finding || !group) return;
    this.stage.scrollIntoView({ block: "nearest", behavior: "instant" });
    const spot = finding.spots[0];
    const marks = lookAtMarks(group, finding.code);
    const box = new Box3().setFromObject(group);
    const middle = box.getCenter(new Vector3());
    const at = spot
      ? new Vector3(spot[0], spot[1], spot[2]).add(group.position)
      : (marks?.at.clone().add(group.position) ?? middle);
    const outward = marks && marks.from.length() > 0.1 ? marks.from.clone() : at.clone().sub(middle);
    const around = spot ? Math.max(spot[3] * 6, 12) : box.getSize(new Vector3()).length();
    this.turnTo(at, aslant(outward), Math.min(Math.max((2 * Math.max(...this.seen)) / around, 0.8), 6));
  }

  /** Move the eye over a moment; at once when the person asks for less motion. */
  private turnTo(at: Vector3, from: Vector3, zoom: number): void {
    const length = this.camera.position.distanceTo(this.controls.target);
    const start = {
      at: this.controls.target.clone(),
      from: this.camera.position.clone().sub(this.controls.target).normalize(),
      zoom: this.camera.zoom,
    };
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const began = performance.now();
    const step = (): void => {
      const share = still ? 1 : Math.min((performance.now() - began) / TURN_MS, 1);
      const eased = share * share * (3 - 2 * share);
      const way = start.from.clone().lerp(from, eased);
      if (way.length() < 1e-3) way.copy(from);
      this.controls.target.copy(start.at).lerp(at, eased);
      this.camera.position.copy(this.controls.target).add(way.setLength(length));
      this.camera.zoom = start.zoom + (zoom - start.zoom) * eased;
      this.camera.updateProjectionMatrix();
      this.controls.update();
      this.draw();
      if (share < 1) requestAnimationFrame(step);
    };
    step();
  }

  private frame(): void {
    const box = new Box3().setFromObject(this.things);
    // The coin belongs to the picture: it says how large the thing is.
    box.expandByPoint(new Vector3(box.min.x, box.min.y - COIN_MM * 1.25, box.min.z));
    const middle = box.getCenter(new Vector3());
    const reach = box.getSize(new Vector3()).length() || 100;
    this.controls.target.copy(middle);
    this.camera.position.copy(middle).add(new Vector3(-0.45, -1, 0.85).setLength(reach * 3));
    this.camera.near = 0.1;
    this.camera.far = reach * 10 + 2000;
    this.camera.zoom = 1;
    this.camera.lookAt(middle);
    this.camera.updateMatrixWorld();
    this.seen = seenFrom(this.camera, box, middle);
    this.resize();
    this.controls.update();
  }
  /** Half of what the things take of the picture, across and up. [mm] */
  private seen: [across: number, up: number] = [80, 60];

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.stage;
    if (!width || !height) return;
    this.renderer.setSize(width, height, false);
    const [across, up] = this.seen;
    const wide = Math.max(up * (width / height), across) * FREE_AROUND;
    this.camera.left = -wide;
    this.camera.right = wide;
    this.camera.top = (wide * height) / width;
    this.camera.bottom = -(wide * height) / width;
    this.camera.updateProjectionMatrix();
    this.draw();
  }

  private draw(): void {
    if (this.queued) return;
    this.queued = true;
    requestAnimationFrame(() => {
      this.queued = false;
      this.renderer.render(this.scene, this.camera);
    });
  }

  private turn(around: number, over: number): void {
    const from = this.camera.position.clone().sub(this.controls.target);
    const length = from.length();
    const azimuth = Math.atan2(from.y, from.x) + around;
    const height = Math.asin(from.z / length) + over;
    const tilt = Math.min(Math.max(height, -1.5), 1.5);
    this.camera.position.copy(this.controls.target).add(
      new Vector3(
        Math.cos(tilt) * Math.cos(azimuth),
        Math.cos(tilt) * Math.sin(azimuth),
        Math.sin(tilt),
      ).multiplyScalar(length),
    );
    this.controls.update();
    this.draw();
  }

  private nearer(factor: number): void {
    this.camera.zoom = Math.min(Math.max(this.camera.zoom * factor, 0.3), 20);
    this.camera.updateProjectionMatrix();
    this.draw();
  }

  private key(event: KeyboardEvent): void {
    const acts: Record<string, () => void> = {
      ArrowLeft: () => this.turn(-TURN, 0),
      ArrowRight: () => this.turn(TURN, 0),
      ArrowUp: () => this.turn(0, TURN),
      ArrowDown: () => this.turn(0, -TURN),
      "+": () => this.nearer(1.2),
      "=": () => this.nearer(1.2),
      "-": () => this.nearer(1 / 1.2),
      "0": () => this.frame(),
    };
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  private wireTools(): void {
    const doing: Record<string, (button: HTMLElement) => void> = {
      home: () => this.frame(),
      apart: (button) => {
        this.onPlate = !this.onPlate || !this.sheet.together;
        button.setAttribute("aria-pressed", String(this.onPlate));
        this.framed = false;
        this.load(this.sheet).catch((error: unknown) => console.error(error));
      },
      cut: (button) => {
        const on = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(on));
        const box = new Box3().setFromObject(this.things);
        this.cut.constant = on ? (box.min.z + box.max.z) / 2 : 1e6;
        this.draw();
      },
    };
    this.root.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-viewer-do]");
      if (button) doing[button.dataset["viewerDo"] ?? ""]?.(button);
    });
    document.addEventListener("click", (event) => {
      const key = (event.target as Element).closest<HTMLElement>("[data-finding]")?.dataset["finding"];
      if (key) this.show(key).catch((error: unknown) => console.error(error));
    });
    // The parts list anywhere on the page shows, hides and highlights.
    document.addEventListener("change", (event) => {
      if ((event.target as Element).matches("[data-marks-shown]")) this.paint();
      const box = (event.target as Element).closest<HTMLInputElement>("input[data-part-shown]");
      const name = box?.dataset["partShown"];
      if (!box || !name) return;
      if (!this.onPlate) this.root.querySelector<HTMLElement>('[data-viewer-do="apart"]')?.click();
      if (box.checked) this.hidden.delete(name);
      else this.hidden.add(name);
      for (const group of this.things.children) group.visible = !this.hidden.has(group.name);
      this.draw();
    });
    for (const kind of ["pointerover", "focusin"] as const) {
      document.addEventListener(kind, (event) => {
        const row = (event.target as Element).closest<HTMLElement>("[data-part-row]");
        const name = row?.dataset["partRow"] ?? "";
        if (name === this.chosen) return;
        this.chosen = name;
        this.paint();
      });
    }
  }
}

function fade(material: Material, faint: boolean): void {
  material.transparent = faint;
  material.opacity = faint ? 0.12 : 1;
  material.depthWrite = !faint;
}

/** Look a little from above or below and from the side, never along an axis. */
function aslant(outward: Vector3): Vector3 {
  const way = outward.length() > 1e-6 ? outward.clone().normalize() : new Vector3(0, -1, 0.6);
  if (Math.hypot(way.x, way.y) < 0.4) way.add(new Vector3(-0.22, -0.42, 0));
  if (way.z > -0.2 && way.z < 0.7) way.z += 0.25;
  return way.normalize();
}

/** Give how far the corners of a box lie from its middle, as the eye sees them. */
function seenFrom(camera: OrthographicCamera, box: Box3, middle: Vector3): [number, number] {
  const [right, up, ahead] = [new Vector3(), new Vector3(), new Vector3()];
  camera.matrixWorld.extractBasis(right, up, ahead);
  let across = 1;
  let high = 1;
  for (const x of [box.min.x, box.max.x]) {
    for (const y of [box.min.y, box.max.y]) {
      for (const z of [box.min.z, box.max.z]) {
        const corner = new Vector3(x, y, z).sub(middle);
        across = Math.max(across, Math.abs(corner.dot(right)));
        high = Math.max(high, Math.abs(corner.dot(up)));
      }
    }
  }
  return [across, high];
}

function depth(box: Box3 | undefined): number {
  return box ? box.max.y - box.min.y : 0;
}
