"""How the report looks on a screen and on A4."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root{--ink:#1c1917;--quiet:#57534e;--line:#d6d3d1;--surface:#fff;--accent:#b4451c;
--central:#57606f;--leaf:#2f7d4f;color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:#fff;color:var(--ink);font:15px/1.5 "DejaVu Sans",Verdana,
Arial,sans-serif}
main{max-width:760px;margin:0 auto;padding:24px 16px}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .4em}
h2{font-size:1.1rem;margin:1.8em 0 .5em;padding-top:.5em;border-top:2px solid
var(--line);break-after:avoid}
.lead{font-size:1.1rem;margin:0 0 1em}
dl{display:grid;grid-template-columns:minmax(8em,1fr) 4fr;gap:.3em 1em;margin:0}
dt{color:var(--quiet)}dd{margin:0}
figure{margin:.6em 0;break-inside:avoid}
figure svg{display:block;width:100%;height:auto}
figcaption{font-size:.85rem;color:var(--quiet);margin-top:.4em}
table{border-collapse:collapse;width:100%;font-size:.82rem;margin:.6em 0 1em}
caption{text-align:left;color:var(--quiet);padding-bottom:.3em}
th,td{text-align:left;vertical-align:top;padding:.25em .6em .25em 0;border-bottom:1px
solid var(--line)}
td{white-space:nowrap}td:last-child,th[scope=row]{white-space:normal;
overflow-wrap:break-word}
thead th{color:var(--quiet);font-weight:600}tbody th{font-weight:400}
thead{display:table-header-group}tr{break-inside:avoid}
small{color:var(--quiet);font-size:.9em}
.sources table{font-size:.72rem}
.sources th[scope=row]{min-width:9em}
footer{margin-top:2em;font-size:.8rem;color:var(--quiet)}
a{color:var(--accent)}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e7e5e4;--quiet:#a8a29e;
--line:#44403c;--surface:#1c1917;--accent:#e8895f;--central:#9aa5b8;--leaf:#6cc28e;
color-scheme:dark}body{background:var(--surface)}}
@media print{@page{size:A4;margin:15mm}body{font-size:10.5pt}main{max-width:none;
padding:0}a{color:inherit}}
@media(max-width:520px){dl{grid-template-columns:1fr}dt{margin-top:.4em}
table{display:block;overflow-x:auto}}
"""
