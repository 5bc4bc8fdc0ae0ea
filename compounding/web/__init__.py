"""The door for the pharmacy: pages, forms and the session behind them."""

from flask import Flask

from compounding.web import (
    batches,
    benchmarks,
    blanks,
    calculations,
    climate,
    complaints,
    costs,
    counts,
    day,
    demand,
    devices,
    fills,
    for_stock,
    formula_drafts,
    formulas,
    house,
    label_runs,
    labels,
    leaflets,
    orders,
    owed,
    page,
    papers,
    planner,
    pooling,
    prescriptions,
    print_jobs,
    printers,
    products,
    quotes,
    recall_cases,
    recall_papers,
    recalls,
    receiving,
    records,
    routines,
    session,
    setbacks,
    signing,
    stock,
    transfers,
    upkeep,
    voids,
    what_if,
)

BLUEPRINTS = (
    house.blueprint,
    session.blueprint,
    prescriptions.blueprint,
    orders.blueprint,
    owed.blueprint,
    batches.blueprint,
    blanks.blueprint,
    records.blueprint,
    fills.blueprint,
    labels.blueprint,
    label_runs.blueprint,
    printers.blueprint,
    print_jobs.blueprint,
    leaflets.blueprint,
    setbacks.blueprint,
    transfers.blueprint,
    for_stock.blueprint,
    day.blueprint,
    demand.blueprint,
    pooling.blueprint,
    stock.blueprint,
    receiving.blueprint,
    products.blueprint,
    counts.blueprint,
    papers.blueprint,
    devices.blueprint,
    planner.blueprint,
    formula_drafts.blueprint,
    formulas.blueprint,
    calculations.blueprint,
    costs.blueprint,
    benchmarks.blueprint,
    what_if.blueprint,
    quotes.blueprint,
    upkeep.blueprint,
    voids.blueprint,
    routines.blueprint,
    climate.blueprint,
    recalls.blueprint,
    recall_cases.blueprint,
    recall_papers.blueprint,
    complaints.blueprint,
)


def register(app: Flask) -> None:
    """Give `app` every page, the session that guards them and the headers that go with each."""
    app.before_request(papers.let_papers_in)
    app.before_request(benchmarks.let_lists_in)
    session.guard(app)
    app.after_request(house.harden)
    app.context_processor(page.frame)
    app.add_template_filter(page.compact)
    app.context_processor(lambda: {"signed_before": signing.signed_before})
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
