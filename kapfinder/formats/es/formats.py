"""Numbers as Spanish writes them in North America.

Django's Spanish has Spain's 1.250,50, in which "$1.250" reads as a dollar and a
quarter where most of our listings are.
"""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
