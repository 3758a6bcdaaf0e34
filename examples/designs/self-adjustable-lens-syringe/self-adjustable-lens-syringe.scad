// Syringe that fills or empties a fluid lens, so that its wearer sets the power.
// Both parts print standing: barrel on its finger flange, plunger on its thumb disc.
// SPDX-License-Identifier: CERN-OHL-W-2.0

/* [Volume] */
// Volume that one full stroke moves (ml)
volume_ml = 5; // [2:0.5:10]
// Bore of the barrel (mm)
bore_diameter = 16; // [12:0.5:20]

/* [Hose and wall] */
// Inner diameter of the hose that goes over the tip (mm)
hose_bore = 4; // [4:0.5:8]
// Wall of the barrel (mm)
wall = 2; // [1.6:0.2:2.4]

/* [Hidden] */
part = "barrel"; // [barrel, plunger, assembly]
$fn = 64;

bore_r = bore_diameter / 2;
outer_r = bore_r + wall;
ml_mm = 1000 / (PI * bore_r * bore_r); // travel for one millilitre
stroke_mm = volume_ml * ml_mm;
head_mm = 8;
flange_mm = 3;
barrel_mm = stroke_mm + head_mm + 6; // straight part of the bore
hole_r = max(0.8, hose_bore / 2 - 1.3);
cord_mm = 2; // thickness of the O-ring's cord

module flange() {
  difference() {
    linear_extrude(flange_mm) offset(r = 3) offset(r = -3) offset(r = -4) offset(r = 4) {
      circle(outer_r + 2);
      hull() for (x = [-1, 1]) translate([x * (outer_r + 8), 0]) circle(6);
    }
    // soft grooves for the fingertips
    for (x = [-1, 1], k = [-1:1]) translate([x * (outer_r + 7) + 3 * k, 0, flange_mm])
      rotate([90, 0, 0]) cylinder(h = 40, r = 0.6, center = true, $fn = 16);
  }
}

module barb() {
  root_r = hose_bore / 2;
  cylinder(h = 16, r = root_r, $fn = 40);
  for (k = [0:2]) translate([0, 0, 4 + 4 * k]) {
    cylinder(h = 0.6, r1 = root_r, r2 = root_r + 0.6, $fn = 40);
    translate([0, 0, 0.6]) cylinder(h = 3, r1 = root_r + 0.6, r2 = root_r, $fn = 40);
  }
}

module barrel() {
  cone_mm = outer_r - hose_bore / 2;
  difference() {
    union() {
      flange();
      translate([0, 0, flange_mm - 0.5]) cylinder(h = 3.5, r1 = outer_r + 1.7, r2 = outer_r - 0.3);
      cylinder(h = barrel_mm, r = outer_r);
      translate([0, 0, barrel_mm])
        cylinder(h = cone_mm, r1 = outer_r, r2 = hose_bore / 2);
      translate([0, 0, barrel_mm + cone_mm - 0.5]) barb();
      // a tick for every millilitre, longer at every fifth
      for (k = [0:floor(volume_ml)])
        translate([0, 0, barrel_mm - 1 - k * ml_mm])
          rotate(k % 5 == 0 ? -70 : -40)
            rotate_extrude(angle = k % 5 == 0 ? 140 : 80)
              translate([outer_r - 0.2, 0]) polygon([[0, -0.8], [0.75, 0], [0, 0.8]]);
    }
    translate([0, 0, -0.01]) cylinder(h = barrel_mm + 0.02, r = bore_r);
    translate([0, 0, -0.01]) cylinder(h = 1.5, r1 = bore_r + 1, r2 = bore_r);
    translate([0, 0, barrel_mm])
      cylinder(h = bore_r - hole_r, r1 = bore_r, r2 = hole_r);
    cylinder(h = 200, r = hole_r, $fn = 24);
  }
}

module plunger() {
  rod_mm = stroke_mm + 8;
  rod_r = bore_r - 1;
  head_r = bore_r - 0.25;
  groove_r = head_r - cord_mm * 0.8;
  // thumb disc with a milled edge
  difference() {
    cylinder(h = 4, r = bore_r + 5);
    for (a = [0:15:345]) rotate(a) translate([bore_r + 5.4, 0, -1])
      cylinder(h = 6, r = 0.9, $fn = 16);
  }
  // crossed rod
  for (a = [0, 90]) rotate(a) translate([-rod_r, -1.5, 0]) cube([2 * rod_r, 3, rod_mm + 4]);
  translate([0, 0, 3.9]) cylinder(h = 4, r1 = rod_r, r2 = 2);
  // head with the groove of the O-ring; slopes print without support
  translate([0, 0, rod_mm + 4 - head_r + 2]) cylinder(h = head_r - 2, r1 = 2, r2 = head_r);
  translate([0, 0, rod_mm + 4 - 0.01]) rotate_extrude() polygon([
    [0, 0], [head_r, 0], [head_r, 2.2], [groove_r, 2.2 + 0.4],
    [groove_r, 2.2 + 0.4 + cord_mm], [head_r, 2.2 + 0.4 + cord_mm + 1.4],
    [head_r, head_mm - 0.8], [head_r - 0.8, head_mm], [0, head_mm],
  ]);
}

module assembly() {
  rotate([0, 90, 0]) {
    barrel();
    translate([0, 0, -stroke_mm * 0.6 - 4]) plunger();
  }
}

if (part == "barrel") barrel();
else if (part == "plunger") plunger();
else assembly();
