"""What the apps add to the shared pages: entries of the main menu, sections of the home page and of the dashboard,
pages that somebody sees when she logs in for the first time.

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

    ``place`` is ``notice`` (on top: what this person owes), ``lead`` (full width, above), ``main`` or ``aside``.
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


@dataclass(frozen=True)
class WelcomeStep:
    """A page of the first login. ``is_for`` gets the user; the page ends with ``accounts.views.pass_step``."""

    url_name: str
    is_for: Callable
    order: int


@dataclass(frozen=True)
class AccountPage:
    """A page about oneself; ``is_for`` gets the user."""

    label: str
    url_name: str
    is_for: Callable
    order: int


menu: list[MenuEntry] = []
# Where people without a back office find what waits for them: a link at the top of every page.
own_pages: list[MenuEntry] = []
sitemaps: dict[str, type] = {}
account_pages: list[AccountPage] = []
home_sections: list[HomeSection] = []
task_sources: list[Callable] = []
dashboard_parts: list[Callable] = []
welcome_steps: list[WelcomeStep] = []


def add_menu_entry(label: str, url_name: str, *, order: int) -> None:
    menu.append(MenuEntry(label, url_name, url_name.split(":")[0], order))
    menu.sort(key=lambda entry: entry.order)


def add_own_page(label: str, url_name: str, *, order: int) -> None:
    own_pages.append(MenuEntry(label, url_name, url_name.split(":")[0], order))
    own_pages.sort(key=lambda entry: entry.order)


def add_sitemap(name: str, sitemap: type) -> None:
    """``sitemap`` is a django.contrib.sitemaps.Sitemap; its pages are named /sitemap-<name>.xml."""
    sitemaps[name] = sitemap


def add_home_section(template: str, load: Callable, *, place: str, order: int) -> None:
    home_sections.append(HomeSection(template, load, place, order))
    home_sections.sort(key=lambda section: section.order)


def add_tasks(source: Callable) -> None:
    """``source`` gets the user and yields the Tasks that wait for this person in the back office."""
    task_sources.append(source)


def add_dashboard_part(part: Callable) -> None:
    """``part`` gets the user and returns what the dashboard shows below its lists, or "" when it shows nothing."""
    dashboard_parts.append(part)


def add_account_page(label: str, url_name: str, *, order: int, is_for: Callable = lambda user: True) -> None:
    account_pages.append(AccountPage(label, url_name, is_for, order))
    account_pages.sort(key=lambda page: page.order)


def account_pages_of(user) -> list[AccountPage]:
    return [page for page in account_pages if page.is_for(user)]


def add_welcome_step(url_name: str, is_for: Callable, *, order: int) -> None:
    welcome_steps.append(WelcomeStep(url_name, is_for, order))
    welcome_steps.sort(key=lambda step: step.order)


def tasks_for(user) -> list[Task]:
    tasks = [task for source in task_sources for task in source(user)]
    return sorted(tasks, key=lambda task: not task.is_urgent)
