// Pouring spout for a drink bottle or a wide-neck canister: a thin stream for washing
// hands, or a shower for seedlings. Prints on its open end; the dust cap on its top.
// SPDX-License-Identifier: CC0-1.0

/* [Neck] */
// Neck that the spout screws on
neck = "pco1881"; // [pco1881:Drink bottle PCO 1881 (28 mm), wide38:Wide neck 38 mm]

/* [Outlet] */
// What comes out
outlet = "stream"; // [stream:One stream, shower:Shower]
// Width of the outlet (mm)
outlet_diameter = 8; // [6:0.5:14]
// Length of the spout above the neck (mm)
spout_length = 45; // [30:1:70]

/* [Hidden] */
part = "spout"; // [spout, dust_cap, assembly]
$fn = 64;

// outer diameter of the bottle's thread, its pitch and the height of the neck (mm)
thread_d = neck == "pco1881" ? 27.4 : 37.2;
pitch = neck == "pco1881" ? 2.7 : 4.2;
neck_mm = neck == "pco1881" ? 10 : 14;
depth_mm = neck == "pco1881" ? 1.15 : 1.3;
clearance_mm = 0.35;
wall = 1.8;
female_r = thread_d / 2 + clearance_mm;
skirt_r = female_r + wall + 0.6;
tip_r = outlet_diameter / 2 + wall;
rose_r = outlet == "shower" ? outlet_diameter / 2 + 7 : tip_r;

// Room for a knuckle thread: an eccentric circle, twisted along the axis.
module thread_room(height) {
  linear_extrude(height, twist = -360 * height / pitch, slices = ceil(height / pitch) * 18)
    translate([depth_mm / 2, 0]) circle(female_r - depth_mm / 2, $fn = 56);
}

module spout() {
  roof_mm = neck_mm + 2.4;
  neck_r = tip_r + 1;
  rise_mm = skirt_r - neck_r; // shoulder at 45 degrees
  top_mm = roof_mm + spout_length;
  flare_mm = max(0, rose_r - tip_r);
  difference() {
    union() {
      difference() {
        cylinder(h = neck_mm + 1, r = skirt_r);
        for (a = [0:12:348]) rotate(a) translate([skirt_r + 0.4, 0, -1])
          cylinder(h = neck_mm + 3, r = 0.9, $fn = 12);
      }
      translate([0, 0, neck_mm]) rotate_extrude() polygon(concat(
        [[0, 0], [skirt_r + 0.2, 0], [skirt_r + 0.2, 2.2], [neck_r, 2.4 + rise_mm],
         [tip_r, spout_length + 2.4 - flare_mm - 3]],
        [[rose_r, spout_length + 2.4 - 3], [rose_r, spout_length + 1.6],
         [rose_r - 0.8, spout_length + 2.4], [0, spout_length + 2.4]]
      ));
    }
    translate([0, 0, -0.5]) thread_room(neck_mm + 0.2);
    translate([0, 0, -0.5]) cylinder(h = 1.7, r1 = female_r + 0.5, r2 = female_r - depth_mm);
    // the way of the water
    inner_r = female_r - depth_mm - 2.5;
    way_r = outlet_diameter / 2;
    bottom = neck_mm - 0.7;
    if (outlet == "stream")
      translate([0, 0, bottom]) rotate_extrude() polygon([
        [0, 0], [inner_r, 0], [inner_r, 2], [way_r, 2 + inner_r - way_r], [way_r, 200], [0, 200],
      ]);
    else {
      up = spout_length + 2.4 - 2 - flare_mm;
      translate([0, 0, bottom]) rotate_extrude() polygon([
        [0, 0], [inner_r, 0], [inner_r, 2], [way_r, 2 + inner_r - way_r],
        [way_r, up - 1.4], [rose_r - wall, up - 1.4 + rose_r - wall - way_r],
        [1, up + rose_r - wall - way_r - 0.8], [0, up + rose_r - wall - way_r - 0.8],
      ]);
      for (ring = [0:2], k = [0:max(0, ring * 6 - 1)])
        rotate(k * 60 / max(1, ring)) translate([ring * (rose_r - 3) / 2, 0, top_mm - 8])
          cylinder(h = 20, r = 0.8, $fn = 12);
    }
  }
}

module dust_cap() {
  inner_r = rose_r + 0.2;
  difference() {
    rotate_extrude() polygon([
      [0, 0], [inner_r + 0.8, 0], [inner_r + 1.6, 0.8], [inner_r + 1.6, 8.5], [inner_r, 8.5],
      [inner_r + 0.3, 7], [inner_r, 2], [inner_r - 0.8, 1.6], [0, 1.6],
    ]);
    for (a = [0:20:340]) rotate(a) translate([inner_r + 1.9, 0, -1])
      cylinder(h = 20, r = 0.6, $fn = 12);
  }
}

module assembly() {
  spout();
  translate([0, 0, neck_mm + 2.4 + spout_length + 12]) mirror([0, 0, 1]) dust_cap();
}

if (part == "spout") spout();
else if (part == "dust_cap") dust_cap();
else assembly();
