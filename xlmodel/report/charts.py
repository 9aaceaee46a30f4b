"""The charts of a study of the demand model."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from xlmodel.model.demand.study import Study
from xlmodel.report.chart_style import Chart
from xlmodel.report.charts_children import bridge_chart, flows_chart, stock_chart
from xlmodel.report.charts_money import avoided_chart, claim_chart, cost_chart, difference_chart, plan_chart
from xlmodel.report.charts_uncertainty import tornado_chart
from xlmodel.report.findings import claim, measured

__all__ = ["model_charts"]


def model_charts(study: Study) -> Iterator[Chart]:
    """Yield every chart that there is something for, as a reader would want to meet them.

    Parameters
    ----------
    study : Study
        What the model gave.

    Yields
    ------
    Chart

    References
    ----------
    docs/demand-model.md, "The charts".
    """
    run, shown = study.run, study.shown
    yield stock_chart(run, shown, study.fan)
    if np.isfinite(shown.years.starts + shown.years.ceases).all():  # a forecast made elsewhere may have stocks alone
        yield flows_chart(run, shown)
        yield bridge_chart(run, shown)
    yield cost_chart(run, shown)
    if shown.avoided is not None:
        yield difference_chart(run, shown)
        if np.isfinite(shown.avoided.net).all():
            yield avoided_chart(run, shown)
    made = claim(run)
    if made is not None:
        yield claim_chart(run, made)
    if run.plan is not None:
        yield plan_chart(run, run.plan)
    if any(bar.swing > 0 for bar in study.bars):
        yield tornado_chart(study.bars, *measured(study))
