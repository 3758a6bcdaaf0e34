// Frame of a face shield: a brow band, a visor that keeps the sheet off the face, and
// pegs for a sheet with holes from an office punch. Prints flat, no supports.
// SPDX-License-Identifier: CC-BY-SA-4.0

/* [Fit] */
// Width of the head at the temples (mm)
head_width = 150; // [130:1:156]
// Height of the brow band (mm)
band_height = 14; // [10:1:20]
// Room between brow and sheet (mm)
sheet_distance = 30; // [20:1:40]

/* [Sheet] */
// Spacing of the holes that the punch makes
punch = "two_80"; // [two_80:2 holes 80 mm apart, three_108:3 holes 108 mm apart]

/* [Name] */
// Name on the brow band
wearer = "HEALTH"; //10

/* [Hidden] */
part = "frame"; // [frame, chin_clip, assembly]
$fn = 64;

wall_mm = 2.4;
half = head_width / 2;
brow_mm = 62; // front to back of the curved part of the band
ear_mm = 26; // straight part, towards the ears
peg_d = 4.6;
peg_mm = 5;
hole_arcs = punch == "two_80" ? [-40, 40] : [-108, 0, 108]; // along the sheet

// Half an ellipse that opens to -y.
function arc(rx, ry, from, to, n = 72) =
  [for (k = [0:n]) let (a = from + (to - from) * k / n) [rx * cos(a), ry * sin(a)]];
// A band between two of them, from `in` to `out` beside the ellipse.
module arc_band(rx, ry, in = 0, out = wall_mm) {
  polygon(concat(arc(rx + out, ry + out, 180, 0), arc(rx + in, ry + in, 0, 180)));
}

visor_ry = brow_mm + sheet_distance;
band_rx = half + wall_mm;
visor_out = visor_ry + wall_mm;

// A point on the outside of a band whose outer half axes are rx and ry, and the turn
// of its surface there, from the angle of the ellipse.
function on_band(rx, ry, a) = [rx * sin(a), ry * cos(a)];
function turn_on_band(rx, ry, a) = -atan2(ry * sin(a), rx * cos(a));

// The angle at which the way along the band from its middle reaches an arc length.
function angle_at(rx, ry, arc, a = 0) =
  arc <= 0 || a >= 88 ? a
  : angle_at(rx, ry, arc - norm([rx * cos(a), ry * sin(a)]) * PI / 180, a + 1);

module side_arm() {
  translate([half, -ear_mm]) square([wall_mm, ear_mm + 0.1]);
  // hook for the elastic
  translate([half + wall_mm / 2, -ear_mm]) {
    circle(wall_mm / 2 + 0.6);
    translate([-9, -wall_mm / 2 - 0.6]) square([9, wall_mm + 1.2]);
    translate([-9, -0.6 - wall_mm / 2]) circle(2.6);
  }
}

module peg(arc) {
  a = sign(arc) * angle_at(band_rx, visor_out, abs(arc));
  translate(on_band(band_rx, visor_out, a)) rotate(turn_on_band(band_rx, visor_out, a))
    intersection() {
      translate([0, -0.8, peg_d / 2 - 0.35]) rotate([-90, 0, 0]) rotate(360 / 56) rotate_extrude($fn = 28) polygon([
        [0, 0], [peg_d / 2, 0], [peg_d / 2, peg_mm - 1.2], [peg_d / 2 + 0.5, peg_mm - 0.4],
        [peg_d / 2 + 0.5, peg_mm], [peg_d / 2 - 0.7, peg_mm + 1], [0, peg_mm + 1],
      ]);
      translate([-10, -2, 0]) cube([20, 20, 20]);
    }
}

module frame() {
  visor_mm = min(band_height, 8);
  linear_extrude(band_height) {
    arc_band(half, brow_mm);
    side_arm();
    mirror([1, 0, 0]) side_arm();
  }
  linear_extrude(visor_mm) {
    difference() {
      arc_band(half, visor_ry);
      translate([-200, -400]) square(400);
    }
    // struts between brow and visor
    for (a = [-26, 26]) hull() {
      translate(on_band(half + 1, brow_mm + 1, a * 0.8)) circle(1.2);
      translate(on_band(half + 1, visor_ry + 1, a)) circle(1.2);
    }
  }
  for (arc = hole_arcs) peg(arc);
  letter_mm = band_height * 0.5;
  // letters stand on the curve one by one
  if (len(wearer) > 0) for (k = [0:len(wearer) - 1]) {
    arc = (k - len(wearer) / 2 + 0.5) * letter_mm * 1.05;
    a = sign(arc) * angle_at(band_rx, brow_mm + wall_mm, abs(arc));
    translate(on_band(band_rx, brow_mm + wall_mm, -a))
      rotate(turn_on_band(band_rx, brow_mm + wall_mm, -a))
        translate([0, -0.6, band_height * 0.26]) rotate([90, 0, 180]) linear_extrude(1.2)
          text(wearer[k], size = letter_mm, halign = "center",
               font = "DejaVu Sans:style=Bold");
  }
}

// Keeps the lower edge of the sheet curved: a bent channel with a floor.
module chin_clip() {
  rx = half * 0.8;
  ry = visor_ry * 0.6;
  slot_mm = 1;
  linear_extrude(2) arc_band(rx, ry, -1.6, slot_mm + 1.6);
  translate([0, 0, 1]) linear_extrude(9) arc_band(rx, ry, -1.6, 0);
  translate([0, 0, 1]) linear_extrude(7) arc_band(rx, ry, slot_mm, slot_mm + 1.6);
}

module assembly() {
  rotate([0, 0, 180]) {
    frame();
    translate([0, visor_ry * 0.35, -95]) chin_clip();
  }
}

if (part == "frame") frame();
else if (part == "chin_clip") chin_clip();
else assembly();
