// Findings on the part: which faces the file marks, what colour they have, where the
// list beside the drawing points, and the rings around such places.
import {
  BufferAttribute, BufferGeometry, Color, Group, LineBasicMaterial, LineLoop, Mesh,
  MeshStandardMaterial, Vector3,
} from "three";
import { token } from "./theme";

/** A range of indices of one finding's faces, as the file's extras tell. */
interface MarkedRange {
  code: string;
  first: number;
  count: number;
}

/** One finding of the list. */
export interface Finding {
  key: string;
  part: string;
  code: string;
  severity: string;
  spots: [x: number, y: number, z: number, r: number][];
  button: HTMLElement;
}

const RING_POINTS = 48;
const SMALLEST_RING_MM = 1.2;

export function readFindings(): Finding[] {
  return [...document.querySelectorAll<HTMLElement>("[data-finding]")].map((button) => ({
    key: button.dataset["finding"] ?? "",
    part: button.dataset["part"] ?? "",
    code: button.dataset["code"] ?? "",
    severity: button.dataset["severity"] ?? "",
    spots: (button.dataset["spots"] ?? "")
      .split(" ")
      .map((spot) => spot.split(",").map(Number))
      .filter((spot): spot is [number, number, number, number] =>
        spot.length === 4 && spot.every(Number.isFinite)),
    button,
  }));
}

function rangesOf(shape: BufferGeometry): MarkedRange[] {
  const told = shape.userData["marks"] as unknown;
  return Array.isArray(told) ? (told as MarkedRange[]) : [];
}

/** Make the skin of a part: one material, and one more for each marked range. */
export function skinned(shape: BufferGeometry, plain: () => MeshStandardMaterial): Mesh {
  const ranges = rangesOf(shape);
  const whole = shape.index?.count ?? shape.getAttribute("position").count;
  if (ranges.length === 0) return new Mesh(shape, plain());
  shape.clearGroups();
  shape.addGroup(0, Math.min(...ranges.map((range) => range.first)), 0);
  const skins = [plain()];
  for (const range of ranges) {
    if (range.first < 0 || range.first + range.count > whole) continue;
    const skin = plain();
    skin.name = range.code;
    shape.addGroup(range.first, range.count, skins.length);
    skins.push(skin);
  }
  return new Mesh(shape, skins);
}

export function skinsOf(mesh: Mesh): MeshStandardMaterial[] {
  const material = mesh.material as MeshStandardMaterial | MeshStandardMaterial[];
  return Array.isArray(material) ? material : [material];
}

/** The colour of a finding's faces; nothing for what only informs. */
export function markColour(severity: string): Color | null {
  if (severity === "error" || severity === "warning") {
    return new Color(token(`mark-${severity}`));
  }
  return null;
}

/** Where marked faces lie and to which side they look, in the part's own millimetres. */
export function lookAtMarks(group: Group, code: string): { at: Vector3; from: Vector3 } | null {
  for (const child of group.children) {
    if (!(child instanceof Mesh)) continue;
    const shape = child.geometry as BufferGeometry;
    const range = rangesOf(shape).find((one) => one.code === code);
    if (range) return meanOf(shape, range);
  }
  return null;
}

function meanOf(shape: BufferGeometry, range: MarkedRange): { at: Vector3; from: Vector3 } | null {
  const points = shape.getAttribute("position");
  const index = shape.index;
  if (!index) return null;
  const [a, b, c] = [new Vector3(), new Vector3(), new Vector3()];
  const [at, from] = [new Vector3(), new Vector3()];
  let area = 0;
  for (let k = range.first; k < range.first + range.count; k += 3) {
    a.fromBufferAttribute(points, index.getX(k));
    b.fromBufferAttribute(points, index.getX(k + 1));
    c.fromBufferAttribute(points, index.getX(k + 2));
    const middle = a.clone().add(b).add(c).divideScalar(3);
    const normal = b.sub(a).cross(c.sub(a));
    const size = normal.length();
    area += size;
    at.addScaledVector(middle, size);
    from.add(normal);
  }
  if (area === 0) return null;
  return { at: at.divideScalar(area), from: from.divideScalar(area) };
}

/** Three rings around a place, seen through the part. */
export function rings(spots: Finding["spots"], shift: Vector3, colour: Color): Group {
  const group = new Group();
  for (const [x, y, z, r] of spots) {
    for (const axis of [0, 1, 2]) {
      const ring = new LineLoop(
        circle(Math.max(r, SMALLEST_RING_MM), axis),
        new LineBasicMaterial({ color: colour, depthTest: false, transparent: true }),
      );
      ring.position.set(x, y, z).add(shift);
      ring.renderOrder = 2;
      group.add(ring);
    }
  }
  return group;
}

function circle(radius: number, axis: number): BufferGeometry {
  const points = new Float32Array(RING_POINTS * 3);
  for (let k = 0; k < RING_POINTS; k += 1) {
    const turn = (2 * Math.PI * k) / RING_POINTS;
    points[3 * k + ((axis + 1) % 3)] = radius * Math.cos(turn);
    points[3 * k + ((axis + 2) % 3)] = radius * Math.sin(turn);
  }
  return new BufferGeometry().setAttribute("position", new BufferAttribute(points, 3));
}
