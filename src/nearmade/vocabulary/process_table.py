"""The processes that the house knows, one row each, with who orders them so.

A child stands below its parent; family, group and OKH code come down from the parent
where a row does not say its own. ``also`` names further parents: milling under
numerical control is milling, and is machining under numerical control.

References
----------
ISO/ASTM 52900:2021, terms of additive manufacturing (families and their short names).
DIN 8580:2022-12 (2003-09), manufacturing processes and their groups; the number is
that of the group, of the main group alone where the norm leaves room.
DIN SPEC 3105-1:2020 and OKH-LOSH 1.0, codes of technology-specific documentation
criteria (``tsdc``). Article titles are those of the English Wikipedia, by which Open
Know-Where v1 names a process. Wikidata ids stand only where they were met in use.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Row(NamedTuple):
    """One process as the table has it; see ``processes.Process``.

    Parameters
    ----------
    article
        Title of its English Wikipedia article; empty where it has none of its own.
    names
        What else people call it, redirects of Wikipedia included; ``|`` between.
    """

    code: str
    title: str
    parent: str = ""
    article: str = ""
    names: str = ""
    group: str = ""
    family: str = ""
    tsdc: str = ""
    wikidata: str = ""
    also: tuple[str, ...] = ()
    broad: bool = False


AM: Final = "ISO/ASTM 52900:2021"
DIN: Final = "DIN 8580:2022-12"
OKH: Final = "DIN SPEC 3105-1:2020, OKH-LOSH 1.0"

_ADDITIVE = (
    Row("3DP", "additive manufacturing", "", "3D printing",
        "Additive manufacturing|AM|3D print|Rapid prototyping|3D printing processes",
        "1.10", "", "3DP", "Q229367"),
    Row("MATERIAL-EXTRUSION", "material extrusion", "3DP", "",
        "MEX|Extrusion based 3D printing|Material extrusion additive manufacturing",
        family="material extrusion"),
    Row("FDM", "fused filament fabrication", "MATERIAL-EXTRUSION",
        "Fused filament fabrication",
        "FFF|Fused deposition modeling|Fused deposition modelling|MEX-TRB/P|"
        "Filament freeform fabrication|FDM printing"),
    Row("PELLET-EXTRUSION", "pellet extrusion", "MATERIAL-EXTRUSION", "",
        "FGF|Fused granular fabrication|Fused granulate fabrication|Pellet printing"),
    Row("PASTE-EXTRUSION", "paste extrusion", "MATERIAL-EXTRUSION", "Robocasting",
        "Direct ink writing|DIW|Clay printing|Liquid deposition modeling|LDM"),
    Row("CONCRETE-PRINTING", "concrete printing", "PASTE-EXTRUSION",
        "Construction 3D printing", "Contour crafting|3D concrete printing"),
    Row("VAT-PHOTOPOLYMERISATION", "vat photopolymerisation", "3DP",
        "", "VPP|Vat photopolymerization|Resin printing|Photopolymerization",
        family="vat photopolymerisation"),
    Row("SLA", "laser stereolithography", "VAT-PHOTOPOLYMERISATION",
        "Stereolithography", "SL|VPP-UVL|Stereolithography apparatus"),
    Row("DLP", "digital light processing", "VAT-PHOTOPOLYMERISATION", "",
        "VPP-UVM|Digital light processing printing|DLP printing"),
    Row("MSLA", "masked stereolithography", "VAT-PHOTOPOLYMERISATION", "",
        "LCD printing|LCD|Masked SLA|mSLA"),
    Row("CLIP", "continuous liquid interface production", "VAT-PHOTOPOLYMERISATION",
        "Continuous Liquid Interface Production", "Digital light synthesis|DLS"),
    Row("TWO-PHOTON", "two-photon polymerisation", "VAT-PHOTOPOLYMERISATION",
        "Multiphoton lithography", "2PP|Two-photon polymerization"),
    Row("POWDER-BED-FUSION", "powder bed fusion", "3DP", "",
        "PBF|Powder bed and inkjet head 3D printing", family="powder bed fusion"),
    Row("SLS", "selective laser sintering", "POWDER-BED-FUSION",
        "Selective laser sintering", "PBF-LB/P|Laser sintering"),
    Row("MJF", "multi jet fusion", "POWDER-BED-FUSION", "",
        "Multi-jet fusion|HP Multi Jet Fusion|PBF-IrL/P|High speed sintering"),
    Row("DMLS", "laser beam powder bed fusion of metal", "POWDER-BED-FUSION",
        "Selective laser melting",
        "SLM|LPBF|L-PBF|PBF-LB/M|Direct metal laser sintering|Laser powder bed fusion"),
    Row("EBM", "electron beam powder bed fusion", "POWDER-BED-FUSION",
        "Electron-beam additive manufacturing",
        "PBF-EB/M|Electron beam melting|Electron-beam melting"),
    Row("BINDER-JETTING", "binder jetting", "3DP", "Binder jet 3D printing",
        "BJT|Binder jet|Inkjet powder printing", family="binder jetting"),
    Row("METAL-BINDER-JETTING", "binder jetting of metal", "BINDER-JETTING", "",
        "BJT-MSt/M|Metal binder jet"),
    Row("SAND-BINDER-JETTING", "binder jetting of sand", "BINDER-JETTING", "",
        "Sand printing|3D sand printing"),
    Row("MATERIAL-JETTING", "material jetting", "3DP", "",
        "MJT|PolyJet|MultiJet printing|MJP|Drop on demand", family="material jetting"),
    Row("NANOPARTICLE-JETTING", "nanoparticle jetting", "MATERIAL-JETTING", "", "NPJ"),
    Row("SHEET-LAMINATION", "sheet lamination", "3DP", "",
        "SHL|Sheet lamination additive manufacturing", family="sheet lamination"),
    Row("LOM", "laminated object manufacturing", "SHEET-LAMINATION",
        "Laminated object manufacturing", "Selective deposition lamination|SDL"),
    Row("ULTRASONIC-CONSOLIDATION", "ultrasonic additive manufacturing",
        "SHEET-LAMINATION", "Ultrasonic consolidation", "UAM|UC"),
    Row("DIRECTED-ENERGY-DEPOSITION", "directed energy deposition", "3DP",
        "", "DED", family="directed energy deposition"),
    Row("LASER-DEPOSITION", "laser metal deposition", "DIRECTED-ENERGY-DEPOSITION",
        "", "LMD|LENS|Laser engineered net shaping|DED-LB/M"),
    Row("WAAM", "wire arc additive manufacturing", "DIRECTED-ENERGY-DEPOSITION", "",
        "DED-Arc/M|Wire and arc additive manufacturing"),
)  # fmt: skip

_SHAPING = (
    Row("CASTING", "casting", "", "Casting", "Cast|Foundry|Casting (metalworking)",
        "1.1"),
    Row("SAND-CASTING", "sand casting", "CASTING", "Sand casting", "Sand-casting"),
    Row("INVESTMENT-CASTING", "investment casting", "CASTING", "Investment casting",
        "Lost-wax casting|Lost wax casting"),
    Row("DIE-CASTING", "die casting", "CASTING", "Die casting", "Pressure die casting"),
    Row("RESIN-CASTING", "resin casting", "CASTING", "Resin casting",
        "Vacuum casting|Urethane casting|Silicone casting"),
    Row("MOULDING", "moulding", "", "Molding (process)", "Molding|Moulding (process)",
        "1.2"),
    Row("INJECTION-MOULDING", "injection moulding", "MOULDING", "Injection moulding",
        "Injection molding|Plastic injection moulding|Injection molding of plastic"),
    Row("COMPRESSION-MOULDING", "compression moulding", "MOULDING",
        "Compression molding", "Compression moulding"),
    Row("BLOW-MOULDING", "blow moulding", "MOULDING", "Blow molding", "Blow moulding"),
    Row("ROTATIONAL-MOULDING", "rotational moulding", "MOULDING",
        "Rotational molding", "Rotational moulding|Rotomolding|Rotomoulding"),
    Row("PLASTIC-EXTRUSION", "extrusion of plastic", "", "Plastics extrusion",
        "Profile extrusion|Filament extrusion", "1.2"),
    Row("COMPOSITE-LAYUP", "laying-up of composites", "", "",
        "Hand lay-up|Composite lay-up|Fibreglass lay-up|Lay-up process", "1"),
    Row("SINTERING", "pressing and sintering of powder", "", "Powder metallurgy",
        "Press and sinter", "1.4"),
    Row("POTTERY", "pottery", "", "Pottery", "Ceramics firing|Clay throwing", "1.2"),
    Row("GLASS-BLOWING", "glass blowing", "", "Glassblowing", "Glass blowing", "1"),
)  # fmt: skip

_FORMING = (
    Row("FORMING", "forming", "", "Forming (metalworking)", "Metal forming", "2"),
    Row("BENDING", "bending", "FORMING", "Bending (metalworking)",
        "Press brake bending|Press braking|Sheet bending|Brake bending", "2.4"),
    Row("TUBE-BENDING", "tube bending", "BENDING", "Tube bending", "Pipe bending"),
    Row("DEEP-DRAWING", "deep drawing", "FORMING", "Deep drawing", "", "2.2"),
    Row("FORGING", "forging", "FORMING", "Forging", "Blacksmithing|Smithing", "2.1"),
    Row("ROLLING", "rolling", "FORMING", "Rolling (metalworking)",
        "Sheet rolling|Roll bending", "2.1"),
    Row("STAMPING", "stamping", "FORMING", "Stamping (metalworking)",
        "Sheet metal stamping"),
    Row("METAL-SPINNING", "metal spinning", "FORMING", "Metal spinning", "", "2.2"),
    Row("THERMOFORMING", "thermoforming", "FORMING", "Thermoforming", ""),
    Row("VACUUM-FORMING", "vacuum forming", "THERMOFORMING", "Vacuum forming",
        ""),
)  # fmt: skip

_SEPARATING = (
    Row("MACHINING", "machining", "", "Machining",
        "Subtractive manufacturing|Metal cutting", "3"),
    Row("CNC", "machining under numerical control", "MACHINING",
        "Computer numerical control",
        "CNC machining|Numerical control|CNC-machining", tsdc="CNC"),
    Row("MILLING", "milling", "MACHINING", "Milling (machining)",
        "Milling (machine)|Milling machine", "3.2"),
    Row("CNC-MILLING", "milling under numerical control", "MILLING", "",
        "CNC mill|CNC milling machine", tsdc="CNC", also=("CNC",)),
    Row("TURNING", "turning", "MACHINING", "Turning", "Lathe turning|Lathe", "3.2"),
    Row("CNC-TURNING", "turning under numerical control", "TURNING", "",
        "CNC lathe", tsdc="CNC", also=("CNC",)),
    Row("DRILLING", "drilling", "MACHINING", "Drilling", "Drill", "3.2"),
    Row("BORING", "boring", "MACHINING", "Boring (manufacturing)", "", "3.2"),
    Row("THREADING", "threading", "MACHINING", "Threading (manufacturing)",
        "Tapping|Thread cutting|Screw-cutting", "3.2"),
    Row("ROUTING", "routing", "MACHINING", "Router (woodworking)",
        "Wood routing", "3.2"),
    Row("CNC-ROUTING", "routing under numerical control", "ROUTING", "CNC router",
        "CNC wood router", tsdc="CNC", also=("CNC",)),
    Row("PLANING", "planing", "MACHINING", "Planing (shaping)", "Thicknessing", "3.2"),
    Row("GRINDING", "grinding", "MACHINING", "Grinding (abrasive cutting)",
        "Surface grinding", "3.3"),
    Row("EDM", "electrical discharge machining", "MACHINING",
        "Electrical discharge machining", "Spark erosion|Sinker EDM", "3.4"),
    Row("WIRE-EDM", "wire electrical discharge machining", "EDM", "",
        "Wire EDM|Wire erosion|Wire cut EDM"),
    Row("CUTTING", "cutting of sheet and bar", "", "Cutting", "Sheet cutting", "3"),
    Row("LASER-CUTTING", "laser cutting", "CUTTING", "Laser cutting",
        "Laser cutter|Laser cut", tsdc="LAS"),
    Row("WATERJET-CUTTING", "waterjet cutting", "CUTTING", "Water jet cutter",
        "Waterjet|Water jet cutting|Waterjet cutter"),
    Row("PLASMA-CUTTING", "plasma cutting", "CUTTING", "Plasma cutting",
        "Plasma cutter"),
    Row("OXYFUEL-CUTTING", "oxy-fuel cutting", "CUTTING", "",
        "Flame cutting|Oxy-fuel cutting|Gas cutting|Oxyacetylene cutting"),
    Row("SAWING", "sawing", "CUTTING", "", "Saw|Band saw|Bandsaw|Table saw", "3.2"),
    Row("SHEARING", "shearing", "CUTTING", "Shearing (manufacturing)",
        "Guillotine|Guillotining", "3.1"),
    Row("PUNCHING", "punching", "CUTTING", "Punching", "CNC punching", "3.1"),
    Row("DIE-CUTTING", "die cutting", "CUTTING", "Die cutting (web)", "Die-cutting",
        "3.1"),
    Row("KNIFE-CUTTING", "cutting with a guided knife", "CUTTING", "Vinyl cutter",
        "Vinyl cutting|Plotter cutting|Drag-knife cutting|Foil cutting", "3.1"),
    Row("HOT-WIRE-CUTTING", "hot-wire cutting", "CUTTING", "Hot-wire foam cutter",
        "Foam cutting|Hot wire foam cutting"),
    Row("ENGRAVING", "engraving", "", "Engraving", "", "3"),
    Row("LASER-ENGRAVING", "laser engraving", "ENGRAVING", "Laser engraving",
        "Laser marking|Laser etching", tsdc="LAS"),
    Row("ETCHING", "chemical etching", "", "Chemical milling",
        "Photochemical machining|Industrial etching|Photo etching", "3.4"),
)  # fmt: skip

_JOINING = (
    Row("WELDING", "welding", "", "Welding", "Weld|Joining by welding", "4.6",
        tsdc="WEL"),
    Row("ARC-WELDING", "arc welding", "WELDING", "Arc welding",
        "Electric arc welding"),
    Row("MIG-WELDING", "gas metal arc welding", "ARC-WELDING",
        "Gas metal arc welding", "MIG|MAG|GMAW|MIG welding|MAG welding|ISO 4063-13"),
    Row("TIG-WELDING", "gas tungsten arc welding", "ARC-WELDING",
        "Gas tungsten arc welding", "TIG|GTAW|TIG welding|ISO 4063-141"),
    Row("STICK-WELDING", "shielded metal arc welding", "ARC-WELDING",
        "Shielded metal arc welding", "SMAW|MMA|Manual metal arc welding|ISO 4063-111"),
    Row("SPOT-WELDING", "spot welding", "WELDING", "Spot welding",
        "Resistance spot welding|ISO 4063-21"),
    Row("GAS-WELDING", "gas welding", "WELDING", "Oxy-fuel welding and cutting",
        "Oxyacetylene welding|Oxy-fuel welding|ISO 4063-3"),
    Row("LASER-WELDING", "laser welding", "WELDING", "Laser beam welding",
        "Laser-beam welding|ISO 4063-52"),
    Row("PLASTIC-WELDING", "welding of plastic", "WELDING", "Plastic welding",
        "Hot gas welding"),
    Row("ULTRASONIC-WELDING", "ultrasonic welding", "PLASTIC-WELDING",
        "Ultrasonic welding", "ISO 4063-41"),
    Row("BRAZING", "brazing", "", "Brazing", "Hard soldering|ISO 4063-9", "4.7"),
    Row("SOLDERING", "soldering", "", "Soldering", "Soft soldering|Solder", "4.7",
        wikidata="Q211387"),
    Row("RIVETING", "riveting", "", "Rivet", "Blind riveting", "4.5"),
    Row("GLUING", "adhesive bonding", "", "Adhesive bonding",
        "Gluing|Bonding|Solvent welding", "4.8"),
    Row("ASSEMBLY", "assembly", "", "",
        "Assembling|Manual assembly|Final assembly", "4.1", tsdc="ASM"),
    Row("ELECTRONICS-ASSEMBLY", "assembly of circuits", "", "",
        "PCBA|PCB assembly|Circuit assembly|Electronic assembly", "4.7", tsdc="CIR"),
    Row("SMT-ASSEMBLY", "surface-mount assembly", "ELECTRONICS-ASSEMBLY",
        "Surface-mount technology", "SMT|SMD assembly|Pick and place|Reflow soldering"),
    Row("THROUGH-HOLE-ASSEMBLY", "through-hole assembly", "ELECTRONICS-ASSEMBLY",
        "Through-hole technology", "THT|Wave soldering"),
    Row("PCB-FABRICATION", "making of circuit boards", "",
        "Printed circuit board manufacturing",
        "PCB manufacturing|Printed circuit board|PCB making|PCB etching", "3",
        tsdc="PCB"),
    Row("PCB-MILLING", "milling of circuit boards", "PCB-FABRICATION",
        "Printed circuit board milling", "Isolation milling"),
    Row("WIRE-HARNESSING", "making of cable harnesses", "", "Cable harness",
        "Wire harness|Cable assembly|Crimping", "4"),
)  # fmt: skip

_OTHERS = (
    Row("TEXTILE", "textile work", "", "Textile manufacturing", "Textiles", "4.9"),
    Row("SEWING", "sewing", "TEXTILE", "Sewing", "Stitching|Sewing machine",
        wikidata="Q652122"),
    Row("EMBROIDERY", "embroidery", "TEXTILE", "Embroidery", "Machine embroidery"),
    Row("WEAVING", "weaving", "TEXTILE", "Weaving", "Loom"),
    Row("KNITTING", "knitting", "TEXTILE", "Knitting", "Machine knitting"),
    Row("PRINTING", "printing on surfaces", "", "Printing", "Graphic printing", "5"),
    Row("SCREEN-PRINTING", "screen printing", "PRINTING", "Screen printing",
        "Silk screen|Silkscreen printing|Serigraphy"),
    Row("UV-PRINTING", "printing with curing ink", "PRINTING", "",
        "UV ink printing|UV flatbed printing|UV inkjet"),
    Row("FINISHING", "finishing", "", "Surface finishing",
        "Post-processing|Surface treatment"),
    Row("SANDING", "sanding", "FINISHING", "Sanding", "Hand sanding", "3.3"),
    Row("POLISHING", "polishing", "FINISHING", "Polishing", "Buffing", "3.3"),
    Row("DEBURRING", "deburring", "FINISHING", "", "Burr removal|Deburr", "3"),
    Row("TUMBLING", "tumbling", "FINISHING", "Tumble finishing",
        "Vibratory finishing|Barrel finishing", "3.3"),
    Row("BLASTING", "abrasive blasting", "FINISHING", "Abrasive blasting",
        "Sandblasting|Bead blasting|Media blasting", "3.3"),
    Row("PAINTING", "painting", "FINISHING", "", "Spray painting|Paint|Lacquering",
        "5.1"),
    Row("POWDER-COATING", "powder coating", "FINISHING", "Powder coating", "", "5.4"),
    Row("ELECTROPLATING", "electroplating", "FINISHING", "Electroplating",
        "Plating|Galvanic plating", "5.9"),
    Row("ANODISING", "anodising", "FINISHING", "Anodizing", "Anodising|Anodize", "5"),
    Row("GALVANISING", "hot-dip galvanising", "FINISHING", "Hot-dip galvanization",
        "Galvanizing|Galvanization|Hot-dip galvanizing", "5.1"),
    Row("VAPOUR-SMOOTHING", "vapour smoothing", "FINISHING", "",
        "Vapor smoothing|Acetone smoothing|Vapor polishing", "3"),
    Row("DYEING", "dyeing", "FINISHING", "Dyeing"),
    Row("HEAT-TREATMENT", "heat treatment", "", "Heat treating",
        "Heat treatment|Hardening|Annealing|Tempering", "6.2"),
    Row("MEC", "mechanical work by drawing", "", "",
        "Mechanical manufacturing", tsdc="MEC", broad=True),
    Row("BOUGHT", "part that is bought", "", "Commercial off-the-shelf",
        "COTS|Off-the-shelf|Purchased part", tsdc="COT"),
    Row("STANDARD-PART", "part made to a standard", "BOUGHT", "",
        "Standard part|Norm part", tsdc="STD"),
)  # fmt: skip

#: Rows by section, each with its source.
SECTIONS: Final = (
    (f"{AM}; {DIN}", _ADDITIVE),
    (DIN, _SHAPING),
    (DIN, _FORMING),
    (DIN, _SEPARATING),
    (DIN, _JOINING),
    (f"{DIN}; {OKH}", _OTHERS),
)
