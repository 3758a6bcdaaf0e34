// Spectacles with round lenses, barrel hinges and a name inside the right temple.
// Front: printed on its front face. Temples: printed on their outer face. No supports.
// SPDX-License-Identifier: CERN-OHL-W-2.0

/* [Fit] */
// Distance between the pupils (mm)
pupillary_distance = 63; // [54:0.5:72]
// Width of the nose where the pads rest (mm)
bridge_width = 17; // [13:0.5:22]
// Length of a temple from the hinge to its tip, along the arm (mm)
temple_length = 138; // [110:1:150]
// How much deeper the frame gets from the nose to the hinges (mm)
face_curve = 2; // [0:0.5:4]

/* [Lenses] */
// Diameter of the round lenses (mm); smaller ones leave room for a wide nose
lens_diameter = 42; // [36:0.5:46]
// Thickness of the lenses at their edge (mm)
lens_thickness = 2; // [1.5:0.1:3]

/* [Name] */
// Name engraved inside the right temple
engraved_name = "NEARMADE"; //12

/* [Hidden] */
part = "front"; // [front, temple_left, temple_right, hinge_pin, assembly]
$fn = 72;

lip_mm = 1.2; // front lip that the lens rests on
ledge_mm = 0.9; // how far lip reaches over the lens
clearance_mm = 0.15; // between lens and rim, on the radius
wall_mm = 2.3; // rim outside the lens
lens_r = lens_diameter / 2;
rim_r = lens_r + clearance_mm + wall_mm;
eye_x = pupillary_distance / 2;
plate_mm = lip_mm + lens_thickness + 1.2; // depth of the front at the nose
back_mm = plate_mm + face_curve; // depth of the front at the hinges

barrel_r = 3;
pin_d = 2.2;
axis_up_mm = 3.3; // hinge axis above the back of the front
knuckle_mm = 3; // each of the front's two knuckles
middle_mm = 3.6; // the temple's knuckle
hinge_y = min(8, lens_r * 0.36);
axis_x = eye_x + sqrt(rim_r * rim_r - hinge_y * hinge_y) + 3.6;
arm_mm = 3; // thickness of a temple
edge_x = axis_x + axis_up_mm + arm_mm;
pad_y = -lens_r * 0.3;
// pads stay on the rim where the lenses stand too close for the bridge asked for
pad_rim_x = eye_x - sqrt(pow(lens_r + wall_mm * 0.55, 2) - pad_y * pad_y);
pad_x = max(min(bridge_width / 2 + 1.1, pad_rim_x), 2.2);
nose_r = bridge_width * 0.42;
nose_y = lens_r * 0.12;

// A plate with a rounded front edge, built in steps of one printed layer.
module pillow(height, round) {
  steps = 3;
  for (i = [0:steps - 1]) {
    inset = round * (1 - sqrt(1 - pow(1 - i / steps, 2)));
    translate([0, 0, i * round / steps])
      linear_extrude(height - i * round / steps) offset(delta = -inset) children();
  }
}

module both_sides() { children(); mirror([1, 0, 0]) children(); }

module nose_cut() {
  hull() {
    translate([0, nose_y]) circle(nose_r);
    translate([0, pad_y * 1.1]) square([bridge_width, 0.1], center = true);
    translate([0, -rim_r * 1.2]) square([bridge_width * 1.35, 0.1], center = true);
  }
}

module front_outline() {
  offset(r = -3.5, $fn = 24) offset(r = 3.5, $fn = 24) {
    both_sides() {
      translate([eye_x, 0]) circle(rim_r, $fn = 96);
      // end piece
      hull() {
        translate([eye_x + rim_r * 0.72, hinge_y - 2]) circle(5);
        translate([edge_x - 3, hinge_y - 2.4]) circle(3);
        translate([edge_x - 3, hinge_y + 2.4]) circle(3);
      }
    }
    // keyhole bridge
    difference() {
      bridge_y = nose_y + nose_r + 0.8;
      bridge_x = eye_x - sqrt(rim_r * rim_r - bridge_y * bridge_y) + 1.5;
      hull() both_sides() translate([bridge_x, bridge_y]) circle(3.4);
      nose_cut();
    }
    // arms that carry the nose pads
    both_sides() hull() {
      translate([pad_x + 0.6, pad_y]) scale([0.5, 1]) circle(5);
      translate([eye_x - sqrt(rim_r * rim_r - pad_y * pad_y) + 1, pad_y]) circle(3);
    }
  }
}

module nose_pad() {
  translate([pad_x, pad_y, 0]) rotate([0, 0, 12]) hull() {
    translate([0, 0, lip_mm]) scale([0.34, 1, 1]) cylinder(h = 1, r = 4.6, $fn = 32);
    translate([0.9, -0.4, plate_mm + 3.2]) scale([0.36, 1, 0.5]) sphere(3.8, $fn = 32);
  }
}

module front_body() {
  difference() {
    pillow(back_mm, 1) front_outline();
    // the back follows the face: a wide cylinder over rims and bridge
    if (face_curve > 0) {
      reach = axis_x - 5;
      bend_r = (reach * reach + face_curve * face_curve) / (2 * face_curve);
      intersection() {
        translate([0, 100, plate_mm + bend_r]) rotate([90, 0, 0])
          cylinder(h = 200, r = bend_r, $fn = 300);
        translate([-reach, -100, 0]) cube([2 * reach, 200, 100]);
      }
    }
  }
  both_sides() nose_pad();
}

module front_knuckle(from_y) {
  translate([axis_x, from_y, 0]) rotate([-90, 0, 0]) linear_extrude(knuckle_mm) hull() {
    translate([0, -back_mm - axis_up_mm]) circle(barrel_r, $fn = 40);
    translate([-barrel_r, -back_mm]) square([2 * barrel_r, 1]);
  }
}

module lens_seat() {
  translate([eye_x, 0, -1]) cylinder(h = 50, r = lens_r - ledge_mm);
  translate([eye_x, 0, -0.01])
    cylinder(h = 0.6, r1 = lens_r - ledge_mm + 0.6, r2 = lens_r - ledge_mm);
  translate([eye_x, 0, lip_mm]) difference() {
    cylinder(h = 50, r = lens_r + clearance_mm);
    // four small bumps that the lens clicks behind
    for (a = [45:90:315]) rotate(a)
      translate([lens_r + clearance_mm + 0.7, 0, lens_thickness + 0.1])
        cylinder(h = 1, r1 = 0.9, r2 = 1.2, $fn = 24);
  }
}

module front() {
  half = middle_mm / 2 + 0.3;
  difference() {
    union() {
      front_body();
      both_sides() {
        front_knuckle(hinge_y + half);
        front_knuckle(hinge_y - half - knuckle_mm);
      }
    }
    both_sides() {
      lens_seat();
      translate([axis_x, hinge_y - 20, back_mm + axis_up_mm]) rotate([-90, 0, 0])
        cylinder(h = 40, d = pin_d + 0.3, $fn = 24);
      // room for the temple's knuckle
      translate([axis_x - barrel_r - 0.4, hinge_y - half, back_mm])
        cube([2 * barrel_r + 0.8, 2 * half, 20]);
    }
  }
}

// Outline of a temple in the plane of its length (x) and height (y); the hinge's
// axis is at x = 0.
module temple_outline() {
  butt = -axis_up_mm + 0.25;
  hook = 38;
  bend_r = 26;
  sweep = 46;
  arc = bend_r * sweep * PI / 180;
  straight = temple_length - hook;
  hull() {
    translate([butt, -4.9]) square([1, 9.8]);
    translate([6, -4.3]) square([1, 8.6]);
  }
  hull() {
    translate([6, -4.3]) square([1, 8.6]);
    translate([straight * 0.45, 0]) circle(2.9);
  }
  hull() {
    translate([straight * 0.45, 0]) circle(2.9);
    translate([straight, 0]) circle(2.5);
  }
  translate([straight, -bend_r]) {
    n = 8;
    for (i = [0:n - 1]) hull() for (k = [i, i + 1])
      rotate(-sweep * k / n) translate([0, bend_r]) circle(2.5 + 0.06 * k, $fn = 32);
    rotate(-sweep) translate([0, bend_r]) hull() {
      circle(2.98);
      translate([hook - arc - 3.6, -0.6]) circle(3.6);
    }
  }
}

module temple(name) {
  straight = temple_length - 38;
  difference() {
    union() {
      pillow(arm_mm, 0.8) temple_outline();
      // knuckle
      translate([0, middle_mm / 2, 0]) rotate([90, 0, 0]) linear_extrude(middle_mm) hull() {
        translate([0, arm_mm + axis_up_mm]) circle(barrel_r, $fn = 40);
        translate([-barrel_r, 0]) square([2 * barrel_r + 3, arm_mm]);
      }
    }
    translate([0, 20, arm_mm + axis_up_mm]) rotate([90, 0, 0])
      cylinder(h = 40, d = pin_d + 0.15, $fn = 24);
    if (len(name) > 0)
      translate([straight * 0.52, 0, arm_mm - 0.5]) linear_extrude(2)
        resize([min(len(name) * 3.6, straight * 0.72), 0], auto = false)
          text(name, size = 3.2, halign = "center", valign = "center",
               font = "DejaVu Sans:style=Bold");
  }
}

module temple_right() { temple(engraved_name); }
module temple_left() { mirror([0, 1, 0]) temple(""); }

module hinge_pin() {
  length = 2 * knuckle_mm + middle_mm + 1;
  // lies on a flat; a head at one end, a chamfer at the other
  translate([0, 0, pin_d / 2 - 0.25]) intersection() {
    rotate([0, 90, 0]) {
      cylinder(h = 1.4, d = pin_d + 1.6, $fn = 32);
      cylinder(h = length + 0.6, d = pin_d, $fn = 32);
      translate([0, 0, length + 0.6]) cylinder(h = 0.6, d1 = pin_d, d2 = pin_d - 0.8, $fn = 32);
    }
    translate([-5, -5, -pin_d / 2 + 0.25]) cube([40, 10, 10]);
  }
}

module temple_in_place() {
  translate([axis_x, hinge_y, back_mm + axis_up_mm])
    rotate([0, -90, 0]) translate([0, 0, -arm_mm - axis_up_mm]) children();
}

module assembly() {
  rotate([90, 0, 180]) {
    front();
    temple_in_place() temple_right();
    mirror([1, 0, 0]) temple_in_place() temple(""); // as temple_left, mirrored back
    both_sides() translate([axis_x, hinge_y + 6, back_mm + axis_up_mm])
      rotate([0, 0, -90]) translate([0, 0, 0.25 - pin_d / 2]) hinge_pin();
  }
}

if (part == "front") front();
else if (part == "temple_left") temple_left();
else if (part == "temple_right") temple_right();
else if (part == "hinge_pin") hinge_pin();
else assembly();
