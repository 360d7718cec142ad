"""What stands beside the lists of the back office."""

from django.contrib import admin


class BeginningFilter(admin.SimpleListFilter):
    """A list that begins with some of its rows, as ``beginning`` calls them, and not with all."""

    beginning = ""

    def choices(self, changelist):
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": self.beginning,
        }
        yield from list(super().choices(changelist))[1:]
