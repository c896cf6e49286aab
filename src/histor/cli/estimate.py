"""``histor estimate``: by which rule numbers are estimated, and what another rule would change."""

from __future__ import annotations

import json
from pathlib import Path

import click

from histor.cli.inputs import HELP
from histor.cli.project import FOLDER, opened

RULES = ("ucdp", "conservative", "independent_majority", "manual")


@click.command(name="estimate", context_settings=HELP)
@click.option("--rule", required=True, type=click.Choice(RULES), help="The rule.")
@click.option("--compare", type=click.Choice(RULES), help="Only show what this other rule would give instead.")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def command(rule: str, compare: str | None, folder: Path | None, as_json: bool) -> None:
    """Estimate every incident's numbers by a rule, from now on; with --compare change nothing and show both.

    ucdp: the most credible account, low and high span the credible ones. conservative: the lowest stated.
    independent_majority: one vote for each independent origin. manual: what a person set.
    """
    from histor.cli.incidents import print_comparison
    from histor.export.notes import figure
    from histor.jobs.matching import choose_rule, compare_rules

    with opened(folder) as project:
        if compare is None:
            count = choose_rule(project, rule)
            click.echo(f"histor: {count:,} incidents are estimated by the rule {rule}.", err=True)
            return
        rows = list(compare_rules(project, rule, compare))
    if not as_json:
        print_comparison(rows, rule, compare)
        return
    for incident, name, one, other in rows:
        shown = {r: figure(e) if e else None for r, e in ((rule, one), (compare, other))}
        click.echo(json.dumps({"incident": incident.id, "property": name, **shown}))
