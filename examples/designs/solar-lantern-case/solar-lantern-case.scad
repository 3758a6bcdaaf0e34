// Case of a solar lantern: a base for one lithium cell and a charger board, a fluted
// shade that light shines through, and a lid that carries the panel.
// All parts print flat, without supports.
// SPDX-License-Identifier: CERN-OHL-W-2.0

/* [Panel] */
// Side of the square solar panel (mm)
panel_size = 100; // [90:1:130]
// Thickness of the solar panel (mm)
panel_thickness = 2.5; // [1.5:0.5:4]

/* [Light] */
// Height of the shade (mm)
shade_height = 75; // [50:1:120]

/* [Cell] */
// Lithium cell
cell = "c18650"; // [c18650:18650, c21700:21700]

/* [Name] */
// Name on the front of the base
label = "SUN"; //10

/* [Hidden] */
part = "base"; // [base, shade, lid, assembly]
$fn = 48;

side = panel_size + 10; // outside of the case
corner_r = 16;
wall = 2;
shade_wall = 1.4;
floor_mm = 2;
cell_d = cell == "c18650" ? 18.6 : 21.4;
cell_mm = cell == "c18650" ? 66 : 71;
base_mm = cell_d + 14;
step_mm = 4; // how far the parts go into one another
gap_mm = 0.3;

module outline(inset) {
  offset(r = corner_r - inset) square(side - 2 * corner_r, center = true);
}

module base() {
  difference() {
    union() {
      linear_extrude(1.2, scale = 1) outline(0.8);
      translate([0, 0, 0.8]) linear_extrude(base_mm - 0.8) outline(0);
    }
    translate([0, 0, floor_mm]) linear_extrude(base_mm) outline(wall);
    // seat of the shade, cut into the rim
    translate([0, 0, base_mm - step_mm]) linear_extrude(step_mm + 1) outline(wall - 0.6);
    // switch, charging socket and two small vents
    translate([0, side / 2 + 1, base_mm * 0.5]) rotate([90, 0, 0]) cylinder(h = 10, d = 12.2);
    translate([24, side / 2, base_mm * 0.5]) rotate([90, 0, 0]) linear_extrude(10, center = true)
      offset(r = 1.6) square([6.4, 0.4], center = true);
    for (x = [-34, -30, -26]) translate([x, side / 2, base_mm * 0.5]) rotate([90, 0, 0])
      linear_extrude(10, center = true) polygon([[-0.8, -5], [0.8, -5], [0.8, 4], [0, 5], [-0.8, 4]]);
  }
  // cradle of the cell
  for (x = [-1, 1]) translate([x * cell_mm * 0.3, 0, 0]) difference() {
    translate([-2, -cell_d / 2 - 3, floor_mm - 0.5]) cube([4, cell_d + 6, cell_d * 0.62]);
    translate([-5, 0, floor_mm + 1 + cell_d / 2]) rotate([0, 90, 0]) cylinder(h = 10, d = cell_d);
  }
  for (x = [-1, 1]) translate([x * (cell_mm / 2 + 2.2) - 0.8, -cell_d * 0.4, floor_mm - 0.5])
    cube([1.6, cell_d * 0.8, cell_d * 0.7]);
  // posts for the board that carries the light
  for (x = [-1, 1], y = [-1, 1]) translate([x * (side / 2 - 14), y * (side / 2 - 14), floor_mm - 0.5])
    difference() {
      cylinder(h = base_mm - 9, r = 3.6);
      translate([0, 0, 2]) cylinder(h = base_mm, d = 2.6, $fn = 20);
    }
  if (len(label) > 0)
    translate([0, -side / 2 + 0.5, base_mm / 2]) rotate([90, 0, 0]) linear_extrude(1.3)
      resize([min(len(label) * 10, side - 2 * corner_r), 0])
        text(label, size = 11, halign = "center", valign = "center",
             font = "DejaVu Sans:style=Bold");
}

module lock_ring(height, inset) {
  linear_extrude(height) difference() {
    outline(inset);
    outline(inset + 1.4);
  }
}

module flutes() {
  pitch = 6;
  n = floor((side - 2 * corner_r) / pitch);
  for (q = [0:3]) rotate(90 * q) for (k = [0:n])
    translate([(k - n / 2) * pitch, -side / 2 + 1.4]) circle(1.5, $fn = 16);
  for (q = [0:3]) rotate(90 * q) translate([side / 2 - corner_r, -side / 2 + corner_r])
    for (a = [-70:20:-20]) rotate(a) translate([corner_r - 1.4, 0]) circle(1.5, $fn = 16);
}

module shade() {
  fit = wall - 0.6 + gap_mm;
  // lower edge goes into the base, upper edge into the lid
  lock_ring(shade_height, fit);
  translate([0, 0, step_mm + 0.2]) linear_extrude(shade_height - 2 * step_mm - 0.4) difference() {
    union() {
      outline(fit - 0.3);
      intersection() { flutes(); outline(-2); }
    }
    outline(fit + 1.2);
  }
}

module lid() {
  lid_mm = step_mm + 2 + panel_thickness + 1;
  difference() {
    union() {
      linear_extrude(lid_mm - 0.8) outline(-1);
      translate([0, 0, lid_mm - 1.2]) linear_extrude(1.2) outline(-0.2);
      // eyes for a cord
      for (s = [-1, 1]) translate([s * (side / 2 + 4), 0, 0]) linear_extrude(5) difference() {
        hull() { circle(6); translate([-s * 6, 0]) square([2, 24], center = true); }
        circle(2.6);
      }
    }
    // groove for the shade
    translate([0, 0, -1]) linear_extrude(step_mm + 1) difference() {
      outline(wall - 0.6);
      outline(wall - 0.6 + gap_mm * 2 + 1.4);
    }
    // light weight below, a frame of ribs stays; panel on top
    translate([0, 0, -1]) linear_extrude(200) difference() {
      square(panel_size - 24, center = true);
      for (a = [45, 135]) rotate(a) square([300, 7], center = true);
      circle(13);
    }
    translate([0, 0, step_mm + 2]) linear_extrude(100) offset(r = 1) square(panel_size - 1.4, center = true);
    translate([0, 0, -1]) cylinder(h = 100, r = 3.5);
    // a notch to lift the panel out
    translate([0, -panel_size / 2, step_mm + 2 + panel_thickness * 0.4]) cylinder(h = 50, r = 4.3);
  }
}

module assembly() {
  base();
  translate([0, 0, base_mm - step_mm]) shade();
  translate([0, 0, base_mm + shade_height - 2 * step_mm]) lid();
}

if (part == "base") base();
else if (part == "shade") shade();
else if (part == "lid") lid();
else assembly();
