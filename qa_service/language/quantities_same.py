"""Whether two quantities are the same, in whatever language, scale or unit they are written."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from qa_service.language.units import measure_units
from qa_service.language.units_currency import family_of
from qa_service.models import Quantity, QuantityKind

_EXACT_KINDS = frozenset((QuantityKind.RANK, QuantityKind.RATIO, QuantityKind.FRACTION))


def _base(quantity: Quantity) -> tuple[str, Decimal]:
    unit = measure_units().get(quantity.unit)
    return (unit.base, unit.factor) if unit else (quantity.unit, Decimal(1))


def _values(quantity: Quantity) -> tuple[Decimal, Decimal | None]:
    factor = _base(quantity)[1]
    return quantity.amount * factor, None if quantity.high is None else quantity.high * factor


def _same_unit(a: Quantity, b: Quantity) -> bool:
    if a.unit == b.unit:
        return True
    if a.kind == QuantityKind.MONEY == b.kind:
        family = family_of(a.unit)
        named = not (a.unit_assumed or b.unit_assumed or a.unit == family or b.unit == family)
        return family is not None and family == family_of(b.unit) and not named
    return bool(a.unit and b.unit) and _base(a)[0] == _base(b)[0]


def _compatible_kinds(a: Quantity, b: Quantity) -> bool:
    return a.kind == b.kind or not (a.kind in _EXACT_KINDS or b.kind in _EXACT_KINDS)


def same_quantity(a: Quantity, b: Quantity, *, unitless_matches: bool = False) -> bool:
    """Whether both are the same amount of the same unit, exactly, after scaling and conversion.

    A family name ("dirham", a bare "dollar") is the same unit as each currency of that name. Qualifiers, things
    counted and "per" are not compared, except that different "per"s differ. `unitless_matches` lets a bare
    number ("1,35 Milliarden") match the same number with any unit, as in short accepted answers.
    """
    if a.per and b.per and a.per != b.per:
        return False
    if unitless_matches and _is_bare(a) != _is_bare(b):
        bare, other = (a, b) if _is_bare(a) else (b, a)
        return (bare.amount, bare.high) == (other.amount, other.high)
    return _compatible_kinds(a, b) and _same_unit(a, b) and _values(a) == _values(b)


def _is_bare(quantity: Quantity) -> bool:
    return quantity.kind == QuantityKind.COUNT and not quantity.unit and not quantity.noun


def without_place(quantity: Quantity) -> Quantity:
    """Return the quantity with its offsets set to zero, so that equal readings compare equal."""
    return replace(quantity, start=0, end=0)
