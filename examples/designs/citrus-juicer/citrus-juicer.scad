// Citrus juicer: a fluted reamer on a strainer dish, over a bowl with a lip to pour.
// Both parts print flat, without supports.
// SPDX-License-Identifier: CC0-1.0

/* [Fruit] */
// Diameter of the largest fruit (mm)
fruit_diameter = 75; // [50:1:100]
// Number of ribs on the reamer
ribs = 8; // [6:1:12]

/* [Bowl] */
// Height of the bowl (mm)
bowl_height = 45; // [30:1:70]

/* [Hidden] */
part = "reamer"; // [reamer, bowl, assembly]
$fn = 96;

dish_r = fruit_diameter / 2 + 7;
cone_r = fruit_diameter * 0.3;
cone_mm = fruit_diameter * 0.58;
wall = 1.8;
seat_mm = 4; // how deep the dish sits in the bowl
gap_mm = 0.4;

module star(r) {
  polygon([for (k = [0:ribs * 8 - 1]) let (a = 360 * k / (ribs * 8), w = abs(sin(ribs * a / 2)))
    r * (0.8 + 0.2 * w) * [cos(a), sin(a)]]);
}

module reamer() {
  // the cone, rounded towards its tip in stacked slices of a twisted star
  layers = 8;
  for (k = [0:layers - 1]) {
    t0 = k / layers;
    t1 = (k + 1) / layers;
    r0 = cone_r * sqrt(1 - t0 * t0 * 0.98);
    r1 = cone_r * sqrt(1 - t1 * t1 * 0.98);
    translate([0, 0, 2 + cone_mm * t0]) rotate(-18 * t0)
      linear_extrude(cone_mm / layers + (k < layers - 1 ? 0.05 : 0), scale = r1 / r0, twist = 18 / layers, slices = 2)
        star(r0);
  }
  difference() {
    rotate_extrude() polygon([
      [0, 0], [dish_r - 1, 0], [dish_r, 1], [dish_r, 8], [dish_r - 0.6, 8.6],
      [dish_r - wall + 0.6, 8.6], [dish_r - wall, 8], [dish_r - wall, 4], [dish_r - wall - 1.8, 2.2], [0, 2.2],
    ]);
    // strainer: radial slots in two rows
    slots = 3 * floor((dish_r + cone_r) / 6);
    for (k = [0:slots - 1]) rotate(360 * k / slots) {
      from = cone_r + (k % 2 == 0 ? 2.5 : 4.5);
      hull() for (x = [from, dish_r - 6]) translate([x, 0, -1]) cylinder(h = 6, r = 0.9, $fn = 12);
    }
  }
}

module bowl() {
  in_r = dish_r + gap_mm;
  foot_r = dish_r * 0.72;
  ledge_z = bowl_height - seat_mm;
  side_r = dish_r - 2.2;
  difference() {
    union() {
      rotate_extrude() polygon([
        [0, 0], [foot_r - 1, 0], [foot_r, 1], [side_r + wall, ledge_z - 9],
        [in_r + wall, ledge_z - 2], [in_r + wall, bowl_height + 2.4],
        [in_r + wall - 0.6, bowl_height + 3], [0, bowl_height + 3],
      ]);
      // lip
      hull() {
        translate([0, -in_r - 7, bowl_height + 2]) cylinder(h = 1, r = 6, $fn = 32);
        translate([0, -in_r + 6, bowl_height + 2]) cylinder(h = 1, r = 13, $fn = 32);
        translate([0, -in_r + 4, bowl_height - 16]) cylinder(h = 1, r = 3, $fn = 32);
      }
      // grip: a lug that widens upwards, printed without support
      hull() {
        translate([0, in_r + 12, bowl_height]) cylinder(h = 3, r = 9, $fn = 40);
        translate([0, in_r - 4, bowl_height]) cylinder(h = 3, r = 16, $fn = 40);
        translate([0, in_r - 4, bowl_height - 20]) cylinder(h = 1, r = 3, $fn = 40);
      }
    }
    // inside, with the ledge that carries the dish
    rotate_extrude() polygon([
      [0, 2], [foot_r - 2.6, 2], [foot_r - 1.4, 3.2], [side_r, ledge_z - 8],
      [side_r, ledge_z], [in_r, ledge_z], [in_r, bowl_height + 10], [0, bowl_height + 10],
    ]);
    hull() {
      translate([0, -in_r - 6.5, bowl_height + 0.5]) cylinder(h = 10, r = 4.2, $fn = 32);
      translate([0, -in_r + 7, bowl_height + 0.5]) cylinder(h = 10, r = 10, $fn = 32);
      translate([0, -in_r + 7, bowl_height - 7]) cylinder(h = 1, r = 1.5, $fn = 32);
    }
    translate([0, in_r + 10, -1]) cylinder(h = 200, r = 4, $fn = 32);
  }
}

module assembly() {
  bowl();
  translate([0, 0, bowl_height - seat_mm + 0.2]) reamer();
}

if (part == "reamer") reamer();
else if (part == "bowl") bowl();
else assembly();
