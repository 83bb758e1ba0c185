"""`amber model …`: the weights from their files, and the life of their versions in a tracker."""

import typer

from services.cli.model import approving, assessing, drafting, files, life, primary, reading

app = typer.Typer(help="The weights: model files, and the life of versions.", no_args_is_help=True)

app.command("check")(files.check_command)
app.command("score")(files.score_command)
app.command("diff")(files.diff_command)
app.command("schema")(files.schema_command)
app.command("save")(drafting.save_command)
app.command("submit")(drafting.submit_command)
app.command("drafts")(drafting.drafts_command)
app.command("propose")(approving.propose_command)
app.command("assess")(assessing.assess_command)
app.command("movers")(assessing.movers_command)
app.command("changes")(reading.changes_command)
app.command("practice")(reading.practice_command)
app.command("export")(reading.export_command)
app.command("card")(reading.card_command)
app.command("approve")(approving.approve_command)
app.command("withdraw")(life.withdraw_command)
app.command("retire")(life.retire_command)
app.command("rollback")(life.rollback_command)
app.command("status")(life.status_command)
app.add_typer(primary.app, name="primary")
