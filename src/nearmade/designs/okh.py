"""Any OKH manifest: which generation it is of, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from nearmade.designs.okh_rules import diagnose, is_fault
from nearmade.designs.okh_schema import schema_findings
from nearmade.designs.okh_v1_rules import KEYS as V1_KEYS
from nearmade.designs.okh_v1_rules import diagnose_v1, spelled
from nearmade.vocabulary.diagnosis import Diagnosis, shown
from nearmade.vocabulary.documents import Document, read_document

Generation = Literal["1.0", "2.x", "unknown"]


@dataclass(frozen=True, slots=True)
class OkhFile:
    """A manifest as it came, and what was found in it.

    Parameters
    ----------
    document
        Bytes, hash and tree.
    generation
        ``1.0`` for YAML manifests, ``2.x`` for OKH-LOSH and after, ``unknown`` when
        the file cannot be read or holds no table.
    findings
        What breaks a rule, in the order of the file.
    schema
        What the published schema of OKH-LOSH 1.0 refuses; None where it does not
        apply.
    """

    document: Document
    generation: Generation
    findings: tuple[Diagnosis, ...]
    schema: tuple[Diagnosis, ...] | None

    @property
    def faults(self) -> tuple[Diagnosis, ...]:
        """Findings that someone has to mend; the others are notes."""
        return tuple(one for one in self.findings if is_fault(one))

    @property
    def conforms(self) -> bool | None:
        """Whether the published schema takes it; None where it does not apply."""
        return None if self.schema is None else not self.schema


def read_manifest(data: bytes, name: str) -> OkhFile:
    """Read a manifest of any generation; no manifest makes it raise.

    Parameters
    ----------
    data
        The bytes of the file.
    name
        Its name; the ending tells the format, else the content does.

    References
    ----------
    .. [1] Open Know-How Specification 1.0, Internet of Production Alliance.
    .. [2] OKH-LOSH, https://github.com/iop-alliance/OpenKnowHow
    """
    document = read_document(data, name)
    if not document.readable:
        return OkhFile(document, "unknown", document.diagnoses, None)
    generation = _generation(document)
    if generation == "unknown":
        what = Diagnosis("", "type", shown(document.tree), "write a table of keys")
        return OkhFile(document, generation, (*document.diagnoses, what), None)
    if generation == "1.0":
        found = diagnose_v1(document.tree, document.head)
        return OkhFile(document, generation, _joined(document, found), None)
    refused = schema_findings(document.tree)
    found = diagnose(document.tree)
    return OkhFile(document, generation, _joined(document, found), refused)


def _joined(document: Document, found: Iterable[Diagnosis]) -> tuple[Diagnosis, ...]:
    """Join what reading and what the rules told; a value is told once of one rule."""
    known = {(one.path, one.rule) for one in document.diagnoses}
    rest = (one for one in found if (one.path, one.rule) not in known)
    return (*document.diagnoses, *rest)


def _generation(document: Document) -> Generation:
    """Tell the generation: TOML or ``okhv`` speak of 2.x, all else is 1.0."""
    tree: Any = document.tree
    if not isinstance(tree, dict):
        return "unknown"
    if document.format == "toml" or "okhv" in tree:
        return "2.x"
    if re.search("know-?how", document.head, re.IGNORECASE):
        return "1.0"
    known = sum(spelled(key) in V1_KEYS for key in tree)
    return "1.0" if known or document.format == "yaml" else "2.x"
