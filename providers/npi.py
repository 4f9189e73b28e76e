"""The check digit of a US National Provider Identifier. Pure."""

import re

_PREFIX_SUM = 24  # what the issuer prefix 80840 adds to the Luhn sum


def npi_is_valid(npi: str) -> bool:
    """True when `npi` is well typed: ten digits, the first 1 or 2, Luhn sum right.

    It proves the typing only; whether the number was given out, and to whom, stands in
    the registry. Source: CMS, Luhn's formula over 80840 followed by the NPI.
    """
    if not re.fullmatch(r"[12][0-9]{9}", npi):
        return False
    digits = [int(digit) for digit in npi]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[::2]]
    return (sum(doubled) + sum(digits[1::2]) + _PREFIX_SUM) % 10 == 0
