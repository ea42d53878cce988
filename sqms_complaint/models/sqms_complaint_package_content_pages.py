from odoo import models
from odoo.tools import format_amount, human_size, is_html_empty

from odoo.addons.sqms_base.lib.evidence_pack import link_to
from odoo.addons.sqms_base.lib.print_html import self_contained

from ..lib.case_pack import redact


class SqmsComplaintPackagePages(models.AbstractModel):
    """The cover sheet and the page that leads to everything."""

    _inherit = "sqms.complaint.package.content"

    def _index_values(self, case):
        ticket, package, links = case["ticket"], case["package"], case["links"]
        return {
            "title": self.env._("File of complaint %s", ticket.number),
            "facts": self._facts(case),
            "disputes": [self._dispute_rows(dispute) for dispute in case["disputes"]],
            "story": self_contained(str(ticket.description or "")),
            "timeline": [(self._moment(at), what, more) for at, what, more in case["timeline"]],
            "clocks": self._clocks(case),
            "findings": self._findings(ticket) if package.with_findings else [],
            "decision": self._decision(ticket),
            "remedies": self._remedies(ticket),
            "links": {
                "single": [(label, link_to(links[key])) for key, label in self._part_labels().items() if key in links],
                "letters": [(name, link_to(path), digest) for name, path, digest in links["letters"]],
                "files": [(name, link_to(path), human_size(size)) for name, path, size in links["files"]],
            },
            "left_out": [
                *self._said_of_choice(package),
                self.env._("It shows the case as it stood at %s.", self._moment(case["as_of"])),
            ],
            "as_of": self._moment(case["as_of"]),
        }

    def _part_labels(self):
        return {
            "timeline": self.env._("Timeline as a table"),
            "messages": self.env._("Messages with the customer"),
            "notes": self.env._("Internal messages"),
            "ledger": self.env._("Ledger of the case"),
            "verifier": self.env._("Script that checks the ledger"),
        }

    def _cover(self, case, values):
        """The cover sheet as PDF."""
        clean = {
            key: [[redact(str(cell), case["instead"]) for cell in row] for row in values[key]] for key in ("facts",)
        }
        disputes = [
            [[redact(str(cell), case["instead"]) for cell in row] for row in rows] for rows in values["disputes"]
        ]
        contents = [(label, "") for label, _path in values["links"]["single"]] + [
            (self.env._("Letters"), str(len(values["links"]["letters"]))),
            (self.env._("Files"), str(len(values["links"]["files"]))),
        ]
        return self.env["sqms.print"]._render(
            "sqms_complaint.package_cover",
            {"title": values["title"], "facts": clean["facts"], "disputes": disputes, "contents": contents,
             "left_out": values["left_out"], "as_of": values["as_of"]},
            stamp={
                "head": [(values["title"], case["ticket"].number)],
                "foot": [(case["ticket"].company_id.name, ""), (values["as_of"], "")],
            },
        )  # fmt: skip

    def _facts(self, case):
        ticket = case["ticket"]
        label = {
            name: ticket._fields[name]._description_string(self.env)
            for name in ("complaint_state", "complaint_category_id", "complaint_service", "complaint_wish",
                         "complaint_amount", "complaint_order_ref", "complaint_event_date", "complaint_level")
        }  # fmt: skip
        rows = [
            (self.env._("Number"), ticket.number),
            (self.env._("Company"), ticket.company_id.name),
            (self.env._("Subject"), ticket.name),
            (self.env._("Customer"), ticket.complaint_customer),
            (self.env._("Received"), self._moment(ticket.complaint_received_at)),
            (label["complaint_state"], ticket._workflow_state_label()),
            (label["complaint_level"], self._choice(ticket, "complaint_level")),
            (label["complaint_category_id"], ticket.complaint_category_id.display_name),
            (label["complaint_service"], ticket.complaint_service),
            (label["complaint_order_ref"], ticket.complaint_order_ref),
            (label["complaint_event_date"], self._day(ticket.complaint_event_date)),
            (label["complaint_wish"], self._choice(ticket, "complaint_wish")),
            (label["complaint_amount"], self._money(ticket.complaint_amount, ticket.company_id.currency_id)),
            (self.env._("Handler"), ticket.user_id.name),
        ]
        return [(name, value) for name, value in rows if value]

    def _money(self, amount, currency):
        return format_amount(self.env, amount, currency) if amount else ""

    def _dispute_rows(self, dispute):
        names = ("state", "referral_date", "notice_date", "answer_due", "answered_on", "outcome", "resolved_on",
                 "implemented_on")  # fmt: skip
        label = {name: dispute._fields[name]._description_string(self.env) for name in names}
        rows = [
            (self.env._("Outside Body"), dispute.body_id.name),
            (self.env._("Their Number"), dispute.case_number),
            (self.env._("Dispute"), dispute.number),
            (label["state"], dispute._workflow_state_label()),
            *((label[name], self._day(dispute[name])) for name in names if name.endswith(("_date", "_due", "_on"))),
            (label["outcome"], self._choice(dispute, "outcome")),
            (self.env._("Claimed"), self._money(dispute.amount_claimed, dispute.currency_id)),
            (self.env._("Offered"), self._money(dispute.amount_offered, dispute.currency_id)),
            (self.env._("Agreed or Awarded"), self._money(dispute.amount_awarded, dispute.currency_id)),
        ]
        return [(name, value) for name, value in rows if value]

    def _clocks(self, case):
        """Each deadline with its explanation, as it stood when something last happened."""
        told = []
        for clock in (case["ticket"].clock_ids | case["disputes"].clock_ids).sorted("id"):
            said = clock.explain(at=case["as_of"])
            told.append(
                {
                    "name": " · ".join(filter(None, (said["policy"], said["step"]))),
                    "words": " · ".join(self._clock_words(said)),
                    "rows": [(row["from"], row["to"], row["label"], row["counted"]) for row in said["rows"]],
                }
            )
        return told

    def _clock_words(self, said):
        if said["start"]:
            yield self.env._("began %s", said["start"])
        if said["due"]:
            yield self.env._("due %s", said["due"])
        if said["met_at"]:
            yield self.env._("ended %s", said["met_at"])
        if said["breached"]:
            yield self.env._("late")
        if said["tz"]:
            yield self.env._("times in UTC, counted in %s", said["tz"])

    def _findings(self, ticket):
        """`[(label, text or HTML), ...]` of the investigation; what a customer is never shown."""
        rows = []
        if not is_html_empty(ticket.complaint_investigation):
            label = ticket._fields["complaint_investigation"]._description_string(self.env)
            rows.append((label, self_contained(str(ticket.complaint_investigation))))
        if ticket.complaint_root_cause:
            label = ticket._fields["complaint_root_cause"]._description_string(self.env)
            rows.append((label, ticket.complaint_root_cause))
        return rows

    def _decision(self, ticket):
        if not ticket.complaint_decision:
            return []
        names = ("complaint_decision", "complaint_outcome")
        rows = [(ticket._fields[name]._description_string(self.env), self._choice(ticket, name)) for name in names]
        for name in ("complaint_answer", "complaint_reason", "complaint_further"):
            if not is_html_empty(ticket[name]):
                rows.append((ticket._fields[name]._description_string(self.env), self_contained(str(ticket[name]))))
        told = ticket.complaint_communicated_at
        return [*rows, (self.env._("Told to the customer"), self._moment(told))]

    def _remedies(self, ticket):
        return [
            (
                remedy.number,
                self._choice(remedy, "kind"),
                remedy.name,
                self._money(remedy.amount, remedy.currency_id),
                remedy._workflow_state_label(),
                self._day(remedy.due_date),
                self._moment(remedy.given_at),
            )
            for remedy in ticket.remedy_ids.sorted("id")
        ]

    def _said_of_choice(self, package):
        """What is not in the file, in words, so that nobody takes it for more than it is."""
        words = []
        if package.names == "complained":
            words.append(self.env._("Names of those who are complained about are replaced."))
        if package.names == "all":
            words.append(self.env._("Names of our people are replaced."))
        if package.names != "none" and package.with_files:
            words.append(self.env._("Files and letters are as they came in and went out: names inside them stay."))
        if not package.with_internal:
            words.append(self.env._("Internal messages and files are not in it."))
        if not package.with_findings:
            words.append(self.env._("The findings are not in it."))
        if not package.with_files:
            words.append(self.env._("Files are not in it."))
        words.append(self.env._("In the ledger, personal values are salted digests."))
        return words
