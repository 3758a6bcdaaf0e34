// Glued mount that holds a framed PV module above a van roof, with sloped sides for
// the wind: four corners and two side pieces. Prints flat, without supports.
// SPDX-License-Identifier: CERN-OHL-W-2.0

/* [Module] */
// Height of the module's frame (mm)
frame_height = 35; // [25:1:40]
// Air gap between roof and module, for cooling (mm)
air_gap = 20; // [10:1:35]

/* [Mount] */
// Length of each leg along the frame (mm)
leg_length = 90; // [60:1:120]
// Diameter of the screws into the frame (mm)
screw_diameter = 5; // [4:0.5:6]

/* [Hidden] */
part = "corner"; // [corner, side, assembly]
$fn = 48;

wall = 5; // beside the frame
shelf_mm = 24; // width on which the frame rests
total_mm = air_gap + frame_height;
skirt_mm = min(32, total_mm * 0.55); // how far the slope reaches out
base_mm = 5;

// One leg along +x: sloped outside at -y, shelf inside at +y.
module leg(length, end) {
  hull() {
    translate([0, -wall - skirt_mm, 0]) cube([length, wall + skirt_mm + shelf_mm, base_mm]);
    translate([0, -wall, 0]) cube([length - end, wall + shelf_mm, total_mm]);
  }
}

// The rounded nose that joins two legs at the corner of the module.
module nose() {
  hull() {
    translate([0, 0, 0]) cylinder(h = base_mm, r = wall + skirt_mm);
    translate([0, 0, 0]) cylinder(h = total_mm, r = wall);
  }
}

module screw(x) {
  z = air_gap + frame_height * 0.5;
  translate([x, 1, z]) rotate([90, 0, 0]) cylinder(h = 100, d = screw_diameter + 0.4, $fn = 24);
  // flat for the head and the driver
  translate([x, -wall + 0.5, z]) rotate([90, 0, 0]) cylinder(h = 100, d = screw_diameter * 2.4, $fn = 32);
}

// Shallow grooves below give the adhesive its thickness.
module glue_grooves(length) {
  for (x = [10:9:length - 8]) translate([x, -wall - skirt_mm + 6, -1])
    cube([2.4, wall + skirt_mm + shelf_mm - 12, 2]);
}

// Chambers under the shelf: less material, air below the module.
module chamber(from_x, to_x) {
  // a house-shaped tunnel through the shelf, towards the middle of the module
  width = min(to_x - from_x, (air_gap - 4) * 1.6);
  middle = (from_x + to_x) / 2;
  straight = max(1, air_gap - 3 - width / 2);
  translate([middle, 200, 0]) rotate([90, 0, 0]) translate([0, 0, 0]) linear_extrude(196)
    polygon([[-width / 2, 3], [width / 2, 3], [width / 2, 3 + straight * 0.6],
             [0, min(air_gap - 2, 3 + straight * 0.6 + width / 2)], [-width / 2, 3 + straight * 0.6]]);
}

module frame_room() {
  translate([0, 0, air_gap]) cube([400, 400, 200]);
}

module corner() {
  difference() {
    union() {
      nose();
      leg(leg_length, 10);
      mirror([1, -1, 0]) leg(leg_length, 10);
    }
    frame_room();
    translate([shelf_mm, shelf_mm, -1]) linear_extrude(200) offset(r = 8) offset(delta = -8) square(400);
    for (m = [0, 1]) mirror([m, -m, 0]) {
      screw(leg_length - 22);
      glue_grooves(leg_length);
      chamber(shelf_mm + 8, leg_length - 6);
    }
    // relief for the corner of the frame and for water to run off
    translate([0, 0, air_gap]) cylinder(h = 200, r = 2);
    translate([4, 4, -1]) cylinder(h = 100, r = 3);
  }
}

module side() {
  length = leg_length * 1.2;
  difference() {
    hull() {
      translate([0, -wall - skirt_mm, 0]) cube([length, wall + skirt_mm + shelf_mm, base_mm]);
      translate([10, -wall, 0]) cube([length - 20, wall + shelf_mm, total_mm]);
    }
    translate([-1, 0, 0]) frame_room();
    for (x = [length * 0.28, length * 0.72]) screw(x);
    glue_grooves(length);
    chamber(length * 0.2, length * 0.47);
    chamber(length * 0.53, length * 0.8);
  }
}

module assembly() {
  corner();
  translate([leg_length + 30, 0, 0]) side();
}

if (part == "corner") corner();
else if (part == "side") side();
else assembly();
