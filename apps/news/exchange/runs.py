"""Importing in steps: keep the file's rows, check every one, then save all of them as drafts or none."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.core import audit
from apps.core.digits import key_in
from apps.core.models import AuditEntry
from apps.news import content, rights, services
from apps.news.exchange.rows import Problem, Reader, Row
from apps.news.models import Article, ArticleImport

_BATCH = 100
_MOST_PROBLEMS = 1000

State = ArticleImport.State


def keep_file(name: str, data: bytes, *, by) -> ArticleImport:
    """Reads the file's rows. Raises ValidationError with a sentence for what cannot be read."""
    rights.require(rights.may_write(by))
    problems: list[Problem] = []
    if name.lower().endswith((".xlf", ".xliff", ".po")):
        from apps.news.exchange import (
            translators,  # large, and rarely wanted: a web process loads it when somebody does
        )

        rows, problems = translators.read(name, data)
    else:
        from apps.news.exchange import sheets  # large, and rarely wanted: a web process loads it when somebody does

        rows = sheets.read(name, data)
    found = [asdict(problem) for problem in problems]
    return ArticleImport.objects.create(name=name[-200:], rows=rows, problems=found, sent_by=by)


class RowProblemsError(ValidationError):
    """Something that was right when the rows were checked is so no more."""


def check(run: ArticleImport, *, by) -> Iterator[int]:
    """Reads every row as it would be saved and keeps what it found. Yields how many are done."""
    problems = [Problem(**problem) for problem in run.problems] if run.state == State.SENT else []
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    done = 0
    for batch in _batches(run.rows):
        for read in _read(batch, by):
            problems += read.problems
            if not read.problems and read.article is not None:
                counts[read.kind] += 1
            done = read.number - 1
        yield done
    run.problems = [asdict(problem) for problem in sorted(problems, key=lambda found: found.row)[:_MOST_PROBLEMS]]
    run.state = State.CHECKED
    for name, count in counts.items():
        setattr(run, name, count)
    run.save()


def carry_out(run: ArticleImport, *, by) -> Iterator[int]:
    """Saves every row as a draft, in one transaction. Yields how many are done.

    Who stops listening before the end has imported nothing. Raises ValidationError when a row cannot be saved.
    """
    with transaction.atomic():
        run = ArticleImport.objects.select_for_update().get(pk=run.pk)
        if run.state != State.CHECKED or run.problems:
            raise ValidationError(_("This file is imported already, or it was not checked."))
        for batch in _batches(run.rows):
            for read in _read(batch, by, lock=True):
                if read.problems:
                    raise RowProblemsError(_sentence(read.problems[0]))
                if read.article is not None:
                    _save(read, run, by)
            yield batch[-1][0] - 1
        run.state, run.rows = State.DONE, []
        run.save()
        changes = {"articles": ["", f"{run.new} new, {run.changed} changed"]}
        audit.record(AuditEntry.Action.CHANGED, by=by, changes=changes, reason=_reason(run))


@dataclass
class _Read:
    """A row as it was read: the article in memory (None for an empty row), what it points to, what is wrong."""

    number: int
    article: Article | None = None
    links: dict = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    before: dict | None = None

    @property
    def kind(self) -> str:
        if self.before is None:
            return "new"
        return "unchanged" if self.before == content.content_of(self.article, self.links) else "changed"


def _save(read: _Read, run: ArticleImport, by) -> None:
    try:
        services.save_article(read.article, by=by, links=read.links, reason=_reason(run))
    except (ValidationError, IntegrityError) as error:
        texts = " ".join(error.messages) if isinstance(error, ValidationError) else _("The database refuses it.")
        raise RowProblemsError(_sentence(Problem(read.number, "", texts))) from None


def _reason(run: ArticleImport) -> str:
    return _("Imported from a file: %(name)s") % {"name": run.name}


def _sentence(problem: Problem) -> str:
    return _("Row %(row)s: %(message)s") % {"row": problem.row, "message": problem.message}


def _batches(rows: list[Row]) -> Iterator[list[tuple[int, Row]]]:
    """With each row's number as a spreadsheet counts: the headings are row 1."""
    numbered = list(enumerate(rows, start=2))
    for start in range(0, len(numbered), _BATCH):
        yield numbered[start : start + _BATCH]


def _read(batch: list[tuple[int, Row]], by, *, lock: bool = False) -> Iterator[_Read]:
    reader = Reader(row for _number, row in batch)
    known = _known_articles(batch, by, lock=lock)
    for number, row in batch:
        read = _Read(number)
        if row:
            read.article, faults = _article_of(row, known, by)
            if read.article is not None:
                read.before = content.content_of(read.article) if read.article.pk else None
                read.links, found = reader.read(row, read.article)
                faults += found
            read.problems = [Problem(number, column, message) for column, message in faults]
        yield read


def _known_articles(batch: list, by, *, lock: bool) -> dict[str, Article]:
    keys = [key for _number, row in batch if (key := key_in(row.get("id", "").strip())) is not None]
    if not keys:
        return {}
    found = Article.objects.visible_to(by).filter(pk__in=keys)
    if lock:
        found = found.select_for_update(of=("self",))
    found = found.select_related("working_version", "picture", "updated_by")
    names = [link.name for link in content.links()]
    return {str(article.pk): article for article in found.prefetch_related(*names)}


def _article_of(row: Row, known: dict[str, Article], by) -> tuple[Article | None, list[tuple[str, str]]]:
    key = row.get("id", "").strip()
    if not key:
        if not by.has_perm("news.add_article"):
            return None, [("id", _("You may change articles and not add any: this row has no number."))]
        return Article(), []
    article = known.pop(key, None)
    if article is None:
        return None, [("id", _("There is no article with this number, or it stands in the table twice."))]
    revision = row.get("revision", "").strip()
    if revision and revision != str(article.revision):
        message = _("Somebody saved this article after the export. Export it again and enter your changes anew.")
        return None, [("revision", message)]
    return services.with_newest(article), []
