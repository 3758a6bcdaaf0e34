// Coupling that joins two pipes of the same or of different outer diameter, with a
// soft ring at each end. Prints standing, without supports.
// SPDX-License-Identifier: CERN-OHL-W-2.0

/* [Pipes] */
// Outer diameter of the lower pipe (mm)
pipe_a = 32; // [16:0.5:50]
// Outer diameter of the upper pipe (mm)
pipe_b = 25; // [16:0.5:50]
// How deep each pipe goes in (mm)
depth = 25; // [18:1:40]

/* [Strength] */
// Wall around the pipes (mm)
wall = 3; // [2:0.5:5]
// Outside of the middle
grip = "hexagon"; // [hexagon:Hexagon for a wrench, smooth:Smooth]

/* [Hidden] */
part = "coupling"; // [coupling, ring_a, ring_b, assembly]
$fn = 80;

fit_mm = 0.25; // between pipe and socket, on the radius
ring_mm = 2.4; // height and depth of the soft rings
a_r = pipe_a / 2 + fit_mm;
b_r = pipe_b / 2 + fit_mm;
way_r = min(pipe_a, pipe_b) / 2 - 2; // clear way through the stop
extra = ring_mm - 1; // the collars are thicker where the rings sit
collar_mm = 12;
slope_a = a_r - way_r;
slope_b = b_r - way_r;
step = abs(b_r - a_r);
top_a = depth; // end of the lower socket
// start of the upper socket; the outside widens at 45 degrees above the lower collar
from_b = max(top_a + slope_a + 2, b_r > a_r ? collar_mm + extra + 1.5 + step : 0);
height = from_b + depth;

module way() {
  g = 6; // ring from the mouth
  rotate_extrude() polygon([
    [0, -1], [a_r + 1, -1], [a_r + 1, 0], [a_r, 1.2], [a_r, g],
    [a_r + extra, g + extra], [a_r + extra, g + extra + ring_mm - 0.4],
    [a_r, g + 2 * extra + ring_mm - 0.4], [a_r, top_a], [way_r, top_a + slope_a],
    [way_r, from_b], [b_r, from_b], [b_r, height - g - 2 * extra - ring_mm + 0.4],
    [b_r + extra, height - g - extra - ring_mm + 0.4], [b_r + extra, height - g - extra],
    [b_r, height - g], [b_r, height - 1.2], [b_r + 1, height], [b_r + 1, height + 1], [0, height + 1],
  ]);
}

module coupling() {
  out_a = a_r + wall;
  out_b = b_r + wall;
  // the outside changes at 45 degrees around the stop
  turn_z = b_r > a_r ? from_b - step : top_a + 1;
  difference() {
    union() {
      rotate_extrude() polygon([
        [0, 0], [out_a + extra - 0.8, 0], [out_a + extra, 0.8], [out_a + extra, collar_mm],
        [out_a, collar_mm + extra], [out_a, turn_z],
        [out_b, turn_z + step + 0.01], [out_b, height - collar_mm - extra],
        [out_b + extra, height - collar_mm], [out_b + extra, height - 0.8],
        [out_b + extra - 0.8, height], [0, height],
      ]);
      if (grip == "hexagon") intersection() {
        flat_r = max(out_a, out_b) + 1;
        translate([0, 0, 0.3]) cylinder(h = height, r = flat_r / cos(30), $fn = 6);
        cone_low = turn_z - 6;
        rotate_extrude() polygon([
          [0, cone_low - flat_r * 0.2], [out_a - 1, cone_low - 1], [flat_r * 1.2, cone_low + flat_r * 1.2 - out_a],
          [flat_r * 1.2, turn_z + step + 6], [0, turn_z + step + 6],
        ]);
      }
    }
    way();
  }
}

module soft_ring(r) {
  // a little larger than its groove and proud of it: it seals by being squeezed
  rotate_extrude() polygon([
    [r - 0.6, 0.5], [r - 0.1, 0], [r + extra - 0.4, 0], [r + extra + 0.1, 0.5],
    [r + extra + 0.1, ring_mm - 0.5], [r + extra - 0.4, ring_mm], [r - 0.1, ring_mm], [r - 0.6, ring_mm - 0.5],
  ]);
}

module assembly() {
  coupling();
  translate([a_r + wall + 4 + b_r, -a_r, 0]) soft_ring(b_r);
  translate([-a_r * 2 - wall - 6, -a_r, 0]) soft_ring(a_r);
}

if (part == "coupling") coupling();
else if (part == "ring_a") soft_ring(a_r);
else if (part == "ring_b") soft_ring(b_r);
else assembly();
