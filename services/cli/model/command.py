"""`amber model …`: the weights from their files, and the life of their versions in a tracker."""

import typer

from services.cli.model import assessing, files, life, primary

app = typer.Typer(help="The weights: model files, and the life of versions.", no_args_is_help=True)

app.command("check")(files.check_command)
app.command("score")(files.score_command)
app.command("diff")(files.diff_command)
app.command("schema")(files.schema_command)
app.command("submit")(life.submit_command)
app.command("drafts")(life.drafts_command)
app.command("assess")(assessing.assess_command)
app.command("movers")(assessing.movers_command)
app.command("approve")(life.approve_command)
app.command("withdraw")(life.withdraw_command)
app.command("retire")(life.retire_command)
app.command("rollback")(life.rollback_command)
app.command("status")(life.status_command)
app.add_typer(primary.app, name="primary")
