// Chest piece of an acoustic stethoscope: a head with a hose tail, and a ring that
// clicks over a thin plastic diaphragm. Both print flat, open side up.
// SPDX-License-Identifier: CERN-OHL-W-2.0

/* [Sound] */
// Diameter of the diaphragm (mm)
diaphragm_diameter = 40; // [30:1:46]
// Depth of the hollow behind the diaphragm (mm)
hollow_depth = 3; // [2.5:0.5:5]

/* [Hose] */
// Inner diameter of the hose (mm)
hose_bore = 6; // [4:0.5:8]
// Length of the tail that the hose goes over (mm)
tail_length = 18; // [14:1:26]

/* [Hidden] */
part = "head"; // [head, ring, assembly]
$fn = 96;

seat_r = diaphragm_diameter / 2 + 0.3;
body_r = seat_r + 2.4;
hose_r = hose_bore / 2;
hole_r = hose_r - 1.2;
axis_z = hose_r - 0.25; // the tail lies on the bed with a narrow flat
hollow_z = axis_z + hole_r + 1.4; // floor of the hollow at its middle
rim_z = hollow_z + hollow_depth;
bead_mm = 0.55;
ring_wall = 1.8;
lip_mm = 1.4;
skirt_mm = 6;

// A cone along x whose lowest line stays on the bed.
module lying_cone(from_x, to_x, from_r, to_r) {
  hull() {
    translate([from_x, 0, from_r - 0.25]) rotate([0, 90, 0]) cylinder(h = 0.01, r = from_r, $fn = 40);
    translate([to_x, 0, to_r - 0.25]) rotate([0, 90, 0]) cylinder(h = 0.01, r = to_r, $fn = 40);
  }
}

module head() {
  tip_x = body_r + tail_length;
  difference() {
    union() {
      rotate_extrude() polygon(concat(
        [[0, 0], [body_r - 2.5, 0]],
        [for (a = [-90:15:0]) [body_r - 2.5 + 2.5 * cos(a), 2.5 + 2.5 * sin(a)]],
        [[body_r, rim_z - 3.4], [body_r - bead_mm, rim_z - 2.9],
         [body_r - bead_mm, rim_z - 2.1], [body_r, rim_z - 1.6],
         [body_r, rim_z + 0.1], [body_r - 0.4, rim_z + 0.5], [0, rim_z + 0.5]]
      ));
      intersection() {
        union() {
          lying_cone(0, body_r + 4, hose_r + 1.8, hose_r + 0.6);
          lying_cone(1, tip_x, hose_r, hose_r - 0.2);
          for (k = [0:1]) {
            x = tip_x - 5 - 4.5 * k;
            lying_cone(x, x + 0.8, hose_r - 0.2, hose_r + 0.5);
            lying_cone(x + 0.5, x + 4, hose_r + 0.45, hose_r - 0.1);
          }
        }
        translate([0, -50, 0]) cube([200, 100, 50]);
      }
    }
    // seat of the diaphragm, hollow, and the way to the hose
    translate([0, 0, rim_z]) cylinder(h = 5, r = seat_r);
    translate([0, 0, hollow_z])
      cylinder(h = hollow_depth + 0.01, r1 = hole_r, r2 = seat_r - 1.8);
    translate([0, 0, axis_z]) cylinder(h = 10, r = hole_r, $fn = 32);
    translate([0, 0, axis_z]) rotate([0, 90, 0]) cylinder(h = 200, r = hole_r, $fn = 32);
    translate([0, 0, axis_z]) sphere(hole_r, $fn = 32);
  }
}

module ring() {
  inner_r = body_r + 0.15;
  outer_r = inner_r + ring_wall;
  bead_z = lip_mm + 2.4;
  difference() {
    rotate_extrude() polygon([
      [seat_r - 2.2, 0.8], [seat_r - 1.4, 0], [outer_r - 0.8, 0], [outer_r, 0.8],
      [outer_r, lip_mm + skirt_mm - 0.6], [outer_r - 0.6, lip_mm + skirt_mm],
      [inner_r + 0.5, lip_mm + skirt_mm], [inner_r, lip_mm + skirt_mm - 0.7],
      [inner_r, bead_z + 0.9], [inner_r - bead_mm, bead_z + 0.4],
      [inner_r - bead_mm, bead_z - 0.2], [inner_r, bead_z - 0.7],
      [inner_r, lip_mm], [seat_r - 2.2, lip_mm],
    ]);
    for (a = [0:7.5:359]) rotate(a) translate([outer_r + 0.35, 0, 1])
      cylinder(h = 20, r = 0.8, $fn = 12);
  }
}

module assembly() {
  head();
  translate([0, 0, rim_z + 0.5 + lip_mm + 8]) mirror([0, 0, 1]) ring();
}

if (part == "head") head();
else if (part == "ring") ring();
else assembly();
