"""The import in batches beside the same complaints made one after another with mail, in one run.

“The same” is what is in the database afterwards: closed complaints with category, channel and receipt.
"""

import csv
import io

from _measure import ratio, timed, user_env

from odoo.addons.sqms_base.lib.workflow_pass import workflow_import

ONE_BY_ONE = 60
BATCH = 1_000
CHECKED = 20_000
HEADER = ("Date", "Kind", "Text", "Channel", "Customer", "Shop")


def run(env):
    from odoo.addons.sqms_complaint.models.sqms_import_loader import Loader

    me = user_env(env)
    team = me["helpdesk.ticket.team"].create({"name": "Benchmark"})
    customer = me["res.partner"].create({"name": "Wang Li", "email": "wang.li@example.com"})
    category = me["sqms.complaint.category"].create({"name": "Billing"})
    job = _prepare_run(me, team, BATCH)
    loader, rows = _read(job, Loader)
    values = [
        {name: value for name, value in loader._prepare_values(mapped, key).items() if "import" not in name}
        for mapped, key in rows[:ONE_BY_ONE]
    ]

    def one_by_one():
        for vals in values:
            ticket = me["helpdesk.ticket"].create(
                {**vals, "partner_id": customer.id, "complaint_category_id": category.id}
            )
            with workflow_import(ticket, "One by one."):
                ticket.write({"complaint_state": "closed"})
            me.cr.flush()
            me.invalidate_all()

    def create_only():
        for vals in values:
            me["helpdesk.ticket"].create({**vals, "partner_id": customer.id})
            me.cr.flush()
            me.invalidate_all()

    one_by_one()  # warm
    result = {
        "one by one with mail": timed(me, one_by_one, ONE_BY_ONE),
        "one by one with mail, left open": timed(me, create_only, ONE_BY_ONE),
        "import": timed(me, lambda: job._import_batch(loader, rows), BATCH),
    }
    large = _prepare_run(me, team, CHECKED)
    result["check without import"] = timed(me, lambda: large._examine(), CHECKED, passes=1)
    result["ratios"] = {
        "one by one to import": ratio(result["one by one with mail"], result["import"]),
        "one by one, left open, to import": ratio(result["one by one with mail, left open"], result["import"]),
        "promised": 8,
    }
    env.cr.rollback()
    return result


def _prepare_run(env, team, count):
    """A checked run over a file of so many rows."""
    import base64

    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(
        (f"{number % 28 + 1:02d}/02/2024", "Billing", f"Case {number}", "Phone", "Wang Li", "")
        for number in range(count)
    )
    profile = env["sqms.import.profile"].create(
        {
            "name": "Benchmark",
            "source": "benchmark",
            "date_format": "dmy",
            "tz": "UTC",
            "default_state": "closed",
            "company_id": env.company.id,
            "team_id": team.id,
            "line_ids": [
                (0, 0, {"column": column, "target": target})
                for column, target in zip(
                    HEADER,
                    ("received_at", "category_1", "description", "channel", "customer_name", "history"),
                    strict=True,
                )
            ],
        }
    )
    run = env["sqms.import.run"].create(
        {"file": base64.b64encode(text.getvalue().encode()), "file_name": "benchmark.csv", "profile_id": profile.id}
    )
    run.action_transition("check")
    return run


def _read(run, make_loader):
    with run._open_file() as stream:
        table, plan = run._open_table(stream)
        loader = make_loader(run)
        return loader, list(run._mapped_rows(table, plan, loader))
