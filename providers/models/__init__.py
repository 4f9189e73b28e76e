from providers.models.place import Place, PlaceKind, PlaceName
from providers.models.region import Region, RegionKind

__all__ = ["Place", "PlaceKind", "PlaceName", "Region", "RegionKind"]
