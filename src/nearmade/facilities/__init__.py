"""Who can make it: facility, machine, feedstock, opening hours, power, tariff.

Knows: what a facility is and says of itself (OKW), and when it is open.
Leaves to others: whether it suits a part (matching).
Public: the classes of ``facility``, ``record.facility_from_record`` and
``record.facility_record``, ``opening.next_open`` and ``opening.is_open``;
``okw.read_okw``, ``okw_record.okw_from_record``, ``okw_conversion.draft_from_okw``
and ``aas.capability_submodel`` for the forms of others.
"""
