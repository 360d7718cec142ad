"""What the apps add to the shared pages: entries of the main menu, sections of the home page and of the dashboard.

Each app registers its own in ``AppConfig.ready``; core knows none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class MenuEntry:
    label: str
    url_name: str
    namespace: str
    order: int


@dataclass(frozen=True)
class HomeSection:
    """``load`` gets the request and returns the template's context, or None when there is nothing to show.

    ``place`` is ``lead`` (full width, above), ``main`` or ``aside``.
    """

    template: str
    load: Callable
    place: str
    order: int


@dataclass(frozen=True)
class Task:
    """Something that waits for somebody: a sentence with its number in it, and where to do it."""

    text: str
    address: str
    is_urgent: bool = False


menu: list[MenuEntry] = []
home_sections: list[HomeSection] = []
task_sources: list[Callable] = []


def add_menu_entry(label: str, url_name: str, *, order: int) -> None:
    menu.append(MenuEntry(label, url_name, url_name.split(":")[0], order))
    menu.sort(key=lambda entry: entry.order)


def add_home_section(template: str, load: Callable, *, place: str, order: int) -> None:
    home_sections.append(HomeSection(template, load, place, order))
    home_sections.sort(key=lambda section: section.order)


def add_tasks(source: Callable) -> None:
    """``source`` gets the user and yields the Tasks that wait for this person in the back office."""
    task_sources.append(source)


def tasks_for(user) -> list[Task]:
    tasks = [task for source in task_sources for task in source(user)]
    return sorted(tasks, key=lambda task: not task.is_urgent)
