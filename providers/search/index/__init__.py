"""The index: an immutable columnar copy of the listings that answers questions.

Pure: numpy and no Django. Plain rows (`rows`) or whole tables (`tables`) are put
together (`drafting`) and become columns (`building`, `segment`): sorted by grid cell
(`grid`), a packed set for each option (`bits`; of regions `sparse`; with what is
counted beforehand, `bundles`), names by their words (`names`). A question becomes sets
over some of their words (`asking`), from which come the counts (`counting`), a page of
the order (`ordering`) and the map (`spreading`); `engine` puts it all together.
"""

from providers.search.index.engine import Index

__all__ = ["Index"]
