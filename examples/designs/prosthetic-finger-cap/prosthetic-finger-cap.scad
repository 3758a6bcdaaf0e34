// Cap that lengthens or protects a shortened finger: vents, a gripping pad, a nail to
// pick things up with, and a strap. Cap prints standing on its open end.
// SPDX-License-Identifier: CC-BY-SA-4.0

/* [Fit] */
// Diameter of the finger where the cap begins (mm)
base_diameter = 19; // [14:0.5:26]
// Diameter of the fingertip (mm)
tip_diameter = 15; // [12:0.5:20]
// Length of the cap (mm)
cap_length = 42; // [30:1:65]

/* [Grip] */
// Gripping pad
pad = "ridges"; // [ridges:Ridges, dots:Dots, smooth:Smooth]

/* [Hidden] */
part = "cap"; // [cap, strap, assembly]
$fn = 56;

base_r = base_diameter / 2 + 0.3;
tip_r = tip_diameter / 2;
strap_w = 7;
wall = 1.6;

// Outer radius of the cap at a height below its round end.
function radius_at(z) = let (t = min(1, z / (cap_length - tip_r - wall)))
  base_r + wall + (tip_r - base_r) * t * t * (3 - 2 * t);

// Profile of a finger, tapered, with a round end; turned about z.
module finger(grow, length) {
  r0 = base_r + grow;
  r1 = tip_r + grow;
  rotate_extrude() polygon(concat(
    [[0, 0], [r0, 0]],
    [for (k = [1:4]) let (t = k / 5) [r0 + (r1 - r0) * t * t * (3 - 2 * t), (length - r1) * t]],
    [for (a = [0:9:81]) [r1 * cos(a), length - r1 + r1 * sin(a)]], [[0, length]]
  ));
}

module vents() {
  rows = max(1, floor((cap_length - tip_r - 24) / 9));
  for (row = [0:rows], a = [20:35:160]) {
    z = 13 + row * 9;
    if (z < cap_length - tip_r - 4)
      // at the back of the finger, pointed above so that they print
      rotate(a + (row % 2) * 17.5 - 8) translate([0, 0, z]) rotate([90, 0, 90]) linear_extrude(40)
        polygon([[-1.4, -2], [0, -3], [1.4, -2], [1.4, 1.6], [0, 3.4], [-1.4, 1.6]]);
  }
}

module grip_pad() {
  n = floor((cap_length * 0.42) / 3.2);
  for (k = [0:n - 1]) {
    z = cap_length - 4.5 - k * 3.2;
    h = cap_length - tip_r - wall;
    r = z > h ? sqrt(max(1, pow(tip_r + wall, 2) - pow(z - h, 2))) : radius_at(z);
    if (pad == "ridges") translate([0, 0, z]) rotate(-140)
      rotate_extrude(angle = 100, $fn = 64) translate([r - 0.7, 0]) polygon([[0, -1.2], [1.3, 0], [0, 1.2]]);
    else if (pad == "dots") for (a = [-130:20:-50]) rotate(a + (k % 2) * 10) translate([r - 0.7, 0, z])
      rotate([0, 90, 0]) cylinder(h = 1.5, r1 = 1.4, r2 = 0.4, $fn = 12);
  }
}

module cap() {
  difference() {
    union() {
      finger(wall, cap_length);
      // collar that carries the strap
      rotate_extrude() polygon([
        [0, 0], [base_r + wall + 0.4, 0], [base_r + wall + 1, 0.6], [base_r + wall + 1, 1.6],
        [base_r + wall - 0.2, 3.4], [0, 3.4],
      ]);
      if (pad != "smooth") grip_pad();
      // nail: a raised plate that follows the finger
      intersection() {
        finger(wall + 0.8, cap_length + 0.5);
        translate([0, 60, 0]) rotate([90, 0, 0]) linear_extrude(60) hull() {
          translate([0, cap_length - 12]) circle(tip_r * 0.5);
          translate([0, cap_length - 4]) square([tip_r * 1.15, 6], center = true);
        }
      }
    }
    translate([0, 0, -0.01]) finger(0, cap_length - wall - 0.6);
    vents();
    // slots for the strap on both sides
    for (s = [-1, 1]) translate([s * 40, 0, 7]) cube([80, strap_w + 1, 2.8], center = true);
  }
}

module strap() {
  length = PI * base_diameter + 24;
  linear_extrude(1.6) difference() {
    hull() for (x = [0, length]) translate([x - length / 2, 0]) circle(strap_w / 2 - 0.3);
    for (k = [0:4]) translate([length / 2 - 3 - 5 * k, 0]) circle(1.1, $fn = 20);
  }
  // button that goes through a hole
  translate([-length / 2 + 3, 0, 1.4]) {
    cylinder(h = 2.2, r = 0.95, $fn = 24);
    translate([0, 0, 2]) cylinder(h = 0.8, r1 = 0.95, r2 = 1.7, $fn = 24);
    translate([0, 0, 2.79]) cylinder(h = 0.6, r = 1.7, $fn = 24);
  }
}

module assembly() {
  cap();
  translate([0, -base_r - 14, 0]) strap();
}

if (part == "cap") cap();
else if (part == "strap") strap();
else assembly();
