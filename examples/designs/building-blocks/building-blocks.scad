// A set of building blocks that click together: long, square, plate and roof.
// All blocks print studs up, without supports.
// SPDX-License-Identifier: CC0-1.0

/* [Size] */
// Distance from stud to stud (mm)
pitch = 14; // [10:1:18]
// Gap that makes the blocks go together easily (mm)
clearance = 0.15; // [0.05:0.05:0.3]

/* [Letters] */
// Word on the side of the long block
word = "BUILD"; //8

/* [Hidden] */
part = "long"; // [long, square, plate, roof, assembly]
$fn = 40;

block_mm = pitch * 1.2; // height of a whole block
plate_mm = pitch * 0.4;
stud_r = pitch * 0.3;
stud_mm = pitch * 0.22;
wall_mm = pitch * 0.2 - clearance; // the studs of the block below touch it
roof_wall = 1.6;
tube_r = pitch * sqrt(2) / 2 - stud_r - clearance / 2;
side_gap = 0.1;

module shell(nx, ny, height) {
  difference() {
    translate([side_gap, side_gap, 0]) linear_extrude(height) offset(r = 0.8) offset(delta = -0.8)
      square([nx * pitch - 2 * side_gap, ny * pitch - 2 * side_gap]);
    translate([wall_mm + side_gap, wall_mm + side_gap, -1])
      cube([nx * pitch - 2 * (wall_mm + side_gap), ny * pitch - 2 * (wall_mm + side_gap),
            height - roof_wall + 1]);
  }
  if (nx > 1 && ny > 1) for (i = [1:nx - 1], j = [1:ny - 1])
    translate([i * pitch, j * pitch, 0]) difference() {
      cylinder(h = height - roof_wall + 0.5, r = tube_r);
      translate([0, 0, -1]) cylinder(h = height - roof_wall + 1, r = tube_r - 1.3);
    }
}

module studs(nx, ny, height) {
  for (i = [0:nx - 1], j = [0:ny - 1])
    translate([(i + 0.5) * pitch, (j + 0.5) * pitch, height - 0.5]) {
      cylinder(h = stud_mm + 0.1, r = stud_r);
      translate([0, 0, stud_mm + 0.1]) cylinder(h = 0.4, r1 = stud_r, r2 = stud_r - 0.4);
    }
}

module block(nx, ny, height) {
  shell(nx, ny, height);
  studs(nx, ny, height);
}

module long() {
  difference() {
    block(4, 2, block_mm);
    if (len(word) > 0)
      translate([2 * pitch, side_gap + 0.6, block_mm / 2]) rotate([90, 0, 0]) linear_extrude(2)
        resize([min(len(word) * pitch * 0.5, pitch * 3.5), 0])
          text(word, size = pitch * 0.5, halign = "center", valign = "center",
               font = "DejaVu Sans:style=Bold");
  }
}

module square_block() { block(2, 2, block_mm); }
module plate() { block(4, 2, plate_mm); }

// One row of studs, and a slope whose hollow leans with it.
module roof() {
  eave_mm = pitch * 0.3;
  inner = 2 * pitch - 2 * (wall_mm + side_gap);
  module under_slope(drop) {
    rotate([90, 0, 90]) translate([0, 0, -1]) linear_extrude(4 * pitch) polygon([
      [-1, -2], [-1, eave_mm - drop - 1], [pitch, block_mm + 0.5 - drop],
      [3 * pitch, block_mm + 0.5 - drop], [3 * pitch, -2],
    ]);
  }
  difference() {
    intersection() {
      union() {
        translate([side_gap, side_gap, 0]) linear_extrude(block_mm)
          offset(r = 0.8) offset(delta = -0.8) square(2 * pitch - 2 * side_gap);
        translate([0, pitch, 0]) studs(2, 1, block_mm);
      }
      union() {
        under_slope(0);
        translate([-1, pitch + 0.4, 0]) cube([4 * pitch, 4 * pitch, 4 * pitch]);
      }
    }
    intersection() {
      translate([wall_mm + side_gap, wall_mm + side_gap, -1])
        cube([inner, inner, block_mm - roof_wall + 1]);
      under_slope(2.4);
    }
  }
}

module assembly() {
  long();
  translate([0, 0, block_mm]) square_block();
  translate([2 * pitch, 0, block_mm]) square_block();
  translate([0, 0, 2 * block_mm]) plate();
  translate([2 * pitch, 0, 2 * block_mm + plate_mm]) roof();
  translate([4.8 * pitch, -1.2 * pitch, 0]) square_block();
  translate([4.8 * pitch, -1.2 * pitch, block_mm]) roof();
}

if (part == "long") long();
else if (part == "square") square_block();
else if (part == "plate") plate();
else if (part == "roof") roof();
else assembly();
