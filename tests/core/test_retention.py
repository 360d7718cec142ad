"""What is kept long enough goes, whatever becomes of the rest."""

import pytest

from apps.core import privacy


def test_a_period_that_cannot_be_applied_keeps_no_other_from_being_applied(monkeypatch, caplog):
    def broken(now):
        raise RuntimeError("reader@example.org")

    applied = []
    monkeypatch.setattr(
        privacy, "sweeps", {"first": lambda now: 1, "broken": broken, "last": lambda now: applied.append(now) or 2}
    )

    with pytest.raises(privacy.SweepError, match=r"\Abroken\Z"):
        privacy.sweep_all()

    assert len(applied) == 1
    assert [entry.message for entry in caplog.records] == ["retention of broken failed: RuntimeError"]
