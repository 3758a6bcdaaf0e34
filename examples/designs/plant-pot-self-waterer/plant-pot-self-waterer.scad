// Plant pot that waters itself: soil reaches through a wick foot into a reservoir; a
// float in the filling spout shows the level. Prints without supports.
// SPDX-License-Identifier: CC-BY-SA-4.0

/* [Size] */
// Diameter of the pot (mm)
pot_diameter = 110; // [80:1:140]
// Height of the pot above the reservoir (mm)
pot_height = 85; // [60:1:130]
// Height of the reservoir (mm)
reservoir_height = 45; // [35:1:60]

/* [Look] */
// Outside of pot and reservoir
style = "fluted"; // [fluted:Fluted, faceted:Faceted, round:Round]

/* [Hidden] */
part = "pot"; // [pot, reservoir, wick, float, assembly]
$fn = 72;

wall = 1.8;
floor_mm = 2;
pot_r = pot_diameter / 2;
seat_r = pot_r * 0.86 - 3; // inside of the reservoir's rim
foot_r = 13; // wick foot, filled with soil
spout_r = 12;
spout_x = pot_r * 0.86 + spout_r + 2;
plug_mm = 6; // how deep the pot sits in the reservoir

function ripple(a) = style == "fluted" ? 1 - 0.028 * (1 - abs(cos(a * 12)))
  : style == "faceted" ? cos(18) / cos(((a % 36) + 36) % 36 - 18) : 1;
// the circle that fits inside the outline, as a share of its radius
inner_share = style == "fluted" ? 0.972 : style == "faceted" ? cos(18) : 1;
module look(r) {
  polygon([for (k = [0:143]) let (a = k * 2.5) r * ripple(a) * [cos(a), sin(a)]]);
}

module pot() {
  low_r = pot_r * 0.86;
  difference() {
    union() {
      // stands on its plug; the outside leaves it at about 45 degrees
      cylinder(h = plug_mm + 2, r = seat_r - 0.4);
      translate([0, 0, plug_mm]) cylinder(h = 5, r1 = seat_r - 0.6, r2 = low_r * 0.94);
      translate([0, 0, plug_mm + 4]) linear_extrude(pot_height - 4, scale = pot_r / low_r) look(low_r);
    }
    translate([0, 0, floor_mm]) cylinder(h = plug_mm + 3, r = seat_r - 0.4 - wall);
    translate([0, 0, plug_mm + 4])
      cylinder(h = 4, r1 = seat_r - 0.4 - wall, r2 = low_r * inner_share - wall - 0.6);
    translate([0, 0, plug_mm + 7.9]) cylinder(h = pot_height, r1 = low_r * inner_share - wall - 0.6,
      r2 = pot_r * inner_share - wall);
    // opening of the wick basket, and holes that let air to the roots
    translate([0, 0, -1]) cylinder(h = 20, r = foot_r);
    for (k = [0:11]) rotate(30 * k + 15) translate([(foot_r + seat_r) / 2, 0, -1])
      cylinder(h = 10, r = 1.6, $fn = 16);
  }
}

// Basket that hangs in the water, filled with soil; slits all around.
module wick() {
  basket_mm = reservoir_height - floor_mm - 2;
  difference() {
    union() {
      cylinder(h = 1.8, r = foot_r + 4);
      cylinder(h = basket_mm, r = foot_r - 0.4);
    }
    translate([0, 0, -1]) cylinder(h = basket_mm - 0.8, r = foot_r - 2);
    for (k = [0:9]) rotate(36 * k) translate([foot_r, 0, 0]) rotate([90, 0, 90])
      linear_extrude(10, center = true) polygon([
        [-1.2, 6], [1.2, 6], [1.2, basket_mm - 6], [0, basket_mm - 4], [-1.2, basket_mm - 6],
      ]);
    for (k = [0:4]) rotate(72 * k) translate([foot_r * 0.5, 0, 1])
      cylinder(h = 200, r = 1.4, $fn = 16);
  }
}

module reservoir() {
  low_r = pot_r * 0.86;
  difference() {
    union() {
      linear_extrude(reservoir_height) look(low_r);
      // filling spout, a shaft in which the float rises
      hull() for (x = [spout_x, low_r - 12])
        translate([x, 0, 0]) cylinder(h = reservoir_height, r = spout_r + wall);
    }
    translate([0, 0, floor_mm]) cylinder(h = 200, r = seat_r);
    translate([0, 0, floor_mm]) hull() for (x = [spout_x, low_r - 16])
      translate([x, 0, 0]) cylinder(h = 200, r = spout_r);
  }
}

// A disc and a stick with marks; it floats in the spout.
module float_rod() {
  rod_mm = reservoir_height + 22;
  cylinder(h = 9, r = spout_r - 1.5);
  cylinder(h = rod_mm, r = 2.2, $fn = 24);
  translate([0, 0, 8.5]) cylinder(h = 4, r1 = 6, r2 = 2.1, $fn = 32);
  translate([0, 0, rod_mm]) sphere(3.6, $fn = 28);
  for (k = [0:2]) translate([0, 0, rod_mm - 8 - 5 * k]) rotate_extrude($fn = 24)
    polygon([[0, -1.2], [2, -1.2], [3, 0], [2, 1.2], [0, 1.2]]);
}

module assembly() {
  reservoir();
  translate([0, 0, reservoir_height - plug_mm]) pot();
  translate([spout_x, 0, 16]) float_rod();
  translate([0, 0, reservoir_height - plug_mm + 3.8]) mirror([0, 0, 1]) wick();
}

if (part == "pot") pot();
else if (part == "reservoir") reservoir();
else if (part == "wick") wick();
else if (part == "float") float_rod();
else assembly();
