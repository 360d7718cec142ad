"""What the address of a list of the back office may ask."""

from django.contrib.admin.options import IncorrectLookupParameters

# Patterns are not among them.
COMPARISONS = {"id", "exact", "in", "isnull", "isempty", "gt", "gte", "lt", "lte", "year", "month", "day"}


class OwnFiltersOnly:
    """Only what the list's own filters ask: any other lookup would let people probe columns they do not see."""

    def lookup_allowed(self, lookup, value, request=None):
        for name in filter(None, [*map(_asked, self.list_filter), self.date_hierarchy]):
            field, *comparison = lookup.removeprefix(name).split("__")
            if lookup.startswith(name) and field == "" and COMPARISONS.issuperset(comparison):
                return True
        return False

    def get_changelist_instance(self, request):
        """A date that no calendar has is a wrong address, not a fault of ours."""
        try:
            return super().get_changelist_instance(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters from error


def _asked(item) -> str:
    """The column, or the parameter, that an item of ``list_filter`` asks."""
    if isinstance(item, str):
        return item
    return item[0] if isinstance(item, tuple) else item.parameter_name
